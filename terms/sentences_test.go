package terms_test

import (
	"strconv"
	"strings"
	"testing"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// changed is JOETZ's policy with one text put in another's place.
func changed(t *testing.T, from, to string) terms.Terms {
	t.Helper()
	file := policyFile(t)
	if strings.Count(file, from) == 0 {
		t.Fatalf("the policy has no %q", from)
	}
	got, err := terms.Load([]byte(strings.Replace(file, from, to, 1)), "x.toml")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func resting(why []terms.Reason, key string) string {
	for _, r := range why {
		if r.Key == key {
			return r.Clause.Words
		}
	}
	return "no " + key
}

func wantKeys(t *testing.T, what string, why []terms.Reason, want ...string) {
	t.Helper()
	var got []string
	for _, r := range why {
		got = append(got, r.Key)
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%s: got %q, want %q: %s", what, got, want, words(why))
	}
}

func onDay(before int, by terms.By) terms.CancelFacts {
	departs := civil.Must(2027, 8, 5)
	return terms.CancelFacts{Trip: terms.Domestic, BookedOn: civil.Must(2026, 12, 1), DepartsOn: departs, On: departs.AddDays(-before), By: by,
		BasePrice: 33500, Price: 33500, Paid: 5000, DepositPaid: true}
}

// "JOETZ heeft het recht om eenzijdig te annuleren" stands twice under Betalingen: for the deposit, and for the balance. The reason rests
// on the payment that stays out; where everything was due at once there was no deposit.
func TestNonpaymentRestsOnThePaymentThatStaysOut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		paid   bool
		booked civil.Date
		words  string
	}{
		"deposit": {false, civil.Must(2026, 12, 1), "wanneer het voorschot niet tijdig"},
		"balance": {true, civil.Must(2026, 12, 1), "wanneer het saldo niet tijdig"},
		"at once": {false, civil.Must(2027, 7, 6), "wanneer het saldo niet tijdig"},
	} {
		f := onDay(20, terms.ByNonpayment)
		f.DepositPaid, f.BookedOn = c.paid, c.booked
		if got := resting(joetz.ExplainCancel(f), "cancel.nonpayment"); !strings.Contains(got, c.words) {
			t.Errorf("%s: rests on %q", name, got)
		}
	}
}

// Where no deposit was asked ("betaalt men het volledig bedrag bij reservatie") no reason speaks of one that was not paid.
func TestCoverThatNeverRan(t *testing.T) {
	t.Parallel()
	f := onDay(20, terms.ByCustomer)
	f.Insurance, f.DepositPaid, f.Paid = true, false, 0
	wantKeys(t, "a deposit", joetz.ExplainCancel(f), "cancel.when", "cancel.band_full", "cancel.cover_never_ran", "cancel.outstanding")
	f.BookedOn = civil.Must(2027, 7, 6)
	wantKeys(t, "at once", joetz.ExplainCancel(f), "cancel.when", "cancel.band_full", "cancel.cover_never_ran_at_once", "cancel.outstanding")
}

// Day 60 ("meer dan 60 dagen … tussen 59 en 30 dagen") is explained by the choice that the owner made about it.
func TestTheGapIsToldAsItIsChosen(t *testing.T) {
	t.Parallel()
	policy := func(choice string) terms.Terms {
		return changed(t, "[decisions.gap_policy]\nchoice = \"lower_fee\"", "[decisions.gap_policy]\nchoice = \""+choice+"\"")
	}
	f := onDay(60, terms.ByCustomer)
	end := []string{"cancel.not_insured", "cancel.settled"}
	wantKeys(t, "lower", joetz.ExplainCancel(f), append([]string{"cancel.when", "cancel.gap", "cancel.band_deposit"}, end...)...)
	f.Paid = 16750
	wantKeys(t, "higher", policy("higher_fee").ExplainCancel(f), append([]string{"cancel.when", "cancel.gap_higher", "cancel.band_percent"}, end...)...)
	f.Paid = 0
	wantKeys(t, "none", policy("no_fee").ExplainCancel(f), append([]string{"cancel.when", "cancel.gap_free", "cancel.band_none"}, end...)...)
}

