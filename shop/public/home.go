package public

import (
	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/public"
)

// soonest is how many holidays the front door shows: a row of the widest page, two of a tablet.
const soonest = 4

func (h *Handlers) home(c *fiber.Ctx) error {
	now, err := h.upcoming(c.UserContext())
	if err != nil {
		return err
	}
	p := public.HomePage{Page: web.Page(c), Count: len(now.departures), Year: web.Page(c).Today.Year()}
	p.Title, p.Description, p.Width = p.T("public.home.tab"), p.T("public.home.lead", p.Year), layout.Broad
	if len(now.departures) > 0 {
		p.Year = season(now.departures)
		p.Description = p.T("public.home.lead", p.Year)
		p.Scene = sceneOf(frontPicture(now.departures))
	}
	p.Years, p.Stale = years(p.Page, now.departures), now.since(p.Page)
	var soon []catalogue.Departure
	for _, d := range now.departures {
		if d.Bookable(p.Now) && d.Free > 0 && len(soon) < soonest {
			soon = append(soon, d)
		}
	}
	p.Soon = h.cards(p.Page, soon)
	return web.Render(c, public.Home(p))
}

// season is the year of the holidays: the one in which the last of them starts.
func season(all []catalogue.Departure) int { return all[len(all)-1].StartsOn.Year() }

// frontPicture is the holiday whose drawing hangs at the front door: another one each day of departure, so that it
// changes with the season without ever changing within a visit.
func frontPicture(all []catalogue.Departure) catalogue.Departure { return all[len(all)/2] }
