package main

import (
	"context"
	"time"

	"joetz/shop/decide"
	"joetz/shop/decision"
	"joetz/shop/queue"
	"joetz/shop/worklist"
)

// decisions is what the organiser decides about whole departures.
func (p *program) decisions() *decision.Service {
	s := &p.services
	return &decision.Service{DB: p.db.DB, Now: p.now, Bookings: s.bookings, Catalogue: s.catalogue, Log: p.log}
}

func (p *program) decidePages() *decide.Handlers {
	return &decide.Handlers{Decisions: p.decisions(), Catalogue: p.services.catalogue, Bookings: p.services.bookings}
}

// decisionJobs carry decisions out, look at the deadlines of families, and write their letters.
func (p *program) decisionJobs(work *queue.Runner) {
	s := p.decisions()
	queue.Handle(work, s.Carry)
	queue.Handle(work, s.Write)
	queue.Handle(work, func(ctx context.Context, _ decision.SweepArgs) error { return s.Sweep(ctx) })
	work.Every(queue.Each(time.Minute), decision.SweepArgs{})
}

func (p *program) decisionWork(w *worklist.Service) {
	s := p.decisions()
	w.Add(worklist.Choice, s.Unanswered)
	w.Add(worklist.Stuck, s.Stuck)
}
