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
	"joetz/shop/booking/bookingtest"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

func (s *shop) choosePayer(token string, g account.Guardian, in booking.PayerChoice) error {
	return pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error { return s.ChoosePayerTx(ctx(), tx, token, g.ID, in) })
}

// The deposit's invoice is for the OCMW and goes there with a copy to the parent; the balance, after the family changed it,
// is for the grandmother. What was made keeps its address. Everything about the holiday goes to the parent alone.
func TestSomebodyElsePays(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, bookingtest.OCMW)
	var first id.Invoice
	must(t, s.DB.Get(&first, `SELECT id FROM invoice WHERE order_id = $1`, order))
	must(t, s.WritePlaced(ctx(), booking.PlacedArgs{Order: order, Invoice: first}))
	if got := s.Mailed(order); !slices.Equal(got, []string{"booking_confirmed " + g.Email, "payer_papers facturen@ocmw.example"}) {
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

	must(t, s.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, booking.PayerChoice{Who: "new", New: bookingtest.Granny}))
	s.Clock.MoveTo(civil.Must(2027, 6, 20))
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
	if got := s.Mailed(order); !slices.Contains(got, "payer_papers oma@example.be") || !slices.Contains(got, "invoice_made "+g.Email) || len(got) != 4 {
		t.Error(got)
	}
	if n := s.Count(`SELECT count(*) FROM booking_event WHERE order_id = $1 AND kind = 'payer'
		AND detail->>'from' = 'OCMW Leuven' AND detail->>'to' = 'Oma Jansen' AND actor = $2`, order, account.Identity{GuardianID: g.ID}.Actor()); n != 1 {
		t.Errorf("%d lines of history", n)
	}
	s.Sound()
}

// After a change of payer what is credited goes to whom it was invoiced: the OCMW's deposit back to the OCMW, grandmother's
// balance back to her, and the fee to who pays now; in the books it all adds up. A price that falls credits the part that
// makes way to whom it was addressed.
func TestCreditNotesGoToWhomItWasInvoiced(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, bookingtest.OCMW)
	office := account.Identity{StaffID: s.Clerk().StaffID}
	must(t, s.ChangePayer(ctx(), office, order, booking.PayerChoice{Who: "new", New: bookingtest.Granny}))
	s.Clock.MoveTo(civil.Must(2027, 6, 20))
	_, err := s.InvoiceBalances(ctx())
	must(t, err)
	var paid, balance int64
	must(t, s.DB.Get(&paid, `SELECT sum(amount_cents) FROM instalment WHERE order_id = $1 AND void_at IS NULL`, order))
	must(t, s.DB.Get(&balance, `SELECT sum(amount_cents) FROM instalment WHERE order_id = $1 AND void_at IS NULL AND kind = 'balance'`, order))
	s.Pay(order, money.Cents(paid))
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
	if mails := s.Mailed(order); !slices.Contains(mails, "payer_papers oma@example.be") || !slices.Contains(mails, "payer_papers facturen@ocmw.example") {
		t.Errorf("the credit notes went to %v", mails)
	}
	s.Sound()
}

// The parent reads that the office, or another guardian, changed who pays; not what they did themselves.
func TestTheParentHearsWhoPays(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, bookingtest.OCMW)
	must(t, s.ChangePayer(ctx(), parentOf(g), order, booking.PayerChoice{Who: "new", New: bookingtest.Granny}))
	if n := s.Count(`SELECT count(*) FROM job WHERE kind = 'booking.payer_changed'`); n != 0 {
		t.Error("told of their own change")
	}
	must(t, s.ChangePayer(ctx(), account.Identity{StaffID: s.Clerk().StaffID}, order, booking.PayerChoice{Who: "self"}))
	var args booking.PayerChangedArgs
	var raw []byte
	must(t, s.DB.Get(&raw, `SELECT args FROM job WHERE kind = 'booking.payer_changed'`))
	must(t, json.Unmarshal(raw, &args))
	must(t, s.WritePayerChanged(ctx(), args))
	s.Says(`SELECT body_text FROM mail WHERE kind = 'notice_payer_by_office' OR kind LIKE '%payer_by_office%'`, "niet meer naar Oma Jansen")
}

// A payer is of the family that wrote it: another family neither sees nor uses it, and no basket keeps it for another parent.
func TestPayersAreOfTheirFamily(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, bookingtest.Granny)
	mine, err := s.Payers(ctx(), g.ID)
	must(t, err)
	if len(mine) != 1 || mine[0].Name != bookingtest.Granny.Name {
		t.Fatalf("%+v", mine)
	}
	other := s.Family(2)
	if theirs, err := s.Payers(ctx(), other.ID); err != nil || len(theirs) != 0 {
		t.Errorf("another family sees %v, %v", theirs, err)
	}
	if _, err := s.PayerOrder(ctx(), other.ID, order); !errors.Is(err, booking.ErrNoBooking) {
		t.Errorf("another family's order: %v", err)
	}
	token := s.basket(s.Departure(2, civil.Must(2027, 8, 2)), other)
	known := booking.PayerChoice{Who: "1"}
	if err := s.choosePayer(token, other, known); !errors.Is(err, booking.ErrNoPayer) {
		t.Errorf("another family's payer: %v", err)
	}
	must(t, s.choosePayer(token, other, booking.PayerChoice{Who: "new", New: bookingtest.OCMW}))
	must(t, s.Identify(ctx(), token, g.ID))
	c, err := s.Open(ctx(), token)
	must(t, err)
	if c.Payer != 0 {
		t.Error("the basket kept another parent's payer")
	}
}

func TestPayerIsComplete(t *testing.T) {
	t.Parallel()
	s, order, g, _ := paidBy(t, bookingtest.Granny)
	change := func(in booking.PayerChoice) error {
		return s.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, in)
	}
	for field, spoil := range map[string]func(p *booking.Payer){
		"payer.name":       func(p *booking.Payer) { p.Name = "  " },
		"payer.email":      func(p *booking.Payer) { p.Email = "oma@" },
		"payer.city":       func(p *booking.Payer) { p.City = "" },
		"payer.enterprise": func(p *booking.Payer) { p.Enterprise = "0123.456.748" },
	} {
		p := bookingtest.OCMW
		spoil(&p)
		f := fault.Of(change(booking.PayerChoice{Who: "new", New: p}))
		if f == nil || len(f.Fields) != 1 || f.Fields[field] == "" {
			t.Errorf("%s: %+v", field, f)
		}
	}
	if err := change(booking.PayerChoice{Who: "self", New: bookingtest.OCMW}); !errors.Is(err, booking.ErrPayerWhich) {
		t.Errorf("typed and not chosen: %v", err)
	}
}
