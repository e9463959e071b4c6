package parent

import (
	"testing"

	"joetz/payments"
	"joetz/shop/booking"
	"joetz/shop/family"
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// The family's page names the amount that the page behind its button asks, also where one order is late with two parts.
func TestHomeAsksWhatPayingTogetherAsks(t *testing.T) {
	t.Parallel()
	p := layout.Page{Lang: "nl", Today: civil.Must(2027, 7, 3)}
	order := func(departure string, parts ...payments.Part) booking.Order {
		return booking.Order{Bookings: []booking.Booking{{Status: "placed", DepartureStatus: departure, Statement: payments.Statement{Parts: parts}}}}
	}
	part := func(due civil.Date, amount money.Cents) payments.Part {
		return payments.Part{Kind: "balance", DueOn: due, Amount: amount, Paid: 1}
	}
	late, later, soon, far := civil.Must(2027, 5, 1), civil.Must(2027, 6, 1), civil.Must(2027, 7, 20), civil.Must(2027, 8, 20)
	orders := []booking.Order{
		order("published", part(late, 101_00), part(later, 202_00), part(far, 404_00)),
		order("published", part(soon, 808_00), part(far, 1616_00)),
		order("cancelled", part(late, 3232_00)), // the family chooses what comes in its place
	}
	asked := money.Cents(0)
	parts := openParts(p, orders)
	for _, o := range parts {
		if o.asked {
			asked += o.Open()
		}
	}
	if len(parts) != 5 { // what waits for a choice cannot be ticked either: a page of before is outdated
		t.Errorf("%d parts can be paid", len(parts))
	}
	if want := money.Cents(101_00 + 202_00 + 808_00 - 3); asked != want {
		t.Errorf("the page asks %v, not %v", asked, want)
	}
	pay := []family.Todo{{Pay: 1}, {Kind: "fiche"}, {Pay: 1}}
	if got := dueTogether(pay, parts); got != asked {
		t.Errorf("the family's page says %v, the one behind it %v", got, asked)
	}
	if got := dueTogether(pay[:2], parts); got != 0 {
		t.Errorf("for one order the family's page offers to pay %v together", got)
	}
}
