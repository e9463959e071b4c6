package terms_test

import (
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
	joetz := terms.JOETZ2027()
	rapid.Check(t, func(t *rapid.T) {
		f := drawCancel(t)
		out, why := joetz.Cancel(f), joetz.ExplainCancel(f)
		if out.Fee > 0 {
			if !slices.ContainsFunc(why, func(r terms.Reason) bool {
				amount, ok := r.Sum()
				return ok && amount == out.Fee && (strings.HasPrefix(r.Key, "cancel.band_") || r.Key == "cancel.exclusion_keep")
			}) {
				t.Fatalf("the fee of %v is not told: %s", out.Fee, words(why))
			}
		}
		for key, want := range map[string]money.Cents{"cancel.costs": f.Costs, "cancel.refund": out.Refund, "cancel.outstanding": out.Outstanding} {
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

// Costs that were proven rest on the words about costs, whoever ends the booking; and no reason says "no costs" beside them.
func TestCostsRestOnTheWordsAboutCosts(t *testing.T) {
	t.Parallel()
	joetz := terms.JOETZ2027()
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
	joetz := terms.JOETZ2027()
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
