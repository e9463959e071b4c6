package program

import (
	"context"
	"time"

	"joetz/payments"
	"joetz/payments/invoice"
	"joetz/payments/online"
	"joetz/shop/booking"
	"joetz/shop/dunning"
	"joetz/shop/proof"
	"joetz/shop/queue"
)

// bookingJobs registers the work that bookings and money leave behind.
func (p *Program) bookingJobs(work *queue.Runner) {
	s := &p.Services
	queue.Handle(work, func(ctx context.Context, _ invoice.NumberArgs) error { _, err := s.Invoices.Number(ctx); return err })
	work.Every(queue.Each(5*time.Minute), invoice.NumberArgs{}) // what writes letters numbers first; this is for what nobody writes about
	queue.Handle(work, s.Bookings.WritePlaced)
	queue.Handle(work, s.Bookings.WriteCancelled)
	queue.Handle(work, s.Bookings.WriteRebooked)
	queue.Handle(work, s.Bookings.WriteChanged)
	queue.Handle(work, s.Bookings.WriteExtra)
	queue.Handle(work, s.Bookings.WritePaid)
	queue.Handle(work, s.Bookings.WriteInvoiced)
	queue.Handle(work, s.Bookings.WritePayerChanged)
	queue.Handle(work, s.Bookings.WriteRefundAccount)
	queue.Handle(work, s.Bookings.WriteOverpaid)
	queue.Handle(work, s.Bookings.WritePlan)
	queue.Handle(work, s.Bookings.WriteCare)
	queue.Handle(work, s.Bookings.WriteGoodwill)

	queue.Handle(work, func(ctx context.Context, a payments.SendRefundArgs) error { return s.Online.SendRefund(ctx, a.Refund) })
	queue.Handle(work, func(ctx context.Context, a online.EventArgs) error { return s.Online.Work(ctx, a.Event) })
	queue.Handle(work, func(ctx context.Context, a online.ExpireArgs) error { return s.Online.ExpireOrder(ctx, a.Order) })
	queue.Handle(work, func(ctx context.Context, _ online.SweepArgs) error { return s.Online.Sweep(ctx) })
	queue.Handle(work, func(ctx context.Context, _ online.CatchUpArgs) error { return s.Online.CatchUp(ctx) })
	work.Every(queue.Each(time.Minute), online.SweepArgs{})
	work.Every(queue.Each(15*time.Minute), online.CatchUpArgs{})

	queue.Handle(work, func(ctx context.Context, _ booking.ExpireArgs) error {
		_, err := s.Bookings.ExpireHolds(ctx)
		return err
	})
	work.Every(queue.Each(time.Minute), booking.ExpireArgs{})

	queue.Handle(work, func(ctx context.Context, _ booking.BalanceArgs) error {
		_, err := s.Bookings.InvoiceBalances(ctx)
		return err
	})
	work.Every(queue.Daily(5, 0), booking.BalanceArgs{})

	queue.Handle(work, func(ctx context.Context, _ booking.FicheArgs) error {
		_, err := s.Bookings.RemindFiches(ctx)
		return err
	})
	work.Every(queue.Daily(10, 30), booking.FicheArgs{})

	queue.Handle(work, s.Proofs.Write)
	queue.Handle(work, func(ctx context.Context, _ proof.Args) error {
		if _, err := s.Proofs.Deadlines(ctx); err != nil {
			return err
		}
		_, err := s.Proofs.Wipe(ctx)
		return err
	})
	work.Every(queue.Daily(6, 0), proof.Args{})
	queue.Handle(work, func(ctx context.Context, _ dunning.Args) error { _, err := s.Dunning.Remind(ctx); return err })
	work.Every(queue.Daily(10, 0), dunning.Args{})

	queue.Handle(work, func(ctx context.Context, _ booking.PerformArgs) error {
		_, err := s.Bookings.Perform(ctx)
		return err
	})
	work.Every(queue.Daily(4, 30), booking.PerformArgs{})
}
