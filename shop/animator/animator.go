// Package animator answers the pages of animators and leads: their camps, who is coming, what to know about a child.
//
// Owns: nothing but the pages. Tables: none.
// May import: terms, medical, templates, shop/camp, shop/watch, shop/web.
// Always true: every page asks shop/camp, which asks the database whether the camp is the reader's now; what is not, not
// yet, or no longer theirs is answered as a page that does not exist.
package animator

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/camp"
	"joetz/shop/watch"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// Handlers are the animators' pages.
type Handlers struct {
	Camps *camp.Service
	Watch *watch.Service
}

// reader says who wants to read a fiche, for the decision and the access log.
func reader(c *fiber.Ctx) medical.Reader {
	return medical.Reader{Staff: web.Who(c).StaffID, Request: web.RequestID(c), IP: web.ClientIP(c).String(), Device: c.Get(fiber.HeaderUserAgent)}
}

func key[T ~int64](c *fiber.Ctx, name string) (T, error) {
	n, err := strconv.ParseInt(c.Params(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, web.ErrNotFound
	}
	return T(n), nil
}

func page(c *fiber.Ctx, title string) layout.Page {
	p := web.Page(c)
	p.Title, p.Private, p.Manifest = title, true, pages.ManifestPath
	return p
}

func campPath(d id.Departure) string { return "/animator/kamp/" + strconv.FormatInt(int64(d), 10) }

func childPath(d id.Departure, b id.Booking) string {
	return campPath(d) + "/kind/" + strconv.FormatInt(int64(b), 10)
}

// ShowCamps lists the reader's camps. When one of them is on today, it opens on that one at once.
func (h *Handlers) ShowCamps(c *fiber.Ctx) error {
	camps, err := h.Camps.Camps(c.UserContext(), web.Who(c).StaffID)
	if err != nil {
		return err
	}
	p := page(c, "")
	p.Title = p.T("animator.camps.title")
	if len(camps) > 0 && camps[0].OnToday(p.Today) && c.Query("alle") == "" {
		return web.SeeOther(c, campPath(camps[0].Departure))
	}
	out := pages.CampsPage{Page: p}
	for _, one := range camps {
		out.Camps = append(out.Camps, campCard(p, one))
	}
	return web.Render(c, pages.Camps(out))
}

func campCard(p layout.Page, c camp.Camp) pages.CampCard {
	card := pages.CampCard{Title: c.Title, Where: c.Destination, From: c.From, To: c.To, OpenFrom: c.OpenFrom, Children: c.Children, Leads: c.Leads}
	card.Day, card.Of = c.Day(p.Today)
	if c.Open(p.Today) {
		card.Href = campPath(c.Departure)
	}
	return card
}