// A day in two bands has the lower fee, and says so; a day after the last band is no negative number of days.
func TestDaysInTwoBandsAndInNone(t *testing.T) {
	t.Parallel()
	f := onDay(30, terms.ByCustomer)
	f.Paid = 16750
	both := changed(t, "after  = \"30 days before departure\"", "from = \"30 days before departure\"")
	wantKeys(t, "both", both.ExplainCancel(f), "cancel.when", "cancel.shared", "cancel.band_percent", "cancel.not_insured", "cancel.settled")
	f = onDay(-3, terms.ByCustomer)
	f.Paid = 0
	over := changed(t, "after  = \"30 days before departure\"", "after = \"30 days before departure\"\nuntil = \"departure\"")
	wantKeys(t, "none", over.ExplainCancel(f), "cancel.after_departure", "cancel.no_band", "cancel.not_insured", "cancel.settled")
	if all := words(over.ExplainCancel(f)); strings.Contains(all, "-3") {
		t.Error(all)
	}
}

// "Omboekingskosten vliegtuigreis: de annuleringskosten voor vliegreizen worden aangerekend": the reason tells which they are.
func TestAFlightsRebookingTellsItsFee(t *testing.T) {
	t.Parallel()
	f := terms.RebookFacts{Trip: terms.Flight, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 8, 5), Price: 89900,
		New: terms.NewHoliday{Trip: terms.Flight, DepartsOn: civil.Must(2027, 9, 5), Price: 89900}}
	for before, c := range map[int]struct{ key, words string }{
		60: {"rebook.as_deposit", "60 dagen voor het vertrek is dat het voorschot: €\u00a0300,00."},
		59: {"rebook.as_full", "59 dagen voor het vertrek is dat de volledige prijs: €\u00a0899,00."},
		1:  {"rebook.as_full", "1 dag voor het vertrek is dat de volledige prijs"},
		0:  {"rebook.as_full", "Op de dag van het vertrek is dat de volledige prijs"},
	} {
		f.On = f.DepartsOn.AddDays(-before)
		why := joetz.ExplainRebook(f)
		if why[0].Key != c.key || !strings.Contains(words(why), c.words) {
			t.Errorf("%d days before: %s: %s", before, why[0].Key, words(why))
		}
	}
}

// Where the owner lets the cheaper of two fees count, the reason names the holiday whose fee it is.
func TestTheCheaperRebookingIsTold(t *testing.T) {
	t.Parallel()
	policy := changed(t, "[decisions.rebooking_fee_from]\nchoice = \"old\"", "[decisions.rebooking_fee_from]\nchoice = \"cheaper\"")
	f := terms.RebookFacts{Trip: terms.ForeignCoach, BookedOn: civil.Must(2026, 12, 1), DepartsOn: civil.Must(2027, 8, 5), On: civil.Must(2027, 1, 5), Price: 59500,
		New: terms.NewHoliday{Trip: terms.Domestic, DepartsOn: civil.Must(2027, 9, 5), Price: 33500}}
	why := policy.ExplainRebook(f)
	if fee, found := told(why, "rebook.cheaper_fee"); !found || fee != 2500 || !strings.Contains(words(why), "een vakantie in België") {
		t.Errorf("%v: %s", fee, words(why))
	}
	f.Trip, f.New.Trip = f.New.Trip, f.Trip
	if fee, found := told(policy.ExplainRebook(f), "rebook.fee"); !found || fee != 2500 {
		t.Errorf("from Belgium: %v", fee)
	}
}

