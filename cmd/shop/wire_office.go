package main

import (
	"joetz/shop/find"
	"joetz/shop/office"
	"joetz/shop/roster"
)

// officeDays adds what the office's daily work stands on.
func (p *program) officeDays(h *office.Handlers) *office.Handlers {
	h.Daily = office.Daily{Find: &find.Service{DB: p.db.DB}, Roster: &roster.Service{DB: p.db.DB, Now: p.now}}
	return h
}
