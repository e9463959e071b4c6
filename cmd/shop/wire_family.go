package main

import "joetz/shop/family"

// family gathers what one family sees. Each domain appends the source of its own to-dos to Sources.
func (p *program) family() *family.Service {
	s := &p.services
	return &family.Service{DB: p.db.DB, Accounts: s.accounts, Bookings: s.bookings, Medical: s.medical, Now: p.now}
}
