package dunning_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"joetz/terms/civil"
	"joetz/terms/dunning"
	"joetz/terms/fault"
	"joetz/terms/money"
)

func TestEaster(t *testing.T) {
	t.Parallel()
	for _, want := range []civil.Date{civil.Must(2024, 3, 31), civil.Must(2025, 4, 20), civil.Must(2026, 4, 5), civil.Must(2027, 3, 28), civil.Must(2028, 4, 16), civil.Must(2038, 4, 25)} {
		if got := dunning.Easter(want.Year()); got != want {
			t.Errorf("%d: %v, want %v", want.Year(), got, want)
		}
	}
}

// By post the fourteen days begin on the third working day, over weekends and holidays; by mail the day after.
func TestLastDay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sent   civil.Date
		byPost bool
		want   civil.Date
	}{
		"mail":                             {civil.Must(2027, 6, 1), false, civil.Must(2027, 6, 15)},
		"a Tuesday by post":                {civil.Must(2027, 6, 1), true, civil.Must(2027, 6, 18)},    // Friday 4 June
		"a Thursday by post":               {civil.Must(2027, 6, 3), true, civil.Must(2027, 6, 22)},    // Tuesday 8 June
		"before Easter":                    {civil.Must(2027, 3, 26), true, civil.Must(2027, 4, 15)},   // Tuesday, Wednesday, Thursday 1 April: Monday is Easter's
		"before Ascension":                 {civil.Must(2027, 5, 4), true, civil.Must(2027, 5, 24)},    // 5, 7, 10 May: the 6th is Ascension
		"before Whit Monday":               {civil.Must(2027, 5, 14), true, civil.Must(2027, 6, 3)},    // 18, 19, 20 May
		"before the national holiday":      {civil.Must(2027, 7, 19), true, civil.Must(2027, 8, 6)},    // 20, 22, 23 July
		"over the end of the year":         {civil.Must(2027, 12, 24), true, civil.Must(2028, 1, 12)},  // 27, 28, 29 December: Christmas is a Saturday
		"two holidays in November (1, 11)": {civil.Must(2027, 10, 29), true, civil.Must(2027, 11, 18)}, // 2, 3, 4 November
	} {
		if got := dunning.LastDay(c.sent, c.byPost); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if h := dunning.WorkingDay(civil.Must(2027, 11, 10), 1); h != civil.Must(2027, 11, 12) || h.Weekday() != time.Friday {
		t.Errorf("after 10 November: %v", h)
	}
}

// The sums that the press printed of the law (notes of trends.knack.be: 90 for 1,000), and its edges.
func TestCapsOfTheLaw(t *testing.T) {
	t.Parallel()
	c := dunning.Cap
	c.Clause, c.PlacedFrom = "artikel 9", civil.Must(2027, 1, 1)
	for open, want := range map[money.Cents]money.Cents{0: 0, -1: 0, 1: 20_00, 150_00: 20_00, 150_01: 30_00, 212_50: 36_25, 500_00: 65_00, 500_01: 65_00, 1000_00: 90_00, 39_200_00: 2000_00, 1_000_000_00: 2000_00} {
		if got := c.For(civil.Must(2027, 2, 1), open); got != want {
			t.Errorf("%v open: %v, want %v", open, got, want)
		}
	}
	if got := c.For(civil.Must(2026, 12, 31), 1000_00); got != 0 {
		t.Errorf("booked before the clause: %v", got)
	}
	if got := (dunning.Costs{Small: 20_00, Most: 20_00}).For(civil.Must(2027, 2, 1), 100_00); got != 0 {
		t.Errorf("without a clause: %v", got)
	}
}

func TestSettingsStayWithinTheLaw(t *testing.T) {
	t.Parallel()
	good := dunning.Cap
	good.Clause, good.PlacedFrom = "artikel 9", civil.Must(2027, 1, 1)
	if err := good.Check(); err != nil {
		t.Errorf("the caps themselves: %v", err)
	}
	if err := (dunning.Costs{}).Check(); err != nil {
		t.Errorf("nothing at all: %v", err)
	}
	for field, spoil := range map[string]func(*dunning.Costs){
		"small": func(c *dunning.Costs) { c.Small++ }, "middle": func(c *dunning.Costs) { c.Middle++ }, "middle_percent": func(c *dunning.Costs) { c.MiddleBP++ },
		"large": func(c *dunning.Costs) { c.Large = -1 }, "large_percent": func(c *dunning.Costs) { c.LargeBP++ }, "most": func(c *dunning.Costs) { c.Most++ },
		"clause": func(c *dunning.Costs) { c.Clause = "" }, "placed_from": func(c *dunning.Costs) { c.PlacedFrom = civil.Date{} },
	} {
		c := good
		spoil(&c)
		if f := fault.Of(c.Check()); f == nil || f.Fields[field] == "" {
			t.Errorf("%s: %v", field, c.Check())
		}
	}
}

// Whatever the settings say, nobody is asked more than the law allows.
func TestNeverAboveTheLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := func(name string) money.Cents { return money.Cents(rapid.Int64Range(-1_00, 5000_00).Draw(t, name)) }
		c := dunning.Costs{Clause: "x", PlacedFrom: civil.Must(2027, 1, 1), Small: amount("small"), Middle: amount("middle"), MiddleBP: rapid.Int64Range(0, 100_00).Draw(t, "mp"),
			Large: amount("large"), LargeBP: rapid.Int64Range(0, 100_00).Draw(t, "lp"), Most: amount("most")}
		law := dunning.Cap
		law.Clause, law.PlacedFrom = c.Clause, c.PlacedFrom
		open := money.Cents(rapid.Int64Range(0, 100_000_00).Draw(t, "open"))
		if got := c.For(civil.Must(2027, 1, 1), open); got < 0 || got > law.For(civil.Must(2027, 1, 1), open) {
			t.Fatalf("%v asked for %v", got, open)
		}
	})
}
