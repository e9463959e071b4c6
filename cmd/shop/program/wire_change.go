package program

import "joetz/shop/change"

func (p *Program) changePages() *change.Handlers {
	s := &p.Services
	return &change.Handlers{Bookings: s.Bookings, Catalogue: s.Catalogue, Decisions: p.decisions()}
}
