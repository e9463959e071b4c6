package public

import (
	"regexp"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/assets"
	"joetz/templates/public"
)

var photoName = regexp.MustCompile(`^([0-9a-f]{24})-(\d{2,4})\.jpg$`)

// Photo serves a holiday's photo in one width. Its address names its pixels, so it is kept for a year and never changes;
// a browser that asks again with the tag it has gets no bytes.
func (h *Handlers) Photo(c *fiber.Ctx) error {
	name := photoName.FindStringSubmatch(c.Params("name"))
	if name == nil {
		return web.ErrNotFound
	}
	width, err := strconv.Atoi(name[2])
	if err != nil {
		return web.ErrNotFound
	}
	tag := `"` + name[1] + "-" + name[2] + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, assets.CacheControl)
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		return c.SendStatus(fiber.StatusNotModified)
	}
	jpeg, err := h.Catalogue.Picture(c.UserContext(), name[1], width)
	if err != nil {
		c.Response().Header.Del(fiber.HeaderETag)
		c.Set(fiber.HeaderCacheControl, "no-store")
		return err
	}
	c.Set(fiber.HeaderContentType, "image/jpeg")
	return c.Send(jpeg)
}

// photoOf is a photo for a page in that language.
func photoOf(p catalogue.Photo, lang string) public.Photo {
	out := public.Photo{Alt: p.Alt(lang)}
	for _, w := range p.Widths() {
		out.Sizes = append(out.Sizes, public.PhotoSize{Src: p.Path(w), Width: w, Height: p.HeightOf(w)})
	}
	return out
}

func photosOf(list []catalogue.Photo, lang string) []public.Photo {
	var out []public.Photo
	for _, p := range list {
		out = append(out, photoOf(p, lang))
	}
	return out
}
