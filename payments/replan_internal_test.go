package payments

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// part is a running part of a schedule; the n-th is due on the n-th of June.
func part(n int, kind string, amount, paid money.Cents, invoiced bool) instalmentRow {
	return instalmentRow{ID: id.Instalment(n), Kind: kind, DueOn: civil.Must(2027, 6, n), Amount: amount, Allocated: paid, Invoiced: invoiced}
}

// What a booking costs less is taken off where it disturbs least: evenly off the balance that nobody asked yet, then off what is asked
// and open, the last due first, then off what is paid; a fee comes last each time. What it costs more is spread over that balance.
func TestWhereAChangeOfThePriceGoes(t *testing.T) {
	t.Parallel()
	today, supplement := civil.Must(2027, 1, 4), civil.Must(2027, 1, 18)
	quiet := []instalmentRow{part(1, "deposit", 50, 0, true), part(2, "balance", 100, 0, false), part(3, "balance", 100, 0, false)}
	fee := []instalmentRow{part(1, "full", 100, 0, true), part(2, "fee", 25, 0, true)}
	paid := []instalmentRow{part(1, "fee", 25, 25, true), part(2, "full", 100, 100, true), part(3, "supplement", 40, 0, true)}
	for _, c := range []struct {
		name   string
		rows   []instalmentRow
		change money.Cents
		apart  bool
		want   []money.Cents // of the parts in their order; what is nothing is left out
	}{
		{"more, over what nobody asked yet", quiet, 101, false, []money.Cents{50, 150, 151}},
		{"more, as something of its own", quiet, 101, true, []money.Cents{50, 100, 100, 101}},
		{"more, where all is asked", fee, 1, false, []money.Cents{100, 25, 1}},
		{"less, evenly, and not off what is asked", quiet, -101, false, []money.Cents{50, 50, 49}},
		{"less than is not asked", quiet, -200, false, []money.Cents{50}},
		{"and off what is asked", quiet, -230, false, []money.Cents{20}},
		{"all of it", quiet, -250, false, nil},
		{"a part that is nearly paid carries what it can", []instalmentRow{part(1, "balance", 100, 95, false), part(2, "balance", 100, 0, false)}, -60, false, []money.Cents{95, 45}},
		{"not off a fee", fee, -60, false, []money.Cents{40, 25}},
		{"but off it in the end", fee, -110, false, []money.Cents{15}},
		{"the last due first", []instalmentRow{part(1, "full", 100, 0, true), part(2, "supplement", 100, 0, true)}, -30, false, []money.Cents{100, 70}},
		{"what is open before what is paid", paid, -60, false, []money.Cents{25, 80}},
		{"what is paid of a fee at the very last", paid, -150, false, []money.Cents{15}},
	} {
		before := money.Cents(0)
		for _, r := range c.rows {
			before += r.Amount
		}
		var got []money.Cents
		dues := Revision{Apart: c.apart}.target(c.rows, c.change, today)
		for _, d := range dues {
			got = append(got, d.Amount)
		}
		if last := len(dues) - 1; c.change > 0 && len(dues) > len(c.rows) && dues[last] != (Due{"supplement", supplement, c.change}) {
			t.Errorf("%s: %+v", c.name, dues[last])
		}
		if d := cmp.Diff(c.want, got); d != "" || sumDues(dues) != before+c.change {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}
