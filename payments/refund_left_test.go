package payments_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/terms/id"
)

// A refund that was sent, or has left the bank, is money that went back: it is no credit of the order, and what goes back later goes
// on the other payment. One that came back is credit again, and may go on its payment.
func TestARefundThatLeftIsGone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for _, c := range []struct {
		steps []string
		back  bool // it came back
	}{{nil, false}, {[]string{"sent"}, false}, {[]string{"sent", "done"}, false}, {[]string{"done"}, false}, {[]string{"sent", "failed"}, true}} {
		s := newShop(t, db, 1)
		s.open(33500, 0, 5000, 1)
		first, second := s.receive(5000, "first").Payment, s.receive(28500, "second").Payment
		refund := s.close(s.bookings[0], 5000, 0).Refunds[0]
		for _, state := range c.steps {
			s.tx(func(ctx context.Context, tx *sqlx.Tx) error {
				return s.svc.RefundStepTx(ctx, tx, payments.RefundStep{Refund: refund, State: state, SourceID: state})
			})
		}
		d, err := s.svc.RefundByID(t.Context(), db, refund)
		must(t, err)
		if steps := append([]string{"requested"}, c.steps...); d.State != steps[len(steps)-1] {
			t.Errorf("%v: it is %s", c.steps, d.State)
		}
		credit, err := s.svc.CreditOf(t.Context(), db, s.order)
		must(t, err)
		if want := map[bool]int64{true: 28500}[c.back]; int64(credit) != want {
			t.Errorf("%v: credit %v, want %d", c.steps, credit, want)
		}
		err = pg.InTx(t.Context(), db, func(tx *sqlx.Tx) error { return s.returning(28500)(t.Context(), tx) })
		if c.back && err != nil || !c.back && !errors.Is(err, payments.ErrCreditChanged) {
			t.Errorf("%v: sent back once more: %v", c.steps, err)
		}
		var on []id.Payment
		s.close(s.bookings[0], 0, 0) // the fee is forgiven
		must(t, db.Select(&on, `SELECT payment_id FROM refund WHERE order_id = $1 ORDER BY id`, s.order))
		want := []id.Payment{second, first}
		if c.back {
			want = []id.Payment{second, second, first}
		}
		if len(on) != len(want) || on[len(on)-1] != first || on[0] != second || on[len(on)-2] != second {
			t.Errorf("%v: refunds on payments %v, want %v", c.steps, on, want)
		}
		s.sound()
	}
}
