package office

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/dossier"
	"joetz/shop/mail"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/id"
)

// storyKinds are what the history can be cut down to.
var storyKinds = []string{"alles", "boeking", "geld", "mails", "notities"}

// addStory makes one history of what was booked, paid, mailed and noted, newest first, with who did it by name. The lines about
// documents and refunds are in page.Events.
func (h *Handlers) addStory(ctx context.Context, page *office.OrderPage, o booking.Order, show string) error {
	if !slices.Contains(storyKinds, show) {
		show = "alles"
	}
	order := o.ID
	page.NoteAction = orderPath(order) + "/notitie"
	for _, k := range storyKinds {
		page.StoryFilter = append(page.StoryFilter, office.StoryLink{Href: orderPath(order) + "?toon=" + k + "#geschiedenis", Text: page.T("dossier.filter." + k), Current: k == show})
	}
	money := page.Events
	page.Events = nil
	add := func(kind string, rows ...office.EventRow) {
		if show == "alles" || show == kind {
			page.Events = append(page.Events, rows...)
		}
	}
	add("geld", money...)
	if err := h.addEvents(ctx, *page, o, add); err != nil {
		return err
	}
	mails, err := h.Outbox.OfOrder(ctx, h.DB, order)
	if err != nil {
		return err
	}
	for _, m := range mails {
		text := page.T("dossier.mail_to", m.Subject)
		if m.Letter != "" {
			text = page.T("dossier.letter_to", m.Subject, m.Letter, m.Version)
		}
		add("mails", office.EventRow{At: m.At, Text: text, Who: m.To.Email, Href: mailPath(m.ID), State: mailState(m)})
	}
	reach, err := h.reachRows(ctx, page.Page, o.PayerEmail)
	if err != nil {
		return err
	}
	add("mails", reach...)
	notes, err := h.Dossier.Notes(ctx, order)
	if err != nil {
		return err
	}
	page.Notes = noteRows(notes, page.NoteAction)
	for _, n := range notes {
		add("notities", office.EventRow{At: n.At, Text: page.T("dossier.noted", n.Text), Who: n.By})
	}
	pins, err := h.Dossier.Pins(ctx, order)
	if err != nil {
		return err
	}
	for _, n := range pins {
		key := "dossier.unpinned"
		if n.Pinned {
			key = "dossier.pinned"
		}
		add("notities", office.EventRow{At: n.At, Text: page.T(key, n.Text), Who: n.By})
	}
	slices.SortStableFunc(page.Events, func(a, b office.EventRow) int { return b.At.Compare(a.At) })
	return nil
}

func (h *Handlers) addEvents(ctx context.Context, page office.OrderPage, o booking.Order, add func(string, ...office.EventRow)) error {
	events, err := h.Bookings.Events(ctx, o.ID)
	if err != nil {
		return err
	}
	actors, children := make([]string, len(events)), map[id.Booking]string{}
	for i, e := range events {
		actors[i] = e.Actor
	}
	for _, b := range o.Bookings {
		children[b.ID] = b.FirstName
	}
	names, err := h.Dossier.Names(ctx, actors)
	if err != nil {
		return err
	}
	for _, e := range events {
		row := eventRow(page.Page, e, children)
		if name := names[e.Actor]; name != "" {
			row.Who = name
		}
		kind := "boeking"
		if moneyKinds[e.Kind] {
			kind = "geld"
		}
		add(kind, row)
	}
	return nil
}

func noteRows(notes []dossier.Note, action string) (rows []office.NoteRow) {
	for _, n := range notes {
		rows = append(rows, office.NoteRow{Text: n.Text, By: n.By, At: n.At, Pinned: n.Pinned, Family: n.Guardian != 0, Action: action + "/" + strconv.FormatInt(n.ID, 10)})
	}
	return rows
}

func mailPath(key id.Mail) string { return "/kantoor/mail/" + strconv.FormatInt(int64(key), 10) }

func mailState(m mail.Mail) string {
	switch {
	case !m.SentAt.IsZero():
		return "sent"
	case !m.DeadAt.IsZero():
		return "dead"
	}
	return "waiting"
}

type noteForm struct {
	Note string `form:"note" validate:"max=2000"`
	Pin  string `form:"vast"`
}

