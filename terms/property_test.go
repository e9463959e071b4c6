package terms_test

import (
	"reflect"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

var joetz = terms.JOETZ2027()

func drawDate(t *rapid.T, name string, from civil.Date, spread int) civil.Date {
	return from.AddDays(rapid.IntRange(0, spread).Draw(t, name))
}

func drawCents(t *rapid.T, name string) money.Cents {
	return money.Cents(rapid.OneOf(rapid.Int64Range(0, 3_000_00), rapid.Int64Range(0, int64(terms.MaxAmount)/8)).Draw(t, name))
}

func drawQuote(t *rapid.T) terms.QuoteFacts {
	departs := drawDate(t, "departs_on", civil.Must(2027, 1, 1), 1500)
	base := drawCents(t, "base_price")
	return terms.QuoteFacts{
		Trip:        rapid.SampledFrom(terms.Trips[:]).Draw(t, "trip"),
		BookedOn:    departs.AddDays(-rapid.IntRange(0, 400).Draw(t, "days before")),
		DepartsOn:   departs,
		BasePrice:   base,
		Price:       money.Cents(rapid.Int64Range(0, int64(base)).Draw(t, "price")),
		Extras:      drawCents(t, "extras"),
		Insurance:   rapid.Bool().Draw(t, "insurance"),
		Instalments: rapid.IntRange(1, 3).Draw(t, "instalments"),
	}
}

func drawCancel(t *rapid.T) terms.CancelFacts {
	q := drawQuote(t)
	return terms.CancelFacts{
		Trip: q.Trip, BookedOn: q.BookedOn, DepartsOn: q.DepartsOn, BasePrice: q.BasePrice, Price: q.Price,
		On:        drawDate(t, "on", q.BookedOn, 420),
		By:        terms.By(rapid.IntRange(int(terms.ByCustomer), int(terms.ByCareRefused)).Draw(t, "by")),
		Insurance: q.Insurance, DepositPaid: rapid.Bool().Draw(t, "deposit_paid"), Claim: rapid.Bool().Draw(t, "claim"),
		Paid: drawCents(t, "paid"), Costs: drawCents(t, "costs"),
	}
}

func TestScheduleIsTheTotal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawQuote(t)
		if joetz.CheckQuote(f) != nil {
			return
		}
		q := joetz.Quote(f)
		var sum money.Cents
		last := civil.Later(f.DepartsOn.AddMonths(-1), f.BookedOn)
		parts := 0
		for _, line := range q.Schedule {
			sum += line.Amount
			if line.Amount <= 0 && q.Total > 0 {
				t.Fatalf("a line of %v", line.Amount)
			}
			if line.Due.Before(f.BookedOn) {
				t.Fatalf("%v falls due before the booking", line)
			}
			if line.Kind == terms.KindBalance {
				if parts++; line.Due.After(last) {
					t.Fatalf("%v falls due after %v", line, last)
				}
			}
		}
		if sum != q.Total || q.Total != f.Price+f.Extras+q.Premium {
			t.Fatalf("lines make %v, total %v", sum, q.Total)
		}
		if parts > f.Instalments || f.Instalments > q.MaxInstalments || q.Deposit > f.Price {
			t.Fatalf("%d parts of %d, deposit %v of %v", parts, f.Instalments, q.Deposit, f.Price)
		}
	})
}

func TestMoneyIsNeitherMadeNorLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawCancel(t)
		c := joetz.Cancel(f)
		if c.Fee+c.Premium+c.Refund+f.Costs != f.Paid+c.Outstanding {
			t.Fatalf("fee %v, premium %v, costs %v, refund %v; paid %v, outstanding %v", c.Fee, c.Premium, f.Costs, c.Refund, f.Paid, c.Outstanding)
		}
		if c.Refund > 0 && c.Outstanding > 0 || c.Refund < 0 || c.Outstanding < 0 || c.Fee < 0 || c.Premium < 0 {
			t.Fatalf("%+v", c)
		}
		limit := f.Price
		if f.By == terms.ByExclusion {
			limit = f.Paid // nothing goes back, and nothing more is due
		} else if f.By != terms.ByCustomer {
			limit = 0
		}
		if c.Fee > limit {
			t.Fatalf("fee %v above %v", c.Fee, limit)
		}
	})
}

func TestFeeNeverFallsAsTheDepartureNears(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawCancel(t)
		f.By = terms.ByCustomer
		var last money.Cents
		steps := joetz.Timeline(f)
		step := 0
		for f.On = f.BookedOn; !f.On.After(f.DepartsOn.AddDays(3)); f.On = f.On.AddDays(1) {
			c := joetz.Cancel(f)
			if c.Fee < last {
				t.Fatalf("on %v the fee falls from %v to %v", f.On, last, c.Fee)
			}
			last = c.Fee
			if to := steps[step].To; !to.IsZero() && f.On.After(to) {
				step++
			}
			if s := steps[step]; f.On.Before(s.From) || s.Fee != c.Fee || f.On == s.From && s.Band != c.Band {
				t.Fatalf("on %v: the timeline says %+v, Cancel %+v", f.On, s, c)
			}
		}
		if step != len(steps)-1 || !steps[step].To.IsZero() {
			t.Fatalf("the timeline ends at %+v of %+v", steps[step], steps)
		}
	})
}

