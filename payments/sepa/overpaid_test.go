package sepa_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/bank/bankfake"
	"joetz/payments/paymentstest"
	"joetz/payments/sepa"
	"joetz/terms/id"
	"joetz/terms/money"
)

// A family pays twice, another one cent too much. Both stand in the list until somebody sends the money back, once; a refund of it that
// comes back stands with the refunds, not here.
func TestWhatWasPaidTooMuchGoesBackOnce(t *testing.T) {
	t.Parallel()
	d, ctx := newDesk(t), t.Context()
	twice, cent := paymentstest.NewOrder(t, d.DB, d.Payments, "An Peeters", "Lotte", 75_00), paymentstest.NewOrder(t, d.DB, d.Payments, "Jan Maes", "Noor", 50_00)
	d.bring(bankfake.Transfer{Amount: 75_00, Name: "AN PEETERS", IBAN: family, Reference: twice.OGM}, bankfake.Transfer{Amount: 75_00, Name: "AN PEETERS", IBAN: family, Reference: twice.OGM},
		bankfake.Transfer{Amount: 50_01, Name: "JAN MAES", IBAN: family, Reference: cent.OGM})
	listed := func() map[id.Order]money.Cents {
		t.Helper()
		all, err := d.Overpaid(ctx)
		d.must(err)
		found := map[id.Order]money.Cents{}
		for _, o := range all {
			found[o.Order] = o.Credit
		}
		return found
	}
	if all := listed(); len(all) != 2 || all[twice.ID] != 75_00 || all[cent.ID] != 1 {
		t.Fatalf("%v", all)
	}
	back := func(seen money.Cents) error {
		return pg.InTx(ctx, d.DB, func(tx *sqlx.Tx) error {
			return d.Payments.ReturnOverpaidTx(ctx, tx, twice.ID, seen, "te veel betaald", d.rita, "staff:1")
		})
	}
	if err := back(74_99); !errors.Is(err, payments.ErrCreditChanged) {
		t.Errorf("another amount than was seen: %v", err)
	}
	var returned atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			switch err := back(75_00); {
			case err == nil:
				returned.Add(1)
			case !errors.Is(err, payments.ErrCreditChanged):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	d.sound()
	waiting, err := d.Waiting(ctx)
	d.must(err)
	if returned.Load() != 1 || len(waiting) != 1 || waiting[0].Amount != 75_00 || waiting[0].State != sepa.Ready {
		t.Fatalf("returned %d times, %+v", returned.Load(), waiting)
	}
	_, err = d.Make(ctx, 1, 75_00, d.omar)
	d.must(err)
	e2e := payments.RefundEndToEnd(waiting[0].Refund)
	d.bring(bankfake.Transfer{Amount: -75_00, EndToEndID: e2e}, bankfake.Transfer{Amount: 75_00, EndToEndID: e2e, Return: "AC04"})
	if all := listed(); len(all) != 1 || all[cent.ID] != 1 {
		t.Errorf("after the refund came back: %v", all)
	}
}

// A refund that an undo called off did not come back: when its order is paid too much later, that is money paid too much, to be sent
// back as such, and nobody repeats the refund.
func TestWhatAnUndoCalledOffDidNotComeBack(t *testing.T) {
	t.Parallel()
	d, ctx := newDesk(t), t.Context()
	order := d.cancelled(75_00, family)
	refund := d.only().Refund
	d.must(pg.InTx(ctx, d.DB, func(tx *sqlx.Tx) error {
		return d.Payments.RefundStepTx(ctx, tx, payments.RefundStep{Refund: refund, State: "failed", SourceID: payments.CalledOff})
	}))
	waiting, err := d.Waiting(ctx)
	d.must(err)
	over, err := d.Overpaid(ctx)
	d.must(err)
	if len(waiting) != 0 || len(over) != 1 || over[0].Order != order {
		t.Errorf("waiting %+v, paid too much %+v", waiting, over)
	}
	if err := d.Retry(ctx, refund, d.rita); !errors.Is(err, payments.ErrNotFailed) {
		t.Errorf("repeated: %v", err)
	}
	d.sound()
}
