package office

import (
	"context"
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
var storyKinds = []string{"alles", "boeking", "mails", "notities"}

// addStory makes one history of what was booked, paid, mailed and noted, newest first, with who did it by name.
func (h *Handlers) addStory(ctx context.Context, page *office.OrderPage, order id.Order, show string) error {
	if !slices.Contains(storyKinds, show) {
		show = "alles"
	}
	page.NoteAction = orderPath(order) + "/notitie"
	for _, k := range storyKinds {
		page.StoryFilter = append(page.StoryFilter, office.StoryLink{Href: orderPath(order) + "?toon=" + k + "#geschiedenis", Text: page.T("dossier.filter." + k), Current: k == show})
	}
	notes, err := h.Dossier.Notes(ctx, order)
	if err != nil {
		return err
	}
	events, err := h.Bookings.Events(ctx, order)
	if err != nil {
		return err
	}
	mails, err := h.Outbox.OfOrder(ctx, h.DB, order)
	if err != nil {
		return err
	}
	actors := make([]string, len(events))
	for i, e := range events {
		actors[i] = e.Actor
	}
	names, err := h.Dossier.Names(ctx, actors)
	if err != nil {
		return err
	}
	page.Events = nil
	for _, e := range events {
		row := eventRow(page.Page, e)
		if name := names[e.Actor]; name != "" {
			row.Who = name
		}
		if show == "alles" || show == "boeking" {
			page.Events = append(page.Events, row)
		}
	}
	for _, m := range mails {
		if show == "alles" || show == "mails" {
			page.Events = append(page.Events, office.EventRow{At: m.At, Text: page.T("dossier.mail_to", m.Subject), Who: m.To.Email, Href: "/kantoor/mail/" + strconv.FormatInt(int64(m.ID), 10), State: mailState(m)})
		}
	}
	for _, n := range notes {
		page.Notes = append(page.Notes, office.NoteRow{Text: n.Text, By: n.By, At: n.At, Pinned: n.Pinned, Action: page.NoteAction + "/" + strconv.FormatInt(n.ID, 10)})
		if show == "notities" || show == "alles" {
			page.Events = append(page.Events, office.EventRow{At: n.At, Text: n.Text, Who: n.By})
		}
	}
	slices.SortStableFunc(page.Events, func(a, b office.EventRow) int { return b.At.Compare(a.At) })
	return nil
}

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
	note, err := strconv.ParseInt(c.Params("note"), 10, 64)
	if err != nil {
		return dossier.ErrNoNote
	}
	in, err := web.Form[noteForm](c)
	if err != nil {
		return err
	}
	if err := h.Dossier.Pin(c.UserContext(), order, note, in.Pin == "ja"); err != nil {
		return err
	}
	return web.SeeOther(c, orderPath(order)+"#notities")
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
	p := staffPage(c, "office.search.title")
	p.Title, p.Width = m.Subject, layout.Reading
	p.Back = &layout.Link{Href: orderPath(m.Order), Text: p.T("office.order.history")}
	return web.Render(c, office.Mail(office.MailPage{Page: p, Subject: m.Subject, To: m.To.Email, At: m.At, State: mailState(m), Why: m.LastError, Text: m.Text, Secret: m.Text == ""}))
}
