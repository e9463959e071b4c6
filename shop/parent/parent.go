// Package parent has the handlers of everybody who books: the checkout, and what was booked.
//
// Owns: the addresses under /boeken and /mijn. Tables: none.
// May import: terms, payments, medical, templates, migrations/pg, the services of shop, shop/web.
// Always true: a parent sees only own orders, bookings and children; another's answer "not found".
package parent

import (
	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/payments"
	"joetz/payments/invoice"
	"joetz/payments/online"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/circular"
	"joetz/shop/decision"
	"joetz/shop/family"
	"joetz/shop/proof"
	"joetz/shop/requests"
	"joetz/shop/waitlist"
	"joetz/shop/waitroom"
)

// Handlers serves parents.
type Handlers struct {
	DB        *sqlx.DB
	SiteURL   string // before the path of the addresses that a payment comes back to
	Accounts  *account.Service
	Bookings  *booking.Service
	Proofs    *proof.Service
	Catalogue *catalogue.Service
	Waitlist  *waitlist.Service
	Payments  *payments.Service
	Invoices  *invoice.Service
	Online    *online.Service
	Medical   *medical.Service
	Family    *family.Service
	Requests  *requests.Service
	Room      *waitroom.Service
	Letters   *circular.Service
	Info      circular.InfoSettings
	Decisions *decision.Service
}
