package payments_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// A supplement before the balance carries the premium, and is paid: what the balance asks later is received as far as money is there.
func TestSupplementCarriesThePremium(t *testing.T) {
	t.Parallel()
	for _, extra := range []money.Cents{1, 1000, 6000} {
		s := newShop(t, pgtest.New(t), 1)
		s.open(33500, 2500, 5000, 1)
		s.receive(5000, "deposit")
		_, err := s.revise(payments.Revision{Booking: s.bookings[0], Apart: true, Add: []payments.Line{{Kind: "extra", Amount: extra}}})
		must(t, err)
		s.checkAll()
		s.receive(extra, "extra")
		s.checkAll()
		s.invoiceBalance()
		s.checkAll()
		s.receive(20000, "balance")
		s.checkAll()
	}
}

// What a change asks anew stands on one invoice, due when the first of its parts is, and never before today; opening a booking says which
// invoice asks it.
func TestAnInvoiceIsDueWithItsFirstPart(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	var asked id.Invoice
	s.tx(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		asked, err = s.svc.OpenTx(ctx, tx, s.order, an, []payments.Opening{{Booking: s.bookings[0], Description: "x",
			Lines: []payments.Line{{Kind: "price", Amount: 33500}}, Schedule: []payments.Due{{Kind: "full", On: civil.Must(2027, 5, 1), Amount: 33500}}}})
		return err
	})
	dueOn := func(inv id.Invoice) (due civil.Date) {
		t.Helper()
		must(t, s.db.Get(&due, `SELECT due_on FROM invoice WHERE id = $1`, inv))
		return due
	}
	if got := dueOn(asked); got != civil.Must(2027, 5, 1) {
		t.Errorf("the first invoice is due on %v", got)
	}
	for _, c := range []struct{ first, second, due civil.Date }{
		{civil.Must(2027, 3, 2), civil.Must(2027, 2, 1), civil.Must(2027, 2, 1)},
		{civil.Must(2027, 2, 3), civil.Must(2027, 4, 1), civil.Must(2027, 2, 3)},
		{civil.Must(2026, 11, 1), civil.Must(2027, 4, 1), civil.Of(clock)},
	} {
		got := s.mustRevise(payments.Revision{Booking: s.bookings[0], Schedule: []payments.Due{
			{Kind: "deposit", On: c.first, Amount: 10000}, {Kind: "full", On: c.second, Amount: 23500}}})
		if due := dueOn(got.Invoice); due != c.due {
			t.Errorf("parts of %v and %v: due on %v", c.first, c.second, due)
		}
	}
}

// A balance of three parts is one invoice, due when the first of them is; parts of the past are due today.
func TestABalanceIsDueWithItsFirstPart(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 3)
	s.invoiceBalance()
	var due civil.Date
	must(t, s.db.Get(&due, `SELECT due_on FROM invoice WHERE order_id = $1 AND kind = 'balance'`, s.order))
	if due != civil.Must(2027, 4, 5) {
		t.Errorf("due on %v", due)
	}
}

// A child that is moved for free owes no fee: no part of the schedule and no document says so, and all its money follows.
func TestAFreeMoveAsksNothing(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 2)
	from, to := s.bookings[0], s.bookings[1]
	s.bookings = s.bookings[:1]
	s.open(33500, 0, 5000, 1)
	s.receive(5000, "deposit")
	moved := s.move(from, to, 0, []payments.Line{{Kind: "price", Amount: 33500}}, []payments.Due{
		{Kind: "deposit", On: civil.Must(2026, 12, 15), Amount: 5000}, {Kind: "balance", On: civil.Must(2027, 6, 5), Amount: 28500}})
	if moved.Followed != 5000 || moved.Refund != 0 || moved.FeeOpen != 0 || moved.Open != 28500 {
		t.Errorf("%+v", moved)
	}
	if got, want := s.documents(), "deposit 5000, credit -5000, deposit 5000"; got != want {
		t.Errorf("documents %s, want %s", got, want)
	}
	if got := s.schedule(from); len(got) != 0 {
		t.Errorf("the old booking still has %v", got)
	}
}

