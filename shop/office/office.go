// Package office has the handlers of the organiser's office.
//
// Owns: the addresses under /kantoor. Tables: none.
// May import: terms, payments, medical, templates, migrations/pg, the services of shop, shop/web.
// Always true: a step that costs somebody money shows the amount first and does that amount or nothing.
package office

import (
	"context"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/invoice"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/discount"
	"joetz/shop/extra"
	"joetz/shop/family"
	"joetz/shop/memberprice"
	"joetz/shop/proof"
	"joetz/shop/requests"
	"joetz/shop/waitlist"
	"joetz/shop/watch"
	"joetz/shop/web"
	"joetz/shop/worklist"
	"joetz/templates/layout"
	"joetz/templates/office"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Handlers serves the office.
type Handlers struct {
	DB       *sqlx.DB
	Bookings *booking.Service
	Proofs   *proof.Service
	Waitlist *waitlist.Service
	Payments *payments.Service
	Invoices *invoice.Service
	Accounts *account.Service
	Requests *requests.Service
	Family   *family.Service
	Worklist *worklist.Service
	Watch    *watch.Service
	Daily

	Discounts *discount.Service
	Extras    *extra.Service
}

// ShowReviews lists the orders with a child whose care is to be decided.
func (h *Handlers) ShowReviews(c *fiber.Ctx) error {
	orders, err := h.Bookings.InReview(c.UserContext())
	if err != nil {
		return err
	}
	page := office.ReviewsPage{Page: staffPage(c, "office.reviews.title")}
	for _, o := range orders {
		page.Orders = append(page.Orders, orderRow(page.Page, o))
	}
	return web.Render(c, office.Reviews(page))
}

func staffPage(c *fiber.Ctx, title string) layout.Page {
	p := web.Page(c)
	p.Title, p.Private, p.Width = p.T(title), true, layout.Full
	return p
}

func invoicePath(key id.Invoice) string { return fmt.Sprintf("/kantoor/factuur/%d", key) }

func orderPath(order id.Order) string { return fmt.Sprintf("/kantoor/boeking/%d", order) }

func orderRow(p layout.Page, o booking.Order) office.OrderRow {
	row := office.OrderRow{Href: orderPath(o.ID), Reference: o.Reference, PlacedAt: o.PlacedAt, Payer: o.PayerName}
	for _, b := range o.Bookings {
		row.Children = append(row.Children, office.ChildRow{Name: b.FirstName + " " + b.LastName, Holiday: b.Title, Status: b.Status})
		row.Open += max(0, b.Statement.Open())
		row.Overdue = row.Overdue || b.Statement.State(p.Today) == "overdue"
	}
	return row
}

// ShowOrder is one order, whole.
func (h *Handlers) ShowOrder(c *fiber.Ctx) error {
	key, err := orderOf(c)
	if err != nil {
		return err
	}
	page, err := h.orderPage(c, key)
	if err != nil {
		return err
	}
	return web.Render(c, office.Order(page))
}

func (h *Handlers) orderPage(c *fiber.Ctx, key id.Order) (page office.OrderPage, err error) {
	ctx := c.UserContext()
	o, err := h.Bookings.OrderByID(ctx, key)
	if err != nil {
		return page, err
	}
	comm, err := bank.ParseOGM(o.StructuredComm)
	if err != nil {
		return page, err
	}
	p := staffPage(c, "office.search.title")
	p.Back = &layout.Link{Href: "/kantoor/zoeken", Text: p.T("office.search.title")}
	page = office.OrderPage{
		Page: p, Reference: o.Reference, PlacedAt: o.PlacedAt, Payer: []string{o.PayerName, o.PayerStreet, o.PayerPostalCode + " " + o.PayerCity},
		Email: o.PayerEmail, Phone: o.PayerPhone, StructuredComm: comm.String(), TermsVersion: h.Bookings.TermsVersion(ctx, o.PolicyHash),
	}
	page.Title = p.T("office.order.title", o.Reference)
	extras, err := h.Bookings.ExtrasOfOrder(ctx, o)
	if err != nil {
		return page, err
	}
	page.ChangePayer, page.ChangePlan = orderPath(o.ID)+"/betaler", orderPath(o.ID)+"/betaalplan"
	if o.Other.ID != 0 {
		page.Other = append(o.Other.Lines(), o.Other.Email)
		if o.Other.Enterprise != "" {
			page.Other = append(page.Other, o.Other.Enterprise)
		}
		if o.Other.Reference != "" {
			page.Other = append(page.Other, p.T("payer.reference")+": "+o.Other.Reference)
		}
	}
	for _, b := range o.Bookings {
		card := bookingCard(p, b)
		if err := h.addUndo(ctx, p, &card, b); err != nil {
			return page, err
		}
		for _, e := range extras[b.ID] {
			card.Extras = append(card.Extras, office.KeptExtra{Name: e.Name(p.Lang), Amount: e.Price})
		}
		page.Bookings = append(page.Bookings, card)
		page.Charged, page.Paid = page.Charged+b.Statement.Charged, page.Paid+b.Statement.Settled()
	}
	if err := h.addMoney(ctx, &page, o.ID); err != nil {
		return page, err
	}
	page.Family = familyPath(o.Guardian)
	return page, h.addStory(ctx, &page, o, c.Query("toon"))
}

func (h *Handlers) addMoney(ctx context.Context, page *office.OrderPage, order id.Order) (err error) {
	if page.Credit, err = h.Payments.CreditOf(ctx, h.DB, order); err != nil {
		return err
	}
	refunds, err := h.Payments.RefundsOf(ctx, h.DB, order)
	if err != nil {
		return err
	}
	for _, r := range refunds {
		page.Refunds = append(page.Refunds, office.RefundRow{Amount: r.Amount, Method: r.Method, State: r.State, By: r.DueOn})
	}
	documents, err := h.Invoices.OfOrder(ctx, h.DB, order)
	if err != nil {
		return err
	}
	for _, d := range documents {
		page.Documents = append(page.Documents, office.DocumentRow{Number: d.Number, Kind: d.Kind, On: d.IssuedOn, Total: d.Total, Href: invoicePath(d.ID)})
	}
	page.Events = moneyRows(page.Page, documents, refunds)
	return nil
}

func bookingCard(p layout.Page, b booking.Booking) office.BookingCard {
	card := office.BookingCard{
		Name: b.FirstName + " " + b.LastName, BornOn: b.BornOn, Holiday: b.Title, Departure: departurePath(b.Departure), Code: b.Code, StartsOn: b.DepartsOn, EndsOn: b.EndsOn,
		Status: b.Status, CancelledBy: b.CancelledBy, Category: p.T("checkout.category." + string(b.Category)), Price: b.Price, Discount: b.Discount, Evidence: b.Evidence,
		BoardingPlace: b.BoardingName, Insured: b.Insured, Premium: b.Premium, Photo: p.T("checkout.photo." + b.PhotoConsent),
		Charged: b.Statement.Charged, Paid: b.Statement.Settled(), State: b.Statement.State(p.Today),
	}
	for _, part := range b.Statement.Parts {
		card.Parts = append(card.Parts, office.PartRow{Kind: part.KindOf(b.CancelledBy), DueOn: part.DueOn, Amount: part.Amount, Paid: part.Paid})
	}
	if b.Statement.Charged > 0 {
		card.Goodwill = fmt.Sprintf("/kantoor/kind/%d/tegemoetkoming", b.ID)
	}
	card.Bar = barPath(b.Participant)
	if b.Active() {
		if b.Evidence != memberprice.NotNeeded {
			card.Proof = proofPath(b.ID)
		}
		card.Emergency = fmt.Sprintf("%s?boeking=%d", watch.OverridePath, b.ID)
		card.Change = fmt.Sprintf("/kantoor/kind/%d/wijzigen", b.ID)
		card.Cancel = fmt.Sprintf("/kantoor/kind/%d/annuleren", b.ID)
		card.WhatIf = fmt.Sprintf("/kantoor/kind/%d/wat-als", b.ID)
	}
	if b.Status == "in_review" {
		card.Review = fmt.Sprintf("/kantoor/kind/%d/zorg", b.ID)
	}
	return card
}

// addUndo leads to taking a cancellation of today back, or says why that is not possible.
func (h *Handlers) addUndo(ctx context.Context, p layout.Page, card *office.BookingCard, b booking.Booking) error {
	if b.CancelledAt == nil || b.CancelledBy == "rebooked" || civil.Of(*b.CancelledAt) != p.Today {
		return nil
	}
	err := h.Bookings.UndoRefused(ctx, b)
	if f := fault.Of(err); f != nil && f.Kind == fault.Conflict {
		card.NoUndo = p.T(f.Key, f.Args...)
		return nil
	}
	card.Undo = fmt.Sprintf("/kantoor/kind/%d/herstellen", b.ID)
	return err
}

// ShowInvoice sends a document as PDF.
func (h *Handlers) ShowInvoice(c *fiber.Ctx) error {
	key, err := strconv.ParseInt(c.Params("invoice"), 10, 64)
	if err != nil {
		return booking.ErrNoBooking
	}
	pdf, name, err := h.Invoices.Render(c.UserContext(), id.Invoice(key))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="`+name+`"`)
	return c.Send(pdf)
}
