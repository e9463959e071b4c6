package office

import (
	"strconv"
	"testing"
	"time"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/seed"
	"joetz/terms/civil"
)

// TestInfoLetterFromWritingToReading: the office writes the info letter of a departure, looks at it as a family reads it and
// says that it is ready; the clock moves to two weeks before, and the family has it by mail and under its own documents.
// Another family does not.
func TestInfoLetterFromWritingToReading(t *testing.T) {
	t.Parallel()
	p, move := shoptest.StartMoving(t, time.Date(2027, 5, 3, 9, 0, 0, 0, civil.Brussels))
	var own struct {
		Order     int64      `db:"order_id"`
		Departure int64      `db:"departure_id"`
		StartsOn  civil.Date `db:"starts_on"`
		Email     string     `db:"email"`
	}
	if err := p.DB.Get(&own, `SELECT b.order_id, b.departure_id, d.starts_on, g.email FROM booking b JOIN departure d ON d.id = b.departure_id JOIN booking_order o ON o.id = b.order_id
		JOIN guardian g ON g.id = o.guardian_id WHERE b.status = 'placed' AND d.starts_on > '2027-06-15' AND g.email = $1 ORDER BY d.starts_on LIMIT 1`, seed.SignIns[0].Email); err != nil {
		t.Fatal(err)
	}
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	path := "/kantoor/vertrek/" + itoa(own.Departure)
	o.Visit(path).Shot("info-departure-1280").Press("Infobrief").Sees("Er is nog geen infobrief", "vertrekt hij vanzelf op")
	o.Fill("Onderwerp", "Infobrief {vakantie}").Fill("Tekst", "Dag {naam},\n\n{kind} vertrekt {ooit}.").Press("Bewaar en bekijk").Sees("De plaats {ooit} kennen we niet")
	o.Fill("Tekst", "Dag {naam},\n\n{kind} vertrekt op {van} in {opstapplaats}.").Press("Bewaar en bekijk").Sees("Dit is een ontwerp", "Zo leest").Shot("info-draft-1280")
	o.Press("Zet deze brief klaar").Sees("De brief staat klaar", "vertrekt vanzelf op").Shot("info-ready-1280")
	move(own.StartsOn.AddDays(-14).Start().Add(9 * time.Hour))
	o = browsertest.Open(t, p.URL(), 390)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit(path + "/infobrief").Until("Wie nu nog boekt").Shot("info-sent-390")
	o.Visit(path).Shot("info-departure-390")
	o.Visit("/kantoor/boeking/" + itoa(own.Order) + "?toon=geld#geschiedenis").Shot("info-history-390")

	b := browsertest.Open(t, p.URL(), 390).Visit("/aanmelden")
	shoptest.SignInParent(t, b, own.Email)
	b.Visit("/mijn").Sees("infobrief van").Shot("info-home-390")
	b.Visit("/mijn/documenten").Sees("Infobrieven").Shot("info-documents-390").Press("Infobrief").Sees("vertrekt op").Shot("info-letter-390")
	letter := b.Path()
	c := browsertest.Open(t, p.URL(), 390).Visit("/aanmelden")
	shoptest.SignInParent(t, c, "iemand-anders@example.be")
	c.Visit(letter).SeesNot("vertrekt op")
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
