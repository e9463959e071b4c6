package program

import (
	"joetz/shop/circular"
	"joetz/shop/dossier"
	"joetz/shop/find"
	"joetz/shop/office"
	"joetz/shop/roster"
)

// officeDays adds what the office's daily work stands on.
func (p *Program) officeDays(h *office.Handlers) *office.Handlers {
	h.Daily = office.Daily{
		Find: &find.Service{DB: p.DB.DB}, Roster: &roster.Service{DB: p.DB.DB, Now: p.Now}, Circulars: p.Circulars(), Info: circular.InfoDefaults, Dossier: p.dossiers(), Outbox: p.Services.Outbox,
	}
	return h
}

// Circulars is what the office writes to many families.
func (p *Program) Circulars() *circular.Service {
	return &circular.Service{DB: p.DB.DB, Now: p.Now, Outbox: p.Services.Outbox}
}

func (p *Program) dossiers() *dossier.Service { return &dossier.Service{DB: p.DB.DB, Now: p.Now} }
