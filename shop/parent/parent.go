// Package parent has the handlers of everybody who books: the checkout, and what was booked.
//
// Owns: the addresses under /boeken and /mijn. Tables: none.
// May import: terms, payments, medical, templates, shop/booking, shop/account, shop/catalogue, shop/web.
// Always true: a parent sees only own orders, bookings and children; another's answer "not found".
package parent

import (
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
)

// Handlers serves parents.
type Handlers struct {
	Accounts  *account.Service
	Bookings  *booking.Service
	Catalogue *catalogue.Service
}
