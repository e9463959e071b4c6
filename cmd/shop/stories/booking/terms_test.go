package booking

import (
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/migrations/pg"
	"joetz/payments/bank/bankfake"
	"joetz/payments/reconcile"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// aFamily books for a family, as its forms do, so that a story begins where it is about.
type aFamily struct {
	t *testing.T
	p *program.Program
	g account.Guardian
}

func aNewFamily(t *testing.T, p *program.Program, email, last string) *aFamily {
	t.Helper()
	f := &aFamily{t: t, p: p}
	f.must(pg.InTx(t.Context(), p.DB.DB, func(tx *sqlx.Tx) (err error) {
		if f.g, err = p.Services.Accounts.GuardianTx(t.Context(), tx, email, "nl"); err != nil {
			return err
		}
		return p.Services.Accounts.UpdateGuardianTx(t.Context(), tx, f.g.ID, account.GuardianInput{FirstName: "An", LastName: last, Phone: "0470123456",
			Street: "Kerkstraat 1", PostalCode: "3000", City: "Leuven", Country: "BE", Lang: "nl"})
	}))
	var err error
	f.g, err = p.Services.Accounts.GuardianByID(t.Context(), f.g.ID)
	f.must(err)
	return f
}

func (f *aFamily) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// books takes a place for a new child at the base price, and pays that much of it by transfer.
func (f *aFamily) books(code, child string, year int, paid money.Cents) booking.Booking {
	f.t.Helper()
	_, place := f.basket(code, child, year)
	placed, err := place()
	f.must(err)
	if paid > 0 {
		f.transfer(placed.Order, paid)
	}
	o, err := f.p.Services.Bookings.OrderByID(f.t.Context(), placed.Order)
	f.must(err)
	return o.Bookings[0]
}

// basket holds a place for a new child, with everything answered but the last page.
func (f *aFamily) basket(code, child string, year int) (departure id.Departure, place func() (booking.Placed, error)) {
	f.t.Helper()
	ctx, b := f.t.Context(), f.p.Services.Bookings
	departure = id.Departure(shoptest.Number(f.t, f.p, `SELECT d.id FROM departure d JOIN holiday h ON h.id = d.holiday_id WHERE h.code = $1 AND d.status = 'published' ORDER BY d.starts_on LIMIT 1`, code))
	found, err := f.p.Services.Catalogue.ByID(ctx, departure)
	f.must(err)
	token, err := b.Start(ctx, departure, 1)
	f.must(err)
	f.must(b.Identify(ctx, token, f.g.ID))
	f.must(b.ChooseNewChild(ctx, token, f.g.ID, 1, account.ChildInput{FirstName: child, LastName: f.g.LastName, BornOn: civil.Must(year, 5, 3)}))
	no := false
	in := booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no"}
	if stops := found[departure].BoardingPlaces; len(stops) > 0 {
		in.BoardingPlace = stops[0].ID
	}
	f.must(b.Choose(ctx, token, f.g.ID, 1, in))
	sum, err := b.Summary(ctx, token, f.g.ID, 1)
	f.must(err)
	return departure, func() (booking.Placed, error) {
		return b.Place(ctx, token, f.g, booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: b.Terms.Hash(), QuotedTotal: sum.Total})
	}
}

// transfer lets a transfer arrive with the bank's next statement.
func (f *aFamily) transfer(order id.Order, amount money.Cents) {
	f.t.Helper()
	ctx := f.t.Context()
	o, err := f.p.Services.Bookings.OrderByID(ctx, order)
	f.must(err)
	var last struct {
		Number  int         `db:"number"`
		Balance money.Cents `db:"balance"`
	}
	f.must(f.p.DB.GetContext(ctx, &last, `SELECT number::int AS number, closing_cents AS balance FROM bank_statement ORDER BY closed_on DESC, id DESC LIMIT 1`))
	file, err := bankfake.CODA(bankfake.Statement{
		Account: f.p.Services.Bookings.Account.IBAN, BIC: "KREDBEBB", Holder: "JOETZ VZW", Date: civil.Of(f.p.Now()), Number: last.Number + 1, Opening: last.Balance,
		Transfers: []bankfake.Transfer{{Amount: amount, Name: o.PayerName, IBAN: "BE71096123456769", Reference: o.StructuredComm}},
	})
	f.must(err)
	_, err = f.p.Services.Bank.Import(ctx, reconcile.Upload{Name: fmt.Sprintf("%d.cod", order), Data: file, By: 1})
	f.must(err)
}

