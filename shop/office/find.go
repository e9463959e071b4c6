package office

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/find"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/civil"
	"joetz/terms/id"
)

const (
	familiesShown = 30
	ordersShown   = 3 // of one family in the list
)

func familyPath(g id.Guardian) string              { return fmt.Sprintf("/kantoor/gezin/%d", g) }
func departurePath(d id.Departure) string          { return fmt.Sprintf("/kantoor/vertrek/%d", d) }
func holidayOn(title string, on civil.Date) string { return fmt.Sprintf("%s (%d)", title, on.Year()) }

// ShowSearch finds families and departures by any fragment; without one it shows who booked last.
func (h *Handlers) ShowSearch(c *fiber.Ctx) error {
	text := strings.TrimSpace(c.Query("zoek"))
	if r := []rune(text); len(r) > 100 {
		text = string(r[:100])
	}
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	found, err := h.Find.Search(c.UserContext(), text, familiesShown)
	if err != nil {
		return err
	}
	p := office.FindPage{Page: staffPage(c, "office.search.title"), Text: text, More: found.More}
	p.Width = layout.Broad
	for _, f := range found.Families {
		row := office.FoundFamily{Href: familyPath(f.Guardian), Name: f.Name(), Contact: contactLine(f)}
		for _, k := range f.Children {
			row.Children = append(row.Children, fmt.Sprintf("%s (%d)", k.FirstName, k.BornOn.Year()))
		}
		orders := foundOrders(f)
		row.Older = max(0, len(orders)-ordersShown)
		for _, o := range orders[:min(len(orders), ordersShown)] {
			row.Orders = append(row.Orders, o.FoundOrder)
		}
		p.Families = append(p.Families, row)
	}
	for _, d := range found.Departures {
		p.Departures = append(p.Departures, office.FoundDeparture{Href: departurePath(d.Departure), Title: d.Title + " (" + d.Code + ")", StartsOn: d.StartsOn, EndsOn: d.EndsOn})
	}
	return web.Render(c, office.Find(p))
}

func contactLine(f find.Family) string {
	var parts []string
	for _, s := range []string{f.Email, f.Phone, f.City} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

// foundOrders gathers a family's bookings by order, newest first.
func foundOrders(f find.Family) []office.FamilyOrder {
	var all []office.FamilyOrder
	for _, b := range f.Bookings {
		href := orderPath(b.Order)
		if len(all) == 0 || all[len(all)-1].Href != href {
			all = append(all, office.FamilyOrder{FoundOrder: office.FoundOrder{Href: href, Reference: b.Reference}, PlacedOn: civil.Of(b.PlacedAt)})
		}
		o := &all[len(all)-1]
		o.Lines = append(o.Lines, office.ChildRow{Name: b.FirstName, Holiday: holidayOn(b.Title, b.StartsOn), Status: b.Status})
	}
	return all
}

// ageOn is how many birthdays somebody had by that day.
func ageOn(born, on civil.Date) int {
	y, m, d := born.YMD()
	ty, tm, td := on.YMD()
	age := ty - y
	if tm < m || tm == m && td < d {
		age--
	}
	return age
}
