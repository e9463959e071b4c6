package parent

import (
	"context"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/payments/bank"
	"joetz/payments/invoice/qr"
	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/parent"
	"joetz/templates/ui"
	"joetz/terms/id"
)

func problem(p layout.Page, field, key string) ui.FieldError {
	return ui.FieldError{Field: field, Text: p.T(key)}
}

// ShowHome is the family's first page.
func (h *Handlers) ShowHome(c *fiber.Ctx) error {
	ctx, who := c.UserContext(), web.Who(c)
	orders, err := h.Bookings.OrdersOf(ctx, who.GuardianID)
	if err != nil {
		return err
	}
	g, err := h.Accounts.GuardianByID(ctx, who.GuardianID)
	if err != nil {
		return err
	}
	page := parent.HomePage{Page: web.Page(c), FirstName: g.FirstName}
	page.Title, page.Private = page.T("parent.home.title"), true
	if basket, err := h.Bookings.Open(ctx, web.Cookie(c, basketCookie)); err == nil && basket.Status == "open" {
		page.Basket = true
	}
	for _, o := range orders {
		page.Orders = append(page.Orders, orderCard(page.Page, o))
	}
	return web.Render(c, parent.Home(page))
}

func orderCard(p layout.Page, o booking.Order) parent.OrderCard {
	due, _ := o.NextDue()
	card := parent.OrderCard{Href: booking.OrderPath(o.ID), Reference: o.Reference, DueNow: due.Open, DueOn: due.On, Overdue: due.Open > 0 && due.On.Before(p.Today)}
	for _, b := range o.Bookings {
		card.Bookings = append(card.Bookings, bookingLine(p, b))
	}
	return card
}

func bookingLine(p layout.Page, b booking.Booking) parent.BookingLine {
	line := parent.BookingLine{
		Name: b.FirstName + " " + b.LastName, Holiday: b.Title, Slug: b.Slug, StartsOn: b.DepartsOn, EndsOn: b.EndsOn, Status: b.Status,
		Category: p.T("checkout.category." + string(b.Category)), Evidence: b.Evidence, BoardingPlace: b.BoardingName,
		Charged: b.Statement.Charged, Paid: b.Statement.Paid,
	}
	if b.Status != "cancelled" {
		line.Fiche = FichePath(b.ID)
	}
	for _, part := range b.Statement.Parts {
		line.Parts = append(line.Parts, parent.PartLine{Kind: part.Kind, DueOn: part.DueOn, Amount: part.Amount, Paid: part.Paid})
	}
	return line
}

// ShowOrder is one order of the family.
func (h *Handlers) ShowOrder(c *fiber.Ctx) error {
	o, err := h.ownOrder(c)
	if err != nil {
		return err
	}
	page, err := h.orderPage(c, o)
	if err != nil {
		return err
	}
	return web.Render(c, parent.Order(page))
}

// ownOrder reads the order of the address; another family's is not found.
func (h *Handlers) ownOrder(c *fiber.Ctx) (booking.Order, error) {
	key, err := strconv.ParseInt(c.Params("order"), 10, 64)
	if err != nil {
		return booking.Order{}, booking.ErrNoBooking
	}
	return h.Bookings.OrderOf(c.UserContext(), web.Who(c).GuardianID, id.Order(key))
}

func (h *Handlers) orderPage(c *fiber.Ctx, o booking.Order) (parent.OrderPage, error) {
	ctx := c.UserContext()
	p := web.Page(c)
	p.Title, p.Private = p.T("parent.order.title", o.Reference), true
	p.Back = &layout.Link{Href: "/mijn", Text: p.T("parent.home.title")}
	comm, err := bank.ParseOGM(o.StructuredComm)
	if err != nil {
		return parent.OrderPage{}, err
	}
	due, asked := o.NextDue()
	account := h.Bookings.Account
	page := parent.OrderPage{
		Page: p, Reference: o.Reference, PlacedAt: o.PlacedAt, JustPlaced: c.Query("geboekt") != "", Email: o.PayerEmail,
		DueNow: due.Open, DueOn: due.On, DueKind: due.Kind, StructuredComm: comm.String(), IBAN: account.IBAN.String(), BIC: account.BIC,
		TermsVersion: h.Bookings.TermsVersion(ctx, o.PolicyHash),
	}
	for _, b := range o.Bookings {
		page.Bookings = append(page.Bookings, bookingLine(p, b))
		page.Charged, page.Paid = page.Charged+b.Statement.Charged, page.Paid+b.Statement.Paid
	}
	if asked {
		page.PayAction = booking.OrderPath(o.ID) + "/betalen"
		payload, err := account.PaymentCode(due.Open, comm)
		if err != nil {
			return page, err
		}
		if page.QR.Path, page.QR.Side, err = qr.Path(payload); err != nil {
			return page, err
		}
	}
	return page, h.addMoney(ctx, &page, o)
}

// addMoney adds credit, refunds and documents.
func (h *Handlers) addMoney(ctx context.Context, page *parent.OrderPage, o booking.Order) (err error) {
	if page.Credit, err = h.Payments.CreditOf(ctx, h.DB, o.ID); err != nil {
		return err
	}
	refunds, err := h.Payments.RefundsOf(ctx, h.DB, o.ID)
	if err != nil {
		return err
	}
	for _, r := range refunds {
		page.Refunds = append(page.Refunds, parent.RefundLine{Amount: r.Amount, State: r.State, By: r.DueOn})
	}
	documents, err := h.Invoices.OfOrder(ctx, h.DB, o.ID)
	if err != nil {
		return err
	}
	for _, d := range documents {
		line := parent.InvoiceLine{Number: d.Number, Kind: d.Kind, On: d.IssuedOn, Total: d.Total}
		if d.Number != "" {
			line.Href = fmt.Sprintf("%s/factuur/%d", booking.OrderPath(o.ID), d.ID)
		}
		page.Invoices = append(page.Invoices, line)
	}
	return nil
}

// ShowInvoice sends a document of the family's own order as PDF.
func (h *Handlers) ShowInvoice(c *fiber.Ctx) error {
	o, err := h.ownOrder(c)
	if err != nil {
		return err
	}
	key, err := strconv.ParseInt(c.Params("invoice"), 10, 64)
	if err != nil {
		return booking.ErrNoBooking
	}
	documents, err := h.Invoices.OfOrder(c.UserContext(), h.DB, o.ID)
	if err != nil {
		return err
	}
	for _, d := range documents {
		if d.ID == id.Invoice(key) && d.Number != "" {
			pdf, name, err := h.Invoices.Render(c.UserContext(), d.ID)
			if err != nil {
				return err
			}
			c.Set(fiber.HeaderContentType, "application/pdf")
			c.Set(fiber.HeaderContentDisposition, `inline; filename="`+name+`"`)
			return c.Send(pdf)
		}
	}
	return booking.ErrNoBooking
}
