package main

import (
	"joetz/shop/family"
	"joetz/shop/requests"
)

// family gathers what one family sees. Each domain appends the source of its own to-dos to Sources.
func (p *program) family() *family.Service {
	s := &p.services
	return &family.Service{DB: p.db.DB, Accounts: s.accounts, Bookings: s.bookings, Medical: s.medical, Outbox: s.outbox, Dossier: p.dossiers(), Now: p.now}
}

// requests is what families write to the office.
func (p *program) requests() *requests.Service {
	s := &p.services
	return &requests.Service{DB: p.db.DB, Now: p.now, Settings: requests.Defaults, Accounts: s.accounts, Bookings: s.bookings, Outbox: s.outbox, Seal: s.keys}
}
