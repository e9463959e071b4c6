package public

import (
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/assets"
	"joetz/templates/scene"
)

// drawings keeps each drawing that was made, with its compressed forms: a few kB per holiday of the season.
type drawings struct{ made sync.Map } // scene.Holiday -> *assets.File

func (d *drawings) of(h scene.Holiday) *assets.File {
	if f, ok := d.made.Load(h); ok {
		return f.(*assets.File)
	}
	f, _ := d.made.LoadOrStore(h, assets.New(strings.ToLower(h.Code)+".svg", []byte(scene.Draw(h, ""))))
	return f.(*assets.File)
}

// address is where the drawing is fetched; it changes with the drawing.
func (d *drawings) address(h scene.Holiday) string {
	f := d.of(h)
	return "/tekening/" + strings.TrimSuffix(f.Name, ".svg") + "." + f.Hash + ".svg"
}

// sceneOf is what a holiday's picture is drawn from.
func sceneOf(d catalogue.Departure) scene.Holiday {
	return scene.Holiday{
		Code: d.Code, Title: d.Title, Destination: d.Destination, About: d.Accommodation + " " + d.Description,
		Abroad: d.Trip != "domestic", Flight: d.Trip == "flight", StartsOn: d.StartsOn,
	}
}

// drawing serves a holiday's picture.
func (h *Handlers) drawing(c *fiber.Ctx) error {
	name, ok := strings.CutSuffix(c.Params("name"), ".svg")
	code, hash, cut := strings.Cut(name, ".")
	if !ok || !cut {
		return web.ErrNotFound
	}
	now, err := h.upcoming(c.UserContext())
	if err != nil {
		return err
	}
	for _, d := range now.departures {
		if strings.ToLower(d.Code) != code {
			continue
		}
		f := h.drawings.of(sceneOf(d))
		if hash != f.Hash {
			return web.ErrNotFound // of another season; the page that names it is older than the shop
		}
		return web.SendAsset(c, f)
	}
	return web.ErrNotFound
}
