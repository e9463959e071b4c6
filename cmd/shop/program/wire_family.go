package program

import (
	"joetz/shop/family"
	"joetz/shop/requests"
)

// Family gathers what one family sees. Each domain appends the source of its own to-dos to Sources.
func (p *Program) Family() *family.Service {
	s := &p.Services
	return &family.Service{DB: p.DB.DB, Accounts: s.Accounts, Bookings: s.Bookings, Medical: s.Medical, Outbox: s.Outbox, Dossier: p.dossiers(), Now: p.Now,
		Sources: []family.Source{p.decisions().Todos}}
}

// requests is what families write to the office.
func (p *Program) requests() *requests.Service {
	s := &p.Services
	return &requests.Service{DB: p.DB.DB, Now: p.Now, Settings: requests.Defaults, Accounts: s.Accounts, Bookings: s.Bookings, Outbox: s.Outbox, Seal: s.Keys}
}
