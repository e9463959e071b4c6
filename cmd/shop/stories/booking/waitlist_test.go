package booking

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/account"
	"joetz/shop/seed"
	"joetz/shop/waitlist"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// onePairLeft takes places away until a holiday has two.
func onePairLeft(t *testing.T, p *program.Program, title string) (departure id.Departure, slug string, starts civil.Date) {
	t.Helper()
	all, err := p.Services.Catalogue.Upcoming(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Title == title {
			if _, err := p.Services.Bookings.RemovePlaces(t.Context(), account.Identity{StaffID: 1}, d.ID, d.Free-2, "kleiner huis"); err != nil {
				t.Fatal(err)
			}
			return d.ID, d.Slug, d.StartsOn
		}
	}
	t.Fatalf("no %q", title)
	return 0, "", civil.Date{}
}

// TestSiblingsFromTheWaitingListToTheDeparture: a family joins the list of a full holiday for two children together; another
// family's two bookings are cancelled; the place that came free first is for nobody, the two together are theirs before
// anybody else's; they accept from the mail, pay on line, and the season goes on to the day that the bus leaves.
func TestSiblingsFromTheWaitingListToTheDeparture(t *testing.T) {
	t.Parallel()
	p, move := shoptest.StartMoving(t, time.Date(2026, 11, 24, 10, 0, 0, 0, civil.Brussels))
	const holiday = "Het geheim van Massembre"
	departure, slug, starts := onePairLeft(t, p, holiday)
	a := browsertest.Open(t, p.URL(), 390)
	a.Visit("/vakanties").Press(holiday)
	bookPair(t, a)
	reference := regexp.MustCompile(`V\d{7}`).FindString(a.Read())

	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties/" + slug).Until("Zet je op de wachtlijst").Shot("waitlist-full-390").Press("Zet je op de wachtlijst")
	shoptest.SignInParent(t, b, "jan@example.be")
	b.Sees("Zet je op de wachtlijst", holiday)
	b.Fill("Voornaam", "Noor").Fill("Familienaam", "Wacht").Fill("Dag", "3").Fill("Maand", "5").Fill("Jaar", "1999").Press("Voeg dit kind toe")
	b.Fill("Dag", "3").Fill("Maand", "5").Fill("Jaar", "2016").Press("Voeg dit kind toe")
	b.Fill("Voornaam", "Bas").Fill("Familienaam", "Wacht").Fill("Dag", "9").Fill("Maand", "11").Fill("Jaar", "2017").Press("Voeg dit kind toe")
	b.Choose("Wanneer mogen we", "Alleen als iedereen samen mee kan").Shot("waitlist-join-390").Press("Zet ons op de lijst")
	b.Sees("Je staat op plaats 1", "Noor en Bas").Shot("waitlist-position-390")

	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	cancelChild(o, reference, "Lena Test")
	b.Visit("/mijn/wachtlijst").Sees("Je staat op plaats 1") // one place does not help two
	cancelChild(o, reference, "Mats Test")
	b.Visit("/mijn/wachtlijst").Until("Er is plaats!")
	b.Visit("/mijn").Sees("We houden dit voor je vrij tot").Shot("waitlist-home-390")
	c := browsertest.Open(t, p.URL(), 390)
	c.Visit("/vakanties/"+slug).SeesNot("Nog 1 plaats", "Nog 2 plaatsen") // held for them, not for sale

	mails := browsertest.Open(t, p.URL(), 390).Visit("/demo/mail").Until("Er is plaats: " + holiday)
	mails.Press("Er is plaats: " + holiday).Shot("waitlist-mail-390")
	o.Visit("/kantoor").Until("De plaats wacht op een antwoord").Shot("waitlist-worklist-1280")
	o.Visit("/kantoor/wachtlijst").Sees(holiday).Shot("waitlist-lists-1280").Press(holiday).Sees("Aanbod loopt", "Noor Wacht, 2016", "2 plaatsen, tot").Shot("waitlist-office-1280")

	b.Visit("/mijn/wachtlijst").Press("Bekijk je aanbod").Sees("Er zijn 2 plaatsen voor Noor en Bas", "25 november 2026 om 20:").Shot("waitlist-offer-390").Press("Ja, boeken")
	for _, child := range []string{"Noor", "Bas"} {
		b.Sees("Keuzes voor " + child)
		b.Pick("Basisprijs").Pick("Hasselt").PickIn("Wil je een annulatieverzekering", "Nee").PickIn("Heeft "+child, "Nee").PickIn("Mogen we foto", "Ja").Press("Verder")
	}
	b.Fill("Jouw voornaam", "Jan").Fill("Jouw familienaam", "Wacht").Fill("Telefoonnummer", "0470 12 34 57").Fill("Straat", "Kerkstraat 2").Fill("Postcode", "3000").Fill("Gemeente", "Leuven").Press("Verder")
	b.Sees("Klopt alles?", "Noor Wacht", "Bas Wacht").Shot("waitlist-confirm-390")
	b.Pick("In 1 keer").Pick("Nu online").Pick("Ik ga akkoord").Press("Boeken en betalen")
	b.Press("Betaal met Bancontact").Until("Bedankt, je betaling is binnen")
	b.Visit("/mijn/wachtlijst").Sees("Geboekt")

	// Two more families wait. The office lets the second go first, takes the other off, and cannot offer what is not there; once
	// there is one more place it goes to who waits, before the public.
	cee, dee := aNewFamily(t, p, "cee@example.be", "Cee"), aNewFamily(t, p, "dee@example.be", "Dee")
	cee.waits(departure, "Cas")
	dee.waits(departure, "Do")
	o.Visit(fmt.Sprintf("/kantoor/wachtlijst/%d", departure)).Sees("1. An Cee", "2. An Dee")
	actOn(t, o, "An Dee", "", "Geef voorrang")
	o.Sees("Er is een probleem")
	actOn(t, o, "An Dee", "haar broer gaat al mee", "Geef voorrang")
	o.Sees("Dat is gebeurd", "1. An Dee", "2. An Cee", "haar broer gaat al mee")
	actOn(t, o, "An Dee", "toch proberen", "Bied nu een plaats aan")
	o.Sees("Er zijn nu geen plaatsen vrij die bij dit gezin passen").Shot("waitlist-acts-1280")
	actOn(t, o, "An Cee", "vond iets anders", "Haal van de lijst")
	o.Sees("Dat is gebeurd", "Wacht niet meer", "An Cee (1)").SeesNot("2. An")
	o.Visit(fmt.Sprintf("/kantoor/aanbod/vertrek/%d/plaatsen", departure)).Fill("Hoeveel plaatsen", fmt.Sprint(shoptest.Number(t, p, `SELECT count(*) + 1 FROM place WHERE departure_id = $1`, departure))).Fill("Waarom", "een bed erbij").Press("Bewaar")
	o.Visit(fmt.Sprintf("/kantoor/wachtlijst/%d", departure)).Until("1 plaats, tot")

	// The season goes by: the family pays the balance when its invoice comes, and on the day itself two children get on the bus.
	var due civil.Date
	if err := p.DB.Get(&due, `SELECT min(i.due_on) FROM instalment i JOIN booking b ON b.id = i.booking_id JOIN participant x ON x.id = b.participant_id WHERE x.last_name = 'Wacht' AND i.kind = 'balance' AND i.void_at IS NULL`); err != nil {
		t.Fatal(err)
	}
	move(due.AddDays(-3).Start().Add(9 * time.Hour))
	b.Visit("/aanmelden")
	shoptest.SignInParent(t, b, "jan@example.be")
	b.Visit("/mijn/betalen").Sees("€ 570,00").Shot("waitlist-balance-390").Press("Online betalen").Press("Betaal met Bancontact").Until("Bedankt, je betaling is binnen")
	if open := shoptest.Number(t, p, `SELECT coalesce(sum(i.amount_cents - coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0)), 0)::bigint
		FROM instalment i JOIN booking b ON b.id = i.booking_id JOIN participant x ON x.id = b.participant_id WHERE x.last_name = 'Wacht' AND i.void_at IS NULL`); open != 0 {
		t.Errorf("%d cents are open after the balance was paid", open)
	}
	move(starts.AddDays(-20).Start().Add(9 * time.Hour))
	b.Visit("/mijn").Sees(holiday, "Noor").SeesNot("Te laat").Shot("waitlist-season-390")
	move(starts.Start().Add(9 * time.Hour))
	var going int
	if err := p.DB.Get(&going, `SELECT count(*) FROM booking b JOIN participant p ON p.id = b.participant_id JOIN place x ON x.booking_id = b.id
		WHERE b.departure_id = $1 AND b.status = 'placed' AND p.last_name = 'Wacht'`, departure); err != nil || going != 2 {
		t.Errorf("%d of the two siblings go: %v", going, err)
	}
	c.Visit("/mijn/wachtlijst/1").SeesNot("Noor")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}

