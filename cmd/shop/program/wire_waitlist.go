package program

import (
	"context"
	"time"

	"joetz/shop/queue"
	"joetz/shop/waitlist"
)

// wireWaitlist puts the waiting list beside the bookings: it hears of freed places, ended baskets and orders in the
// transactions in which they happen.
func (p *Program) wireWaitlist() {
	s := &p.Services
	s.Waitlist = &waitlist.Service{
		DB: p.DB.DB, Now: p.Now, Settings: waitlist.DefaultSettings, Bookings: s.Bookings, Accounts: s.Accounts, Catalogue: s.Catalogue, Outbox: s.Outbox,
	}
	s.Bookings.Freed, s.Bookings.Released, s.Bookings.Placed = s.Waitlist.FreedTx, s.Waitlist.ReleasedTx, s.Waitlist.PlacedTx
}

// waitlistJobs registers the work of the list: offers right after what frees places, and a look at all of it every minute,
// since a hold that runs out frees its place without anybody doing something.
func (p *Program) waitlistJobs(work *queue.Runner) {
	s := p.Services.Waitlist
	queue.Handle(work, func(ctx context.Context, a waitlist.OfferArgs) error { _, err := s.Offer(ctx, a.Departure); return err })
	queue.Handle(work, func(ctx context.Context, _ waitlist.SweepArgs) error { return s.Sweep(ctx) })
	queue.Handle(work, s.Write)
	work.Every(queue.Each(time.Minute), waitlist.SweepArgs{})
}
