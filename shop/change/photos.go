package change

import (
	"github.com/gofiber/fiber/v2"

	"joetz/shop/web"
	"joetz/templates/change"
	"joetz/templates/parent"
	"joetz/templates/ui"
)

// Photos asks again whether photos of the child may be shown.
func (h *Handlers) Photos(c *fiber.Ctx) error {
	b, frame, err := h.open(c, "change.way.photos")
	if err != nil {
		return err
	}
	if err := h.Bookings.Can(b).Photos; err != nil {
		return err
	}
	page := change.PhotosPage{Frame: frame, Value: b.PhotoConsent, Options: parent.PhotoOptions(frame.Page)}
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return web.Render(c, change.Photos(page))
	}
	in, err := web.Form[struct {
		Choice string `form:"photo_consent" validate:"required"`
	}](c)
	page.Value = web.Typed(c, "photo_consent")
	if err == nil {
		err = h.Bookings.ChangePhotos(c.UserContext(), web.Who(c), b.ID, in.Choice)
	}
	return h.done(c, b, err, "change.photos.done", func(e ui.Errors) error {
		page.Errors, page.Failed = e, true
		return web.RenderAgain(c, change.Photos(page))
	})
}
