package booking_test

import (
	"strings"
	"testing"
	"time"

	"joetz/shop/booking"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// The mail that confirms says what is still to do, the fiche too; the mail with the balance's invoice asks on each day what
// was agreed for that day, and never all of it on the first.
func TestLettersAskWhatWasAgreed(t *testing.T) {
	t.Parallel()
	s := writing(t)
	g := s.Family(1)
	leaves := civil.Must(2027, time.July, 26)
	token, err := s.Start(ctx(), s.Departure(3, leaves), 1)
	must(t, err)
	must(t, s.Fill(token, g, 1))
	placed, err := s.Confirm(token, g, 3)
	must(t, err)
	must(t, s.WritePlaced(ctx(), booking.PlacedArgs{Order: placed.Order}))
	s.Says(`SELECT body_text FROM mail WHERE kind = 'booking_confirmed'`, "Vul de medische fiche van Kind1 in. Graag ten laatste op 12 juli 2027.")

	s.Clock.MoveTo(civil.Must(2027, time.April, 20))
	_, err = s.InvoiceBalances(ctx())
	must(t, err)
	var balance id.Invoice
	must(t, s.DB.Get(&balance, `SELECT max(id) FROM invoice WHERE order_id = $1`, placed.Order))
	must(t, s.WriteInvoiced(ctx(), booking.InvoicedArgs{Order: placed.Order, Invoice: balance}))
	var parts []struct {
		On     civil.Date  `db:"due_on"`
		Amount money.Cents `db:"amount_cents"`
	}
	must(t, s.DB.Select(&parts, `SELECT due_on, amount_cents FROM instalment WHERE order_id = $1 AND kind = 'balance' ORDER BY due_on`, placed.Order))
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	var letter string
	must(t, s.DB.Get(&letter, `SELECT body_text FROM mail WHERE kind = 'invoice_made'`))
	var all money.Cents
	for i, p := range parts {
		all += p.Amount
		if want := "(te betalen tot en met " + messages.Date("nl", p.On) + "): " + p.Amount.Format("nl"); !strings.Contains(letter, want) {
			t.Errorf("part %d is not there, %q:\n%s", i+1, want, letter)
		}
	}
	if !strings.Contains(letter, "Bedrag: "+parts[0].Amount.Format("nl")) || strings.Contains(letter, all.Format("nl")) {
		t.Errorf("it does not ask %s first, of %s:\n%s", parts[0].Amount, all, letter)
	}
	s.Sound()
}