// waits puts a new child of a family on the list of a departure.
func (f *aFamily) waits(departure id.Departure, child string) {
	f.t.Helper()
	key, err := f.p.Services.Accounts.AddChild(f.t.Context(), f.g.ID, account.ChildInput{FirstName: child, LastName: f.g.LastName, BornOn: civil.Must(2016, 5, 3)})
	f.must(err)
	_, err = f.p.Services.Waitlist.Join(f.t.Context(), f.g.ID, waitlist.JoinInput{Departure: departure, AtLeast: 1, Children: []waitlist.JoinChild{{Participant: key}}})
	f.must(err)
}

// actOn fills in why, and presses a button, in the panel of one family on a waiting list.
func actOn(t *testing.T, o *browsertest.Tab, family, why, button string) {
	t.Helper()
	o.Leads(button+" for "+family, func() {
		_, err := o.Eval(`(family, why, button) => {
			const panel = [...document.querySelectorAll("section.panel")].find(p => p.textContent.includes(family))
			panel.querySelector('[name="reason"]').value = why
			const press = [...panel.querySelectorAll("button")].find(b => b.textContent.trim() === button)
			press.click()
		}`, family, why, button)
		if err != nil {
			t.Fatal(err)
		}
	})
}

// bookPair books two children at the base price for a new family, by transfer.
func bookPair(t *testing.T, b *browsertest.Tab) {
	t.Helper()
	b.Choose("Hoeveel kinderen", "2").Press("Boek")
	shoptest.SignInParent(t, b, "mieke@example.be")
	for i, child := range []string{"Lena", "Mats"} {
		b.Fill("Voornaam", child).Fill("Familienaam", "Test").Fill("Dag", "3").Fill("Maand", "5").Fill("Jaar", []string{"2016", "2017"}[i]).Press("Verder")
		b.Pick("Basisprijs").Pick("Hasselt").PickIn("Wil je een annulatieverzekering", "Nee").PickIn("Heeft "+child, "Nee").PickIn("Mogen we foto", "Ja").Press("Verder")
	}
	b.Fill("Jouw voornaam", "Mieke").Fill("Jouw familienaam", "Test").Fill("Telefoonnummer", "0470 12 34 56").Fill("Straat", "Kerkstraat 1").Fill("Postcode", "3000").Fill("Gemeente", "Leuven").Press("Verder")
	b.Pick("In 1 keer").Pick("Met een overschrijving").Pick("Ik ga akkoord").Press("Boeken en betalen").Sees("Gelukt, je boeking is binnen")
}

// cancelChild is the office that cancels a child for its family.
func cancelChild(o *browsertest.Tab, reference, child string) {
	o.Visit("/kantoor/zoeken?zoek=" + reference).Press(reference).Press("Annuleer " + child)
	o.Pick("De ouder annuleert").Press("Bereken wat het kost").Press("Annuleer " + child + " nu").Sees("De boeking is geannuleerd")
}
