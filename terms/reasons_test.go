package terms_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/explain"
	"joetz/terms/money"
)

// told finds the amount that a reason of that key is about; false where nothing is said of it.
func told(why []terms.Reason, key string) (amount money.Cents, found bool) {
	at := slices.IndexFunc(why, func(r terms.Reason) bool { return r.Key == key })
	if at < 0 {
		return 0, false
	}
	amount, _ = why[at].Sum()
	return amount, true
}

func words(why []terms.Reason) string {
	var all []string
	for _, r := range why {
		all = append(all, explain.Dutch.Sentence(r))
	}
	return strings.Join(all, " ")
}

// Whatever ends a booking, its reasons say the same cents as its outcome: the fee, the premium that stays owed, the costs, and what goes
// back or is still to pay; and none of what is not.
func TestReasonsOfAnEndSayItsCents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawCancel(t)
		out, why := joetz.Cancel(f), joetz.ExplainCancel(f)
		for key, want := range map[string]bool{
			"cancel.after_departure": out.DaysBefore < 0, "cancel.on_departure": out.DaysBefore == 0, "cancel.when": out.DaysBefore > 0, "cancel.gap": out.DaysBefore == 60,
		} {
			if _, found := told(why, key); found != (want && f.By == terms.ByCustomer) {
				t.Fatalf("%s: told %v, %d days: %s", key, found, out.DaysBefore, words(why))
			}
		}
		if key := feeKey(f, out); key != "" {
			if fee, found := told(why, key); !found || fee != out.Fee {
				t.Fatalf("%s: %v of %v: %s", key, found, out.Fee, words(why))
			}
		}
		for key, want := range map[string]money.Cents{"cancel.costs": f.Costs, "cancel.refund": out.Refund, "cancel.outstanding": out.Outstanding, "cancel.advanced": 0} {
			if got, found := told(why, key); got != want || found != (want > 0) {
				t.Fatalf("%s: told %v, is %v: %s", key, got, want, words(why))
			}
		}
		if _, settled := told(why, "cancel.settled"); settled != (out.Refund == 0 && out.Outstanding == 0) {
			t.Fatalf("settled %v: %+v", settled, out)
		}
		claim, claimed := told(why, "cancel.insurance_claim")
		premium, kept := told(why, "cancel.premium")
		if claim+premium != out.Premium || (claimed || kept) != (out.Premium > 0) || claimed != (out.Claimable > 0) {
			t.Fatalf("premium %v, claimable %v: %s", out.Premium, out.Claimable, words(why))
		}
	})
}

// feeKey is which sentence the written terms give a fee; "" where nobody asks one.
func feeKey(f terms.CancelFacts, out terms.Cancellation) string {
	half := f.Price / 2
	if f.Trip == terms.ForeignCoach {
		half = f.Price * 3 / 4
	}
	switch {
	case f.By == terms.ByExclusion:
		return "cancel.exclusion_keep"
	case f.By != terms.ByCustomer:
		return ""
	case out.DaysBefore < 30 || f.Trip == terms.Flight && out.DaysBefore < 60:
		return "cancel.band_full"
	case out.DaysBefore >= 60 && out.Fee == f.Price:
		return "cancel.band_deposit_is_price"
	case out.DaysBefore >= 60:
		return "cancel.band_deposit"
	case out.Fee > half:
		return "cancel.band_minimum_deposit"
	}
	return "cancel.band_percent"
}

// Costs that were proven rest on the words about costs, whoever ends the booking; and no reason says "no costs" beside them.
func TestCostsRestOnTheWordsAboutCosts(t *testing.T) {
	t.Parallel()
	for by := terms.ByCustomer; by.Valid(); by++ {
		f := terms.CancelFacts{Trip: terms.ForeignCoach, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 8, 5), On: civil.Must(2027, 8, 8), By: by,
			BasePrice: 59500, Price: 59500, DepositPaid: true, Paid: 59500, Costs: 8450}
		why := joetz.ExplainCancel(f)
		at := slices.IndexFunc(why, func(r terms.Reason) bool { return r.Key == "cancel.costs" })
		if at < 0 || !strings.Contains(why[at].Clause.Words, "Transportkosten") || !strings.Contains(why[at].Clause.Words, "doorgerekend") {
			t.Errorf("%s: %+v", by, why)
		}
		if all := words(why); strings.Contains(all, "zonder kosten") || strings.Contains(all, "alles terug") || strings.Contains(all, "betaalt niets") {
			t.Errorf("%s says both: %s", by, all)
		}
	}
}

