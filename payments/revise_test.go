package payments_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/audit"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

var an = payments.Payer{Name: "An", Country: "BE", Lang: "nl"}

func (s *shop) revise(r payments.Revision) (got payments.Revised, err error) {
	s.t.Helper()
	r.Order, r.Payer, r.Description, r.Actor = s.order, an, "x", "system"
	ctx := context.Background()
	err = pg.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if err = payments.LockOrderTx(ctx, tx, s.order); err != nil {
			return err
		}
		got, err = s.svc.ReviseTx(ctx, tx, r)
		return err
	})
	return got, err
}

func (s *shop) mustRevise(r payments.Revision) payments.Revised {
	s.t.Helper()
	got, err := s.revise(r)
	must(s.t, err)
	s.checkAll()
	return got
}

func (s *shop) move(from, to id.Booking, fee money.Cents, lines []payments.Line, schedule []payments.Due) (got payments.Moved) {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *sqlx.Tx) (err error) {
		must(s.t, payments.LockOrderTx(ctx, tx, s.order))
		all, err := s.svc.MoveAllTx(ctx, tx, payments.Moving{
			Closing: payments.Closing{Order: s.order, Booking: from, Payer: an, Description: "x", Fee: fee, FeeKind: "rebooking_fee", Actor: "system"},
			To:      payments.Opening{Booking: to, Description: "y", Lines: lines, Schedule: schedule},
		})
		must(s.t, err)
		got = all[0]
		return nil
	})
	s.checkAll()
	return got
}

func (s *shop) invoiceBalance() {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := s.svc.InvoiceBalanceTx(ctx, tx, s.order, an, nil, nil)
		return err
	})
}

// checkAll is check, and that documents, schedule and accounts agree for each booking.
func (s *shop) checkAll() {
	s.t.Helper()
	s.check()
	found, err := audit.Run(context.Background(), s.db, clock, audit.Bank, audit.Stripe)
	must(s.t, err)
	for _, d := range found {
		s.t.Error(d)
	}
	var wrong []string
	must(s.t, s.db.Select(&wrong, `
		WITH b AS (
			SELECT b.id,
				(SELECT coalesce(sum(c.amount_cents), 0) FROM charge c WHERE c.booking_id = b.id) AS charged,
				(SELECT coalesce(sum(c.amount_cents), 0) FROM charge c WHERE c.booking_id = b.id AND c.kind = 'premium') AS premium,
				(SELECT coalesce(sum(i.amount_cents), 0) FROM instalment i WHERE i.booking_id = b.id AND i.void_at IS NULL) AS scheduled,
				(SELECT coalesce(sum(i.amount_cents), 0) FROM instalment i WHERE i.booking_id = b.id AND i.void_at IS NULL
					AND EXISTS (SELECT 1 FROM invoice_line l WHERE l.instalment_id = i.id)) AS asked,
				(SELECT coalesce(sum(l.amount_cents), 0) FROM invoice_line l WHERE l.booking_id = b.id) AS invoiced,
				(SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a WHERE a.booking_id = b.id) AS paid,
				(SELECT coalesce(sum(a.amount_cents), 0) FROM allocation a JOIN instalment i ON i.id = a.instalment_id
					WHERE a.booking_id = b.id AND i.kind <> 'fee') AS held,
				(SELECT coalesce(sum(p.amount_cents), 0) FROM posting p WHERE p.booking_id = b.id AND p.account = '400') AS customer,
				(SELECT -coalesce(sum(p.amount_cents), 0) FROM posting p WHERE p.booking_id = b.id AND p.account = '4891') AS insurer,
				(SELECT -coalesce(sum(p.amount_cents), 0) FROM posting p WHERE p.booking_id = b.id AND p.account = '460') AS awaited,
				(SELECT -coalesce(sum(p.amount_cents), 0) FROM posting p WHERE p.booking_id = b.id AND p.account = '461') AS received
			FROM booking b WHERE b.order_id = $1)
		SELECT id::text || ': charged ' || charged || ' and scheduled ' || scheduled FROM b WHERE charged <> scheduled
		UNION ALL SELECT id::text || ': invoiced ' || invoiced || ' and asked ' || asked FROM b WHERE invoiced <> asked
		UNION ALL SELECT id::text || ': customer owes ' || customer || ' of ' || invoiced || ' with paid ' || paid FROM b WHERE customer <> invoiced - paid
		UNION ALL SELECT id::text || ': premium ' || premium || ' and insurer has ' || insurer FROM b WHERE insurer > premium OR insurer < 0
		UNION ALL SELECT id::text || ': received ' || received || ' of paid ' || paid || ', awaited ' || awaited FROM b WHERE received <> least(held, received + awaited) OR awaited < 0
		UNION ALL SELECT id::text || ': premium ' || premium || ' is invoiced, and insurer has ' || insurer FROM b
			WHERE asked = scheduled AND insurer < premium AND received + awaited > 0`, s.order))
	for _, line := range wrong {
		s.t.Error(line)
	}
	if s.t.Failed() {
		s.t.FailNow()
	}
}

