package office

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/circular"
	"joetz/shop/mail"
	"joetz/shop/roster"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/templates/ui"
	"joetz/terms/fault"
	"joetz/terms/id"
)

type composeForm struct {
	SubjectNL string  `form:"subject_nl" validate:"max=150"`
	BodyNL    string  `form:"body_nl" validate:"max=10000"`
	SubjectEN string  `form:"subject_en" validate:"max=150"`
	BodyEN    string  `form:"body_en" validate:"max=10000"`
	KeepAs    string  `form:"keep_as" validate:"max=80"`
	Show      string  `form:"toon" validate:"omitempty,oneof=komt zorg"`
	Evidence  string  `form:"bewijs" validate:"omitempty,oneof=awaited accepted refused"`
	Boarding  int64   `form:"opstap" validate:"min=0"`
	Open      string  `form:"betaald" validate:"omitempty,oneof=open"`
	Among     []int64 `form:"uit" validate:"max=400"`  // families among whom was picked; none = by the filters
	Picked    []int64 `form:"kies" validate:"max=400"` // of those, who is ticked
}

func (f composeForm) words() circular.Words {
	return circular.Words{SubjectNL: f.SubjectNL, BodyNL: f.BodyNL, SubjectEN: f.SubjectEN, BodyEN: f.BodyEN}
}

func (f composeForm) audience() circular.Audience {
	if len(f.Among) > 0 {
		return circular.Audience{Orders: slices.DeleteFunc(uniqueOrders(f.Picked), func(o id.Order) bool { return !slices.Contains(f.Among, int64(o)) })}
	}
	a := circular.Audience{Evidence: f.Evidence, Boarding: id.BoardingPlace(f.Boarding), Open: f.Open == "open"}
	if f.Show == "zorg" {
		a.Status = "in_review"
	}
	return a
}

func composeOf(l circular.Letter) composeForm {
	f := composeForm{SubjectNL: l.SubjectNL, BodyNL: l.BodyNL, SubjectEN: l.SubjectEN, BodyEN: l.BodyEN, Evidence: l.Audience.Evidence, Boarding: int64(l.Audience.Boarding)}
	for _, o := range l.Audience.Orders {
		f.Picked = append(f.Picked, int64(o))
	}
	f.Among = f.Picked
	if l.Audience.Status == "in_review" {
		f.Show = "zorg"
	}
	if l.Audience.Open {
		f.Open = "open"
	}
	return f
}

func letterPath(l circular.ID) string { return fmt.Sprintf("/kantoor/brief/%d", l) }

// ShowCompose begins a letter to a departure, empty or from one that is used again.
func (h *Handlers) ShowCompose(c *fiber.Ctx) error {
	d, err := h.departure(c)
	if err != nil {
		return err
	}
	picked := bookingsFilter(c).Picked
	in := composeForm{Among: picked, Picked: picked}
	if d.ID == 0 && len(picked) == 0 {
		web.SetFlash(c, layout.Warning, "circular.pick")
		return web.SeeOther(c, bookingsPath)
	}
	if key, err := strconv.ParseInt(c.Query("sjabloon"), 10, 64); err == nil {
		all, err := h.Circulars.Templates(c.UserContext())
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.ID == key {
				in.SubjectNL, in.BodyNL, in.SubjectEN, in.BodyEN, in.KeepAs = t.SubjectNL, t.BodyNL, t.SubjectEN, t.BodyEN, t.Name
			}
		}
	}
	p, err := h.composePage(c, d, in)
	if err != nil {
		return err
	}
	return web.Render(c, office.Compose(p))
}

// departure is the one of the address; none on the list of all bookings.
func (h *Handlers) departure(c *fiber.Ctx) (roster.Departure, error) {
	if c.Params("departure") == "" {
		return roster.Departure{}, nil
	}
	key, err := departureOf(c)
	if err != nil {
		return roster.Departure{}, err
	}
	return h.Roster.Departure(c.UserContext(), key)
}

func (h *Handlers) composePage(c *fiber.Ctx, d roster.Departure, in composeForm) (office.ComposePage, error) {
	p := office.ComposePage{Page: staffPage(c, "roster.mail"), Departure: addressees(web.Page(c), d, len(in.Among) > 0), Action: c.Path(), SubjectNL: in.SubjectNL, BodyNL: in.BodyNL,
		SubjectEN: in.SubjectEN, BodyEN: in.BodyEN, KeepAs: in.KeepAs, Places: circular.Places}
	p.Width = layout.Broad
	p.Back = listOf(p.Page, d)
	if len(in.Among) > 0 {
		return p, h.addPicked(c, &p, d, in)
	}
	fields, options := listFilters(p.Page, bookingsForm{Show: in.Show, Evidence: in.Evidence, Boarding: in.Boarding}, d)
	for i, f := range fields {
		switch f.Name {
		case "toon":
			options[i] = options[i][:2]
		case "prijs", "volgorde":
			continue
		}
		p.Audience, p.Options = append(p.Audience, f), append(p.Options, options[i])
	}
	p.Audience = append(p.Audience, ui.Field{Name: "betaald", Label: p.T("circular.pays"), Value: in.Open})
	p.Options = append(p.Options, []ui.Option{{Value: "", Label: p.T("roster.any")}, {Value: "open", Label: p.T("circular.pays_open")}})
	return p, h.addEarlier(c, &p, d, nil)
}

