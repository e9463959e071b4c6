package booking_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

var (
	granny = booking.Payer{Name: "Oma Jansen", Email: "oma@example.be", Street: "Dorpsplein 3", PostalCode: "3500", City: "Hasselt", Country: "BE"}
	ocmw   = booking.Payer{Name: "OCMW Leuven", Email: "facturen@ocmw.example", Street: "A. Vesaliusstraat 47", PostalCode: "3000", City: "Leuven", Country: "BE",
		Enterprise: "BE 0123.456.749", Reference: "DOSSIER 77"}
)

func (s *shop) choosePayer(token string, g account.Guardian, in booking.PayerChoice) error {
	return pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error { return s.ChoosePayerTx(ctx(), tx, token, g.ID, in) })
}

// mailed lists kind and address of the mails about an order, sorted.
func (s *shop) mailed(order id.Order) []string {
	s.t.Helper()
	var all []string
	must(s.t, s.DB.Select(&all, `SELECT kind || ' ' || to_address FROM mail WHERE order_id = $1 ORDER BY 1`, order))
	return all
}

// paidBy is a shop with one order that somebody else pays, and the day its first part is due.
func paidBy(t *testing.T, p booking.Payer) (s *shop, order id.Order, g account.Guardian, due civil.Date) {
	t.Helper()
	s, _, g, _ = late(t)
	d := s.departure(3, civil.Must(2027, 7, 26))
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.fill(token, g, 1))
	must(t, s.choosePayer(token, g, booking.PayerChoice{Who: "new", New: p}))
	placed, err := s.confirm(token, g, 1)
	must(t, err)
	must(t, s.DB.Get(&due, `SELECT min(due_on) FROM instalment WHERE order_id = $1`, placed.Order))
	return s, placed.Order, g, due
}

// The deposit's invoice is for the OCMW and goes there with a copy to the parent; the balance, after the family changed it,
// is for the grandmother. What was made keeps its address. Everything about the holiday goes to the parent alone.
func TestSomebodyElsePays(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, ocmw)
	var first id.Invoice
	must(t, s.DB.Get(&first, `SELECT id FROM invoice WHERE order_id = $1`, order))
	must(t, s.WritePlaced(ctx(), booking.PlacedArgs{Order: order, Invoice: first}))
	if got := s.mailed(order); !slices.Equal(got, []string{"booking_confirmed " + g.Email, "payer_papers facturen@ocmw.example"}) {
		t.Error(got)
	}
	var letter string
	must(t, s.DB.Get(&letter, `SELECT body_text FROM mail WHERE order_id = $1 AND kind = 'payer_papers'`, order))
	for _, never := range []string{"Solidaris", "VT", "/mijn", g.Phone, "fiche"} {
		if strings.Contains(letter, never) {
			t.Errorf("the payer reads %q:\n%s", never, letter)
		}
	}
	if !strings.Contains(letter, "Kind1") || !strings.Contains(letter, "50,00") || !strings.Contains(letter, "+++") {
		t.Errorf("the payer cannot pay with this:\n%s", letter)
	}

	must(t, s.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, booking.PayerChoice{Who: "new", New: granny}))
	s.moveTo(civil.Must(2027, 6, 20))
	_, err := s.InvoiceBalances(ctx())
	must(t, err)
	var second id.Invoice
	must(t, s.DB.Get(&second, `SELECT max(id) FROM invoice WHERE order_id = $1`, order))
	must(t, s.WriteInvoiced(ctx(), booking.InvoicedArgs{Order: order, Invoice: second}))
	for key, want := range map[id.Invoice][]string{first: {"OCMW Leuven", "facturen@ocmw.example", "0123456749", "DOSSIER 77", "A. Vesaliusstraat 47"},
		second: {"Oma Jansen", "oma@example.be", "", "", "Dorpsplein 3"}} {
		inv, err := s.Invoices.ByID(ctx(), s.DB, key)
		must(t, err)
		p := inv.Payer
		if got := []string{p.Name, p.Email, p.Enterprise, p.Reference, p.Street}; !slices.Equal(got, want) {
			t.Errorf("invoice %d is for %q, want %q", key, got, want)
		}
	}
	if got := s.mailed(order); !slices.Contains(got, "payer_papers oma@example.be") || !slices.Contains(got, "invoice_made "+g.Email) || len(got) != 4 {
		t.Error(got)
	}
	if n := s.count(`SELECT count(*) FROM booking_event WHERE order_id = $1 AND kind = 'payer'
		AND detail->>'from' = 'OCMW Leuven' AND detail->>'to' = 'Oma Jansen' AND actor = $2`, order, account.Identity{GuardianID: g.ID}.Actor()); n != 1 {
		t.Errorf("%d lines of history", n)
	}
	s.sound()
}

