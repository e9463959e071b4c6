package main

import (
	"joetz/shop/animator"
	"joetz/shop/camp"
)

// animatorPages are the pages for at camp.
func (p *program) animatorPages() *animator.Handlers {
	return &animator.Handlers{Camps: &camp.Service{DB: p.db.DB, Medical: p.services.medical, Now: p.now}}
}
