package payments_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/terms/civil"
	"joetz/terms/money"
)

func (s *shop) agree(plan ...payments.Planned) (got payments.Agreed, err error) {
	s.t.Helper()
	ctx := context.Background()
	err = pg.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if err = payments.LockOrderTx(ctx, tx, s.order); err != nil {
			return err
		}
		got, err = s.svc.AgreeTx(ctx, tx, payments.Agreement{Order: s.order, Payer: an, Plan: plan, Reason: "afbetaling"})
		return err
	})
	return got, err
}

func (s *shop) openSum() (open money.Cents) {
	s.t.Helper()
	must(s.t, s.db.Get(&open, `
		SELECT coalesce(sum(i.amount_cents - coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0)), 0)
		FROM instalment i WHERE i.order_id = $1 AND i.void_at IS NULL`, s.order))
	return open
}

// Two children, a deposit each of which one and a half are paid: the rest is planned over three days, with one credit note
// and one invoice for both children.
func TestPlanByAgreement(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 2)
	s.open(200_00, 0, 50_00, 1)
	s.receive(75_00, "a")
	for name, plan := range map[string][]payments.Planned{
		"a cent too little": {{On: civil.Must(2027, 1, 1), Amount: 324_99}}, "a cent too much": {{On: civil.Must(2027, 1, 1), Amount: 325_01}}, "nothing": nil,
		"a part of nothing":           {{On: civil.Must(2027, 1, 1), Amount: 325_00}, {On: civil.Must(2027, 1, 2)}},
		"a part of less than nothing": {{On: civil.Must(2027, 1, 1), Amount: 326_00}, {On: civil.Must(2027, 1, 2), Amount: -1_00}},
	} {
		if _, err := s.agree(plan...); !errors.Is(err, payments.ErrPlanSum) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got, err := s.agree(payments.Planned{On: civil.Must(2027, 3, 1), Amount: 100_00}, payments.Planned{On: civil.Must(2027, 1, 5), Amount: 10_00}, payments.Planned{On: civil.Must(2027, 5, 1), Amount: 215_00})
	must(t, err)
	s.checkAll()
	if len(got.CreditNotes) != 1 || got.Invoice == 0 {
		t.Errorf("%+v", got)
	}
	var docs []string
	must(t, s.db.Select(&docs, `SELECT kind || ' ' || total_cents FROM invoice WHERE order_id = $1 ORDER BY id`, s.order))
	if want := []string{"deposit 10000", "credit -5000", "deposit 5000"}; !slices.Equal(docs, want) { // the whole second deposit makes way, half of it paid
		t.Errorf("documents %v, want %v", docs, want)
	}
	first, second := s.bookings[0], s.bookings[1]
	s.wants(first, "deposit 2026-12-15 5000/5000", "balance 2027-03-01 8500/0", "balance 2027-05-01 6500/0")
	s.wants(second, "deposit 2026-12-01 2500/2500", "deposit 2027-01-05 1000/0", "deposit 2027-03-01 1500/0", "balance 2027-05-01 15000/0")

	s.receive(10_00, "b") // pays the first part of the plan, and nothing else
	s.wants(second, "deposit 2026-12-01 2500/2500", "deposit 2027-01-05 1000/1000", "deposit 2027-03-01 1500/0", "balance 2027-05-01 15000/0")
	s.checkAll()
}

// agreeAtRandom plans what is open over a few days; what was open and what was paid stay the same.
func (s *shop) agreeAtRandom(rt *rapid.T) {
	open, all := s.openSum(), []payments.Planned(nil)
	left := open
	for left > 0 {
		part := left
		if len(all) < 3 {
			part = money.Cents(rapid.Int64Range(1, int64(left)).Draw(rt, "part"))
		}
		all = append(all, payments.Planned{On: civil.Of(clock).AddDays(rapid.IntRange(0, 200).Draw(rt, "day")), Amount: part})
		left -= part
	}
	_, err := s.agree(all...)
	if open == 0 {
		if !errors.Is(err, payments.ErrPlanSum) {
			rt.Fatalf("a plan of nothing: %v", err)
		}
		return
	}
	must(s.t, err)
	if now := s.openSum(); now != open {
		rt.Fatalf("%v was open, %v is after the plan", open, now)
	}
}
