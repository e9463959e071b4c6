package waitlist_test

import (
	"errors"
	"strings"
	"testing"

	"joetz/shop/waitlist"
	"joetz/terms/id"
)

// One place for a family of two is for the child that the family chooses, not for the one that stands first; its mail and page
// name both. Who does not wait, or too many, is refused and changes nothing.
func TestFamilyChoosesWhoGetsTheOnePlace(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(1, leaves)
	order := s.book(d, s.family(1, 2015))
	f, other := s.family(2, 2015, 2016), s.family(3, 2015)
	entry := s.join(d, f, 1)
	must(t, s.cancel(order.Bookings[0]))
	if n := s.offer(d); n != 1 {
		t.Fatalf("%d offers", n)
	}
	e := s.entry(entry)
	if among, err := s.Pick(ctx(), e); err != nil || len(among) != 2 || len(e.Offer.Seated) != 1 || e.Offer.Seated[0] != f.children[0] {
		t.Fatalf("the family chooses among %v, the list seated %v, %v", among, e.Offer.Seated, err)
	}
	s.letters()
	var text string
	must(t, s.Shop.DB.Get(&text, `SELECT body_text FROM mail WHERE kind = 'waitlist_offer'`))
	if names := e.Names(); !strings.Contains(text, names[0]+" of "+names[1]) || !strings.Contains(text, "Jij kiest") {
		t.Fatalf("the mail: %s", text)
	}
	for _, wrong := range [][]id.Participant{f.children, {other.children[0]}} {
		if _, err := s.Accept(ctx(), f.ID, entry, wrong...); !errors.Is(err, waitlist.ErrChoose) {
			t.Fatalf("accepted for %v: %v", wrong, err)
		}
	}
	if _, err := s.Accept(ctx(), f.ID, entry, f.children[0]); err != nil { // and thinks again
		t.Fatal(err)
	}
	token, err := s.Accept(ctx(), f.ID, entry, f.children[1])
	must(t, err)
	placed, err := s.confirm(token, f)
	must(t, err)
	o, err := s.Bookings.OrderByID(ctx(), placed.Order)
	must(t, err)
	if len(o.Bookings) != 1 || o.Bookings[0].Participant != f.children[1] || s.entry(entry).Status != waitlist.Taken {
		t.Fatalf("%+v goes, the entry is %s", o.Bookings, s.entry(entry).Status)
	}
	s.sound(d)
}
