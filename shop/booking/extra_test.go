package booking_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/extra"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// extra adds an extra of 15.00 to a departure.
func (s *shop) extra(d id.Departure, stock int, refund *int, choices ...string) int64 {
	s.T.Helper()
	key, err := s.Extras.Make(ctx(), s.Clerk().StaffID, extra.Extra{Departure: d, NameNL: "T-shirt", Price: 1500, Stock: &stock, RefundDays: refund, Choices: choices})
	must(s.T, err)
	return key
}

// take chooses extras for the first child of a basket, at the base price.
func (s *shop) take(token string, g account.Guardian, picks ...extra.Pick) error {
	return s.Choose(ctx(), token, g.ID, 1, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no", Extras: picks})
}

func (s *shop) basket(d id.Departure, g account.Guardian) string {
	s.T.Helper()
	token, err := s.Start(ctx(), d, 1)
	must(s.T, err)
	must(s.T, s.Fill(token, g, 1))
	return token
}

// Ten baskets at once want one of three T-shirts; three get one, and three bookings have one in the end.
func TestTheLastExtraIsTakenOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(12, civil.Must(2027, 7, 19))
	shirt := s.extra(d, 3, nil, "S", "M")
	var all sync.WaitGroup
	var mu sync.Mutex
	took, sold := 0, 0
	var families [10]account.Guardian
	var tokens [10]string
	for i := range families {
		families[i] = s.Family(i)
		tokens[i] = s.basket(d, families[i])
	}
	for i := range families { // all baskets are ready: from here on they race
		g, token := families[i], tokens[i]
		all.Go(func() {
			err := s.take(token, g, extra.Pick{Extra: shirt, Choice: "M"})
			if f := fault.Of(err); err != nil {
				if f == nil || f.Fields[extra.Field(shirt)] != "extra.gone" {
					t.Error(err)
				}
				return
			}
			_, err = s.Confirm(token, g, 1)
			mu.Lock()
			defer mu.Unlock()
			if took++; err == nil {
				sold++
			} else {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if took != 3 || sold != 3 || s.Count(`SELECT count(*) FROM booking_extra WHERE removed_at IS NULL`) != 3 {
		t.Errorf("%d took, %d sold", took, sold)
	}
	s.Sound()
}

// A basket whose hold ran out lost its extra to another; taken again it goes on without, and confirms no price that it was
// not shown.
func TestAnExpiredBasketLosesItsExtra(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d := s.Departure(4, civil.Must(2027, 7, 19))
	shirt := s.extra(d, 1, nil)
	first, second := s.Family(1), s.Family(2)
	token := s.basket(d, first)
	must(t, s.take(token, first, extra.Pick{Extra: shirt}))
	other := s.basket(d, second)
	if f := fault.Of(s.take(other, second, extra.Pick{Extra: shirt})); f == nil || f.Fields[extra.Field(shirt)] == "" {
		t.Fatalf("held by another basket: %+v", f)
	}
	s.Clock.Move(29 * time.Minute)
	last := s.basket(d, s.Family(3))
	_ = last
	s.Clock.Move(2 * time.Minute)
	must(t, s.Retake(ctx(), other))
	must(t, s.take(other, second, extra.Pick{Extra: shirt}))
	must(t, s.Retake(ctx(), token))
	sum, err := s.Summary(ctx(), token, first.ID, 1)
	must(t, err)
	if sum.Total != 33500 || len(sum.Offers[0].Extras) != 0 {
		t.Errorf("taken again: %v %v", sum.Total, sum.Offers[0].Extras)
	}
	_, err = s.Confirm(other, second, 1)
	must(t, err)
	s.Sound()
}

func TestExtrasAreChargedAndFreed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.Departure(4, civil.Must(2027, 7, 19)), s.Family(1)
	days := 30
	kept, back := s.extra(d, 1, nil, "S", "M"), s.extra(d, 1, &days)
	token := s.basket(d, g)
	if f := fault.Of(s.take(token, g, extra.Pick{Extra: kept, Choice: "XL"})); f == nil || f.Fields[extra.Field(kept)] != "extra.choose" {
		t.Errorf("a size that is not there: %+v", f)
	}
	if f := fault.Of(s.take(token, g, extra.Pick{Extra: s.extra(s.Departure(1, civil.Must(2027, 8, 2)), 1, nil)})); f == nil {
		t.Error("an extra of another holiday")
	}
	must(t, s.take(token, g, extra.Pick{Extra: back}, extra.Pick{Extra: kept, Choice: "M"}))
	placed, err := s.Confirm(token, g, 1)
	must(t, err)
	o, err := s.OrderByID(ctx(), placed.Order)
	must(t, err)
	b := o.Bookings[0]
	if b.Extras != 3000 || b.Statement.Charged != 36500 || b.Price != 33500 {
		t.Fatalf("%+v", b)
	}
	s.Sound()
	s.Pay(placed.Order, 36500)
	// 45 days before: half of 335.00, and the one that is never paid back.
	s.Clock.MoveTo(civil.Must(2027, 6, 4))
	in := booking.Cancel{Booking: b.ID, By: terms.ByCustomer}
	p, err := s.PreviewCancel(ctx(), in)
	must(t, err)
	if p.Outcome.Fee != 16750 || p.Outcome.Refund != 36500-16750-1500 {
		t.Fatalf("%+v", p.Outcome)
	}
	byUs, err := s.PreviewCancel(ctx(), booking.Cancel{Booking: b.ID, By: terms.ByOrganiser, Note: "te weinig begeleiders"})
	must(t, err)
	if byUs.Outcome.Refund != 36500 {
		t.Errorf("cancelled by the organiser: %v goes back", byUs.Outcome.Refund)
	}
	_, err = s.Cancel(ctx(), s.Clerk(), in, booking.Confirmed{Fee: p.Outcome.Fee, Premium: p.Outcome.Premium, Refund: p.Outcome.Refund, Outstanding: p.Outcome.Outstanding})
	must(t, err)
	s.Sound()
	offered, err := s.Extras.OfDeparture(ctx(), d)
	must(t, err)
	for _, e := range offered {
		if left, _ := e.Left(); left != 1 {
			t.Errorf("%s: %d left after the cancellation", e.NameNL, left)
		}
	}
	if _, err := s.Place(ctx(), "", g, booking.PlaceInput{}); !errors.Is(err, booking.ErrNoCheckout) {
		t.Errorf("no basket: %v", err)
	}
}