// A rise is told as what it is: too late after a day that is named ("Omstandigheden buiten onze wil …"), above or from a limit, or none.
func TestReasonsOfARise(t *testing.T) {
	t.Parallel()
	departs := civil.Must(2027, 7, 15)
	rise := func(policy terms.Terms, regime terms.Regime, amounts ...money.Cents) []terms.Reason {
		f := terms.PriceRiseFacts{Regime: regime, PriceAtBooking: 30000, DepartsOn: departs}
		for _, a := range amounts {
			f.Rises = append(f.Rises, terms.Rise{NotifiedOn: civil.Must(2027, 3, 1), Amount: a})
		}
		return policy.ExplainPriceRise(f)
	}
	from := changed(t, "none = \"above 10%\"", "none = \"from 10%\"")
	for name, c := range map[string]struct {
		why  []terms.Reason
		want []string
	}{
		"none":                 {rise(joetz, terms.NoPackage), []string{"rise.none"}},
		"of nothing":           {rise(joetz, terms.Package, 0), []string{"rise.none"}},
		"exactly 10 %":         {rise(joetz, terms.NoPackage, 3000), []string{"rise.no_exit"}},
		"above 10 %":           {rise(joetz, terms.NoPackage, 1500, 1501), []string{"rise.exit"}},
		"a package's 8 %":      {rise(joetz, terms.Package, 2400), []string{"rise.no_exit", "rise.package"}},
		"from 10 % of nothing": {from.ExplainPriceRise(terms.PriceRiseFacts{Regime: terms.NoPackage, DepartsOn: departs, Rises: []terms.Rise{{NotifiedOn: departs}}}), []string{"rise.none"}},
		"from 10 %, exactly":   {rise(from, terms.NoPackage, 3000), []string{"rise.exit_from"}},
		"from 10 %, below":     {rise(from, terms.NoPackage, 2999), []string{"rise.no_exit_from"}},
	} {
		wantKeys(t, name, c.why, c.want...)
	}
	late := joetz.ExplainPriceRise(terms.PriceRiseFacts{Regime: terms.Package, PriceAtBooking: 30000, DepartsOn: departs,
		Rises: []terms.Rise{{NotifiedOn: civil.Must(2027, 6, 26), Amount: 9000}}})
	wantKeys(t, "19 days before", late, "rise.too_late", "rise.none")
	if rests := resting(late, "rise.too_late"); !strings.HasPrefix(rests, "Omstandigheden buiten onze wil") ||
		!strings.Contains(words(late), "19 dagen voor het vertrek. Dat kon tot en met 25\u00a0juni 2027") {
		t.Errorf("%s rests on %q", words(late), rests)
	}
}

// "Het saldo betaalt men in maximum 3 termijnen": who pays the balance at once reads in how many parts it could be, or that it cannot any more.
func TestTheOfferOfPartsIsTold(t *testing.T) {
	t.Parallel()
	f := terms.QuoteFacts{Trip: terms.Domestic, DepartsOn: civil.Must(2027, 8, 5), BasePrice: 33500, Price: 33500, Instalments: 1}
	for booked, c := range map[civil.Date]struct {
		key   string
		parts int
	}{
		civil.Must(2027, 4, 20): {"quote.parts_offered", 3}, civil.Must(2027, 4, 21): {"quote.parts_offered", 2}, // the first part would fall on the deposit's day
		civil.Must(2027, 5, 21): {"quote.parts_offered", 2}, civil.Must(2027, 5, 22): {"quote.parts_too_late", 1},
	} {
		f.BookedOn = booked
		why, most := joetz.ExplainQuote(f), joetz.Quote(f).MaxInstalments
		if _, found := told(why, c.key); !found || most != c.parts {
			t.Errorf("booked on %v: %d, %s", booked, most, words(why))
		}
		if c.parts > 1 && !strings.Contains(words(why), "in hoogstens "+strconv.Itoa(c.parts)+".") {
			t.Errorf("booked on %v: %s", booked, words(why))
		}
	}
	f.Price, f.BookedOn = 5000, civil.Must(2027, 4, 20)
	if _, found := told(joetz.ExplainQuote(f), "quote.parts_offered"); found {
		t.Error("there is no balance to pay in parts")
	}
}