// The reasons of a price rise say of each rise that does not count why, and count no days after the departure.
func TestReasonsOfARiseThatIsTooLate(t *testing.T) {
	t.Parallel()
	departs := civil.Must(2027, 7, 15)
	f := terms.PriceRiseFacts{Regime: terms.Package, PriceAtBooking: 30000, DepartsOn: departs}
	for _, before := range []int{20, 19, 0, -1} {
		f.Rises = append(f.Rises, terms.Rise{NotifiedOn: departs.AddDays(-before), Amount: money.Cents(100 + before)})
	}
	var keys []string
	why := terms.JOETZ2027().ExplainPriceRise(f)
	for _, r := range why {
		keys = append(keys, r.Key)
	}
	if want := []string{"rise.too_late", "rise.too_late", "rise.after_departure", "rise.no_exit", "rise.package"}; !slices.Equal(keys, want) {
		t.Fatalf("got %q, want %q", keys, want)
	}
	if late, _ := why[0].Sum(); late != 119 || strings.Contains(words(why), "-1") {
		t.Errorf("%v: %s", late, words(why))
	}
}

// The reasons of a quote say the same cents as the quote: deposit, balance and premium, each where there is one.
func TestReasonsOfAQuoteSayItsCents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawQuote(t)
		if joetz.CheckQuote(f) != nil {
			return
		}
		q, why := joetz.Quote(f), joetz.ExplainQuote(f)
		due, asked := told(why, "quote.deposit_due")
		balance, one := told(why, "quote.balance")
		parts, many := told(why, "quote.instalments")
		whole, atOnce := told(why, "quote.at_once")
		if due != q.Deposit || asked != (q.Deposit > 0) || due+balance+parts+whole != q.Total || one && many || atOnce != q.FullPayment {
			t.Fatalf("%+v: %s", q, words(why))
		}
		premium, above := told(why, "quote.premium")
		minimum, below := told(why, "quote.premium_minimum")
		if premium+minimum != q.Premium || (above || below) != f.Insurance || below && minimum != 2500 || above && premium != f.BasePrice.Percent(6500, money.Down) {
			t.Fatalf("%+v: %s", q, words(why))
		}
	})
}

// The reasons of a rebooking say its fee, by the sentence of the trip now held, and what is asked on top.
func TestReasonsOfARebookingSayItsCents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuote(t)
		f := terms.RebookFacts{Trip: q.Trip, BookedOn: q.BookedOn, DepartsOn: q.DepartsOn, On: drawDate(t, "on", q.BookedOn, 60), Price: q.Price,
			New: terms.NewHoliday{Trip: rapid.SampledFrom(terms.Trips[:]).Draw(t, "new trip"), DepartsOn: q.DepartsOn.AddDays(60), Price: drawCents(t, "new price")}}
		out, why := joetz.Rebook(f), joetz.ExplainRebook(f)
		key := "rebook.fee"
		switch {
		case out.Fee == 0:
			key = "rebook.free"
		case q.Trip == terms.Flight && (out.DaysBefore < 60 || q.BookedOn.DaysUntil(q.DepartsOn) <= 30):
			key = "rebook.as_full"
		case q.Trip == terms.Flight:
			key = "rebook.as_deposit"
		case out.Fee == q.Price:
			key = "rebook.fee_is_price"
		}
		dearer, _ := told(why, "rebook.dearer")
		cheaper, _ := told(why, "rebook.cheaper")
		top, _ := told(why, "rebook.top_up")
		if fee, found := told(why, key); !found || fee != out.Fee || dearer-cheaper != out.PriceDifference || top != out.DepositTopUp {
			t.Fatalf("%s, %+v: %s", key, out, words(why))
		}
	})
}

// Where an organiser may keep the deposit it keeps what was paid of it, and never asks the rest.
func TestAKeptDepositIsNeverMoreThanWasPaid(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("policies/joetz-2027.toml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(file), "[decisions.deposit_returned_on_default]\nchoice = true", "[decisions.deposit_returned_on_default]\nchoice = false", 1)
	keeps, err := terms.Load([]byte(text), "x.toml")
	if err != nil {
		t.Fatal(err)
	}
	for paid, kept := range map[money.Cents]money.Cents{0: 0, 4999: 4999, 5000: 5000, 20000: 5000} {
		f := terms.CancelFacts{Trip: terms.Domestic, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 8, 5), On: civil.Must(2027, 7, 20),
			By: terms.ByNonpayment, BasePrice: 33500, Price: 33500, Paid: paid}
		out := keeps.Cancel(f)
		if out.Fee != kept || out.Refund != paid-kept || out.Outstanding != 0 || out.Band != terms.BandDeposit {
			t.Errorf("paid %v: %+v", paid, out)
		}
		if told, found := told(keeps.ExplainCancel(f), "cancel.nonpayment_deposit"); !found || told != kept {
			t.Errorf("paid %v: told %v", paid, told)
		}
	}
}

