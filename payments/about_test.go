package payments_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/paymentstest"
	"joetz/terms/money"
)

type askedFor struct {
	About       string      `db:"about"`
	Description string      `db:"description"`
	Amount      money.Cents `db:"amount_cents"`
}

func (s *shop) lines(kind string) (all []askedFor) {
	s.t.Helper()
	must(s.t, s.db.Select(&all, `SELECT l.about, l.description, l.amount_cents FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
		WHERE i.order_id = $1 AND i.kind = $2 ORDER BY i.id, l.position`, s.order, kind))
	return all
}

// Who cancels reads what is still asked, each thing on a line of its own: the fee, the insurer's premium, costs, and the bicycle that
// cannot be given back. Goodwill on it credits all of them as costs.
func TestWhatIsAskedAfterAnEndIsNamed(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 2178, 5000, 1)
	s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
		must(t, payments.LockOrderTx(ctx, tx, s.order))
		_, err := paymentstest.CloseTx(ctx, tx, s.svc, payments.Closing{Order: s.order, Booking: s.bookings[0], Payer: an, Description: "Lou", Fee: 5000, Premium: 2178, Costs: 3500,
			Items: []payments.Item{{Description: "Lou: fiets", Amount: 1500}}, Actor: "system"})
		return err
	})
	s.checkAll()
	want := []askedFor{{"cancellation_fee", "Lou", 5000}, {"premium", "Lou", 2178}, {"costs", "Lou", 2000}, {"costs", "Lou: fiets", 1500}}
	if diff := cmp.Diff(want, s.lines("fee")); diff != "" {
		t.Error(diff)
	}
	s.mustRevise(payments.Revision{Booking: s.bookings[0], Add: []payments.Line{{Kind: "goodwill", Amount: -5000}}})
	if diff := cmp.Diff(append(want, askedFor{"fee", "x", 5678}), s.lines("fee")); diff != "" {
		t.Error(diff)
	}
}

// What is added to a holiday is named too.
func TestARiseAndCostsOfLatenessAreNamed(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 5000, 1)
	s.mustRevise(payments.Revision{Booking: s.bookings[0], Add: []payments.Line{{Kind: "price_rise", Amount: 3000}}, Apart: true})
	if diff := cmp.Diff([]askedFor{{"price_rise", "x", 3000}}, s.lines("supplement")); diff != "" {
		t.Error(diff)
	}
}

// Goodwill is named on the credit note of what was asked and on the invoice of what remains.
func TestGoodwillIsNamed(t *testing.T) {
	t.Parallel()
	s := newShop(t, pgtest.New(t), 1)
	s.open(33500, 0, 33500, 1)
	s.mustRevise(payments.Revision{Booking: s.bookings[0], Add: []payments.Line{{Kind: "goodwill", Amount: -5000}}})
	s.checkAll()
	if diff := cmp.Diff([]askedFor{{"goodwill", "x", -33500}}, s.lines("credit")); diff != "" {
		t.Error(diff)
	}
	var again askedFor
	must(t, s.db.Get(&again, `SELECT l.about, l.description, l.amount_cents FROM invoice i JOIN invoice_line l ON l.invoice_id = i.id
		WHERE i.order_id = $1 ORDER BY i.id DESC LIMIT 1`, s.order))
	if diff := cmp.Diff(askedFor{"goodwill", "x", 28500}, again); diff != "" {
		t.Error(diff)
	}
}
