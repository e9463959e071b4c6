package invoice_test

import (
	"bytes"
	"testing"
	"time"

	"joetz/payments/bank"
	"joetz/payments/paymentstest"
)

// Accounting may write the QR code in another way: from then on, and never on a document that is made.
func TestQRCodeIsASetting(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	staff := paymentstest.Staff(t, o.db, "Rita")
	old, _ := o.simple(t, "deposit", "2027-02-15", 7500)
	paper := func() []byte {
		t.Helper()
		raw, _, err := o.Render(t.Context(), old)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	before := paper()
	made := o.now
	o.now = o.now.Add(time.Hour)
	for i, settings := range []bank.EPCSettings{{Version: bank.EPC001, OGMAsText: true}, {Version: bank.EPC002}} {
		if err := o.SetEPC(t.Context(), settings, staff); err != nil {
			t.Fatal(err)
		}
		if got, err := o.EPC(t.Context(), o.now); err != nil || got != settings {
			t.Errorf("now: %+v, want %+v (%v)", got, settings, err)
		}
		if got, err := o.EPC(t.Context(), made); err != nil || got != (bank.EPCSettings{}) {
			t.Errorf("when the document was made: %+v (%v)", got, err)
		}
		if !bytes.Equal(before, paper()) {
			t.Errorf("change %d: the paper changed", i+1)
		}
		o.now = o.now.Add(time.Hour)
	}
	if err := o.SetEPC(t.Context(), bank.EPCSettings{Version: "003"}, staff); err == nil {
		t.Error("a version that does not exist")
	}
}