func orderOf(c *fiber.Ctx) (id.Order, error) {
	key, err := strconv.ParseInt(c.Params("order"), 10, 64)
	if err != nil {
		return 0, booking.ErrNoBooking
	}
	return id.Order(key), nil
}

// WriteNote adds a note to an order.
func (h *Handlers) WriteNote(c *fiber.Ctx) error {
	order, err := orderOf(c)
	if err != nil {
		return err
	}
	in, err := web.Form[noteForm](c)
	if _, lost := h.Bookings.OrderByID(c.UserContext(), order); lost != nil {
		return lost
	}
	if err == nil {
		err = h.Dossier.Write(c.UserContext(), web.Who(c).StaffID, order, in.Note, in.Pin == "yes")
	}
	if problems := web.Problems(c, err); problems != nil {
		page, err := h.orderPage(c, order)
		if err != nil {
			return err
		}
		page.Errors, page.Failed, page.NoteText = problems, true, in.Note
		return web.RenderAgain(c, office.Order(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "dossier.saved")
	return web.SeeOther(c, orderPath(order)+"#notities")
}

// PinNote keeps a note on top, or lets it go.
func (h *Handlers) PinNote(c *fiber.Ctx) error {
	order, err := orderOf(c)
	if err != nil {
		return err
	}
	return pin(c, orderPath(order), func(by id.Staff, note int64, pinned bool) error {
		return h.Dossier.Pin(c.UserContext(), by, order, note, pinned)
	})
}

// pin keeps the note of the address on top or lets it go, and goes back to the notes of the page.
func pin(c *fiber.Ctx, page string, do func(by id.Staff, note int64, pinned bool) error) error {
	note, err := strconv.ParseInt(c.Params("note"), 10, 64)
	if err != nil {
		return dossier.ErrNoNote
	}
	in, err := web.Form[noteForm](c)
	if err != nil {
		return err
	}
	if err := do(web.Who(c).StaffID, note, in.Pin == "ja"); err != nil {
		return err
	}
	return web.SeeOther(c, page+"#notities")
}

// ShowMail shows the text of a mail about an order. What held a code or a link to sign in is never shown.
func (h *Handlers) ShowMail(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("mail"), 10, 64)
	if err != nil {
		return mail.ErrUnknown
	}
	m, _, err := h.Outbox.ByID(c.UserContext(), h.DB, id.Mail(key))
	if err != nil {
		return err
	}
	if m.Order == 0 { // sign-in codes, invitations and tests are nobody's history
		return mail.ErrUnknown
	}
	page, err := h.mailPage(c, m)
	if err != nil {
		return err
	}
	return web.Render(c, office.Mail(page))
}

func (h *Handlers) mailPage(c *fiber.Ctx, m mail.Mail) (office.MailPage, error) {
	p := staffPage(c, "office.search.title")
	p.Title, p.Width = m.Subject, layout.Reading
	p.Back = &layout.Link{Href: orderPath(m.Order), Text: p.T("office.order.history")}
	page := office.MailPage{Page: p, Subject: m.Subject, To: m.To.Email, At: m.At, State: mailState(m), Why: m.LastError, Text: m.Text, Secret: m.Text == ""}
	dead, err := h.Outbox.DeadByID(c.UserContext(), h.DB, m.ID)
	if errors.Is(err, mail.ErrHandled) {
		return page, nil
	}
	page.Again, page.Name, page.Phone = mailPath(m.ID), dead.Name, dead.Phone
	return page, err
}

type mailForm struct {
	Do string `form:"doe" validate:"required,oneof=opnieuw gebeld"`
}

// HandleMail sends a mail that was given up once more, or says that the family heard it by telephone.
func (h *Handlers) HandleMail(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("mail"), 10, 64)
	if err != nil {
		return mail.ErrUnknown
	}
	in, err := web.Form[mailForm](c)
	if err != nil {
		return err
	}
	target := id.Mail(key)
	if in.Do == "opnieuw" {
		target, err = h.Outbox.Resend(c.UserContext(), h.DB, id.Mail(key), web.Who(c).StaffID)
	} else {
		err = h.Outbox.Handled(c.UserContext(), h.DB, id.Mail(key), web.Who(c).StaffID)
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "dossier.mail.done_"+in.Do)
	return web.SeeOther(c, mailPath(target))
}
