package sepa_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"joetz/payments/bank/bankfake"
	"joetz/payments/reconcile"
	"joetz/payments/sepa"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Many banks take a file off the account in one sum and name only the file, whatever the file asks. Its refunds have left then, on the
// bank's day. Another sum, another file, and the same sum once more are for a person.
func TestAFileThatLeavesInOneSum(t *testing.T) {
	t.Parallel()
	d, ctx := newDesk(t), t.Context()
	d.bank.RefundFile = sepa.RefundsIn
	d.cancelled(100_00, family)
	d.cancelled(60_00, family)
	batch, err := d.Make(ctx, 2, 160_00, d.rita)
	d.must(err)
	name, _, err := d.File(ctx, batch)
	d.must(err)
	name = strings.TrimSuffix(name, ".xml")
	done := func() int {
		t.Helper()
		all, err := d.Batches(ctx, 1)
		d.must(err)
		return all[0].Done
	}
	d.bring(bankfake.Transfer{Amount: -159_99, EndToEndID: name}, bankfake.Transfer{Amount: -160_00, EndToEndID: name + "1"}, bankfake.Transfer{Amount: -160_00, Text: "VERZAMELOPDRACHT"})
	if n := done(); n != 0 {
		t.Fatalf("%d refunds are done with another sum, file or no name", n)
	}
	d.bring(bankfake.Transfer{Amount: -160_00, EndToEndID: strings.ToLower(name)}, bankfake.Transfer{Amount: -160_00, Text: "2 overschrijvingen " + name})
	if n := done(); n != 2 {
		t.Fatalf("%d refunds are done", n)
	}
	var on []civil.Date
	d.must(d.DB.Select(&on, `SELECT DISTINCT booked_on FROM entry WHERE event = 'refund_done'`))
	if len(on) != 1 || on[0] != civil.Must(2027, 3, 10).AddDays(d.number) {
		t.Errorf("booked on %v, the bank says day %d", on, d.number)
	}
}

// Some banks do not even name the file. A person is offered the file whose refunds are that sum, and one button says that all of them
// left; once only, whoever presses.
func TestAFileThatLeavesWithoutItsName(t *testing.T) {
	t.Parallel()
	d, ctx := newDesk(t), t.Context()
	d.cancelled(100_00, family)
	d.cancelled(60_00, family)
	_, err := d.Make(ctx, 2, 160_00, d.rita)
	d.must(err)
	d.bring(bankfake.Transfer{Amount: -159_99, Text: "VERZAMELOPDRACHT"}, bankfake.Transfer{Amount: -160_00, Text: "VERZAMELOPDRACHT"}, bankfake.Transfer{Amount: -160_00, Text: "HUUR"})
	waiting, _, err := d.bank.Movements(ctx, reconcile.Filter{Waiting: true, Limit: 10})
	d.must(err)
	could, err := d.bank.CandidatesOf(ctx, waiting)
	d.must(err)
	var short, fits, rent reconcile.Movement
	for _, m := range waiting {
		switch {
		case m.Amount == -159_99:
			short = m
		case m.Text == "HUUR":
			rent = m
		default:
			fits = m
		}
	}
	if len(could[short.ID].Files) != 0 || len(could[fits.ID].Files) != 1 || len(could[fits.ID].Files[0].Refunds) != 2 {
		t.Fatalf("offered: %+v for 159.99, %+v for 160.00", could[short.ID].Files, could[fits.ID].Files)
	}
	name := could[fits.ID].Files[0].Name
	for _, wrong := range []struct {
		movement id.BankMovement
		file     string
	}{{short.ID, name}, {fits.ID, name + "9"}, {fits.ID, ""}} {
		if err := d.bank.MatchRefundFile(ctx, wrong.movement, wrong.file, d.rita); !errors.Is(err, reconcile.ErrOtherRefund) {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	var matched atomic.Int32
	var wg sync.WaitGroup
	for _, m := range []id.BankMovement{fits.ID, rent.ID, fits.ID, rent.ID} {
		wg.Go(func() {
			switch err := d.bank.MatchRefundFile(ctx, m, name, d.rita); {
			case err == nil:
				matched.Add(1)
			case !errors.Is(err, reconcile.ErrOtherRefund):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all, err := d.Batches(ctx, 1)
	if d.must(err); matched.Load() != 1 || all[0].Done != 2 {
		t.Errorf("matched %d times, %d refunds are done", matched.Load(), all[0].Done)
	}
	d.sound()
	if left, _, err := d.bank.Movements(ctx, reconcile.Filter{Waiting: true, Limit: 10}); err != nil || len(left) != 2 {
		t.Errorf("%d wait still, %v", len(left), err)
	}
}
