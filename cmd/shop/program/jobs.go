package program

import (
	"context"
	"sync"
	"time"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/circular"
	"joetz/shop/family"
	"joetz/shop/find"
	"joetz/shop/mail"
	"joetz/shop/queue"
)

// Jobs registers every handler of background work. Mails have workers of their own: they wait for another's server, and
// a heap of them must not stand before a payment.
func (p *Program) Jobs() []*queue.Runner {
	cfg := queue.Config{DB: p.DB.DB, Now: p.Now, Log: p.log, Crowded: p.crowded(), Observe: p.attempted}
	work, mails := queue.New(cfg), queue.New(cfg)

	queue.Handle(mails, func(ctx context.Context, a mail.SendArgs) error { return p.Services.Mails.Send(ctx, a) })

	queue.Handle(work, func(ctx context.Context, _ account.SweepArgs) error { return p.Services.Accounts.Sweep(ctx) })
	work.Every(queue.Each(time.Hour), account.SweepArgs{})
	queue.Handle(work, func(ctx context.Context, _ family.ForgetArgs) error { return p.Family().ForgetOld(ctx) })
	work.Every(queue.Daily(4, 20), family.ForgetArgs{})

	queue.Handle(work, func(ctx context.Context, a circular.SendArgs) error { return p.Circulars().Send(ctx, a) })

	queue.Handle(work, func(ctx context.Context, _ circular.InfoArgs) error {
		_, err := p.Circulars().SendInfo(ctx, circular.InfoDefaults)
		return err
	})
	work.Every(queue.Each(5*time.Minute), circular.InfoArgs{}) // who books in the last two weeks does not wait for the morning

	search := &find.Service{DB: p.DB.DB}
	queue.Handle(work, func(ctx context.Context, _ find.CatchUpArgs) error { return search.CatchUp(ctx) })
	work.Every(queue.Each(20*time.Second), find.CatchUpArgs{})

	p.bookingJobs(work)
	p.waitlistJobs(work)
	p.medicalJobs(work)
	p.catalogueJobs(work)
	p.decisionJobs(work)
	return []*queue.Runner{work, mails}
}

// crowded reports whether a request had to wait for others, or for a connection to the database, since it was asked last or a
// moment ago.
func (p *Program) crowded() func() bool {
	var mu sync.Mutex
	var waits int64
	var until time.Time
	return func() bool {
		mu.Lock()
		defer mu.Unlock()
		now := p.Now()
		if n := p.DB.Stats().WaitCount + pg.Queued(); n > waits {
			waits, until = n, now.Add(time.Second)
		}
		return now.Before(until)
	}
}