// A reminder about money goes to the parent, and to who has the invoice as long as the family says that they pay.
func TestRemindersReachThePayer(t *testing.T) {
	t.Parallel()
	s, order, g, due := paidBy(t, granny)
	s.moveTo(s.Terms.LatePayment(due).RemindOn)
	_, err := s.Remind(ctx())
	must(t, err)
	if got := s.mailed(order); !slices.Equal(got, []string{"payer_reminder oma@example.be", "payment_reminder " + g.Email}) {
		t.Error(got)
	}
	s.sound()
}

func TestNoReminderToWhoPaysNoMore(t *testing.T) {
	t.Parallel()
	s, order, g, due := paidBy(t, granny)
	must(t, s.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, booking.PayerChoice{Who: "self"}))
	s.moveTo(s.Terms.LatePayment(due).RemindOn)
	_, err := s.Remind(ctx())
	must(t, err)
	if got := s.mailed(order); !slices.Equal(got, []string{"payment_reminder " + g.Email}) {
		t.Error(got)
	}
}

// A payer is of the family that wrote it: another family neither sees nor uses it, and no basket keeps it for another parent.
func TestPayersAreOfTheirFamily(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, granny)
	mine, err := s.Payers(ctx(), g.ID)
	must(t, err)
	if len(mine) != 1 || mine[0].Name != granny.Name {
		t.Fatalf("%+v", mine)
	}
	other := s.family(2)
	if theirs, err := s.Payers(ctx(), other.ID); err != nil || len(theirs) != 0 {
		t.Errorf("another family sees %v, %v", theirs, err)
	}
	if _, err := s.PayerOrder(ctx(), other.ID, order); !errors.Is(err, booking.ErrNoBooking) {
		t.Errorf("another family's order: %v", err)
	}
	token := s.basket(s.departure(2, civil.Must(2027, 8, 2)), other)
	known := booking.PayerChoice{Who: "1"}
	if err := s.choosePayer(token, other, known); !errors.Is(err, booking.ErrNoPayer) {
		t.Errorf("another family's payer: %v", err)
	}
	must(t, s.choosePayer(token, other, booking.PayerChoice{Who: "new", New: ocmw}))
	must(t, s.Identify(ctx(), token, g.ID))
	c, err := s.Open(ctx(), token)
	must(t, err)
	if c.Payer != 0 {
		t.Error("the basket kept another parent's payer")
	}
}

func TestPayerIsComplete(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, granny)
	change := func(in booking.PayerChoice) error {
		return s.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, in)
	}
	for field, spoil := range map[string]func(p *booking.Payer){
		"payer.name":       func(p *booking.Payer) { p.Name = "  " },
		"payer.email":      func(p *booking.Payer) { p.Email = "oma@" },
		"payer.city":       func(p *booking.Payer) { p.City = "" },
		"payer.enterprise": func(p *booking.Payer) { p.Enterprise = "0123.456.748" },
	} {
		p := ocmw
		spoil(&p)
		f := fault.Of(change(booking.PayerChoice{Who: "new", New: p}))
		if f == nil || len(f.Fields) != 1 || f.Fields[field] == "" {
			t.Errorf("%s: %+v", field, f)
		}
	}
	if err := change(booking.PayerChoice{Who: "self", New: ocmw}); !errors.Is(err, booking.ErrPayerWhich) {
		t.Errorf("typed and not chosen: %v", err)
	}
}
