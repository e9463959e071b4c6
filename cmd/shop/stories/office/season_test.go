package office

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
	"joetz/terms/civil"
)

func holidayPhoto(t *testing.T) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 1000, 600))
	for y := range 600 {
		for x := range 1000 {
			picture.Set(x, y, color.RGBA{uint8(x / 4), uint8(120 + y/6), 160, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestOfficeMakesASeason: the office copies last season, edits a holiday, adds a departure with prices and a photo, and
// publishes it at a moment; the clock moves, a parent sees from when it can be booked, and books it.
func TestOfficeMakesASeason(t *testing.T) {
	t.Parallel()
	brussels := func(month time.Month, day, hour int) time.Time {
		return time.Date(2027, month, day, hour, 0, 0, 0, civil.Brussels)
	}
	p, move := shoptest.StartMoving(t, brussels(time.March, 10, 10))
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit("/kantoor/aanbod").Sees("Seizoen 2027", "Met laarzen aan").Shot("offer-season-1280")

	o.Press("Kopieer dit seizoen").Press("Toon het overzicht").Sees("BI-27-01 → BI-28-01").Shot("offer-copy-1280")
	o.Press("Maak concepten in 2028").Sees("gekopieerd naar seizoen 2028", "Concept", "Met laarzen aan").Shot("offer-copied-1280")

	o.Press("Met laarzen aan").Sees("Wijzig de tekst", "Er is nog geen foto").Shot("offer-holiday-1280")
	o.Press("Wijzig de tekst").Fill("Titel", "").Fill("Omschrijving", "Dieren verzorgen, brood bakken, en elke avond een verhaal in de stal. Nieuw dit jaar!").Press("Bewaar").
		Sees("Vul dit in.").Shot("offer-text-errors-1280")
	o.Fill("Titel", "Met laarzen aan: de boerderij").Press("Bewaar").Sees("Bewaard.", "Tekst gewijzigd", "Katelijne Kantoor", "Nieuw dit jaar!").Shot("offer-history-1280")

	o.Press("Voeg een vertrek toe").Sees("Nieuw vertrek")
	shoptest.SetField(t, o, "f-starts_on", "2028-07-03")
	shoptest.SetField(t, o, "f-ends_on", "2028-07-07")
	shoptest.SetField(t, o, "f-on_sale_day", "2027-12-03")
	shoptest.SetField(t, o, "f-on_sale_clock", "12:00")
	o.Fill("Basisprijs", "veel").Press("Bewaar").Sees("Vul een bedrag in").Shot("offer-departure-errors-1280")
	o.Fill("Basisprijs", "235").Fill("Prijs Solidaris", "150").Fill("Prijs VT", "75").Fill("Plaatsen", "20").Press("Bewaar").Sees("Het vertrek is bewaard als concept", "3 – 7 juli 2028", "€ 235,00")
	o.Tap("Voeg een foto toe")
	o.Upload("Foto", "boerderij.jpg", holidayPhoto(t)).Fill("Wat zie je? (Nederlands)", "Kinderen bij de koeien").Press("Voeg toe").Sees("Vul dit in.")
	o.Upload("Foto", "boerderij.jpg", holidayPhoto(t)).Fill("Wat zie je? (Nederlands)", "Kinderen bij de koeien").Fill("Wat zie je? (Engels)", "Children with the cows").Press("Voeg toe").Sees("De foto is toegevoegd").Shot("offer-photo-1280")
	page := o.Path()
	o.Press("Bekijk zoals ouders").Sees("zo zien ouders deze vakantie straks", "Met laarzen aan: de boerderij").Shot("offer-preview-1280")

	o.Visit(strings.TrimSuffix(page, "#fotos"))
	links, err := o.Elements(`a[href*="publiceren"]`)
	if err != nil || len(links) != 2 {
		t.Fatalf("%d departures can be published: %v", len(links), err)
	}
	to, err := links[1].Attribute("href")
	if err != nil {
		t.Fatal(err)
	}
	o.Visit(*to).Sees("Publiceren, seizoen 2028").Press("Publiceer").Sees("Vul dit in.")
	o.Pick("Op een moment")
	shoptest.SetField(t, o, "f-day", "2027-11-20")
	shoptest.SetField(t, o, "f-clock", "12:00")
	o.Shot("offer-publish-1280").Press("Publiceer").Sees("1 vertrek gaat op dat moment online", "Gepland", "20 november 2027 om 12:00").Shot("offer-planned-1280")

	b := browsertest.Open(t, p.URL(), 390)
	slug := "/vakanties/met-laarzen-aan-week-op-de-boerderij-bi-28-01"
	b.Visit(slug).Sees("vinden deze vakantie niet")
	move(brussels(time.November, 20, 13))
	shoptest.WaitFor(t, "the publication", func(ctx context.Context) (bool, error) {
		var n int
		err := p.DB.GetContext(ctx, &n, `SELECT count(*) FROM departure WHERE starts_on = '2028-07-03' AND status = 'published'`)
		return n == 1, err
	})
	b.Visit(slug).Sees("Met laarzen aan: de boerderij", "3 december 2027 om 12:00").SeesNot("Hoeveel kinderen").Shot("offer-soon-390")
	b.Visit("/vakanties").Sees("Met laarzen aan: de boerderij").Shot("offer-list-390")
	move(brussels(time.December, 3, 12))
	b.Visit(slug).Choose("Hoeveel kinderen", "1").Press("Boek")
	shoptest.SignInParent(t, b, "mieke@example.be")
	b.Fill("Voornaam", "Lena").Fill("Familienaam", "Test").Fill("Dag", "3").Fill("Maand", "5").Fill("Jaar", "2020").Press("Verder")
	b.Sees("Keuzes voor Lena", "€ 235", "€ 150", "€ 75").Pick("Basisprijs").PickIn("Wil je een annulatieverzekering", "Nee").PickIn("Heeft Lena", "Nee").PickIn("Mogen we foto", "Ja").Press("Verder")
	b.Fill("Jouw voornaam", "Mieke").Fill("Jouw familienaam", "Test").Fill("Telefoonnummer", "0470 12 34 56").Fill("Straat", "Kerkstraat 1").Fill("Postcode", "3000").Fill("Gemeente", "Leuven").Press("Verder")
	b.Sees("Klopt alles?", "Lena Test", "€ 235,00").Pick("In 1 keer").Pick("Met een overschrijving").Pick("Ik ga akkoord").Press("Boeken en betalen").Sees("Gelukt, je boeking is binnen").Shot("offer-booked-390")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
}
