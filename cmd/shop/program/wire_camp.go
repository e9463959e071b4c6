package program

import (
	"joetz/medical"
	"joetz/shop/animator"
	"joetz/shop/camp"
	"joetz/shop/mail"
	"joetz/shop/watch"
)

// animatorPages are the pages for at camp.
func (p *Program) animatorPages() *animator.Handlers {
	return &animator.Handlers{Camps: &camp.Service{DB: p.DB.DB, Medical: p.Services.Medical, Now: p.Now}, Watch: p.Services.Watch}
}

// wireWatch adds what looks after how fiches are read, and keeps what is wiped outside the database.
func (p *Program) wireWatch() {
	s := &p.Services
	s.Watch = &watch.Service{DB: p.DB.DB, Now: p.Now, Medical: s.Medical, Accounts: s.Accounts, Outbox: s.Outbox, Responsible: p.responsible()}
	if path := p.cfg.Tombstones; path != "" {
		s.Medical.Bury = func(t medical.Tombstone) error { return bury(path, t) }
	}
}

// responsible is who looks after medical data at the organiser.
func (p *Program) responsible() mail.Address {
	if p.cfg.PrivacyEmail == "" {
		return sender()
	}
	return mail.Address{Name: organiser.Name, Email: p.cfg.PrivacyEmail}
}
