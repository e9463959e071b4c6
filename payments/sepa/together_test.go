package sepa_test

import (
	"strings"
	"testing"

	"joetz/payments/bank/bankfake"
	"joetz/payments/sepa"
	"joetz/terms/civil"
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
