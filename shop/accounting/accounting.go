// Package accounting has the handlers of the bookkeepers.
//
// Owns: the addresses under /boekhouding.
// Tables: none.
// May import: terms, payments, templates, shop/mail, shop/booking, shop/dunning, shop/web; sqlx, fiber.
// Always true: looking changes nothing; a page shows what the rows add up to at that moment, and says so when they do not.
package accounting

import (
	"fmt"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/payments/books"
	"joetz/payments/export"
	"joetz/payments/invoice"
	"joetz/payments/online"
	"joetz/payments/reconcile"
	"joetz/payments/sepa"
	"joetz/shop/booking"
	"joetz/shop/dunning"
	"joetz/shop/mail"
	"joetz/shop/web"
	"joetz/templates/accounting"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// Handlers are the pages of accounting.
type Handlers struct {
	DB       *sqlx.DB
	Invoices *invoice.Service
	Payments *payments.Service
	Outbox   *mail.Outbox
	Bank     *reconcile.Service
	Books    *books.Service
	Online   *online.Service
	Export   *export.Service
	Refunds  *sepa.Service
	Bookings *booking.Service
	Dunning  *dunning.Service
	Sample   string // address of a bank file to try out with; "" in production
}

// page is the frame of a page for staff, as broad as its tables need.
func page(c *fiber.Ctx, titleKey string) layout.Page {
	p := web.Page(c)
	p.Title, p.Private, p.Width = p.T(titleKey), true, layout.Full
	return p
}

func invoicePath(key id.Invoice) string { return fmt.Sprintf("/boekhouding/facturen/%d", key) }

func invoiceRow(p layout.Page, i invoice.Invoice) accounting.InvoiceRow {
	due := i.DueOn
	if !i.NextDue.IsZero() {
		due = i.NextDue
	}
	return accounting.InvoiceRow{Href: invoicePath(i.ID), Number: i.Number, Payer: i.Payer.Name, Reference: i.Reference,
		IssuedOn: i.IssuedOn, DueOn: due, Days: i.Age(p.Today), Total: i.Total, Open: i.Open, Status: string(i.Status)}
}