// schedule tells a booking's running parts as "kind day amount/paid", oldest first.
func (s *shop) schedule(b id.Booking) (lines []string) {
	s.t.Helper()
	st, err := s.svc.StatementsOf(context.Background(), s.db, []id.Booking{b})
	must(s.t, err)
	for _, p := range st[b].Parts {
		lines = append(lines, fmt.Sprintf("%s %v %d/%d", p.Kind, p.DueOn, p.Amount, p.Paid))
	}
	return lines
}

func (s *shop) wants(b id.Booking, want ...string) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.schedule(b)); diff != "" {
		s.t.Fatalf("schedule (-want +got):\n%s", diff)
	}
}

func (s *shop) documents() string {
	var lines []string
	must(s.t, s.db.Select(&lines, `SELECT kind || ' ' || total_cents FROM invoice WHERE order_id = $1 ORDER BY id`, s.order))
	return strings.Join(lines, ", ")
}

// 335.00 was quoted at Solidaris 215.00; the proof is refused before the balance was invoiced: the balance of three parts
// carries the difference of 120.00, 40.00 each. Nothing that was invoiced changes.
func TestRefusedProofRaisesTheBalance(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(21500, 0, 5000, 3)
	s.receive(5000, "1")
	got := s.mustRevise(payments.Revision{Booking: s.bookings[0], Reverse: []string{"price"}, Add: []payments.Line{{Kind: "price", Amount: 33500}}})
	if got.Charged != 33500 || got.Change != 12000 || got.Invoice != 0 || len(got.CreditNotes) != 0 || got.Open != 28500 {
		t.Fatalf("%+v", got)
	}
	s.wants(s.bookings[0], "deposit 2026-12-15 5000/5000", "balance 2027-04-05 9500/0", "balance 2027-05-05 9500/0", "balance 2027-06-05 9500/0")
	if d := s.documents(); d != "deposit 5000" {
		t.Fatal(d)
	}
}

// Accepted after all was paid: 335.00 becomes 215.00. The invoices of what changes are credited and written anew, 120.00
// goes back.
func TestLateProofGivesMoneyBack(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 2500, 5000, 1)
	s.receive(36000, "1")
	s.invoiceBalance()
	s.checkAll()
	got := s.mustRevise(payments.Revision{Booking: s.bookings[0], Reverse: []string{"price"}, Add: []payments.Line{{Kind: "price", Amount: 21500}}})
	if got.Change != -12000 || got.Refund != 12000 || got.Open != 0 || len(got.Refunds) != 1 {
		t.Fatalf("%+v", got)
	}
	s.wants(s.bookings[0], "deposit 2026-12-15 5000/5000", "balance 2027-06-05 19000/19000")
	if d := s.documents(); d != "deposit 5000, balance 31000, credit -31000, balance 19000" {
		t.Fatal(d)
	}
}

