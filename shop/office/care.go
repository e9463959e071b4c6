package office

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

type reviewForm struct {
	Decision string `form:"decision" validate:"required,oneof=accept"`
	Note     string `form:"note" validate:"max=2000"`
}

// reader is who reads, for the access log.
func reader(c *fiber.Ctx) medical.Reader {
	return medical.Reader{Staff: web.Who(c).StaffID, Role: medical.Office, Request: web.RequestID(c), IP: web.ClientIP(c).String(), Device: c.Get(fiber.HeaderUserAgent)}
}

// ShowReview shows what a parent wrote about care. Reading it is logged.
func (h *Handlers) ShowReview(c *fiber.Ctx) error {
	_, page, err := h.reviewPage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Review(page))
}

func (h *Handlers) reviewPage(c *fiber.Ctx) (booking.Booking, office.ReviewPage, error) {
	b, err := h.booking(c)
	if err != nil {
		return b, office.ReviewPage{}, err
	}
	if b.Status != "in_review" {
		return b, office.ReviewPage{}, booking.ErrNoBooking
	}
	ctx := c.UserContext()
	o, err := h.Bookings.OrderByID(ctx, b.Order)
	if err != nil {
		return b, office.ReviewPage{}, err
	}
	sheet, err := h.Bookings.CareForReview(ctx, reader(c), b)
	if err != nil {
		return b, office.ReviewPage{}, err
	}
	p := staffPage(c, "office.reviews.title")
	p.Width = layout.Reading
	p.Back = &layout.Link{Href: orderPath(b.Order), Text: p.T("office.order.back")}
	page := office.ReviewPage{Page: p, Booking: bookingCard(p, b), Action: c.Path(), Payer: o.PayerName, Phone: o.PayerPhone, Since: civil.Of(b.PlacedAt),
		Unreadable: sheet.State == medical.Unreadable || len(sheet.Broken) > 0}
	if !b.PausedOn.IsZero() {
		page.Since, page.Late = b.PausedOn, true
	}
	for _, a := range sheet.Answers {
		fact := office.CareFact{Label: a.Question.Label.In(p.Lang)}
		for _, l := range sheet.Version.Lines(a.Question, sheet.Kept(), p.Lang) {
			fact.Lines = append(fact.Lines, strings.TrimSpace(l.Label+" "+l.Text))
		}
		page.Answers = append(page.Answers, fact)
	}
	return b, page, nil
}

// Review lets a child come whose care was discussed: from now on the booking is paid like any other.
func (h *Handlers) Review(c *fiber.Ctx) error {
	b, page, err := h.reviewPage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[reviewForm](c)
	page.Note = in.Note
	if err == nil {
		err = h.Bookings.AcceptCare(c.UserContext(), web.Who(c), reader(c), b.ID, in.Note)
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, office.Review(page))
	}
	if err != nil {
		return err
	}
	flash := "office.review.accepted"
	if page.Late {
		flash = "office.review.goes_on"
	}
	web.SetFlash(c, layout.Good, flash)
	return web.SeeOther(c, fmt.Sprintf("/kantoor/boeking/%d", b.Order))
}

// ShowRefuse shows what it means that the care cannot be given.
func (h *Handlers) ShowRefuse(c *fiber.Ctx) error {
	_, page, err := h.refusePage(c)
	if err != nil {
		return err
	}
	return web.Render(c, office.Refuse(page))
}

func (h *Handlers) refusePage(c *fiber.Ctx) (booking.Booking, office.CancelPage, error) {
	b, page, err := h.cancelPage(c)
	if err != nil {
		return b, page, err
	}
	if b.Status != "in_review" {
		return b, page, booking.ErrNoReview
	}
	page.Title, page.By = page.T("office.refuse.title", b.FirstName), terms.ByCareRefused.String()
	page.Back = &layout.Link{Href: reviewPath(b.ID), Text: page.T("office.reviews.title")}
	preview, err := h.Bookings.PreviewRefuseCare(c.UserContext(), b.ID)
	if err != nil {
		return b, page, err
	}
	page.Outcome = h.outcome(page.Page, preview)
	return b, page, nil
}

func refusePath(b id.Booking) string { return reviewPath(b) + "/weigeren" }

func reviewPath(b id.Booking) string { return fmt.Sprintf("/kantoor/kind/%d/zorg", b) }

// Refuse ends the booking, with the amounts that were shown.
func (h *Handlers) Refuse(c *fiber.Ctx) error {
	b, page, err := h.refusePage(c)
	if err != nil {
		return err
	}
	in, err := web.Form[struct {
		Called      string `form:"called" validate:"required,oneof=yes"`
		Fee         int64  `form:"fee"`
		Premium     int64  `form:"premium"`
		Refund      int64  `form:"refund"`
		Outstanding int64  `form:"outstanding"`
	}](c)
	if err == nil {
		err = h.Bookings.RefuseCare(c.UserContext(), web.Who(c), reader(c), b.ID, "", booking.Confirmed{
			Fee: money.Cents(in.Fee), Premium: money.Cents(in.Premium), Refund: money.Cents(in.Refund), Outstanding: money.Cents(in.Outstanding),
		})
	}
	if problems := web.Problems(c, err); problems != nil {
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, office.Refuse(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "office.refuse.done")
	return web.SeeOther(c, orderPath(b.Order))
}
