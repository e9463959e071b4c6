package terms_test

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// remade is JOETZ's policy, changed in Go.
func remade(t *testing.T, change func(*terms.Policy)) terms.Terms {
	t.Helper()
	p, err := terms.Parse([]byte(policyFile(t)), "x.toml")
	if err != nil {
		t.Fatal(err)
	}
	change(&p)
	got, err := terms.New(p)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func moment(t *testing.T, text string) (m terms.Moment) {
	t.Helper()
	if err := m.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return m
}

// summer leaves three weeks without a working day in July 2027, and the Monday after them.
func summer() []civil.Date {
	var closed []civil.Date
	for day := civil.Must(2027, 7, 5); !day.After(civil.Must(2027, 7, 26)); day = day.AddDays(1) {
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			closed = append(closed, day)
		}
	}
	return closed
}

// Under any policy the timeline is what Cancel says on every day: also where a day between two bands costs nothing, where a band ends and
// none follows, and where what is sent on a day without work counts on the next working day, however long the office is closed.
func TestTimelineOfOtherPolicies(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*terms.Policy){
		"a free day":        func(p *terms.Policy) { p.Decisions.GapPolicy.Choice = "no_fee" },
		"the higher fee":    func(p *terms.Policy) { p.Decisions.GapPolicy.Choice = "higher_fee" },
		"bands backwards":   func(p *terms.Policy) { slices.Reverse(p.Cancellation.Tables[0].Bands) },
		"an end":            func(p *terms.Policy) { p.Cancellation.Tables[0].Bands[2].Until = moment(t, "departure") },
		"next working day":  func(p *terms.Policy) { p.Decisions.CancellationMoment.Choice = "next_working_day" },
		"closed all summer": func(p *terms.Policy) { p.Decisions.CancellationMoment.Choice, p.Closed = "next_working_day", summer() },
	} {
		policy := remade(t, change)
		for departs := civil.Must(2027, 7, 26); departs.Before(civil.Must(2027, 10, 4)); departs = departs.AddDays(1) {
			f := terms.CancelFacts{Trip: terms.Domestic, BookedOn: departs.AddDays(-90), DepartsOn: departs, By: terms.ByCustomer, BasePrice: 33500, Price: 33500}
			steps := policy.Timeline(f)
			step := 0
			for f.On = f.BookedOn; !f.On.After(departs.AddDays(10)); f.On = f.On.AddDays(1) {
				if to := steps[step].To; !to.IsZero() && f.On.After(to) {
					step++
				}
				if got, s := policy.Cancel(f), steps[step]; got.Fee != s.Fee || f.On.Before(s.From) {
					t.Fatalf("%s, departure %v, on %v: the timeline says %+v, Cancel %v", name, departs, f.On, s, got.Fee)
				}
			}
		}
	}
}

// Around a day in no band stand the bands next to it, in whatever order the file has them; and of the two the lower fee counts.
func TestWhatStandsAroundAHole(t *testing.T) {
	t.Parallel()
	departs := civil.Must(2027, 8, 5)
	for name, backwards := range map[string]bool{"as written": false, "backwards": true} {
		policy := remade(t, func(p *terms.Policy) {
			bands := p.Cancellation.Tables[0].Bands
			bands[1].Until = moment(t, "35 days before departure") // 34 to 30 lie in no band any more
			if backwards {
				slices.Reverse(bands)
			}
		})
		higher := remade(t, func(p *terms.Policy) {
			*p = policy.Policy()
			p.Decisions.GapPolicy = &terms.Decision[string]{Choice: "higher_fee"}
		})
		holes := policy.Holes(terms.Domestic, civil.Must(2026, 12, 1), departs, terms.Circumstances{})
		if len(holes) != 2 || !slices.Equal(holes[0].Clauses, []string{"fee_early", "fee_middle"}) || !slices.Equal(holes[1].Clauses, []string{"fee_middle", "fee_late"}) ||
			holes[1].From != departs.AddDays(-34) || holes[1].To != departs.AddDays(-30) || holes[1].Bands != 0 {
			t.Errorf("%s: %+v", name, holes)
		}
		for before, fee := range map[int]money.Cents{61: 5000, 60: 16750, 59: 16750, 34: 33500, 30: 33500, 29: 33500} {
			if got := higher.Cancel(onDay(before, terms.ByCustomer)); got.Fee != fee {
				t.Errorf("%s, the higher fee, %d days before: %v, want %v", name, before, got.Fee, fee)
			}
		}
		for before, fee := range map[int]money.Cents{61: 5000, 60: 5000, 59: 16750, 35: 16750, 34: 16750, 30: 16750, 29: 33500} {
			f := onDay(before, terms.ByCustomer)
			if got := policy.Cancel(f); got.Fee != fee {
				t.Errorf("%s, %d days before: %v, want %v", name, before, got.Fee, fee)
			}
		}
	}
}

