package animator

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/shop/camp"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// ShowKitchen lists what the kitchen may know of the children of a camp.
func (h *Handlers) ShowKitchen(c *fiber.Ctx) error {
	d, err := key[id.Departure](c, "departure")
	if err != nil {
		return err
	}
	list, err := h.Camps.Kitchen(c.UserContext(), reader(c), d)
	if err != nil {
		return promiseFirst(c, err)
	}
	p := page(c, "")
	p.Title = p.T("animator.kitchen.title")
	p.Back = &layout.Link{Href: campPath(d), Text: p.T("animator.back_to_camp")}
	out := pages.KitchenPage{Page: p, Camp: campCard(p, list.Camp)}
	names := firstNames(list.Children)
	for i, child := range list.Children {
		kept := child.Sheet.Kept()
		line := pages.KitchenLine{Name: names[i], Loud: deadly(kept)}
		for _, a := range child.Sheet.Answers {
			if f := fact(p, child.Sheet.Version, a.Question, kept); f.Text != "" || len(f.Rows) > 0 {
				line.Facts = append(line.Facts, f)
			}
		}
		if len(line.Facts) > 0 {
			out.Lines = append(out.Lines, line)
		}
		switch {
		case child.Sheet.State != medical.Signed || len(child.Sheet.Broken) > 0: // also with a diet: there may be more
			out.Unknown = append(out.Unknown, line.Name)
		case len(line.Facts) == 0:
			out.Plain++
		}
	}
	slices.SortStableFunc(out.Lines, func(a, b pages.KitchenLine) int { return loudFirst(a.Loud, b.Loud) })
	return web.Render(c, pages.Kitchen(out))
}

// deadly reports whether an answer tells of an allergy to food that may kill.
func deadly(kept questionnaire.Answers) bool {
	return slices.ContainsFunc(kept["allergy.rows"].Rows, func(r questionnaire.Row) bool { return r.Cells["severity"].Text == "life-threatening" })
}

// loudFirst orders what is loud before what is not.
func loudFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// firstNames tells two children of one name apart by the first letter of their last name.
func firstNames(children []camp.Child) []string {
	count := map[string]int{}
	for _, c := range children {
		count[plain(c.FirstName)]++
	}
	out := make([]string, len(children))
	for i, c := range children {
		out[i] = c.FirstName
		if last := []rune(strings.TrimSpace(c.LastName)); count[plain(c.FirstName)] > 1 && len(last) > 0 {
			out[i] += " " + string(last[:1]) + "."
		}
	}
	return out
}

// ShowPrint tells what printing means, to who leads the camp.
func (h *Handlers) ShowPrint(c *fiber.Ctx) error {
	d, err := key[id.Departure](c, "departure")
	if err != nil {
		return err
	}
	mine, err := h.Camps.Camps(c.UserContext(), web.Who(c).StaffID)
	if err != nil {
		return err
	}
	for _, one := range mine {
		if one.Departure == d && one.Leads && one.Open(web.Page(c).Today) {
			return web.Render(c, pages.Print(printPage(c, d)))
		}
	}
	return web.ErrNotFound
}

func printPage(c *fiber.Ctx, d id.Departure) pages.PrintPage {
	p := page(c, "")
	p.Title = p.T("animator.print.title")
	p.Back = &layout.Link{Href: campPath(d), Text: p.T("animator.back_to_camp")}
	return pages.PrintPage{Page: p, Action: campPath(d) + "/afdruk"}
}

// paperChild adds to a card which medicines the child brought, when they are due, and what was agreed.
func paperChild(p layout.Page, d id.Departure, child camp.Child, card pages.ChildCard) pages.PaperChild {
	out := pages.PaperChild{ChildCard: card, Agreed: string(child.Sheet.Care.Agreements)}
	for _, m := range ownMedicines(child) {
		var when []string
		for _, slot := range m.Slots {
			if at, ok := m.At(slot, p.Today); ok {
				when = append(when, p.Clock(at))
			}
		}
		line := strings.Join(when, ", ")
		if m.Needed {
			line = strings.Join(append(when, p.T("animator.give.if_needed")), ", ")
		}
		line += ": " + string(m.Name) + ", " + string(m.Amount)
		if needed := neededMedicine(p, d, child, m); m.Needed {
			for _, more := range []string{needed.When, needed.Limit} {
				if more != "" {
					line += ". " + more
				}
			}
		}
		out.Medicines = append(out.Medicines, line)
	}
	return out
}

// Print shows a camp for paper. Every time is one print: it gets a number and a line in the access log.
func (h *Handlers) Print(c *fiber.Ctx) error {
	d, err := key[id.Departure](c, "departure")
	if err != nil {
		return err
	}
	list, number, err := h.Camps.Print(c.UserContext(), reader(c), d)
	if err != nil {
		return promiseFirst(c, err)
	}
	out := printPage(c, d)
	p := out.Page
	out.Camp, out.Stamp = campCard(p, list.Camp), p.T("animator.print.number", number, web.Who(c).Name, p.Instant(p.Now))
	for _, child := range list.Children {
		card := childCard(p, d, child)
		switch child.Sheet.Mark() {
		case medical.Calm:
			out.Calm = append(out.Calm, child.FirstName+" "+child.LastName)
		case medical.Unknown:
			out.Unknown = append(out.Unknown, card)
		case medical.Red:
			out.Sheets = append(out.Sheets, childPage(p, child, func(string) (pages.Link, bool) { return pages.Link{}, false }))
			out.Marked = append(out.Marked, paperChild(p, d, child, card))
		default:
			out.Marked = append(out.Marked, paperChild(p, d, child, card))
		}
	}
	slices.SortStableFunc(out.Marked, func(a, b pages.PaperChild) int { return loudFirst(a.Mark == pages.Red, b.Mark == pages.Red) })
	return web.Render(c, pages.Print(out))
}