// addressees says who a letter is for, in a title.
func addressees(p layout.Page, d roster.Departure, picked bool) string {
	switch {
	case d.ID == 0:
		return p.T("circular.picked")
	case picked:
		return p.T("circular.picked_of", holidayOn(d.Title, d.StartsOn))
	}
	return holidayOn(d.Title, d.StartsOn)
}

const bookingsPath = "/kantoor/boekingen"

// listOf is the list from which a letter is written.
func listOf(p layout.Page, d roster.Departure) *layout.Link {
	if d.ID == 0 {
		return &layout.Link{Href: bookingsPath, Text: p.T("roster.bookings.title")}
	}
	return &layout.Link{Href: departurePath(d.ID), Text: d.Title}
}

// addPicked lists the families that were ticked, so that somebody can still take one out.
func (h *Handlers) addPicked(c *fiber.Ctx, p *office.ComposePage, d roster.Departure, in composeForm) error {
	families, err := h.Circulars.Families(c.UserContext(), d.ID, circular.Audience{Orders: uniqueOrders(in.Among)})
	if err != nil {
		return err
	}
	p.Ticked = map[string]bool{}
	for _, o := range uniqueOrders(in.Picked) {
		p.Ticked[orderKey(o)] = true
	}
	query := url.Values{}
	for _, f := range families {
		key := orderKey(f.Order)
		query.Add("kies", key)
		p.Families = append(p.Families, ui.Option{Value: key, Label: f.Name, Hint: strings.Join(f.Children, ", ") + ": " + f.Holiday})
	}
	return h.addEarlier(c, p, d, query)
}

// addEarlier adds the letters to begin with and those that were written before; picked goes along.
func (h *Handlers) addEarlier(c *fiber.Ctx, p *office.ComposePage, d roster.Departure, picked url.Values) error {
	all, err := h.Circulars.Templates(c.UserContext())
	if err != nil {
		return err
	}
	for _, t := range all {
		query := url.Values{"sjabloon": {strconv.FormatInt(t.ID, 10)}, "kies": picked["kies"]}
		p.Templates = append(p.Templates, layout.Link{Href: listOf(p.Page, d).Href + "/mail?" + query.Encode(), Text: t.Name})
	}
	earlier, err := h.Circulars.Of(c.UserContext(), d.ID)
	for _, l := range earlier {
		row := office.LetterRow{Href: letterPath(l.ID), Subject: l.SubjectNL, By: l.By, At: l.CreatedAt, State: "draft"}
		if l.ConfirmedAt != nil {
			if row.State = "sending"; l.DoneAt != nil {
				row.State = "sent"
			}
		}
		p.Earlier = append(p.Earlier, row)
	}
	return err
}

// Compose keeps a letter as a draft and shows it as the families would read it.
func (h *Handlers) Compose(c *fiber.Ctx) error {
	d, err := h.departure(c)
	if err != nil {
		return err
	}
	in, err := web.Form[composeForm](c)
	var letter circular.ID
	if err == nil {
		letter, err = h.Circulars.Draft(c.UserContext(), web.Who(c).StaffID, d.ID, in.words(), in.audience())
	}
	return h.composed(c, d, in, letter, err)
}

func (h *Handlers) composed(c *fiber.Ctx, d roster.Departure, in composeForm, letter circular.ID, err error) error {
	if err == nil && in.KeepAs != "" {
		err = h.Circulars.Keep(c.UserContext(), web.Who(c).StaffID, in.KeepAs, in.words())
	}
	if problems := web.Problems(c, err); problems != nil {
		p, err := h.composePage(c, d, in)
		if err != nil {
			return err
		}
		p.Errors, p.Failed = problems, true
		return web.RenderAgain(c, office.Compose(p))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, letterPath(letter))
}

func (h *Handlers) letter(c *fiber.Ctx) (l circular.Letter, d roster.Departure, err error) {
	key, err := strconv.ParseInt(c.Params("letter"), 10, 64)
	if err != nil {
		return l, d, circular.ErrUnknown
	}
	if l, err = h.Circulars.ByID(c.UserContext(), circular.ID(key)); err != nil {
		return l, d, err
	}
	if l.Departure != 0 {
		d, err = h.Roster.Departure(c.UserContext(), l.Departure)
	}
	return l, d, err
}