// TestCancellationsAndRebookingsByTheTerms: in one spring and summer a family rebooks up, down and across kinds, cancels flights,
// coach holidays, some with own transport and some in Belgium, in every band, and complains after the last: on day 30 it is taken, on day 31 refused. Every amount is worked out by hand from the general terms (flight: 300 until 60 days before, then
// all; coach 75 % under 60 days; the others 50 %; rebooking 25, from a coach holiday 50, from a flight as if it was cancelled).
func TestCancellationsAndRebookingsByTheTerms(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, d int) time.Time { return time.Date(2027, month, d, 10, 0, 0, 0, civil.Brussels) }
	p, move := shoptest.StartMoving(t, day(time.April, 20))
	f := aNewFamily(t, p, "termen@example.be", "Termen")
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/aanmelden")
	shoptest.SignInParent(t, b, "termen@example.be")

	// Rebooking, more than 60 days before. What was paid is the deposit.
	for _, c := range []struct {
		child        string
		year         int
		from, to     string
		paid         money.Cents
		place        string
		fee, all, at string // to pay in all: new price + fee - paid; at: within 14 days, what the deposit lacks once the fee took its part
	}{
		{"Ada", 2016, "BI-27-05", "Het geheim van Massembre", 50_00, "Gent", "€ 25,00", "€ 310,00", "€ 25,00"},       // 299 -> 335
		{"Bas", 2016, "BI-27-06", "Zeebonken in Nieuwpoort", 50_00, "Gent", "€ 25,00", "€ 274,00", "€ 25,00"},        // 335 -> 299
		{"Cas", 2015, "BI-27-06", "Boven de boomgrens", 50_00, "Gent", "€ 25,00", "€ 570,00", "€ 75,00"},             // 335 -> 595, deposit 100
		{"Die", 2015, "BU-27-01", "Het geheim van Massembre", 100_00, "Gent", "€ 50,00", "€ 285,00", ""},             // 595 -> 335, deposit 50: there
		{"Eva", 2011, "VL-27-01", "Fjorden te voet", 300_00, "Brussels Airport", "€ 300,00", "€ 995,00", "€ 300,00"}, // 899 -> 995, as if cancelled
	} {
		old := f.books(c.from, c.child, c.year, c.paid)
		b.Visit(fmt.Sprintf("/mijn/kind/%d/omboeken", old.ID)).Press(c.to)
		b.Sees("Kost van het omboeken "+c.fee, "Nog te betalen, alles samen "+c.all)
		if c.at != "" {
			b.Sees("Waarvan binnen 14 dagen " + c.at)
		}
		b.Shot("terms-rebook-"+c.child+"-390").Pick(c.place).Press("Boek "+c.child+" om").Sees(c.child+" is omgeboekt", c.to)
	}
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}

	// Every band of every kind of trip, each on its last or first day. Two rows of a kind are one night apart where the fee jumps.
	bands := []struct {
		on    time.Time
		code  string
		child string
		year  int
		paid  money.Cents
		sees  []string
	}{
		{day(time.May, 4), "VL-27-01", "Fien", 2011, 899_00, []string{"Annuleringskost € 300,00", "Al betaald € 899,00", "Krijg je terug € 599,00"}},  // 60 days before 3 July
		{day(time.May, 5), "VL-27-01", "Jef", 2011, 300_00, []string{"Annuleringskost € 899,00", "Al betaald € 300,00", "Nog te betalen € 599,00"}},   // 59
		{day(time.May, 10), "BU-27-01", "Kaat", 2013, 595_00, []string{"Annuleringskost € 100,00", "Krijg je terug € 495,00"}},                        // 60 before 9 July
		{day(time.May, 11), "BU-27-01", "Gus", 2013, 100_00, []string{"Annuleringskost € 446,25", "Al betaald € 100,00", "Nog te betalen € 346,25"}},  // 75 % of 595
		{day(time.May, 12), "BE-27-01", "Leo", 2013, 395_00, []string{"Annuleringskost € 100,00", "Krijg je terug € 295,00"}},                         // 60 before 11 July
		{day(time.May, 20), "BI-27-06", "Mia", 2016, 335_00, []string{"Annuleringskost € 50,00", "Krijg je terug € 285,00"}},                          // 60 before 19 July
		{day(time.May, 27), "BE-27-01", "Hans", 2013, 0, []string{"Annuleringskost € 197,50", "Nog te betalen € 197,50"}},                             // 45: 50 % of 395
		{day(time.June, 10), "BU-27-01", "Nel", 2013, 100_00, []string{"Annuleringskost € 595,00", "Nog te betalen € 495,00"}},                        // 29
		{day(time.June, 12), "BE-27-01", "Oona", 2013, 395_00, []string{"Annuleringskost € 395,00", "Al betaald € 395,00"}},                           // 29: nothing comes back
		{day(time.June, 19), "BI-27-06", "Ida", 2016, 335_00, []string{"Annuleringskost € 167,50", "Al betaald € 335,00", "Krijg je terug € 167,50"}}, // 30: 50 % of 335
		{day(time.June, 20), "BI-27-06", "Pia", 2016, 50_00, []string{"Annuleringskost € 335,00", "Nog te betalen € 285,00"}},                         // 29
	}
	booked := make([]booking.Booking, len(bands))
	for i, c := range bands {
		booked[i] = f.books(c.code, c.child, c.year, c.paid)
	}
	for i, c := range bands {
		move(c.on)
		b.Visit(fmt.Sprintf("/mijn/kind/%d/annuleren", booked[i].ID)).Sees(c.sees...).Shot("terms-cancel-" + c.child + "-390")
		b.Press("Annuleer voor " + c.child).Sees("De boeking van " + c.child + " is geannuleerd")
		if err := shoptest.Sound(t, p); err != nil {
			t.Error(err)
		}
	}

	// Ada came home from Massembre on Sunday 25 July. Day 30 is 24 August.
	move(day(time.August, 24))
	b.Visit("/aanmelden")
	shoptest.SignInParent(t, b, "termen@example.be")
	complain := func() *browsertest.Tab {
		t.Helper()
		return b.Visit("/mijn/vragen/nieuw").Pick("Klacht").Choose("Over welke boeking?", "Ada, Het geheim").Fill("Je bericht", "Het eten was twee dagen koud.").Press("Verstuur")
	}
	complain().Sees("Klacht K2027-", "Wacht op ons").Shot("terms-complaint-390")
	move(day(time.August, 25))
	complain().Sees("Een klacht kan tot 30 dagen na de terugreis. Voor deze vakantie was dat tot en met 24 augustus 2027.", "als gewone vraag").Shot("terms-complaint-late-390")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}
