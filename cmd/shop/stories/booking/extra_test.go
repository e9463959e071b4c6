package booking

import (
	"fmt"
	"slices"
	"testing"

	"joetz/cmd/shop/browsertest"
	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/extra"
	"joetz/shop/seed"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// alongElsewhere rebooks a child: its T-shirt goes along at its price there, its lunch does not exist there, and a discount of
// today counts. What the page says is what is charged. It gives the new booking.
func alongElsewhere(t *testing.T, p *program.Program, b, o *browsertest.Tab, booked id.Booking) (fresh id.Booking) {
	t.Helper()
	ctx, s := t.Context(), &p.Services
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	was, err := s.Bookings.BookingByID(ctx, booked)
	must(err)
	office, err := s.Accounts.StaffByEmail(ctx, seed.SignIns[1].Email)
	must(err)
	open, err := s.Bookings.RebookChoices(ctx, account.Identity{StaffID: office.ID}, was)
	must(err)
	n := slices.IndexFunc(open, func(d catalogue.Departure) bool { return len(d.BoardingPlaces) == 0 && d.Trip == "domestic" })
	if n < 0 {
		t.Fatal("no other holiday without a coach")
	}
	days := 30
	_, err = s.Extras.Make(ctx, office.ID, extra.Extra{Departure: open[n].ID, NameNL: "T-shirt", Price: 1800, RefundDays: &days, Choices: []string{"M"}})
	must(err)
	lunch, err := s.Extras.Make(ctx, office.ID, extra.Extra{Departure: was.Departure, NameNL: "Lunchpakket", Price: 750})
	must(err)
	must(s.Bookings.AddExtra(ctx, account.Identity{StaffID: office.ID}, booked, extra.Pick{Extra: lunch}, 750))
	_, err = s.Discounts.Make(ctx, office.ID, discount.Discount{Kind: discount.Early, NameNL: "Vroegboek", Amount: 2000, From: civil.Of(p.Now()), Until: civil.Of(p.Now()), Members: true})
	must(err)
	path := fmt.Sprintf("/kind/%d/omboeken/%d", booked, open[n].ID)
	o.Visit("/kantoor" + path).Shot("along-1280")
	b.Visit("/mijn"+path).Sees("Korting: Vroegboek", "T-shirt (M)", "was € 15,00", "Lunchpakket”", "Daarvan blijft € 7,50 te betalen").Shot("along-390")
	preview, err := s.Bookings.PreviewRebook(ctx, account.Identity{StaffID: office.ID}, booking.Rebook{Booking: booked, Departure: open[n].ID})
	must(err)
	b.Press("Boek").Sees("is omgeboekt", "T-shirt (M)").Shot("along-order-390")
	must(p.DB.Get(&fresh, `SELECT id FROM booking WHERE rebooked_from = $1`, booked))
	now, err := s.Bookings.BookingByID(ctx, fresh)
	must(err)
	if now.Statement.Charged != preview.Total() || now.Discount != 2000 || now.Extras != 1800 {
		t.Errorf("shown %v, charged %v: %+v", preview.Total(), now.Statement.Charged, now)
	}
	o.Visit("/demo/mail").Until("Mats gaat mee met").Press("Mats gaat mee met").Shot("along-mail-1280")
	return fresh
}

// TestAnExtraLaterAndABarredChild: the office adds an extra to a holiday; a family that booked takes it and gives it back, with
// an invoice and a credit note of its own; the office refuses a child for a while, and the family reads only to call first. The
// books are sound after each step, and another family or another role sees none of it.
func TestAnExtraLaterAndABarredChild(t *testing.T) {
	t.Parallel()
	p, _ := shoptest.Start(t)
	b := browsertest.Open(t, p.URL(), 390)
	b.Visit("/vakanties")
	shoptest.BookTwo(t, b, "Het geheim van Massembre", "Met een overschrijving")
	b.Sees("Gelukt, je boeking is binnen")
	var booked id.Booking
	var order, departure, child int64
	if err := p.DB.QueryRow(`SELECT id, order_id, departure_id, participant_id FROM booking ORDER BY id DESC LIMIT 1`).Scan(&booked, &order, &departure, &child); err != nil {
		t.Fatal(err)
	}
	step := func(what string) {
		t.Helper()
		if err := shoptest.Sound(t, p); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	o := browsertest.Open(t, p.URL(), 1280)
	shoptest.SignInStaff(o, seed.SignIns[1])
	o.Visit(fmt.Sprintf("/kantoor/extras/%d", departure)).Fill("Naam in het Nederlands", "T-shirt").Fill("Prijs", "15").Fill("Keuzes", "S, M")
	o.Pick("Ja, tot een aantal dagen voor het vertrek").Press("Voeg toe").Sees("Vul dit in").Shot("extras-error-1280")
	o.Fill("Tot hoeveel dagen", "30").Press("Voeg toe").Sees("Het extraatje staat nu bij de keuzes", "tot 30 dagen voor het vertrek").Shot("extras-office-1280")

	b.Visit(fmt.Sprintf("/mijn/kind/%d/wijzigen", booked)).Sees("Extraatjes").Press("Bekijk de extraatjes").Sees("Nog geen extraatjes").Shot("extra-none-390")
	b.Press("Neem T-shirt erbij").Sees("Kies welke je wil").Shot("extra-error-390")
	b.Pick("M").Press("Neem T-shirt erbij").Sees("is erbij", "T-shirt (M)", "Neem je het nu weg").Shot("extra-added-390")
	step("added")
	b.Visit(fmt.Sprintf("/mijn/bestelling/%d", order)).Sees("T-shirt (M)").Shot("extra-order-390")
	o.Visit(fmt.Sprintf("/kantoor/boeking/%d", order)).Sees("T-shirt (M)", "Extraatje bijgenomen").Shot("extra-order-1280")
	b.Visit(fmt.Sprintf("/mijn/kind/%d/annuleren", booked)).SeesNot("Bewezen kosten").Shot("extra-cancel-390")
	booked = alongElsewhere(t, p, b, o, booked)
	step("rebooked")
	b.Visit(fmt.Sprintf("/mijn/kind/%d/extras", booked)).Sees("€ 18,00").Press("Neem T-shirt (M) weg").Sees("is eraf", "Nog geen extraatjes").Shot("extra-removed-390")
	step("removed")

	o.Visit(fmt.Sprintf("/kantoor/boeking/%d", order)).Tap("Zelden nodig").Press("Latere inschrijving weigeren").Sees("inschrijven weigeren").Press("Weiger tot die dag").Sees("Vul dit in").Shot("bar-error-1280")
	o.Fill("Waarom?", "Twee keer gevochten").Fill("Dag", "31").Fill("Maand", "12").Fill("Jaar", "2027").Press("Weiger tot die dag").Sees("Loopt nu").Shot("bar-1280")
	other := browsertest.Open(t, p.URL(), 390)
	other.Visit(fmt.Sprintf("/kantoor/deelnemer/%d/weigeren", child)).SeesNot("Twee keer gevochten")
	b.Visit(fmt.Sprintf("/kantoor/deelnemer/%d/weigeren", child)).SeesNot("Twee keer gevochten")
	o.Visit("/kantoor/kortingen").Sees("Extraatjes").Shot("menu-1280")
	small := browsertest.Open(t, p.URL(), 390)
	shoptest.SignInStaff(small, seed.SignIns[1])
	small.Visit("/kantoor/kortingen").Shot("menu-discounts-390")
	small.Visit(fmt.Sprintf("/kantoor/extras/%d", departure)).Shot("menu-extras-390")
	small.Visit(fmt.Sprintf("/kantoor/deelnemer/%d/weigeren", child)).Shot("bar-390")
}
