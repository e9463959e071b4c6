package program

import (
	"context"
	"time"

	"joetz/shop/decide"
	"joetz/shop/decision"
	"joetz/shop/queue"
	"joetz/shop/roster"
	"joetz/shop/worklist"
)

// decisions is what the organiser decides about whole departures.
func (p *Program) decisions() *decision.Service {
	s := &p.Services
	return &decision.Service{DB: p.DB.DB, Now: p.Now, Bookings: s.Bookings, Catalogue: s.Catalogue, Log: p.log}
}

func (p *Program) decidePages() *decide.Handlers {
	return &decide.Handlers{Decisions: p.decisions(), Catalogue: p.Services.Catalogue, Bookings: p.Services.Bookings,
		Roster: &roster.Service{DB: p.DB.DB, Now: p.Now}}
}

// decisionJobs carry decisions out, look at the deadlines of families, and write their letters.
func (p *Program) decisionJobs(work *queue.Runner) {
	s := p.decisions()
	queue.Handle(work, s.Carry)
	queue.Handle(work, s.Write)
	queue.Handle(work, func(ctx context.Context, _ decision.SweepArgs) error { return s.Sweep(ctx) })
	work.Every(queue.Each(time.Minute), decision.SweepArgs{})
}

func (p *Program) decisionWork(w *worklist.Service) {
	s := p.decisions()
	w.Add(worklist.Choice, s.Unanswered)
	w.Add(worklist.Stuck, s.Stuck)
}
