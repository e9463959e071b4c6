package animator

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/camp"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// ShowHome lists the medicines that go home at the end of a camp: whose, which, and with whom they went.
func (h *Handlers) ShowHome(c *fiber.Ctx) error {
	_, out, err := h.homePage(c)
	if err != nil {
		return promiseFirst(c, err)
	}
	return web.Render(c, pages.Home(out))
}

func (h *Handlers) homePage(c *fiber.Ctx) (d id.Departure, out pages.HomePage, err error) {
	if d, err = key[id.Departure](c, "departure"); err != nil {
		return d, out, err
	}
	list, err := h.Camps.List(c.UserContext(), reader(c), d)
	if err != nil {
		return d, out, err
	}
	p := page(c, "")
	p.Title = p.T("animator.home.title")
	p.Back = &layout.Link{Href: campPath(d), Text: p.T("animator.back_to_camp")}
	out = pages.HomePage{Page: p, Action: campPath(d) + "/naar-huis"}
	names := firstNames(list.Children)
	for i, child := range list.Children {
		one := pages.HomeChild{Booking: int64(child.Booking), Name: names[i], Client: medical.NewClient()}
		for _, m := range ownMedicines(child) {
			one.Medicines = append(one.Medicines, ui.Option{Value: m.Key, Label: string(m.Name)})
		}
		for _, r := range child.Records {
			if r.Kind == medical.Handover {
				one.Done = append(one.Done, recordLine(p, d, child.Booking, r))
			}
		}
		if len(one.Medicines) == 0 && len(one.Done) == 0 {
			continue
		}
		if len(one.Done) == 0 {
			out.Left++
		}
		out.Children = append(out.Children, one)
	}
	return d, out, nil
}

// ownMedicines are those that a child brought along; what leaders may give stays in the first-aid box.
func ownMedicines(child camp.Child) (all []medical.Medicine) {
	for _, m := range child.Medicines {
		if m.Key != medical.Paracetamol {
			all = append(all, m)
		}
	}
	return all
}

// errNothingGone asks what happened: nothing ticked and nothing said would be an empty line.
var errNothingGone = fault.Field("rest", "animator.home.nothing")

type homeForm struct {
	Booking string   `form:"booking" validate:"required,max=20"`
	Client  string   `form:"client" validate:"required,max=40"`
	To      string   `form:"to" validate:"required,max=200"`
	Gone    []string `form:"gone" validate:"max=20"`
	Rest    string   `form:"rest" validate:"max=500"`
}

// TakeHome writes down which medicines of one child went home, and with whom.
func (h *Handlers) TakeHome(c *fiber.Ctx) error {
	in, err := web.Form[homeForm](c)
	d, out, errPage := h.homePage(c)
	if errPage != nil {
		return promiseFirst(c, errPage)
	}
	b, errBooking := strconv.ParseInt(in.Booking, 10, 64)
	if errBooking != nil {
		return web.ErrNotFound
	}
	for i := range out.Children {
		one := &out.Children[i]
		if one.Booking != b {
			continue
		}
		one.To, one.Rest, one.Chosen = in.To, in.Rest, map[string]bool{}
		var gone, stay []string
		for _, m := range one.Medicines {
			one.Chosen[m.Value] = slices.Contains(in.Gone, m.Value)
			if one.Chosen[m.Value] {
				gone = append(gone, m.Label)
			} else {
				stay = append(stay, m.Label)
			}
		}
		if err == nil && len(gone) == 0 && strings.TrimSpace(in.Rest) == "" {
			err = errNothingGone
		}
		if err == nil {
			_, _, err = h.Camps.Write(c.UserContext(), reader(c), d, id.Booking(b), medical.Report{Client: in.Client, Kind: medical.Handover, Note: handedOver(out.Page, in, gone, stay)})
		}
		if problems := web.Problems(c, err); problems != nil {
			one.Errors, out.Errors, out.Failed = problems, problems, true
			return web.RenderAgain(c, pages.Home(out))
		}
		if err != nil {
			return err
		}
		web.SetFlash(c, layout.Good, "animator.give.saved")
		return web.SeeOther(c, out.Action)
	}
	return web.ErrNotFound
}

// handedOver says it in words: they are kept as they are, sealed.
func handedOver(p layout.Page, in homeForm, gone, stay []string) string {
	lines := []string{p.T("animator.home.to_whom", strings.TrimSpace(in.To))}
	if len(gone) > 0 {
		lines = append(lines, p.T("animator.home.gone", strings.Join(gone, ", ")))
	}
	if len(stay) > 0 {
		lines = append(lines, p.T("animator.home.stayed", strings.Join(stay, ", ")))
	}
	if rest := strings.TrimSpace(in.Rest); rest != "" {
		lines = append(lines, rest)
	}
	return strings.Join(lines, "\n")
}
