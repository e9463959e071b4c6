package booking_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
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

// paidBy is a shop with one order that somebody else pays (the zero Payer: the parent), and the day its first part is due.
func paidBy(t *testing.T, p booking.Payer) (s *shop, order id.Order, g account.Guardian, due civil.Date) {
	t.Helper()
	s, _, g, _ = late(t)
	d := s.departure(3, civil.Must(2027, 7, 26))
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.fill(token, g, 1))
	if p.Name != "" {
		must(t, s.choosePayer(token, g, booking.PayerChoice{Who: "new", New: p}))
	}
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
	s.letterSays(`SELECT body_text FROM mail WHERE kind = 'payment_reminder' AND order_id = (SELECT order_id FROM mail WHERE kind = 'payer_reminder')`, "op naam van Oma Jansen")
	s.sound()
}

// Costs that may be asked later are announced to who has the invoice as well, and asked of nobody who was not told: a payer whom
// the family named after the reminder is not.
func TestPayerIsToldOfCosts(t *testing.T) {
	t.Parallel()
	for _, before := range []bool{true, false} {
		first := granny
		if !before {
			first = booking.Payer{}
		}
		s, order, g, due := paidBy(t, first)
		who := s.bookkeeper("Rita")
		must(t, s.SetCosts(ctx(), who, lawful()))
		remind := s.Terms.LatePayment(due).RemindOn
		s.moveTo(remind)
		_, err := s.Remind(ctx())
		must(t, err)
		if before {
			s.letterSays(`SELECT body_text FROM mail WHERE kind = 'payer_reminder'`, "20,00 kosten vragen (artikel 9)")
		} else {
			must(t, s.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, booking.PayerChoice{Who: "new", New: granny}))
		}
		s.moveTo(remind.AddDays(15))
		must(t, s.AskCosts(ctx(), who, order, due, 20_00))
		var payer string
		must(t, s.DB.Get(&payer, `SELECT payer_name FROM invoice WHERE order_id = $1 ORDER BY id DESC LIMIT 1`, order))
		if (payer == granny.Name) != before {
			t.Errorf("granny was told: %v, and the costs are asked of %q", before, payer)
		}
		s.sound()
	}
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

// After a change of payer what is credited goes to whom it was invoiced: the OCMW's deposit back to the OCMW, grandmother's
// balance back to her, and the fee to who pays now; in the books it all adds up. A price that falls credits the part that
// makes way to whom it was addressed.
func TestCreditNotesGoToWhomItWasInvoiced(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, ocmw)
	office := account.Identity{StaffID: s.clerk()}
	must(t, s.ChangePayer(ctx(), office, order, booking.PayerChoice{Who: "new", New: granny}))
	s.moveTo(civil.Must(2027, 6, 20))
	_, err := s.InvoiceBalances(ctx())
	must(t, err)
	var paid, balance int64
	must(t, s.DB.Get(&paid, `SELECT sum(amount_cents) FROM instalment WHERE order_id = $1 AND void_at IS NULL`, order))
	must(t, s.DB.Get(&balance, `SELECT sum(amount_cents) FROM instalment WHERE order_id = $1 AND void_at IS NULL AND kind = 'balance'`, order))
	s.pay(order, money.Cents(paid))
	must(t, s.ChangePayer(ctx(), office, order, booking.PayerChoice{Who: "self"}))
	o, err := s.OrderByID(ctx(), order)
	must(t, err)
	in := booking.Cancel{Booking: o.Bookings[0].ID, By: terms.ByCustomer}
	p, err := s.PreviewCancel(ctx(), in)
	must(t, err)
	_, err = s.Cancel(ctx(), parentOf(g), in, booking.Confirmed{Fee: p.Outcome.Fee, Premium: p.Outcome.Premium, Refund: p.Outcome.Refund, Outstanding: p.Outcome.Outstanding})
	must(t, err)
	got := map[string]int64{}
	var rows []struct {
		Name  string `db:"payer_name"`
		Email string `db:"payer_email"`
		Kind  string `db:"kind"`
		Total int64  `db:"total_cents"`
	}
	must(t, s.DB.Select(&rows, `SELECT payer_name, payer_email, kind, total_cents FROM invoice WHERE order_id = $1`, order))
	for _, r := range rows {
		got[r.Kind+" "+r.Name+" "+r.Email] += r.Total
	}
	want := map[string]int64{
		"deposit OCMW Leuven facturen@ocmw.example": paid - balance, "balance Oma Jansen oma@example.be": balance,
		"credit OCMW Leuven facturen@ocmw.example": balance - paid, "credit Oma Jansen oma@example.be": -balance,
		"fee " + o.PayerName + " ": int64(p.Outcome.Fee),
	}
	if !maps.Equal(got, want) {
		t.Errorf("documents %v\nwant      %v", got, want)
	}
	must(t, s.WriteCancelled(ctx(), booking.CancelledArgs{Booking: o.Bookings[0].ID, Fee: p.Outcome.Fee, Paid: money.Cents(paid), Refund: p.Outcome.Refund}))
	if mails := s.mailed(order); !slices.Contains(mails, "payer_papers oma@example.be") || !slices.Contains(mails, "payer_papers facturen@ocmw.example") {
		t.Errorf("the credit notes went to %v", mails)
	}
	s.sound()
}

// The parent reads that the office, or another guardian, changed who pays; not what they did themselves.
func TestTheParentHearsWhoPays(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, ocmw)
	must(t, s.ChangePayer(ctx(), parentOf(g), order, booking.PayerChoice{Who: "new", New: granny}))
	if n := s.count(`SELECT count(*) FROM job WHERE kind = 'booking.payer_changed'`); n != 0 {
		t.Error("told of their own change")
	}
	must(t, s.ChangePayer(ctx(), account.Identity{StaffID: s.clerk()}, order, booking.PayerChoice{Who: "self"}))
	var args booking.PayerChangedArgs
	var raw []byte
	must(t, s.DB.Get(&raw, `SELECT args FROM job WHERE kind = 'booking.payer_changed'`))
	must(t, json.Unmarshal(raw, &args))
	must(t, s.WritePayerChanged(ctx(), args))
	s.letterSays(`SELECT body_text FROM mail WHERE kind = 'notice_payer_by_office' OR kind LIKE '%payer_by_office%'`, "niet meer naar Oma Jansen")
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
