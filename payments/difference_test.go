package payments_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/ledger"
	"joetz/payments/paymentstest"
	"joetz/terms/id"
	"joetz/terms/money"
)

func (s *shop) tryTx(f func(ctx context.Context, tx *sqlx.Tx) error) (err error) {
	s.t.Helper()
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SAVEPOINT before`); err != nil {
			return err
		}
		if err = f(ctx, tx); err != nil {
			_, back := tx.ExecContext(ctx, `ROLLBACK TO before`)
			return back
		}
		return nil
	})
	return err
}

func (s *shop) letGo(seen money.Cents, by id.Staff) error {
	s.t.Helper()
	return s.tryTx(func(ctx context.Context, tx *sqlx.Tx) error { return s.svc.LetGoTx(ctx, tx, s.order, seen, by) })
}

func (s *shop) keep(seen money.Cents, by id.Staff) error {
	s.t.Helper()
	return s.tryTx(func(ctx context.Context, tx *sqlx.Tx) error { return s.svc.KeepTx(ctx, tx, s.order, seen, by) })
}

func (s *shop) takeBack(difference int64, by id.Staff) error {
	s.t.Helper()
	return s.tryTx(func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := s.svc.TakeBackDifferenceTx(ctx, tx, difference, by)
		return err
	})
}

func (s *shop) statement(b id.Booking) payments.Statement {
	s.t.Helper()
	st, err := s.svc.StatementsOf(context.Background(), s.db, []id.Booking{b})
	must(s.t, err)
	return st[b]
}

func (s *shop) credit() money.Cents {
	s.t.Helper()
	c, err := s.svc.CreditOf(context.Background(), s.db, s.order)
	must(s.t, err)
	return c
}

func (s *shop) balance(a ledger.Account) (n money.Cents) {
	s.t.Helper()
	must(s.t, s.db.Get(&n, `SELECT coalesce(sum(amount_cents), 0) FROM posting WHERE account = $1`, a))
	return n
}

// newest is what was booked away last.
func (s *shop) newest() payments.Difference {
	s.t.Helper()
	all, err := s.svc.Differences(context.Background(), s.db, 1)
	must(s.t, err)
	return all[0]
}

// A cent is lacking: it is let go, found by nobody any more, and no money when the booking ends. The cent that comes later pays once
// somebody takes the difference back.
func TestACentShortIsLetGo(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 2)
	rita := paymentstest.Staff(t, s.db, "Rita")
	s.open(33500, 0, 5000, 1)
	s.receive(9999, "1")
	short, err := s.svc.Short(t.Context(), s.db, 10)
	must(t, err)
	if len(short) != 1 || short[0].Order != s.order || short[0].Open != 1 {
		t.Fatalf("%+v", short)
	}
	if err := s.letGo(2, rita); !errors.Is(err, payments.ErrDifferenceChanged) {
		t.Errorf("another amount than was seen: %v", err)
	}
	must(t, s.letGo(1, rita))
	s.checkAll()
	if short, err = s.svc.Short(t.Context(), s.db, 10); err != nil || len(short) != 0 {
		t.Fatalf("%+v, %v", short, err)
	}
	if err := s.letGo(1, rita); !errors.Is(err, payments.ErrDifferenceChanged) {
		t.Errorf("twice: %v", err)
	}
	second := s.bookings[1]
	if st := s.statement(second); st.Paid != 4999 || st.LetGo != 1 || st.Open() != 28500 || s.balance(ledger.SmallLosses) != 1 {
		t.Fatalf("%+v, %v on 658", st, s.balance(ledger.SmallLosses))
	}
	s.receive(57000, "2")
	s.receive(1, "the cent")
	s.checkAll()
	if s.credit() != 1 {
		t.Fatalf("credit %v", s.credit())
	}
	must(t, s.takeBack(s.newest().ID, rita))
	s.checkAll()
	if st := s.statement(second); s.credit() != 0 || st.Paid != 33500 || st.LetGo != 0 || s.balance(ledger.SmallLosses) != 0 {
		t.Fatalf("credit %v, %+v", s.credit(), st)
	}
	if err := s.takeBack(s.newest().ID, rita); !errors.Is(err, payments.ErrDifferenceChanged) {
		t.Errorf("taken back twice: %v", err)
	}
}

// What was let go was never paid: it does not come back when the booking ends, changes, or its payment is taken away.
func TestWhatWasLetGoIsNoMoney(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(s *shop) (back money.Cents){
		"cancelled": func(s *shop) money.Cents { return s.close(s.bookings[0], 10000, 0).Refund },
		"cheaper": func(s *shop) money.Cents {
			return s.mustRevise(payments.Revision{Booking: s.bookings[0], Add: []payments.Line{{Kind: "goodwill", Amount: -23500}}}).Refund
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, pgtest.New(t), 1)
			s.open(33500, 0, 5000, 1)
			s.invoiceBalance()
			s.receive(33499, "1")
			must(t, s.letGo(1, paymentstest.Staff(t, s.db, "Rita")))
			s.checkAll()
			if back := end(s); back != 23499 {
				t.Errorf("%v goes back of 334.99 paid for 100.00", back)
			}
			s.checkAll()
			if s.balance(ledger.SmallLosses) != 0 {
				t.Errorf("%v on 658", s.balance(ledger.SmallLosses))
			}
		})
	}
}

// A cent too much is kept, and goes back when somebody changes their mind; more than the limit is not kept.
func TestACentTooMuchIsKept(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	rita := paymentstest.Staff(t, s.db, "Rita")
	s.open(33500, 0, 33500, 1)
	s.receive(33601, "1")
	if err := s.keep(101, rita); !errors.Is(err, payments.ErrDifferenceTooHigh) {
		t.Fatalf("1.01: %v", err)
	}
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error { return s.svc.SetDifferenceLimitTx(ctx, tx, 101, rita) })
	must(t, s.keep(101, rita))
	s.checkAll()
	if over, err := s.svc.Overpaid(t.Context(), s.db, 10); err != nil || len(over) != 0 || s.balance(ledger.Differences) != -101 {
		t.Fatalf("%+v, %v, %v on 757", over, err, s.balance(ledger.Differences))
	}
	must(t, s.takeBack(s.newest().ID, rita))
	s.checkAll()
	if over, err := s.svc.Overpaid(t.Context(), s.db, 10); err != nil || len(over) != 1 || over[0].Credit != 101 || s.balance(ledger.Differences) != 0 {
		t.Fatalf("%+v, %v", over, err)
	}
	must(t, s.keep(101, rita))
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error { // the payment was somebody else's: all of it goes away
		var p id.Payment
		must(t, tx.Get(&p, `SELECT id FROM payment`))
		_, err := s.svc.WithdrawTx(ctx, tx, payments.Withdrawal{Payment: p, Amount: 33601, To: ledger.Suspense, Reason: "x"})
		return err
	})
	if st := s.statement(s.bookings[0]); st.Paid != 0 || st.Open() != 33500 || s.balance(ledger.Differences) != 0 {
		t.Fatalf("%+v", st)
	}
}

// differAtRandom pays what falls due next but for a little, and books that away.
func (s *shop) differAtRandom(rt *rapid.T, source string) {
	by := s.staff()
	st, err := s.svc.StatementsOf(context.Background(), s.db, s.bookings)
	must(s.t, err)
	var open money.Cents
	for _, b := range st {
		open += max(0, b.Open())
	}
	little := money.Cents(rapid.Int64Range(-100, 100).Draw(rt, "little"))
	if part := open + little; part > 0 {
		s.receive(part, source)
	}
	if short, err := s.svc.Short(context.Background(), s.db, 50); err != nil {
		rt.Fatal(err)
	} else {
		for _, o := range short {
			if o.Order == s.order {
				must(s.t, s.letGo(o.Open, by))
			}
		}
	}
	if c := s.credit(); c > 0 && c <= 100 {
		must(s.t, s.keep(c, by))
	}
}

func (s *shop) takeBackAtRandom(rt *rapid.T) {
	all, err := s.svc.Differences(context.Background(), s.db, 5)
	must(s.t, err)
	for _, d := range all {
		if d.Order == s.order && !d.Undone && rapid.Bool().Draw(rt, "back") {
			must(s.t, s.takeBack(d.ID, s.staff()))
		}
	}
}

// staff is somebody of accounting.
func (s *shop) staff() (by id.Staff) {
	s.t.Helper()
	if s.db.Get(&by, `SELECT id FROM staff LIMIT 1`) != nil {
		by = paymentstest.Staff(s.t, s.db, "Rita")
	}
	return by
}
