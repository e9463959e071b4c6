package main

import (
	"joetz/shop/circular"
	"joetz/shop/dossier"
	"joetz/shop/find"
	"joetz/shop/office"
	"joetz/shop/roster"
)

// officeDays adds what the office's daily work stands on.
func (p *program) officeDays(h *office.Handlers) *office.Handlers {
	h.Daily = office.Daily{
		Find: &find.Service{DB: p.db.DB}, Roster: &roster.Service{DB: p.db.DB, Now: p.now}, Circulars: p.circulars(), Info: circular.InfoDefaults, Dossier: p.dossiers(), Outbox: p.services.outbox,
	}
	return h
}

func (p *program) circulars() *circular.Service {
	return &circular.Service{DB: p.db.DB, Now: p.now, Outbox: p.services.outbox}
}

func (p *program) dossiers() *dossier.Service { return &dossier.Service{DB: p.db.DB, Now: p.now} }
