package terms_test

import (
	"testing"

	"joetz/terms"
	"joetz/terms/civil"
)

// The policy language reads back what it writes, and refuses what it does not know.
func TestMoments(t *testing.T) {
	t.Parallel()
	departs := civil.Must(2027, 3, 31) // a Wednesday
	for text, want := range map[string]string{
		"departure":                       "2027-03-31",
		"start":                           "2027-03-31",
		"1 day before departure":          "2027-03-30",
		"60 days before departure":        "2027-01-30",
		"2 weeks before departure":        "2027-03-17",
		"1 month before departure":        "2027-02-28",
		"2 months after departure":        "2027-05-31",
		"3 working days after departure":  "2027-04-05",
		"3 working days before departure": "2027-03-26",
		"1 June":                          "2026-06-01",
		"31 March":                        "2027-03-31",
		"29 February":                     "2027-02-28",
		"2027-02-14":                      "2027-02-14",
		"departure, not after 1 March":    "2027-03-01",
		"1 March, not before 2027-03-09":  "2027-03-09",
		"start, not before 2027-04-02, not after 2027-04-01": "2027-04-01",
	} {
		var m terms.Moment
		if err := m.UnmarshalText([]byte(text)); err != nil {
			t.Error(err)
			continue
		}
		if got := m.Before(departs).String(); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
		var again terms.Moment
		if err := again.UnmarshalText([]byte(m.String())); err != nil || again.Before(departs) != m.Before(departs) {
			t.Errorf("%q is written as %q, %v", text, m.String(), err)
		}
	}
	for _, text := range []string{"", "60", "60 days", "60 days before", "60 days before christmas", "-1 days before departure", "0 days before departure",
		"1001 days before departure", "1.5 days before departure", "060 days before departure", "3 moons before departure", "31 June", "32 July", "1 Juni",
		"2027-02-29", "departure, not before", "departure, not before start, not before start", "departure, at least 1 June", "3 working moons before departure"} {
		var m terms.Moment
		if err := m.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: read as %q, want an error", text, m.String())
		}
	}
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"50.00": "50.00", "0.00": "nothing", "nothing": "nothing", "price": "price", "100% of price": "price",
		"6.5% of base price, at least 25.00":           "6.5% of base price, at least 25.00",
		"10% of invoice + 15% of price":                "10% of invoice + 15% of price",
		"50% of price, at least deposit, at most 9.99": "50% of price, at least deposit, at most 9.99",
		"0.125% of total":                              "0.125% of total",
	} {
		var a terms.Amount
		if err := a.UnmarshalText([]byte(text)); err != nil || a.String() != want {
			t.Errorf("%q: got %q %v, want %q", text, a.String(), err, want)
		}
	}
	for _, text := range []string{"", "50", "50.0", "50.000", "050.00", "-50.00", "€ 50.00", "50,00", "50% of profit", "0% of price", "1001% of price",
		"6.5555% of price", "% of price", "50 % of price", "price, more than 3.00", "price,at most 3.00", "price + ", "99999999999999.00"} {
		var a terms.Amount
		if err := a.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: read as %q, want an error", text, a.String())
		}
	}
}
