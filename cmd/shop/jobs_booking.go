package main

import (
	"context"
	"time"

	"joetz/payments"
	"joetz/payments/invoice"
	"joetz/payments/online"
	"joetz/shop/booking"
	"joetz/shop/queue"
)

// bookingJobs registers the work that bookings and money leave behind.
func (p *program) bookingJobs(work *queue.Runner) {
	s := &p.services
	queue.Handle(work, func(ctx context.Context, _ invoice.NumberArgs) error { _, err := s.invoices.Number(ctx); return err })
	work.Every(queue.Each(5*time.Minute), invoice.NumberArgs{}) // what writes letters numbers first; this is for what nobody writes about
	queue.Handle(work, s.bookings.WritePlaced)
	queue.Handle(work, s.bookings.WriteCancelled)
	queue.Handle(work, s.bookings.WriteRebooked)
	queue.Handle(work, s.bookings.WriteChanged)
	queue.Handle(work, s.bookings.WriteExtra)
	queue.Handle(work, s.bookings.WritePaid)
	queue.Handle(work, s.bookings.WriteInvoiced)
	queue.Handle(work, s.bookings.WritePayerChanged)
	queue.Handle(work, s.bookings.WriteRefundAccount)
	queue.Handle(work, s.bookings.WritePlan)
	queue.Handle(work, s.bookings.WriteCare)
	queue.Handle(work, s.bookings.WriteGoodwill)

	queue.Handle(work, func(ctx context.Context, a payments.SendRefundArgs) error { return s.online.SendRefund(ctx, a.Refund) })
	queue.Handle(work, func(ctx context.Context, a online.EventArgs) error { return s.online.Work(ctx, a.Event) })
	queue.Handle(work, func(ctx context.Context, a online.ExpireArgs) error { return s.online.ExpireOrder(ctx, a.Order) })
	queue.Handle(work, func(ctx context.Context, _ online.SweepArgs) error { return s.online.Sweep(ctx) })
	queue.Handle(work, func(ctx context.Context, _ online.CatchUpArgs) error { return s.online.CatchUp(ctx) })
	work.Every(queue.Each(time.Minute), online.SweepArgs{})
	work.Every(queue.Each(15*time.Minute), online.CatchUpArgs{})

	queue.Handle(work, func(ctx context.Context, _ booking.ExpireArgs) error {
		_, err := s.bookings.ExpireHolds(ctx)
		return err
	})
	work.Every(queue.Each(time.Minute), booking.ExpireArgs{})

	queue.Handle(work, func(ctx context.Context, _ booking.BalanceArgs) error {
		_, err := s.bookings.InvoiceBalances(ctx)
		return err
	})
	work.Every(queue.Daily(5, 0), booking.BalanceArgs{})

	queue.Handle(work, s.bookings.WriteProof)
	queue.Handle(work, func(ctx context.Context, _ booking.ProofArgs) error {
		if _, err := s.bookings.ProofDeadlines(ctx); err != nil {
			return err
		}
		_, err := s.bookings.WipeProofs(ctx)
		return err
	})
	work.Every(queue.Daily(6, 0), booking.ProofArgs{})
	queue.Handle(work, func(ctx context.Context, _ booking.DunningArgs) error { _, err := s.bookings.Remind(ctx); return err })
	work.Every(queue.Daily(10, 0), booking.DunningArgs{})

	queue.Handle(work, func(ctx context.Context, _ booking.PerformArgs) error {
		_, err := s.bookings.Perform(ctx)
		return err
	})
	work.Every(queue.Daily(4, 30), booking.PerformArgs{})
}
