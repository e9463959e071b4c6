package main

import "joetz/shop/change"

func (p *program) changePages() *change.Handlers {
	s := &p.services
	return &change.Handlers{Bookings: s.bookings, Catalogue: s.catalogue, Accounts: s.accounts}
}
