package dunning_test

import (
	"slices"
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
)

// A reminder about money goes to the parent, and to who has the invoice as long as the family says that they pay.
func TestRemindersReachThePayer(t *testing.T) {
	t.Parallel()
	s, order, g, due := paidBy(t, bookingtest.Granny)
	s.Clock.MoveTo(s.Terms.LatePayment(due).RemindOn)
	_, err := s.Remind(ctx())
	must(t, err)
	if got := s.Mailed(order); !slices.Equal(got, []string{"payer_reminder oma@example.be", "payment_reminder " + g.Email}) {
		t.Error(got)
	}
	s.Says(`SELECT body_text FROM mail WHERE kind = 'payment_reminder' AND order_id = (SELECT order_id FROM mail WHERE kind = 'payer_reminder')`, "op naam van Oma Jansen")
	s.Sound()
}

// Costs that may be asked later are announced to who has the invoice as well, and asked of nobody who was not told: a payer whom
// the family named after the reminder is not.
func TestPayerIsToldOfCosts(t *testing.T) {
	t.Parallel()
	for _, before := range []bool{true, false} {
		first := bookingtest.Granny
		if !before {
			first = booking.Payer{}
		}
		s, order, g, due := paidBy(t, first)
		who := s.Colleague("Rita")
		must(t, s.SetCosts(ctx(), who, lawful()))
		remind := s.Terms.LatePayment(due).RemindOn
		s.Clock.MoveTo(remind)
		_, err := s.Remind(ctx())
		must(t, err)
		if before {
			s.Says(`SELECT body_text FROM mail WHERE kind = 'payer_reminder'`, "20,00 kosten vragen (artikel 9)")
		} else {
			must(t, s.Bookings.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, booking.PayerChoice{Who: "new", New: bookingtest.Granny}))
		}
		s.Clock.MoveTo(remind.AddDays(15))
		must(t, s.AskCosts(ctx(), who, order, due, 20_00))
		var payer string
		must(t, s.DB.Get(&payer, `SELECT payer_name FROM invoice WHERE order_id = $1 ORDER BY id DESC LIMIT 1`, order))
		if (payer == bookingtest.Granny.Name) != before {
			t.Errorf("bookingtest.Granny was told: %v, and the costs are asked of %q", before, payer)
		}
		s.Sound()
	}
}

func TestNoReminderToWhoPaysNoMore(t *testing.T) {
	t.Parallel()
	s, order, g, due := paidBy(t, bookingtest.Granny)
	must(t, s.Bookings.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, booking.PayerChoice{Who: "self"}))
	s.Clock.MoveTo(s.Terms.LatePayment(due).RemindOn)
	_, err := s.Remind(ctx())
	must(t, err)
	if got := s.Mailed(order); !slices.Equal(got, []string{"payment_reminder " + g.Email}) {
		t.Error(got)
	}
}
