package parent

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/booking"
	"joetz/shop/circular"
	"joetz/shop/mail"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/terms/civil"
	"joetz/terms/id"
)

func infoPath(l circular.InfoSent) string {
	return fmt.Sprintf("/mijn/infobrief/%d/%d", l.Order, l.Departure)
}

// ownOrders are the orders that the guardian placed: a letter says what is still to pay, which another parent does not see.
func ownOrders(orders []booking.Order) []id.Order {
	var own []id.Order
	for _, o := range orders {
		if !o.Shared {
			own = append(own, o.ID)
		}
	}
	return own
}

func (h *Handlers) infoLines(ctx context.Context, orders []booking.Order) ([]parent.LetterLine, error) {
	got, err := h.Letters.InfoSentTo(ctx, ownOrders(orders))
	lines := make([]parent.LetterLine, len(got))
	for i, l := range got {
		lines[i] = parent.LetterLine{Href: infoPath(l), Holiday: l.Title, StartsOn: l.StartsOn, On: civil.Of(l.At)}
	}
	return lines, err
}

// infoLetter is a letter to one of the guardian's own orders; booking.ErrNoBooking for another's.
func (h *Handlers) infoLetter(c *fiber.Ctx) (mail.Mail, []mail.Attachment, circular.InfoSent, error) {
	fail := func(err error) (mail.Mail, []mail.Attachment, circular.InfoSent, error) {
		return mail.Mail{}, nil, circular.InfoSent{}, err
	}
	order, wrong := strconv.ParseInt(c.Params("order"), 10, 64)
	departure, wrong2 := strconv.ParseInt(c.Params("departure"), 10, 64)
	if wrong != nil || wrong2 != nil {
		return fail(booking.ErrNoBooking)
	}
	o, err := h.Bookings.OrderOf(c.UserContext(), web.Who(c).GuardianID, id.Order(order))
	if err != nil {
		return fail(err)
	}
	got, err := h.Letters.InfoSentTo(c.UserContext(), []id.Order{o.ID})
	if err != nil {
		return fail(err)
	}
	i := slices.IndexFunc(got, func(l circular.InfoSent) bool { return l.Departure == id.Departure(departure) })
	if i < 0 {
		return fail(circular.ErrNoInfo)
	}
	m, files, err := h.Letters.Outbox.ByID(c.UserContext(), h.DB, got[i].Mail)
	return m, files, got[i], err
}

// ShowInfo shows an info letter as the family got it.
func (h *Handlers) ShowInfo(c *fiber.Ctx) error {
	m, files, l, err := h.infoLetter(c)
	if err != nil {
		return err
	}
	page := parent.InfoPage{Page: ownPage(c, "family.letters.title"), Subject: m.Subject, On: civil.Of(l.At)}
	page.Title, page.Back = m.Subject, &layout.Link{Href: "/mijn/documenten", Text: page.T("family.documents.title")}
	_, text, _ := strings.Cut(m.Text, "\n\n") // without the title, which is the subject
	page.Text = strings.TrimSpace(text)
	for i, f := range files {
		page.Files = append(page.Files, layout.Link{Href: fmt.Sprintf("%s/bijlage/%d", infoPath(l), i), Text: f.Name})
	}
	return web.Render(c, parent.Info(page))
}

// ShowInfoFile is a file that came with an info letter.
func (h *Handlers) ShowInfoFile(c *fiber.Ctx) error {
	_, files, _, err := h.infoLetter(c)
	if err != nil {
		return err
	}
	i, err := strconv.Atoi(c.Params("file"))
	if err != nil || i < 0 || i >= len(files) {
		return mail.ErrUnknown
	}
	return web.SendFile(c, files[i].Type, files[i].Name, files[i].Content)
}