// ShowChange shows a draft to be changed.
func (h *Handlers) ShowChange(c *fiber.Ctx) error {
	l, d, err := h.letter(c)
	if err != nil {
		return err
	}
	if l.ConfirmedAt != nil {
		return circular.ErrSent
	}
	p, err := h.composePage(c, d, composeOf(l))
	if err != nil {
		return err
	}
	p.Earlier = nil
	return web.Render(c, office.Compose(p))
}

// Change keeps a draft with other words.
func (h *Handlers) Change(c *fiber.Ctx) error {
	l, d, err := h.letter(c)
	if err != nil {
		return err
	}
	in, err := web.Form[composeForm](c)
	if err == nil {
		err = h.Circulars.Change(c.UserContext(), l.ID, in.words(), in.audience())
	}
	return h.composed(c, d, in, l.ID, err)
}

// ShowLetter shows a letter as one family reads it, or how far it is.
func (h *Handlers) ShowLetter(c *fiber.Ctx) error {
	l, d, err := h.letter(c)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(c.Query("gezin")) // nothing, or no number: the first
	p, _, err := h.letterPage(c, l, d, n)
	if err != nil {
		return err
	}
	return web.Render(c, office.Letter(p))
}

func (h *Handlers) letterPage(c *fiber.Ctx, l circular.Letter, d roster.Departure, n int) (p office.LetterPage, shown circular.Family, err error) {
	p = office.LetterPage{Page: staffPage(c, "roster.mail"), Departure: addressees(web.Page(c), d, len(l.Audience.Orders) > 0), Action: letterPath(l.ID), Change: letterPath(l.ID) + "/wijzigen", Confirmed: l.ConfirmedAt != nil, Done: l.DoneAt != nil}
	p.Width = layout.Broad
	p.Back = listOf(p.Page, d)
	if d.ID != 0 && len(l.Audience.Orders) == 0 {
		p.Back.Href += "/mail"
	}
	all, err := h.Circulars.Families(c.UserContext(), l.Departure, l.Audience)
	if err != nil {
		return p, shown, err
	}
	var get []circular.Family
	for _, f := range all {
		if f.LeftOut == "" {
			get = append(get, f)
		} else {
			p.LeftOut = append(p.LeftOut, office.LeftOut{Href: orderPath(f.Order), Name: f.Name, Why: f.LeftOut})
		}
	}
	p.Count = len(get)
	if p.Confirmed {
		progress, err := h.Circulars.ProgressOf(c.UserContext(), l.ID)
		if err != nil {
			return p, shown, err
		}
		p.Written, p.Sent, p.Dead, p.Waiting = progress.Written, progress.Sent, progress.Dead, progress.Waiting
	}
	if len(get) == 0 {
		return p, shown, nil
	}
	n = min(max(1, n), len(get))
	shown = get[n-1]
	r, err := h.Circulars.Preview(c.UserContext(), l, shown)
	if err != nil {
		return p, shown, err
	}
	_, text, _ := strings.Cut(r.Text, "\n\n") // without the title, which is the subject
	p.Number, p.Name, p.Email, p.Subject, p.Text = n, shown.Name, shown.Email, r.Subject, strings.TrimSpace(text)
	page := func(n int) string {
		return letterPath(l.ID) + "?" + url.Values{"gezin": {strconv.Itoa(n)}}.Encode()
	}
	if n > 1 {
		p.Previous = page(n - 1)
	}
	if n < len(get) {
		p.Next = page(n + 1)
	}
	return p, shown, nil
}

type letterForm struct {
	Do     string `form:"doe" validate:"required,oneof=verstuur test"`
	Count  int    `form:"aantal" validate:"min=0"`
	Family int    `form:"gezin" validate:"min=0"`
}

// SendLetter sends a letter to those that the page counted, or to the reader as a test.
func (h *Handlers) SendLetter(c *fiber.Ctx) error {
	l, d, err := h.letter(c)
	if err != nil {
		return err
	}
	in, err := web.Form[letterForm](c)
	if err != nil {
		return err
	}
	p, shown, err := h.letterPage(c, l, d, in.Family)
	if err != nil {
		return err
	}
	who := web.Who(c)
	switch {
	case p.Confirmed:
		err = circular.ErrSent
	case p.Number == 0:
		err = circular.ErrNobody
	case in.Do == "test":
		if err = h.Circulars.Test(c.UserContext(), l, shown, mail.Address{Name: who.Name, Email: who.Email}); err == nil {
			web.SetFlash(c, layout.Good, "circular.tested", who.Email)
		}
	default:
		err = h.Circulars.Confirm(c.UserContext(), l.ID, in.Count)
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		p.Errors, p.Failed = web.Problems(c, err), true
		return web.RenderAgain(c, office.Letter(p))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, letterPath(l.ID))
}
