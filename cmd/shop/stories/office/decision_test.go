package office

import (
	"context"
	"fmt"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// departureOf finds the departure of a booked child.
func departureOf(t *testing.T, p *program.Program, first string) (d id.Departure) {
	t.Helper()
	err := p.DB.GetContext(context.Background(), &d, `SELECT b.departure_id FROM booking b JOIN participant p ON p.id = b.participant_id WHERE p.first_name = $1 AND b.status <> 'cancelled' ORDER BY b.id DESC LIMIT 1`, first)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// settled waits until no booking of any decision waits for its job.
func settled(t *testing.T, p *program.Program) {
	t.Helper()
	shoptest.WaitFor(t, "the decisions", func(ctx context.Context) (bool, error) {
		var n int
		err := p.DB.GetContext(ctx, &n, `SELECT count(*) FROM decision_item WHERE state = 'waiting'`)
		return n == 0, err
	})
}

// TestOfficeCallsADepartureOff: the office raises a price in two steps, the second above the threshold, and one family leaves
// with one click; it calls the departure off
// with another one to choose; one child is rebooked with one click, for the other the family stays silent and gets everything
// back when the time is over.
func TestOfficeCallsADepartureOff(t *testing.T) {
	t.Parallel()
	at := func(month time.Month, day int) time.Time {
		return time.Date(2027, month, day, 10, 0, 0, 0, civil.Brussels)
	}
	p, move := shoptest.StartMoving(t, at(time.January, 11))
	b, o := browsertest.Open(t, p.URL(), 390), browsertest.Open(t, p.URL(), 1280)
	b.Visit("/vakanties")
	shoptest.BookTwo(t, b, "Het geheim van Massembre", "Nu online")
	b.Press("Betaal met Bancontact").Until("Bedankt, je betaling is binnen").Press("Naar je boeking").Until("Betaald € 100,00")
	order, d := b.Path(), departureOf(t, p, "Mats")
	noor := newFamily(t, p, d, "noor@example.be", "Noor", 0)

	raise := func(percent, shot string) {
		shoptest.SignInStaff(o, seed.SignIns[1]) // a member of staff is signed out overnight
		o.Visit(fmt.Sprintf("/kantoor/prijsverhoging?vertrek=%d", d)).Pick("Brandstof of energie").Fill("Percentage", percent).Fill("De berekening", "De bus kost 900 € meer, gedeeld door 40 kinderen.").
			Shot(shot+"-form-1280").Press("Toon wat er gebeurt").Sees("Prijs bij het boeken", "€ 335,00").Shot(shot + "-preview-1280").
			Press("Verhoog de prijs en verwittig iedereen").Sees("De beslissing is genomen")
		settled(t, p)
		o.Visit(o.Path()).Sees("klaar").Shot(shot + "-progress-1280")
	}
	raise("6", "rise-first")
	b.Visit(order).Press("Lees wat er veranderde voor Mats").Sees("€ 20,10", "De berekening").SeesNot("Annuleer gratis").Shot("rise-first-390")
	move(at(time.February, 15))
	raise("5,5", "rise-second")
	b.Visit("/aanmelden")
	shoptest.SignInParent(t, b, "mieke@example.be")
	b.Visit(order).Press("Er verandert iets aan de vakantie van Mats").Sees("Je mag gratis weg tot en met", "€ 50,00", "Annuleer gratis voor Mats").Shot("rise-exit-390")
	exit := b.Path()
	b.Visit("/mijn").Sees("De prijs of de vakantie van Mats veranderde").Visit(order).Sees("Bijbetaling", "Prijsverhoging").Press("Wijzig, boek om of annuleer voor Mats").Press("Bekijk wat annuleren kost")
	b.Sees("Voor Mats kun je nu gratis weg", "Annuleer gratis voor Mats") // never the page on which it would cost 50.00
	leaver := enter(t, p, "noor@example.be", noor.Order)                  // nothing was paid: nothing goes back, and nothing is asked any more
	leaver.Press("Er verandert iets aan de vakantie van Noor").Sees("Annuleer gratis voor Noor").Press("Annuleer gratis voor Noor").Sees("De boeking van Noor is gratis geannuleerd", "Er is niets meer te betalen").SeesNot("Te betalen tegen").Shot("rise-left-390")
	o.Visit("/kantoor/besluiten").Press("Prijsverhoging").Press("Weggegaan").Sees("Noor Veertig").SeesNot("Mats Test").Shot("rise-campaign-1280")
	o.Visit(fmt.Sprintf("/kantoor/boeking/%d", noor.Order)).Sees("Geannuleerd: De prijs stijgt te veel, kost € 0,00", "Het gezin ging zelf gratis weg").SeesNot("Annulering ongedaan maken")
	move(at(time.March, 15))
	b.Visit(exit).Sees("Gratis weggaan kon tot en met").SeesNot("Annuleer gratis")

	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/prijsverhoging").Press("Verder").Sees("Vul dit in").Fill("Vakantie", "Massembre").Press("Toon").Sees("Het geheim van Massembre").SeesNot("Zeebonken").Shot("rise-errors-1280")
	o.Pick("Het geheim van Massembre").Press("Verder").Sees("Het geheim van Massembre").Press("Toon wat er gebeurt").Sees("Vul dit in").Shot("rise-why-1280")
	o.Visit(fmt.Sprintf("/kantoor/vertrek/%d/afgelasten", d)).Press("Toon wat er gebeurt").Sees("Vul dit in").Shot("off-errors-1280")
	o.Fill("Waarom?", "We vonden niet genoeg begeleiders.")
	if _, err := o.Eval(`() => { const s = document.getElementById("f-other1"); for (const o of s.options) { if (o.text.startsWith("Zeebonken")) { s.value = o.value } } }`); err != nil {
		t.Fatal(err)
	}
	shoptest.SetField(t, o, "f-until", "2027-03-22")
	o.Shot("off-form-1280").Press("Toon wat er gebeurt").Sees("Mats Test", "Terug, als niemand iets anders kiest", "Zeebonken").Shot("off-preview-1280")
	o.Press("Gelast dit vertrek af").Sees("De beslissing is genomen")
	settled(t, p)
	progress := o.Path()
	o.Visit(progress).Sees("Kiest nog").Shot("off-progress-1280")
	o.Visit("/kantoor").Sees("Gezinnen kiezen nog").Shot("off-worklist-1280")
	o.Visit(fmt.Sprintf("/kantoor/vertrek/%d/afgelasten", d)).SeesNot("Gelast dit vertrek af")

	if _, err := b.Eval(`path => { const f = document.createElement("form"); f.method = "post"; f.action = path; document.body.append(f); f.submit() }`, order+"/betalen"); err != nil { // a page of before
		t.Fatal(err)
	}
	b.Until("Kies eerst wat je in de plaats wil").Sees("Of alles terug", "Zeebonken").Shot("off-pay-390")
	b.Visit(order).Press("Deze vakantie gaat niet door. Kies wat je wil voor Mats").Sees("Kies ten laatste op 22 maart 2027", "Zeebonken", "Of alles terug").Shot("off-choose-390")
	answer := b.Path()
	stranger := browsertest.Open(t, p.URL(), 390)
	stranger.Visit("/aanmelden")
	shoptest.SignInParent(t, stranger, "vreemd@example.be")
	stranger.Visit(answer).SeesNot("Mats", "Zeebonken")
	b.Press("Kies Zeebonken").Sees("Mats is gratis omgeboekt").Shot("off-chosen-390")
	b.Visit(order).Sees("Zeebonken in Nieuwpoort").Shot("off-order-390")
	move(at(time.March, 23))
	shoptest.WaitFor(t, "the refund by silence", func(ctx context.Context) (bool, error) {
		var n int
		err := p.DB.GetContext(ctx, &n, `SELECT count(*) FROM decision_item WHERE state <> 'done'`)
		return n == 0, err
	})
	b.Visit(order).Press("Lees wat er veranderde voor Lena").Sees("€ 50,00 gaat terug").Shot("off-refunded-390")
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit(progress).Sees("Terugbetaald", "Koos iets anders").Shot("off-done-1280")
	narrow := browsertest.Open(t, p.URL(), 390)
	shoptest.SignInStaff(narrow, seed.SignIns[1])
	narrow.Visit(progress).Shot("off-done-390").Visit("/kantoor/besluiten").Sees("Afgelast").Shot("decisions-390")
	narrow.Visit("/kantoor/prijsverhoging").Shot("rise-form-390")
	o.Visit("/demo/mail").Until("gaat niet door: je krijgt").Press("Het geheim van Massembre gaat niet door").Shot("off-mail-1280")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}