func TestBestPriceIsNeverAboveTheBasePrice(t *testing.T) {
	t.Parallel()
	proofs := []string{"solidaris", "contribution_paid", "increased_allowance"}
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuote(t)
		f := terms.PriceFacts{Trip: q.Trip, BookedOn: q.BookedOn, DepartsOn: q.DepartsOn, BasePrice: q.BasePrice,
			Holds: rapid.SliceOf(rapid.SampledFrom(proofs)).Draw(t, "holds")}
		for _, name := range []string{"solidaris", "vt"} {
			f.Prices = append(f.Prices, terms.CategoryPrice{Category: name, Price: drawCents(t, name)})
		}
		got := joetz.BestPrice(f)
		if got.Price > f.BasePrice || got.Price < 0 {
			t.Fatalf("%+v for a base price of %v", got, f.BasePrice)
		}
	})
}

func TestRebookingFeeIsWithinThePrice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCancel(t)
		f := terms.RebookFacts{Trip: c.Trip, BookedOn: c.BookedOn, DepartsOn: c.DepartsOn, On: c.On, Price: c.Price,
			New: terms.NewHoliday{Trip: rapid.SampledFrom(terms.Trips[:]).Draw(t, "new trip"), DepartsOn: drawDate(t, "new departs_on", c.On, 400), Price: drawCents(t, "new price")}}
		r := joetz.Rebook(f)
		if r.Fee < 0 || r.Fee > f.Price || r.PriceDifference != f.New.Price-f.Price || r.DepositTopUp < 0 || r.DepositTopUp > f.New.Price {
			t.Fatalf("%+v", r)
		}
		if r.FullPayment && r.DepositTopUp != 0 {
			t.Fatalf("a top-up of what is due in full: %+v", r)
		}
	})
}

func TestPriceRiseExitsOnlyAboveTheThreshold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := terms.PriceRiseFacts{Regime: rapid.SampledFrom([]terms.Regime{terms.Package, terms.NoPackage}).Draw(t, "regime"),
			PriceAtBooking: money.Cents(rapid.Int64Range(1, 200_000).Draw(t, "price")), DepartsOn: civil.Must(2027, 7, 15)}
		for range rapid.IntRange(0, 4).Draw(t, "rises") {
			f.Rises = append(f.Rises, terms.Rise{NotifiedOn: drawDate(t, "notified", civil.Must(2027, 1, 1), 190), Amount: money.Cents(rapid.Int64Range(0, 30_000).Draw(t, "rise"))})
		}
		got := joetz.PriceRise(f)
		var want money.Cents
		percent := money.Cents(10)
		if f.Regime == terms.Package {
			percent = 8
		}
		for i, r := range f.Rises {
			if f.Regime == terms.Package && r.NotifiedOn.DaysUntil(f.DepartsOn) < 20 {
				if got.Valid[i] {
					t.Fatalf("rise %d is too late", i)
				}
				continue
			}
			want += r.Amount
		}
		if got.Total != want || got.Exit != (100*want > percent*f.PriceAtBooking) || got.Exit == got.ExitUntil.IsZero() {
			t.Fatalf("%+v, want a total of %v", got, want)
		}
	})
}

// Facts that the checks refuse have answers too: evaluation never panics and never loops.
func TestEvaluationIsTotal(t *testing.T) {
	t.Parallel()
	anything := rapid.Int64()
	rapid.Check(t, func(t *rapid.T) {
		date := func(name string) civil.Date {
			return civil.Date{}.AddDays(rapid.IntRange(0, 3_000_000).Draw(t, name))
		}
		cents := func(name string) money.Cents { return money.Cents(anything.Draw(t, name)) }
		q := terms.QuoteFacts{Trip: terms.Trip(rapid.Byte().Draw(t, "trip")), BookedOn: date("booked"), DepartsOn: date("departs"),
			BasePrice: cents("base"), Price: cents("price"), Extras: cents("extras"), Insurance: true, Instalments: int(rapid.Int16().Draw(t, "n"))}
		if err := joetz.CheckQuote(q); err != nil {
			joetz.Quote(q)
		}
		c := terms.CancelFacts{Trip: q.Trip, BookedOn: q.BookedOn, DepartsOn: q.DepartsOn, On: date("on"), By: terms.By(rapid.Byte().Draw(t, "by")),
			BasePrice: q.BasePrice, Price: q.Price, Paid: cents("paid"), Costs: cents("costs"), Insurance: true, DepositPaid: true, Claim: true}
		if err := joetz.CheckCancel(c); err != nil {
			joetz.Cancel(c)
			joetz.ExplainCancel(c)
			joetz.Timeline(c)
		}
		joetz.Rebook(terms.RebookFacts{Trip: q.Trip, BookedOn: q.BookedOn, DepartsOn: q.DepartsOn, On: c.On, Price: q.Price,
			New: terms.NewHoliday{Trip: terms.Trip(rapid.Byte().Draw(t, "new")), DepartsOn: date("new departs"), Price: cents("new price")}})
	})
}

// One Terms serves all goroutines, and the same facts give the same answer. Run with -race.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	f := terms.QuoteFacts{Trip: terms.Flight, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 8, 5), BasePrice: 899_00,
		Price: 899_00, Insurance: true, Instalments: 3}
	want := joetz.Quote(f)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				if got := joetz.Quote(f); !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v, want %+v", got, want)
				}
				joetz.ExplainQuote(f)
			}
		})
	}
	all.Wait()
}