// VT at 28.00 costs less than the deposit that was paid: the deposit shrinks, 22.00 stays as credit and pays the sister.
func TestCheaperThanTheDeposit(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 2)
	s.open(9500, 0, 5000, 1)
	s.receive(10000, "1")
	got := s.mustRevise(payments.Revision{Booking: s.bookings[0], Reverse: []string{"price"}, Add: []payments.Line{{Kind: "price", Amount: 2800}}, Keep: true})
	if got.Credit != 2200 || got.Refund != 0 {
		t.Fatalf("%+v", got)
	}
	s.wants(s.bookings[0], "deposit 2026-12-15 2800/2800")
	s.wants(s.bookings[1], "deposit 2026-12-15 5000/5000", "balance 2027-06-05 4500/2200")
}

// A price rise of 30.00 is a supplement of its own, invoiced at once and due in 14 days.
func TestPriceRiseIsASupplement(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.receive(33500, "1")
	s.invoiceBalance()
	got := s.mustRevise(payments.Revision{Booking: s.bookings[0], Add: []payments.Line{{Kind: "price_rise", Amount: 3000}}, Apart: true})
	if got.Invoice == 0 || len(got.CreditNotes) != 0 || got.Open != 3000 {
		t.Fatalf("%+v", got)
	}
	s.wants(s.bookings[0], "deposit 2026-12-15 5000/5000", "supplement 2026-12-15 3000/0", "balance 2027-06-05 28500/28500")
	if d := s.documents(); d != "deposit 5000, balance 28500, supplement 3000" {
		t.Fatal(d)
	}
}

// Goodwill after a cancellation: of the 167.50 that was charged and paid the office gives 100.00 back.
func TestGoodwillOnAFee(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.receive(33500, "1")
	if closed := s.close(s.bookings[0], 16750, 0); closed.Refund != 16750 {
		t.Fatalf("%+v", closed)
	}
	got := s.mustRevise(payments.Revision{Booking: s.bookings[0], Add: []payments.Line{{Kind: "goodwill", Amount: -10000}}})
	if got.Charged != 6750 || got.Refund != 10000 {
		t.Fatalf("%+v", got)
	}
	if fees := -s.sum(`SELECT sum(amount_cents) FROM posting WHERE account = '743'`); fees != 6750 {
		t.Fatalf("fee revenue is %v", fees)
	}
	_, err := s.revise(payments.Revision{Booking: s.bookings[0], Add: []payments.Line{{Kind: "goodwill", Amount: -6751}}})
	if !errors.Is(err, payments.ErrBelowZero) {
		t.Fatalf("a cent below nothing: %v", err)
	}
}

// Coach 595.00 with 100.00 paid becomes domestic 335.00: fee 50.00 first, and the other 50.00 is the new deposit
// (edges.md M4: "deposit 100 -> only 50 needed").
func TestMoneyFollowsTheChild(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 2)
	child, empty := s.bookings[0], s.bookings[1]
	s.bookings = s.bookings[:1]
	s.open(59500, 0, 10000, 1)
	s.receive(10000, "1")
	got := s.move(child, empty, 5000, []payments.Line{{Kind: "price", Amount: 33500}},
		[]payments.Due{{Kind: "deposit", On: civil.Must(2026, 12, 15), Amount: 5000}, {Kind: "balance", On: civil.Must(2027, 7, 5), Amount: 28500}})
	if got.Followed != 5000 || got.Refund != 0 || got.FeeOpen != 0 || got.Open != 28500 {
		t.Fatalf("%+v", got)
	}
	s.wants(child, "fee 2026-12-15 5000/5000")
	s.wants(empty, "deposit 2026-12-15 5000/5000", "balance 2027-07-05 28500/0")
}