// A day of the year that a year does not have is the month's last: 29 February.
func TestADayThatAYearDoesNotHave(t *testing.T) {
	t.Parallel()
	var m terms.Moment
	if err := m.UnmarshalText([]byte("29 February")); err != nil {
		t.Fatal(err)
	}
	for year, want := range map[int]civil.Date{2027: civil.Must(2027, 2, 28), 2028: civil.Must(2028, 2, 29)} {
		if got := m.InYear(year); got != want {
			t.Errorf("%d: %v", year, got)
		}
	}
}

// Every rule about a price has its turn: of one group the best, beside an exclusive category no discount but each surcharge, and each
// reason rests on the clause of its own rule.
func TestEveryRuleOfAPriceHasItsTurn(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("policies/joetz-2027.toml")
	if err != nil {
		t.Fatal(err)
	}
	rule := func(name, clause, more string) string {
		return "\n[[prices.discounts]]\nname = \"" + name + "\"\nclause = \"" + clause + "\"\n" + more + "\n"
	}
	policy, err := terms.Load([]byte(string(file)+
		rule("second", "deposit", `minus = "10% of price"`+"\n"+`group = "sibling"`)+rule("third", "balance", `minus = "20% of price"`+"\n"+`group = "sibling"`)+
		rule("early", "organiser", `minus = "5.00"`)+rule("late", "exclusion", `plus = "7.00"`)), "x.toml")
	if err != nil {
		t.Fatal(err)
	}
	f := terms.PriceFacts{Trip: terms.Domestic, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 8, 5), BasePrice: 33500,
		Prices: []terms.CategoryPrice{{Category: "solidaris", Price: 33500}, {Category: "vt", Price: 10800}}}
	for _, c := range []struct {
		holds    []string
		price    money.Cents
		category string
		clauses  []string // the first words of what each reason rests on
	}{
		{nil, 33500 - 6700 - 500 + 700, "base", []string{"Per vakantie", "Het saldo", "Als de geboekte", "Extra transport"}},
		{[]string{"solidaris", "contribution_paid"}, 33500 - 6700 - 500 + 700, "base", []string{"Per vakantie", "Het saldo", "Als de geboekte", "Extra transport"}},
		{[]string{"solidaris", "contribution_paid", "increased_allowance"}, 10800 + 700, "vt", []string{"De VT-prijs", "Extra transport"}},
	} {
		f.Holds = c.holds
		if err := policy.CheckBestPrice(f); err != nil {
			t.Fatal(err)
		}
		got, why := policy.BestPrice(f), policy.ExplainBestPrice(f)
		if got.Price != c.price || got.Category != c.category || len(why) != len(c.clauses) {
			t.Errorf("%v: %+v, %+v", c.holds, got, why)
			continue
		}
		for i, words := range c.clauses {
			if !strings.HasPrefix(why[i].Clause.Words, words) {
				t.Errorf("%v: %s rests on %q", c.holds, why[i].Key, why[i].Clause.Words)
			}
		}
	}
}

// The terms of a booking are found wherever they stand in the list: what does not apply is passed over.
func TestTermsInForceAmongOthers(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("policies/joetz-2027.toml")
	if err != nil {
		t.Fatal(err)
	}
	from := func(day string) terms.Terms {
		t.Helper()
		got, err := terms.Load([]byte(strings.Replace(string(file), `from = "2026-09-01"`, `from = "`+day+`"`, 1)), "x.toml")
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	next, now, old := from("2027-09-01"), from("2026-09-01"), from("2025-09-01")
	for _, all := range [][]terms.Terms{{next, now, old}, {next, old, now}, {old, next, now}, {now, old, next}} {
		if got, ok := terms.InForce(all, civil.Must(2026, 12, 1), civil.Must(2027, 8, 5)); !ok || got.Hash() != now.Hash() {
			t.Errorf("found %v", ok)
		}
	}
	if _, ok := terms.InForce([]terms.Terms{next, now}, civil.Must(2026, 8, 31), civil.Must(2027, 8, 5)); ok {
		t.Error("a booking from before all terms has some")
	}
}
