package animator

import (
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/shop/camp"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// ShowCamp lists the children of a camp.
func (h *Handlers) ShowCamp(c *fiber.Ctx) error {
	d, err := key[id.Departure](c, "departure")
	if err != nil {
		return err
	}
	list, err := h.Camps.List(c.UserContext(), reader(c), d)
	if err != nil {
		return promiseFirst(c, err)
	}
	mine, err := h.Camps.Camps(c.UserContext(), web.Who(c).StaffID)
	if err != nil {
		return err
	}
	out := campPage(page(c, list.Camp.Title), list, len(mine) > 1, h.Camps.Medical.Settings.OfflineHours, c.Query("q"))
	out.Taken = web.Lease(c, int64(list.Camp.Departure)) != ""
	return web.Render(c, pages.Camp(out))
}

func campPage(p layout.Page, list camp.List, others bool, hours int, query string) pages.CampPage {
	out := pages.CampPage{Page: p, Camp: campCard(p, list.Camp), Path: campPath(list.Camp.Departure), Query: strings.TrimSpace(query),
		Total: len(list.Children), Others: others}
	var birthdays []string
	for _, child := range list.Children {
		card := childCard(p, list.Camp.Departure, child)
		if child.Sheet.Mark() == medical.Red {
			out.Urgent = append(out.Urgent, card)
		}
		if child.Sheet.State != medical.Signed {
			out.Unfilled = append(out.Unfilled, card)
		}
		if found(child, out.Query) {
			out.Children = append(out.Children, card)
		}
		out.Against = append(out.Against, against(p, list.Camp.Departure, child)...)
		if child.Birthday {
			birthdays = append(birthdays, child.FirstName)
		}
	}
	if hours > 0 {
		out.Take = &pages.Link{Href: campPath(list.Camp.Departure) + "/meenemen", Text: p.T("animator.offline.take")}
	}
	out.Tools = append(out.Tools, pages.Link{Href: campPath(list.Camp.Departure) + "/keuken", Text: p.T("animator.kitchen.title")})
	if list.Camp.Leads {
		out.Tools = append(out.Tools, pages.Link{Href: campPath(list.Camp.Departure) + "/afdruk", Text: p.T("animator.print.link")})
	}
	if !p.Today.Before(list.Camp.To.AddDays(-1)) { // they are gathered the evening before
		out.Tools = append(out.Tools, pages.Link{Href: campPath(list.Camp.Departure) + "/naar-huis", Text: p.T("animator.home.title")})
	}
	out.Birthdays = strings.Join(birthdays, ", ")
	if list.Camp.OnToday(p.Today) {
		out.Due = dueToday(p, list.Camp.Departure, list.Children)
		for _, d := range out.Due {
			if d.Late {
				out.Late++
			}
		}
	}
	return out
}

// against lists what was given to a child against its fiche in the last 24 hours, and nobody who leads the camp decided.
func against(p layout.Page, d id.Departure, child camp.Child) (all []pages.Against) {
	for _, r := range child.Records {
		if r.Kind != medical.OfMedicine || r.Outcome != medical.Given || r.Mistaken || len(r.Broken) == 0 || r.Reason != "" || p.Now.Sub(r.At) > 24*time.Hour {
			continue
		}
		one := pages.Against{Child: child.FirstName, Name: string(r.Name), Href: diaryPath(d, child.Booking)}
		for _, l := range r.Broken {
			one.Limits = append(one.Limits, "medical.limit."+l)
		}
		all = append(all, one)
	}
	return all
}

// found reports whether a name begins with what was typed, accents aside: "noe" finds Noé.
func found(child camp.Child, query string) bool {
	query = plain(query)
	return strings.HasPrefix(plain(child.FirstName), query) || strings.HasPrefix(plain(child.LastName), query) ||
		strings.HasPrefix(plain(child.FirstName+" "+child.LastName), query)
}

func plain(s string) string {
	bare, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), s)
	if err != nil {
		bare = s
	}
	return strings.ToLower(strings.TrimSpace(bare))
}

func childCard(p layout.Page, d id.Departure, child camp.Child) pages.ChildCard {
	card := pages.ChildCard{Href: childPath(d, child.Booking), FirstName: child.FirstName, LastName: child.LastName, Age: child.Age,
		Birthday: child.Birthday, BoardingPlace: child.BoardingPlace, Leaving: leaving(p, child), Mark: mark(child.Sheet), Words: words(p, child.Sheet)}
	if len(child.Parents) > 0 {
		caller := parentToCall(child.Parents[0])
		card.Call = &caller
	}
	return card
}

// leaving says when a child goes home early, and whose identity card to ask for.
func leaving(p layout.Page, child camp.Child) string {
	if child.Leaving == nil {
		return ""
	}
	return p.T("animator.leaving", p.Instant(child.Leaving.At), child.Leaving.Name, child.Leaving.Phone)
}

func parentToCall(parent camp.Parent) pages.Caller {
	out := pages.Caller{Name: parent.Name, Phone: parent.Phone}
	if tel, ok := questionnaire.Tel(parent.Phone); ok {
		out.Tel = tel
	}
	return out
}

func mark(sheet medical.Sheet) pages.Mark {
	switch sheet.Mark() {
	case medical.Amber:
		return pages.Amber
	case medical.Unknown:
		return pages.Unknown
	case medical.Calm:
		return pages.Calm
	}
	return pages.Red
}

// words says what the mark is for.
func words(p layout.Page, sheet medical.Sheet) []string {
	var out []string
	if sheet.State == medical.Unreadable || sheet.Care.State == medical.CareUnreadable || len(sheet.Broken) > 0 {
		out = append(out, p.T("animator.words.unreadable"))
	}
	for _, flag := range sheet.Flags {
		word := flag.Label.In(p.Lang)
		if about := sheet.Version.DetailWords(flag.ID, sheet.Details[flag.ID], p.Lang); about != "" {
			word += " (" + about + ")"
		}
		out = append(out, word)
	}
	if sheet.State != medical.Signed && sheet.State != medical.Unreadable && sheet.Mark() != medical.Unknown { // else the mark says it
		out = append(out, p.T("animator.mark.unknown"))
	}
	switch sheet.Care.State {
	case medical.CareAgreed:
		out = append(out, p.T("animator.words.agreements"))
	case medical.CareUndecided:
		out = append(out, p.T("animator.words.undecided"))
	case medical.CareWelcome:
		out = append(out, p.T("animator.words.welcome"))
	}
	return out
}
