package office

import (
	"fmt"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
	"joetz/terms/civil"
)

// TestTheOfficeChoosesWhatIsAskedAndWhomItWritesTo: the office chooses the extra questions of a target group, a parent reads
// them while booking and gets only those in the fiche; the office ticks families on a list and writes to them, and finds the
// letter's version in the booking's history; it refuses bookings of a child from the family's file, and the parent who wants
// to give that child a place is asked to call.
func TestTheOfficeChoosesWhatIsAskedAndWhomItWritesTo(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.StartMoving(t, time.Date(2026, 12, 10, 10, 0, 0, 0, civil.Brussels))
	const holiday = "Rustig aan zee"
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/aanbod").Press("Doelgroepen").Sees("kinderen en jongeren met een diagnose autisme", "15 extra vragen", "14 extra vragen")
	both(t, o, "groups")
	o.Press("kinderen en jongeren met een diagnose autisme").Sees("Wie leest dit: het zorgteam op kantoor en wat afgesproken is: de hoofdanimator", "Je kunt vragen toevoegen, niet weglaten")
	o.Pick("Hoe communiceert je kind?").Press("Bewaar").Sees("je kunt vragen toevoegen, niet weglaten")
	both(t, o, "group-less")
	o.Pick("Hoe communiceert je kind?").Pick("Hoe verplaatst je kind zich?").Press("Bewaar").Sees("De doelgroep is bewaard", "16 extra vragen")
	o.Press("kinderen en jongeren met een diagnose autisme").Sees("Geschiedenis", "Katelijne Kantoor", "Hoe verplaatst je kind zich?")
	o.Visit("/kantoor/aanbod/doelgroepen").Press("Nieuwe doelgroep").Press("Bewaar").Sees("Vul dit in").Fill("Naam van de doelgroep", "jongeren die slecht zien").Pick("Waar is gevaar").Press("Bewaar").Sees("1 extra vraag")
	o.Press("jongeren die slecht zien").Press("Verwijder deze doelgroep").Sees("De doelgroep is weg").SeesNot("jongeren die slecht zien")

	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties").Press(holiday).Choose("Hoeveel kinderen", "1").Press("Boek")
	shoptest.SignInParent(t, b, "nele@example.be")
	b.Fill("Voornaam", "Wout").Fill("Familienaam", "Vos").Fill("Dag", "3").Fill("Maand", "5").Fill("Jaar", "2014").Press("Verder")
	b.Sees("Lees welke 16 extra vragen we na het boeken stellen").Shot("group-choices-390")
	b.PickIn("Deze vakantie", "Ja").Pick("Basisprijs").PickIn("Wil je een annulatieverzekering", "Nee").PickIn("Heeft Wout", "Nee").PickIn("Mogen we foto", "Ja").Press("Verder")
	b.Fill("Jouw voornaam", "Nele").Fill("Jouw familienaam", "Vos").Fill("Telefoonnummer", "0470 12 34 56").Fill("Straat", "Kerkstraat 1").Fill("Postcode", "3000").Fill("Gemeente", "Leuven").Press("Verder")
	b.Pick("In 1 keer").Pick("Met een overschrijving").Pick("Ik ga akkoord").Press("Boeken en betalen").Sees("Gelukt, je boeking is binnen")
	departure := shoptest.Number(t, p, `SELECT departure_id FROM booking b JOIN participant p ON p.id = b.participant_id WHERE p.last_name = 'Vos'`)
	if n := shoptest.Number(t, p, `SELECT cardinality(extra) FROM fiche_departure WHERE departure_id = $1`, departure); n != 16 {
		t.Errorf("%d extra questions", n)
	}

	// A letter to who is ticked.
	o.Visit("/kantoor/boekingen").Press("Schrijf wie je aankruiste").Sees("Kruis eerst aan wie je wilt schrijven")
	both(t, o, "pick-nobody")
	tick(t, o, "Kies Wout Vos voor een mail")
	both(t, o, "pick-list")
	o.Press("Schrijf wie je aankruiste").Sees("Mail naar gezinnen die je koos", "Deze mail gaat naar 1 gezin", "Nele Vos", "Wout: Rustig aan zee")
	o.Fill("Onderwerp", "Nog een vraag over {kind}").Fill("Tekst", "Dag {naam},\n\nWe bellen je morgen over {vakantie}.").Fill("Bewaar ook als", "Wij bellen")
	both(t, o, "pick-compose")
	o.Press("Bekijk de brief").Sees("Nog een vraag over Wout", "Dag Nele", "Rustig aan zee")
	both(t, o, "pick-letter")
	o.Press("Verstuur").Until("1 mail")
	o.Visit("/kantoor/zoeken?zoek=nele@example.be").Press("V1").Until("Nog een vraag over Wout (brief “Wij bellen”, versie 1)")

	// Refusing bookings from the family's file.
	o.Visit("/kantoor/zoeken?zoek=nele@example.be").Press("Nele Vos").Press("Inschrijven weigeren").Sees("Wout Vos: inschrijven weigeren")
	o.Fill("Waarom?", "Sloeg twee keer").Fill("Dag", "31").Fill("Maand", "8").Fill("Jaar", "2027").Press("Weiger tot die dag").Sees("Loopt nu")
	both(t, o, "bar")
	o.Press("Dossier van het gezin").Sees("Geweigerd")
	both(t, o, "bar-family")
	order := shoptest.Number(t, p, `SELECT b.order_id FROM booking b JOIN participant p ON p.id = b.participant_id WHERE p.last_name = 'Vos'`)
	b.Visit(fmt.Sprintf("/mijn/bestelling/%d", order)).Press("Wijzig, boek om of annuleer").Press("Zoek een andere vakantie").Sees("We praten graag eerst even met je over een plaats voor Wout").Shot("bar-rebook-390")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}

// tick clicks the box that has that name for a screen reader.
func tick(t *testing.T, o *browsertest.Tab, name string) {
	t.Helper()
	el, err := o.Element(`input[aria-label="` + name + `"]`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := el.Eval(`() => this.click()`); err != nil {
		t.Fatal(err)
	}
}
