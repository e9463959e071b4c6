package main

import (
	"joetz/medical"
	"joetz/shop/animator"
	"joetz/shop/camp"
	"joetz/shop/watch"
)

// animatorPages are the pages for at camp.
func (p *program) animatorPages() *animator.Handlers {
	return &animator.Handlers{Camps: &camp.Service{DB: p.db.DB, Medical: p.services.medical, Now: p.now}, Watch: p.services.watch}
}

// wireWatch adds what looks after how fiches are read, and keeps what is wiped outside the database.
func (p *program) wireWatch() {
	s := &p.services
	s.watch = &watch.Service{DB: p.db.DB, Now: p.now, Medical: s.medical, Accounts: s.accounts, Outbox: s.outbox, Responsible: p.cfg.responsible()}
	if path := p.cfg.Tombstones; path != "" {
		s.medical.Bury = func(t medical.Tombstone) error { return bury(path, t) }
	}
}
