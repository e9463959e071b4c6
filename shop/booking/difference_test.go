package booking_test

import (
	"testing"
	"time"

	"joetz/shop/booking"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// A family pays a cent too little, and later a cent too much: the office's history says what was booked away and taken back, the family
// hears only of what goes back to it.
func TestSmallDifferencesAndTheFamily(t *testing.T) {
	t.Parallel()
	s := writing(t)
	clerk := s.Clerk().StaffID
	placed := s.Book(s.Departure(3, civil.Must(2027, time.July, 26)), s.Family(1), 1)
	var asked money.Cents
	must(t, s.DB.Get(&asked, `SELECT sum(open_cents) FROM invoice_open`))
	s.Pay(placed.Order, asked-1)
	short, err := s.Short(ctx())
	must(t, err)
	if len(short) != 1 || short[0].Open != 1 {
		t.Fatalf("%+v", short)
	}
	if err := s.LetAllGo(ctx(), 1, 2, clerk); err == nil {
		t.Error("another sum than was shown is booked away")
	}
	must(t, s.LetAllGo(ctx(), 1, 1, clerk))
	var difference int64
	must(t, s.DB.Get(&difference, `SELECT max(id) FROM small_difference`))
	must(t, s.TakeBackDifference(ctx(), difference, clerk))
	must(t, s.LetGo(ctx(), placed.Order, 1, clerk))
	var rest money.Cents
	must(t, s.DB.Get(&rest, `SELECT open_cents FROM order_open WHERE order_id = $1`, placed.Order))
	s.Pay(placed.Order, rest+2)
	must(t, s.KeepDifference(ctx(), placed.Order, 2, clerk))
	must(t, s.DB.Get(&difference, `SELECT max(id) FROM small_difference`))
	must(t, s.TakeBackDifference(ctx(), difference, clerk))
	must(t, s.ReturnOverpaid(ctx(), placed.Order, 2, clerk))
	s.Sound()
	s.Says(`SELECT string_agg(kind || ' ' || (detail->>'amount'), ', ' ORDER BY id) FROM booking_event WHERE kind ~ 'difference|overpaid'`,
		"difference_let_go 1, difference_back 1, difference_let_go 1, difference_kept 2, difference_back 2, overpaid_back 2")
	if n := s.Count(`SELECT count(*) FROM job WHERE kind = 'booking.overpaid'`); n != 1 {
		t.Errorf("%d letters about what goes back", n)
	}
	must(t, s.WriteOverpaid(ctx(), booking.OverpaidArgs{Order: placed.Order, Amount: 2}))
	s.Says(`SELECT subject || ' ' || body_text FROM mail WHERE body_text LIKE '%te veel%'`, "te veel. We storten het terug, ten laatste op ")
}
