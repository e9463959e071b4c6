package accounting

import (
	"testing"

	"joetz/payments"
	"joetz/payments/reconcile"
	"joetz/templates/layout"
	"joetz/terms/id"
)

// What a reader names in thousandths is told in euros, and a day in words; parts of a cent, and what is no amount, stay as the file has them.
func TestAmountsOfProblemsInEuros(t *testing.T) {
	t.Parallel()
	p := layout.Page{Lang: "nl"}
	for text, want := range map[string]string{"10000.000": "€\u00a010.000,00", "-0.010": "−€\u00a00,01", "3112.92": "€\u00a03.112,92", "1.005": "1.005", "000100003157": "000100003157", "26.11.2026": "26.11.2026", "2026-11-26": "26 november 2026", "": ""} {
		if got := asRead(p, text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Of refunds of one amount, a movement is offered the only one, or the only one to its account; never a guess between two.
func TestLikelyRefund(t *testing.T) {
	t.Parallel()
	a, b := payments.RefundDetail{ID: 1, PayerIBAN: "BE08123450000113"}, payments.RefundDetail{ID: 2, PayerIBAN: "BE30001234500711"}
	for name, c := range map[string]struct {
		iban string
		all  []payments.RefundDetail
		want id.Refund
	}{
		"none":                {"BE08123450000113", nil, 0},
		"the only one":        {"", []payments.RefundDetail{a}, 1},
		"to its account":      {"BE30001234500711", []payments.RefundDetail{a, b}, 2},
		"to another account":  {"NL91ABNA0417164300", []payments.RefundDetail{a, b}, 0},
		"two, and no account": {"", []payments.RefundDetail{a, b}, 0},
		"two to the same":     {"BE08123450000113", []payments.RefundDetail{a, a}, 0},
	} {
		r, ok := likelyRefund(reconcile.Movement{IBAN: c.iban}, c.all)
		if ok != (c.want != 0) || r.ID != c.want {
			t.Errorf("%s: %d, %v", name, r.ID, ok)
		}
	}
}
