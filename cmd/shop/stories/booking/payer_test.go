package booking

import (
	"regexp"
	"testing"

	"github.com/go-rod/rod/lib/proto"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
)

// TestAGrandparentPays: on a phone a parent books and has the invoices sent to somebody else, who gets them; the parent
// takes it back later, and the office sees both in the history. The places run out twice while the parent types: nothing of it
// is lost.
func TestAGrandparentPays(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties").Press("Het geheim van Massembre").Choose("Hoeveel kinderen", "1").Press("Boek")
	shoptest.SignInParent(t, b, "pieter@example.be")
	runsOut := func() {
		if _, err := p.DB.Exec(`UPDATE checkout SET held_until = $1 WHERE status = 'open' AND NOT offered`, p.Now()); err != nil {
			t.Fatal(err)
		}
	}
	b.Fill("Voornaam", "Lena").Fill("Familienaam", "Test").Fill("Dag", "3").Fill("Maand", "5").Fill("Jaar", "2016")
	runsOut()
	b.Press("Verder").Sees("Wat je typte, is bewaard", "Keuzes voor Lena")
	b.Pick("Basisprijs").Pick("Hasselt").PickIn("Wil je een annulatieverzekering", "Nee").PickIn("Heeft Lena", "Nee").PickIn("Mogen we foto", "Nee")
	runsOut()
	b.Press("Verder").Sees("Wat je typte, is bewaard", "Wie boekt er?")
	phone := b // goes on elsewhere: the first browser has nothing left to fill in
	b = browsertest.Open(t, p.URL(), 390)
	for _, c := range phone.MustCookies() {
		if c.Name != "basket" { // signed in there too
			b.MustSetCookies(&proto.NetworkCookieParam{Name: c.Name, Value: c.Value, URL: p.URL()})
		}
	}
	b.Visit("/mijn").Sees("Je was op een ander toestel nog aan het boeken").Shot("elsewhere-390").Press("Ga hier verder").Sees("Wie boekt er?")
	phone.Visit("/boeken/gegevens").SeesNot("Wie boekt er?")
	b.Press("Vorige stap").Sees("Keuzes voor Lena").Shot("step-back-390").Press("Vorige stap").Sees("Wie gaat er mee?", "Lena Test").Press("Verder").Press("Verder").Sees("Wie boekt er?")
	b.Fill("Jouw voornaam", "Pieter").Fill("Jouw familienaam", "Test").Fill("Telefoonnummer", "0470 12 34 56").Fill("Straat", "Kerkstraat 1").Fill("Postcode", "3000").Fill("Gemeente", "Leuven")
	b.Shot("payer-closed-390").Tap("Betaalt iemand anders?").PickIn("Wie krijgt de facturen", "Iemand anders").Shot("payer-open-390").Press("Verder")
	b.Sees("Vul dit in.").Shot("payer-errors-390")
	b.Fill("Naam van de persoon", "Oma Jansen").Fill("E-mailadres voor de facturen", "oma@example.be").Fill("Adres van de betaler", "Dorpsplein 3").
		Fill("Postcode van de betaler", "3500").Fill("Gemeente van de betaler", "Hasselt").Press("Verder")
	b.Sees("Klopt alles?", "Oma Jansen", "oma@example.be").Shot("payer-confirm-390")
	b.Pick("Met een overschrijving").Pick("Ik ga akkoord").Press("Boeken en betalen")
	b.Sees("Gelukt", "De factuur ging naar Oma Jansen").Until("Voorschotfactuur VV-").Shot("payer-order-390")
	order := b.Path()
	mails := browsertest.Open(t, p.URL(), 1280)
	mails.Visit("/demo/mail").Until("oma@example.be").Press("Factuur voor de vakantie van Lena").Shot("payer-mail-1280")
	b.Press("Wijzig wie betaalt").Sees("Voorschotfactuur", "Oma Jansen").Shot("payer-change-390").PickIn("Wie krijgt de facturen", "Ikzelf").Press("Bewaar")
	b.Sees("Nieuwe facturen gaan naar wie je koos", "De facturen gaan naar jou", "voor Oma Jansen")

	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/boeking/"+regexp.MustCompile(`bestelling/(\d+)`).FindStringSubmatch(order)[1]).Sees("Facturen voortaan voor Oma Jansen, niet meer voor Pieter Test", "Facturen voortaan voor Pieter Test, niet meer voor Oma Jansen").Shot("payer-office-1280")
	o.Press("Wijzig wie betaalt").Sees("De ouder die boekte: Pieter Test", "Oma Jansen").PickIn("Wie krijgt de facturen", "Oma Jansen").Shot("payer-office-change-1280").Press("Bewaar").Sees("oma@example.be")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}
