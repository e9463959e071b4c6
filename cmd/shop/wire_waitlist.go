package main

import (
	"context"
	"time"

	"joetz/shop/queue"
	"joetz/shop/waitlist"
)

// wireWaitlist puts the waiting list beside the bookings: it hears of freed places, ended baskets and orders in the
// transactions in which they happen.
func (p *program) wireWaitlist() {
	s := &p.services
	s.waitlist = &waitlist.Service{
		DB: p.db.DB, Now: p.now, Settings: waitlist.DefaultSettings, Bookings: s.bookings, Accounts: s.accounts, Catalogue: s.catalogue, Outbox: s.outbox,
	}
	s.bookings.Freed, s.bookings.Released, s.bookings.Placed = s.waitlist.FreedTx, s.waitlist.ReleasedTx, s.waitlist.PlacedTx
}

// waitlistJobs registers the work of the list: offers right after what frees places, and a look at all of it every minute,
// since a hold that runs out frees its place without anybody doing something.
func (p *program) waitlistJobs(work *queue.Runner) {
	s := p.services.waitlist
	queue.Handle(work, func(ctx context.Context, a waitlist.OfferArgs) error { _, err := s.Offer(ctx, a.Departure); return err })
	queue.Handle(work, func(ctx context.Context, _ waitlist.SweepArgs) error { return s.Sweep(ctx) })
	queue.Handle(work, s.Write)
	work.Every(queue.Each(time.Minute), waitlist.SweepArgs{})
}