// Whatever happens to a family's bookings, in whatever order, no cent appears or disappears, and rows, books and
// documents agree after each step.
func TestRevisionsKeepTheBooks(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		s := newShop(t, db, 4)
		spare := s.bookings[2:]
		s.bookings = s.bookings[:2]
		price := money.Cents(rapid.Int64Range(1000, 120000).Draw(rt, "price"))
		premium := money.Cents(rapid.SampledFrom([]int64{0, 2500, 7312}).Draw(rt, "premium"))
		deposit := min(price, money.Cents(rapid.SampledFrom([]int64{5000, 10000, 30000}).Draw(rt, "deposit")))
		s.open(price, premium, deposit, rapid.IntRange(1, 3).Draw(rt, "instalments"))
		going := slices.Clone(s.bookings)
		ended := []id.Booking{}
		for i := range rapid.IntRange(1, 6).Draw(rt, "steps") {
			switch rapid.IntRange(0, 9).Draw(rt, "what") {
			case 7:
				s.agreeAtRandom(rt)
			case 8:
				s.differAtRandom(rt, fmt.Sprint(i))
			case 9:
				s.takeBackAtRandom(rt)
			case 0:
				s.invoiceBalance()
			case 1, 2:
				s.receive(money.Cents(rapid.Int64Range(1, 150000).Draw(rt, "amount")), fmt.Sprint(i))
			case 3:
				if len(going) > 0 {
					s.close(going[0], money.Cents(rapid.Int64Range(0, int64(price)).Draw(rt, "fee")), rapid.SampledFrom([]money.Cents{0, premium}).Draw(rt, "kept"))
					ended, going = append(ended, going[0]), going[1:]
				}
			case 4:
				if len(going) > 0 && len(spare) > 0 {
					paid, fee := s.paid(going[0]), money.Cents(rapid.Int64Range(0, 30000).Draw(rt, "fee"))
					next := money.Cents(rapid.Int64Range(1000, 120000).Draw(rt, "next"))
					got := s.move(going[0], spare[0], fee, []payments.Line{{Kind: "price", Amount: next - min(premium, next)}, {Kind: "premium", Amount: min(premium, next)}},
						[]payments.Due{{Kind: "deposit", On: civil.Must(2026, 12, 15), Amount: min(next, 10000)}, {Kind: "balance", On: civil.Must(2027, 7, 5), Amount: max(0, next-10000)}})
					if fee-got.FeeOpen+got.Followed+got.Refund != paid {
						rt.Fatalf("of %v paid: fee %v less %v, followed %v, back %v", paid, fee, got.FeeOpen, got.Followed, got.Refund)
					}
					ended, going, spare = append(ended, going[0]), append(going[1:], spare[0]), spare[1:]
				}
			default:
				all := append(slices.Clone(going), ended...)
				b := rapid.SampledFrom(all).Draw(rt, "of")
				s.reviseAtRandom(rt, b, slices.Contains(going, b))
			}
			s.checkAll()
		}
	})
}

func (s *shop) reviseAtRandom(rt *rapid.T, b id.Booking, goes bool) {
	st, err := s.svc.StatementsOf(context.Background(), s.db, []id.Booking{b})
	must(s.t, err)
	credit, err := s.svc.CreditOf(context.Background(), s.db, s.order)
	must(s.t, err)
	r := payments.Revision{Booking: b, Apart: rapid.Bool().Draw(rt, "apart"), Keep: rapid.Bool().Draw(rt, "keep"),
		Reverse: rapid.SampledFrom([][]string{nil, {"price"}, {"premium"}, {"price", "premium"}, {"goodwill"}}).Draw(rt, "reverse"),
		Add: []payments.Line{{Kind: rapid.SampledFrom([]string{"price", "premium", "goodwill", "price_rise", "discount", "extra"}).Draw(rt, "kind"),
			Amount: money.Cents(rapid.Int64Range(-40000, 60000).Draw(rt, "add"))}}}
	if r.Add[0].Kind == "premium" {
		r.Add[0].Amount = max(1, r.Add[0].Amount) // nobody is paid to be insured
	}
	if !goes { // after the end the office may only give
		r.Reverse, r.Add = nil, []payments.Line{{Kind: "goodwill", Amount: -max(r.Add[0].Amount, 1)}}
	}
	got, err := s.revise(r)
	if errors.Is(err, payments.ErrBelowZero) {
		return
	}
	must(s.t, err)
	if got.Change != got.Charged-st[b].Charged || got.Refund+got.Credit != max(0, st[b].Paid-got.Charged) {
		rt.Fatalf("was %+v with credit %v, got %+v", st[b], credit, got)
	}
	if !goes && got.Charged == 0 && got.Open != 0 {
		rt.Fatalf("nothing is owed and %v is open", got.Open)
	}
}
