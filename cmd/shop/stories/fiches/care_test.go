package fiches

import (
	"fmt"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/shop/booking"
	"joetz/shop/seed"
	"joetz/terms/id"
)

// newest gives the latest order's bookings and their guardian.
func newest(t *testing.T, p *program.Program) (bookings []id.Booking, g id.Guardian) {
	t.Helper()
	if err := p.DB.SelectContext(t.Context(), &bookings, `SELECT id FROM booking WHERE order_id = (SELECT max(id) FROM booking_order) ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	if err := p.DB.GetContext(t.Context(), &g, `SELECT guardian_id FROM booking_order ORDER BY id DESC LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	return bookings, g
}

// TestStaffDecideOnCare: two children are booked; both parents' answers in the fiche ask for a talk. The office lets one come
// with agreements, moves the other to another holiday, and later refuses a third question; the books are sound after each.
func TestStaffDecideOnCare(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties")
	shoptest.BookTwo(t, b, "Het geheim van Massembre", "Met een overschrijving")
	b.Sees("Gelukt, je boeking is binnen")
	children, g := newest(t, p)
	b.Visit(fmt.Sprintf("/mijn/fiche/%d", children[0])).Press("Extra ondersteuning").PickIn("Heeft je kind meer of andere begeleiding nodig", "Ja").Press("Bewaren en verder")
	ask := func(child id.Booking) {
		t.Helper()
		_, err := p.Services.Bookings.SaveFiche(t.Context(), medical.Reader{Guardian: g, Role: medical.Guardian}, child, medical.Page{Topic: "care", Lang: "nl", Seen: medical.AnyRevision},
			questionnaire.Answers{"care.any": {Text: "yes"}, "care.how": {Text: "Pictogrammen en een vaste begeleider."}})
		if err != nil {
			t.Fatal(err)
		}
	}
	ask(children[0])
	ask(children[1])
	b.Visit("/mijn").Sees("In overleg").Shot("care-parent-390")

	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	review := func(child id.Booking) string { return fmt.Sprintf("/kantoor/kind/%d/zorg", child) }
	o.Visit("/kantoor?soort=care").Sees("Lena Test", "Mats Test", "Beslis over zorg")
	o.Visit(review(children[0])).Sees("Pictogrammen en een vaste begeleider.", "Gemeld na het boeken", "loopt er geen vervaldag").Shot("care-review-1280")
	o.Fill("Afspraken voor de begeleiders", "Zegt elke ochtend wat komt.").Press("Welkom: boeking gaat door").Sees("De boeking gaat door", "Zorg besproken: welkom")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}

	o.Visit(review(children[1])).Press("Kies samen met de ouder een andere vakantie").Sees("Mats, Het geheim").Shot("care-choose-1280")
	o.Visit(review(children[1])+"/omboeken/"+fmt.Sprint(otherFor(t, p, children[1]))).Sees("€ 0,00", "Waarom").Shot("care-other-1280")
	o.Fill("Afspraken voor de begeleiders", "Slaapt bij het nachtlicht.").Press("Boek Mats om").Sees("gaat op een andere vakantie")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}

	moved, _ := newest(t, p)
	third := moved[len(moved)-1]
	ask(children[0]) // the same answer asks for nothing new
	if _, err := p.Services.Bookings.SaveFiche(t.Context(), medical.Reader{Guardian: g, Role: medical.Guardian}, third, medical.Page{Topic: "med", Lang: "nl", Seen: medical.AnyRevision},
		questionnaire.Answers{"med.any": {Text: "yes"}, "med.nursing": {Text: "yes"}}); err != nil {
		t.Fatal(err)
	}
	o.Visit(review(third)).Press("Welkom: boeking gaat door").Sees("De boeking gaat door") // with nothing to agree on
	for _, nursing := range []string{"no", "yes"} {
		if _, err := p.Services.Bookings.SaveFiche(t.Context(), medical.Reader{Guardian: g, Role: medical.Guardian}, third, medical.Page{Topic: "med", Lang: "nl", Seen: medical.AnyRevision},
			questionnaire.Answers{"med.any": {Text: "yes"}, "med.nursing": {Text: nursing}}); err != nil {
			t.Fatal(err)
		}
	}
	o.Visit(review(third)).Press("We kunnen deze zorg niet geven").Sees("kan niet mee op deze vakantie", "Bel eerst met de ouder").Shot("care-refuse-1280")
	o.Press("Beëindig de boeking").Sees("Vul dit in.")
	o.Pick("Ik heb dit met de ouder besproken").Press("Beëindig de boeking").Sees("De boeking is beëindigd")
	if err := shoptest.Sound(t, p); err != nil {
		t.Error(err)
	}
	ended, err := p.Services.Bookings.BookingByID(t.Context(), third)
	if err != nil {
		t.Fatal(err)
	}
	b.Visit(booking.OrderPath(ended.Order)).Sees("Geannuleerd", "Het spijt ons dat dat nu niet lukt").Shot("care-ended-390")
	mails := browsertest.Open(t, p.URL(), 1280).Visit("/demo/mail")
	mails.Until("Mats").Sees("We bekijken samen de vakantie van Lena", "Lena is welkom").Shot("care-mails-1280")
	mails.Press("Lena is welkom").Shot("care-mail-1280")
	if text := mails.Read(); len(text) == 0 {
		t.Error("the letter is empty")
	}
}

// otherFor is another holiday on which a child fits.
func otherFor(t *testing.T, p *program.Program, child id.Booking) id.Departure {
	t.Helper()
	b, err := p.Services.Bookings.BookingByID(t.Context(), child)
	if err != nil {
		t.Fatal(err)
	}
	all, err := p.Services.Bookings.CareChoices(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if len(d.BoardingPlaces) == 0 {
			return d.ID
		}
	}
	t.Fatal("no other holiday without boarding places")
	return 0
}