// Costs of a late payment are revenue at once, unlike the price. Taken back, they come off that revenue and the price stays an advance;
// also when the price goes down in the same breath.
func TestCostsTakenBackComeOffTheFees(t *testing.T) {
	t.Parallel()
	for _, cheaper := range []money.Cents{0, 10000} {
		s := newShop(t, pgtest.New(t), 1)
		b := s.bookings[0]
		full, fee := payments.Due{Kind: "full", On: civil.Must(2027, 3, 1), Amount: 33500}, payments.Due{Kind: "fee", On: civil.Must(2027, 4, 1), Amount: 2000}
		s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := s.svc.OpenTx(ctx, tx, s.order, an, []payments.Opening{{Booking: b, Description: "x", Lines: []payments.Line{{Kind: "price", Amount: 33500}}, Schedule: []payments.Due{full}}})
			return err
		})
		s.mustRevise(payments.Revision{Booking: b, Add: []payments.Line{{Kind: "late_costs", Amount: 2000}}, Schedule: []payments.Due{full, fee}})
		revenue := func() money.Cents {
			return -s.sum(`SELECT coalesce(sum(amount_cents), 0) FROM posting WHERE account = '743'`)
		}
		if revenue() != 2000 {
			t.Errorf("asked: %v of fees", revenue())
		}
		full.Amount -= cheaper
		s.mustRevise(payments.Revision{Booking: b, Reverse: []string{"late_costs"}, Add: []payments.Line{{Kind: "goodwill", Amount: -cheaper}}, Schedule: []payments.Due{full}})
		if advance := -s.sum(`SELECT coalesce(sum(amount_cents), 0) FROM posting WHERE account = '460'`); revenue() != 0 || advance != 33500-cheaper {
			t.Errorf("taken back: %v of fees, %v of advances", revenue(), advance)
		}
	}
}

// A booking may become free of charge to the cent, and no cheaper.
func TestABookingMayBeFree(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.receive(5000, "deposit")
	less := func(by money.Cents) (payments.Revised, error) {
		return s.revise(payments.Revision{Booking: s.bookings[0], Add: []payments.Line{{Kind: "goodwill", Amount: -by}}})
	}
	if _, err := less(33501); !errors.Is(err, payments.ErrBelowZero) {
		t.Errorf("a cent too much: %v", err)
	}
	got, err := less(33500)
	must(t, err)
	s.checkAll()
	if got.Charged != 0 || got.Refund != 5000 || got.Open != 0 || len(s.schedule(s.bookings[0])) != 0 {
		t.Errorf("%+v", got)
	}
}

// Children of one order that end together have one credit note, with a line each; and each has its own money back.
func TestChildrenThatEndTogetherHaveOneCreditNote(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 3)
	s.open(33500, 2500, 5000, 1)
	s.receive(15000, "deposits")
	s.invoiceBalance()
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, s.order); err != nil {
			return err
		}
		var all []payments.Closing
		for _, b := range s.bookings[:2] {
			all = append(all, payments.Closing{Order: s.order, Booking: b, Payer: an, Description: "x", Actor: "system"})
		}
		closed, err := s.svc.CloseAllTx(ctx, tx, all...)
		for _, c := range closed {
			if c.Refund != 5000 || c.Outstanding != 0 {
				t.Errorf("%+v", c)
			}
		}
		return err
	})
	s.checkAll()
	if got, want := s.documents(), "deposit 15000, balance 93000, credit -72000"; got != want {
		t.Errorf("documents %s, want %s", got, want)
	}
	if lines := s.sum(`SELECT count(*) FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id WHERE i.kind = 'credit'`); lines != 2 {
		t.Errorf("%d lines", lines)
	}
}
