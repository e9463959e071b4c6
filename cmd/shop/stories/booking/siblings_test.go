package booking

import (
	"regexp"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/shop/seed"
	"joetz/terms/civil"
)

// TestTwoSiblingsBookByTransfer: the whole main path on a phone. A family that the shop has never seen books for two
// children, one at the VT price and insured, one at the base price; the bank brings the money; accounting sees it paid.
func TestTwoSiblingsBookByTransfer(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties").Shot("list-390")
	shoptest.BookTwo(t, b, "Het geheim van Massembre", "Met een overschrijving")
	b.Sees("Gelukt, je boeking is binnen", "€ 100", "+++").Shot("placed-390")
	comm := regexp.MustCompile(`\+\+\+(\d{3}/\d{4}/\d{5})\+\+\+`).FindString(b.Read())
	b.Until("Voorschotfactuur VV-")

	ogm, err := bank.ParseOGM(comm)
	if err != nil {
		t.Fatal(err)
	}
	file, err := bankfake.CODA(bankfake.Statement{
		Account: p.Services.Bookings.Account.IBAN, BIC: "KREDBEBB", Holder: "JOETZ VZW", Date: civil.Of(p.Now()), Number: 300, Opening: 1_000_000,
		Transfers: []bankfake.Transfer{{Amount: 10000, Name: "Mieke Test", IBAN: "BE71096123456769", Reference: ogm.Digits()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(a, seed.SignIns[3])
	a.Visit("/boekhouding/bank").Upload("Bestand van de bank", "dag.cod", file).Press("Lees in").Shot("bank-1280")
	a.Visit("/boekhouding/bank/bewegingen").Sees("Mieke Test").Shot("movements-1280")
	number := regexp.MustCompile(`VV-\d{4}-\d{5}`).FindString(b.Read())
	a.Visit("/boekhouding/facturen").Fill("Zoeken", number).Choose("Toon", "Betaald").Press("Zoeken").Sees(number, "Mieke Test").Shot("invoices-1280")
	a.Visit("/boekhouding/bank").Upload("Bestand van de bank", "nog-eens.cod", file).Press("Lees in").Sees("al ingelezen")
	b.Visit(b.Path()).Until("Betaald € 100,00").Shot("paid-390")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}

// TestTwoSiblingsPayOnLineAndOneIsCancelled: the same family pays the deposits on line, the webhook confirms it, and the
// office cancels one of the two children with the fee that the terms give. Nobody sees another group's pages.
func TestTwoSiblingsPayOnLineAndOneIsCancelled(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties")
	shoptest.BookTwo(t, b, "Het geheim van Massembre", "Nu online")
	b.Sees("TEST").Shot("stripe-390").Press("Betaal met Bancontact")
	b.Until("Bedankt, je betaling is binnen").Shot("payment-390")
	b.Press("Naar je boeking").Until("Betaald € 100,00").Shot("order-paid-390")
	order := b.Path()
	a := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(a, seed.SignIns[3])
	number := regexp.MustCompile(`VV-\d{4}-\d{5}`).FindString(b.Until("Voorschotfactuur VV-").Read())
	a.Visit("/boekhouding/facturen").Fill("Zoeken", number).Choose("Toon", "Betaald").Press("Zoeken").Sees(number, "Mieke Test")
	reference := regexp.MustCompile(`V\d{7}`).FindString(b.Read())

	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Sees("Te doen").Shot("office-1280").Visit("/kantoor/zoeken").Sees("Nieuwste boekingen")
	o.Fill("Zoek een gezin", reference).Press("Zoeken").Shot("office-search-1280")
	o.Press(reference).Sees("Mieke Test", "Lena Test", "Mats Test", "€ 100,00 van € 468,00").Shot("office-order-1280")
	o.Press("Annuleer Mats Test").Press("Bereken wat het kost").Sees("Vul dit in.")
	o.Pick("De ouder annuleert").Press("Bereken wat het kost").Shot("office-cancel-1280")
	o.Sees("Annuleringskost € 50,00", "Terug naar de ouder € 0,00", "Nog te betalen € 0,00", "Waarom")
	o.Press("Annuleer Mats Test nu").Sees("De boeking is geannuleerd").Shot("office-cancelled-1280")
	b.Visit(order).Sees("Geannuleerd", "We annuleerden deze boeking op", "zoals jullie vroegen", "Annuleringskost").Tap("Hoe we dit berekenden").Sees("Zo stond het op", "De annuleringskost is het voorschot")
	b.Visit("/kantoor").Sees("Deze pagina bestaat niet")
	b.Visit("/boekhouding").Sees("Deze pagina bestaat niet")
	o.Visit("/boekhouding").Sees("Deze pagina bestaat niet")
	o.Visit(order).Sees("Deze pagina bestaat niet")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}
