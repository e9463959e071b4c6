package office

import (
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// PickFamilies begins a letter to ticked families: about the latest booking of each, since a letter is about an order. Who never
// booked gets none, and the page says so.
func (h *Handlers) PickFamilies(c *fiber.Ctx) error {
	in := familiesFilter(c)
	families := make([]id.Guardian, 0, len(in.Picked))
	for _, key := range in.Picked {
		families = append(families, id.Guardian(key))
	}
	orders, err := h.Roster.NewestOrders(c.UserContext(), families...)
	if err != nil {
		return err
	}
	query, without := url.Values{}, 0
	seen := map[id.Guardian]bool{}
	for _, g := range families { // in the order in which they were shown
		if seen[g] {
			continue
		}
		seen[g] = true
		if o, ok := orders[g]; ok {
			query.Add("kies", orderKey(o))
		} else {
			without++
		}
	}
	switch {
	case len(seen) == 0:
		web.SetFlash(c, layout.Warning, "circular.pick")
		return web.SeeOther(c, "/kantoor/gezinnen")
	case len(query) == 0:
		web.SetFlash(c, layout.Warning, "circular.never_booked_all")
		return web.SeeOther(c, "/kantoor/gezinnen")
	case without > 0:
		web.SetFlash(c, layout.Info, "circular.never_booked", strconv.Itoa(without))
	}
	return web.SeeOther(c, bookingsPath+"/mail?"+query.Encode())
}