// "meer dan 10 %" is exact to the cent for any amount: the comparison is that of whole numbers of any size.
func TestARiseIsComparedExactly(t *testing.T) {
	t.Parallel()
	huge := terms.PriceRiseFacts{Regime: terms.Package, PriceAtBooking: terms.MaxAmount, DepartsOn: civil.Must(2027, 8, 5),
		Rises: []terms.Rise{{NotifiedOn: civil.Must(2027, 3, 1), Amount: 175_247_068_660_000}}} // 1.9 %, and its lower 64 bits are above those of 8 %
	if joetz.PriceRise(huge).Exit {
		t.Error("1.9 % is no exit")
	}
	rapid.Check(t, func(t *rapid.T) {
		regime := rapid.SampledFrom([]terms.Regime{terms.NoPackage, terms.Package}).Draw(t, "regime")
		percent := int64(10)
		if regime == terms.Package {
			percent = 8
		}
		price := rapid.OneOf(rapid.Int64Range(0, 1_000_00), rapid.Int64Range(0, int64(terms.MaxAmount)), rapid.Int64Range(int64(terms.MaxAmount)-1000, int64(terms.MaxAmount))).Draw(t, "price")
		limit := new(big.Int).Mul(big.NewInt(price), big.NewInt(percent))
		near := new(big.Int).Div(limit, big.NewInt(100)).Int64() + rapid.Int64Range(-2, 2).Draw(t, "off by")
		rise := rapid.OneOf(rapid.Just(max(near, 0)), rapid.Int64Range(0, price/8), rapid.Int64Range(0, int64(terms.MaxAmount))).Draw(t, "rise")
		f := terms.PriceRiseFacts{Regime: regime, PriceAtBooking: money.Cents(price), DepartsOn: civil.Must(2027, 8, 5),
			Rises: []terms.Rise{{NotifiedOn: civil.Must(2027, 3, 1), Amount: money.Cents(rise)}}}
		want := new(big.Int).Mul(big.NewInt(rise), big.NewInt(100)).Cmp(limit) > 0
		if got := joetz.PriceRise(f); got.Exit != want {
			t.Fatalf("%d on %d: exit %v", rise, price, got.Exit)
		}
	})
}

// A category whose proof is missing does not hide those after it; one at the base price exactly is fine, and one above it is refused.
func TestEveryCategoryHasItsTurn(t *testing.T) {
	t.Parallel()
	policy := remade(t, func(p *terms.Policy) { slices.Reverse(p.Prices.Categories) })
	f := terms.PriceFacts{Trip: terms.Domestic, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 8, 5), BasePrice: 33500,
		Prices: []terms.CategoryPrice{{Category: "vt", Price: 10800}, {Category: "solidaris", Price: 21500}}, Holds: []string{"solidaris", "contribution_paid"}}
	if got := policy.BestPrice(f); got.Category != "solidaris" || got.Price != 21500 {
		t.Errorf("%+v", got)
	}
	f.Prices[1].Price = 33500
	if err := policy.CheckBestPrice(f); err != nil {
		t.Error(err)
	}
	f.Prices[1].Price = 33501
	if err := policy.CheckBestPrice(f); err != (terms.Problem{Code: terms.Invalid, Field: "prices[1].price"}) {
		t.Error(err)
	}
}

// Before the first band and after the last one the terms ask nothing, whatever the gap policy: a fee needs a clause. Between two bands the
// lower fee counts also where the later one is lower.
func TestOutsideAllBands(t *testing.T) {
	t.Parallel()
	for _, choice := range []string{"lower_fee", "higher_fee", "no_fee"} {
		policy := remade(t, func(p *terms.Policy) {
			p.Decisions.GapPolicy.Choice = choice
			bands := p.Cancellation.Tables[0].Bands
			bands[0].From, bands[2].Until = moment(t, "100 days before departure"), moment(t, "departure")
		})
		for before, fee := range map[int]money.Cents{101: 0, 100: 5000, 0: 33500, -1: 0} {
			if got := policy.Cancel(onDay(before, terms.ByCustomer)); got.Fee != fee {
				t.Errorf("%s, %d days before: %v, want %v", choice, before, got.Fee, fee)
			}
		}
	}
	falling := remade(t, func(p *terms.Policy) { p.Cancellation.Tables[0].Bands[0].Fee = p.Cancellation.Tables[0].Bands[2].Fee })
	for before, fee := range map[int]money.Cents{61: 33500, 60: 16750, 59: 16750} {
		if got := falling.Cancel(onDay(before, terms.ByCustomer)); got.Fee != fee {
			t.Errorf("%d days before: %v, want %v", before, got.Fee, fee)
		}
	}
}

// A rebooking that costs something else than cancelling does not say that it costs the deposit or the price.
func TestARebookingOfItsOwnFee(t *testing.T) {
	t.Parallel()
	policy := remade(t, func(p *terms.Policy) {
		p.Rebooking.Tables[2].Bands[0].Fee = p.Cancellation.Tables[0].Bands[1].Fee // 50 % of the price
	})
	f := terms.RebookFacts{Trip: terms.Flight, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 8, 5), On: civil.Must(2027, 7, 5), Price: 89900,
		New: terms.NewHoliday{Trip: terms.Flight, DepartsOn: civil.Must(2027, 9, 5), Price: 89900}}
	if fee, found := told(policy.ExplainRebook(f), "rebook.as_cancellation"); !found || fee != 44950 {
		t.Errorf("%v: %s", fee, words(policy.ExplainRebook(f)))
	}
}
