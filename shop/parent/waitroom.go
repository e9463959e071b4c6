package parent

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/waitroom"
	"joetz/shop/web"
	"joetz/templates/parent"
	"joetz/terms/id"
)

// ShowRoom is the waiting room before a departure that goes on sale, and the line after it. Looking again changes nothing.
func (h *Handlers) ShowRoom(c *fiber.Ctx) error {
	departure, err := strconv.ParseInt(c.Params("departure"), 10, 64)
	if err != nil {
		return catalogue.ErrNoDeparture
	}
	ctx := c.UserContext()
	found, err := h.Catalogue.Recent(ctx, id.Departure(departure))
	if err != nil {
		return err
	}
	d, ok := found[id.Departure(departure)]
	if !ok || d.Status != "published" {
		return catalogue.ErrNoDeparture
	}
	place, err := h.Room.Enter(ctx, d.OnSaleAt, web.Who(c).GuardianID)
	if err != nil {
		return err
	}
	page := parent.RoomPage{
		Page: web.Page(c), State: string(place.State), Holiday: d.Title, Href: "/vakanties/" + d.Slug, Here: c.Path(), OpensAt: d.OnSaleAt,
		RoomFrom: d.OnSaleAt.Add(-h.Room.Before), Waiting: place.Waiting, Ahead: place.Ahead, Behind: place.Behind,
		Minutes: int((place.Wait + time.Minute - 1) / time.Minute), Again: looksAgain(place, d.OnSaleAt.Sub(web.Now(c))),
	}
	page.Title, page.Private, page.Live = page.T("room.title"), true, true
	return web.Render(c, parent.Room(page))
}

// looksAgain is after how many seconds the page looks again by itself: seldom while nothing can change, so that a crowd that
// waits costs little.
func looksAgain(p waitroom.Place, until time.Duration) int {
	switch {
	case p.State == waitroom.Waiting && until > time.Minute:
		return 20
	case p.State == waitroom.InLine && p.Wait > time.Minute:
		return 10
	}
	return 4
}

// mustWait reports whether somebody has to stand in line before holding places of this departure.
func (h *Handlers) mustWait(c *fiber.Ctx, departure id.Departure) (bool, error) {
	ctx := c.UserContext()
	active, err := h.Room.Active(ctx)
	if err != nil || !active {
		return false, err
	}
	found, err := h.Catalogue.Recent(ctx, departure)
	if err != nil {
		return false, err
	}
	d, ok := found[departure]
	if !ok {
		return false, nil // Start says so
	}
	may, err := h.Room.MayStart(ctx, d.OnSaleAt, web.Who(c).GuardianID)
	return !may, err
}
