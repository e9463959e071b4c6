package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/shop/fsck"
	"joetz/shop/seed"
	"joetz/terms/civil"
)

// signInParent signs a parent in with the code from the mail, as the demo's mail page shows it.
func signInParent(t *testing.T, b *browsertest.Tab, email string) {
	t.Helper()
	b.Fill("E-mailadres", email).Press("Stuur")
	mails := browsertest.Open(t, strings.TrimSuffix(b.Site(), "/"), 1280).Visit("/demo/mail")
	mails.Until(email).Press("Je code om aan te melden").Press("Lees de mail zonder opmaak")
	code := strings.ReplaceAll(regexp.MustCompile(`\b\d{3} \d{3}\b`).FindString(mails.Read()), " ", "")
	if code == "" {
		t.Fatalf("no code in the mails: %s", mails.Read())
	}
	b.Fill("Code van zes", code).Press("Aanmelden")
}

// TestTwoSiblingsBookByTransfer: the whole main path on a phone. A family that the shop has never seen books for two
// children, one at the VT price and insured, one at the base price; the bank brings the money; accounting sees it paid.
func TestTwoSiblingsBookByTransfer(t *testing.T) {
	t.Parallel()
	p, _ := startProgram(t, testConfig(t))
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties").Shot("list-390")
	book(t, b, "Het geheim van Massembre", "Met een overschrijving")
	b.Sees("Gelukt, je boeking is binnen", "€ 100", "+++").Shot("placed-390")
	comm := regexp.MustCompile(`\+\+\+(\d{3}/\d{4}/\d{5})\+\+\+`).FindString(b.Read())
	b.Until("Voorschotfactuur VV-")

	ogm, err := bank.ParseOGM(comm)
	if err != nil {
		t.Fatal(err)
	}
	file, err := bankfake.CODA(bankfake.Statement{
		Account: p.services.bookings.Account.IBAN, BIC: "KREDBEBB", Holder: "JOETZ VZW", Date: civil.Of(p.now()), Number: 300, Opening: 1_000_000,
		Transfers: []bankfake.Transfer{{Amount: 10000, Name: "Mieke Test", IBAN: "BE71096123456769", Reference: ogm.Digits()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := browsertest.Open(t, p.URL(), 1280)
	signInStaff(a, seed.SignIns[3])
	a.Visit("/boekhouding/bank").Upload("Bestand van de bank", "dag.cod", file).Press("Lees in").Shot("bank-1280")
	a.Visit("/boekhouding/bank/bewegingen").Sees("Mieke Test").Shot("movements-1280")
	number := regexp.MustCompile(`VV-\d{4}-\d{5}`).FindString(b.Read())
	a.Visit("/boekhouding/facturen").Fill("Zoeken", number).Choose("Toon", "Betaald").Press("Zoeken").Sees(number, "Mieke Test").Shot("invoices-1280")
	a.Visit("/boekhouding/bank").Upload("Bestand van de bank", "nog-eens.cod", file).Press("Lees in").Sees("al ingelezen")
	b.Visit(b.Path()).Until("Betaald € 100,00").Shot("paid-390")
	if err := sound(t, p); err != nil {
		t.Error(err)
	}
}

// book walks a new family from the list to the confirmed order, with two children.
func book(t *testing.T, b *browsertest.Tab, holiday, method string) {
	t.Helper()
	b.Press(holiday).Shot("holiday-390")
	b.Choose("Hoeveel kinderen", "2").Press("Boek")
	signInParent(t, b, "mieke@example.be")
	b.Sees("Kind 1 van 2")
	b.Fill("Voornaam", "Lena").Fill("Familienaam", "Test").Fill("Dag", "3").Fill("Maand", "5").Fill("Jaar", "2016").Shot("child-390").Press("Verder")
	b.Sees("Keuzes voor Lena")
	b.Press("Verder").Sees("Kies een prijs.").Shot("choices-errors-390")
	b.Pick("VT-prijs").Pick("Hasselt").PickIn("Wil je een annulatieverzekering", "Ja").PickIn("Heeft Lena", "Nee").PickIn("Mogen we foto", "Nee").Shot("choices-390").Press("Verder")
	b.Sees("Kind 2 van 2")
	b.Fill("Voornaam", "Mats").Fill("Familienaam", "Test").Fill("Dag", "9").Fill("Maand", "11").Fill("Jaar", "2017").Press("Verder")
	b.Sees("Keuzes voor Mats")
	b.Pick("Basisprijs").Pick("Hasselt").PickIn("Wil je een annulatieverzekering", "Nee").PickIn("Heeft Mats", "Nee").PickIn("Mogen we foto", "Ja").Press("Verder")
	b.Sees("Wie boekt er?")
	b.Fill("Jouw voornaam", "Mieke").Fill("Jouw familienaam", "Test").Fill("Telefoonnummer", "0470 12 34 56").Fill("Straat", "Kerkstraat 1").Fill("Postcode", "3000").Fill("Gemeente", "Leuven").Shot("details-390").Press("Verder")
	b.Sees("Klopt alles?", "Lena Test", "Mats Test", "€ 468,00").Shot("confirm-390")
	b.Press("Boeken en betalen").Sees("Kies hoe je wil betalen.", "Je moet akkoord gaan")
	b.Pick("In 3 keer").Pick(method).Pick("Ik ga akkoord").Press("Boeken en betalen")
}

// signInStaff signs in with password and second factor; the demo shows the code of the app that it does not have.
func signInStaff(b *browsertest.Tab, who seed.SignIn) {
	b.Visit("/medewerkers/aanmelden").Fill("E-mailadres", who.Email).Fill("Wachtwoord", who.Password).Press("Volgende")
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(b.Read())
	b.Fill("Code uit je app", code).Press("Aanmelden")
}

// TestTwoSiblingsPayOnLineAndOneIsCancelled: the same family pays the deposits on line, the webhook confirms it, and the
// office cancels one of the two children with the fee that the terms give. Nobody sees another group's pages.
func TestTwoSiblingsPayOnLineAndOneIsCancelled(t *testing.T) {
	t.Parallel()
	p, _ := startProgram(t, testConfig(t))
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties")
	book(t, b, "Het geheim van Massembre", "Nu online")
	b.Sees("TEST").Shot("stripe-390").Press("Betaal met Bancontact")
	b.Until("Bedankt, je betaling is binnen").Shot("payment-390")
	b.Press("Naar je boeking").Until("Betaald € 100,00").Shot("order-paid-390")
	order := b.Path()
	a := browsertest.Open(t, p.URL(), 1280)
	signInStaff(a, seed.SignIns[3])
	number := regexp.MustCompile(`VV-\d{4}-\d{5}`).FindString(b.Until("Voorschotfactuur VV-").Read())
	a.Visit("/boekhouding/facturen").Fill("Zoeken", number).Choose("Toon", "Betaald").Press("Zoeken").Sees(number, "Mieke Test")
	reference := regexp.MustCompile(`V\d{7}`).FindString(b.Read())

	o := browsertest.Open(t, p.URL(), 1280)
	signInStaff(o, seed.SignIns[1])
	o.Sees("Te doen").Shot("office-1280").Visit("/kantoor/zoeken").Sees("Nieuwste boekingen")
	o.Fill("Zoek een gezin", reference).Press("Zoeken").Shot("office-search-1280")
	o.Press(reference).Sees("Mieke Test", "Lena Test", "Mats Test", "€ 100,00 van € 468,00").Shot("office-order-1280")
	o.Press("Annuleer Mats Test").Press("Bereken wat het kost").Sees("Vul dit in.")
	o.Pick("De ouder annuleert").Press("Bereken wat het kost").Shot("office-cancel-1280")
	o.Sees("Annuleringskost € 50,00", "Terug naar de ouder € 0,00", "Nog te betalen € 0,00", "Waarom")
	o.Press("Annuleer Mats Test nu").Sees("De boeking is geannuleerd").Shot("office-cancelled-1280")
	b.Visit(order).Sees("Geannuleerd", "Annuleringskost")
	b.Visit("/kantoor").Sees("Deze pagina bestaat niet")
	b.Visit("/boekhouding").Sees("Deze pagina bestaat niet")
	o.Visit("/boekhouding").Sees("Deze pagina bestaat niet")
	o.Visit(order).Sees("Deze pagina bestaat niet")
	if err := sound(t, p); err != nil {
		t.Error(err)
	}
}

// sound holds every row against every other: what every story must leave behind.
func sound(t *testing.T, p *program) error {
	t.Helper()
	found, err := fsck.Run(t.Context(), p.db.DB, p.now())
	for _, d := range found {
		t.Error(d)
	}
	return err
}

// TestAnimatorReadsTheirOwnCamp: an animator of the camp that is on opens the list and a child's fiche, and nobody else's.
func TestAnimatorReadsTheirOwnCamp(t *testing.T) {
	t.Parallel()
	p, _ := startProgram(t, testConfig(t))
	a := browsertest.Open(t, p.URL(), 390)
	signInStaff(a, seed.SignIns[2])
	a.Sees("Jouw belofte").SeesNot("Moussa").Press("Verder").Sees("Zet hier een vinkje").Pick("Dat beloof ik").Shot("promise-390").Press("Verder")
	a.Sees("Zes dagen Ardennen", "Moussa", "Nora").Shot("camp-390")
	a.Press("Moussa").Sees("notenallergie", "112", "070 245 245", "0474 55 66 77").Shot("fiche-390")
	var other int64
	if err := p.db.DB.Get(&other, `SELECT b.id FROM booking b WHERE b.departure_id NOT IN (SELECT departure_id FROM assignment) AND b.status <> 'cancelled' LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	path := a.Path()
	a.Visit(path[:strings.LastIndex(path, "/")+1] + strconv.FormatInt(other, 10)).Sees("Deze pagina bestaat niet")
	a.Visit("/kantoor").Sees("Deze pagina bestaat niet")
	if _, err := p.db.DB.Exec(`UPDATE assignment SET removed_at = now()`); err != nil {
		t.Fatal(err)
	}
	a.Visit(path).Sees("Deze pagina bestaat niet").SeesNot("notenallergie") // at the very next request
}
