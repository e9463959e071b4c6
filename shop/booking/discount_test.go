package booking_test

import (
	"errors"
	"sync"
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/memberprice"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/money"
)

func TestDiscountsInOneOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Discount(discount.Discount{Kind: discount.Sibling, Percent: 500, Members: true})
	s.Discount(discount.Discount{Kind: discount.Early, Amount: 2000, DaysBefore: 200, Members: true})
	s.Discount(discount.Discount{Kind: discount.Code, Code: "zomer 27", Percent: 2000, Alone: true})
	d, g := s.Departure(4, civil.Must(2027, 7, 19)), s.Family(1)
	token, err := s.Start(ctx(), d, 3)
	must(t, err)
	must(t, s.Fill(token, g, 3)) // VT, base, base
	third := booking.Choices{Category: catalogue.Solidaris, Insured: &no, Care: &no, PhotoConsent: "no"}
	must(t, s.Choose(ctx(), token, g.ID, 3, third))
	if f := fault.Of(s.SetCode(ctx(), token, g.ID, "winter")); f == nil || f.Fields["code"] == "" {
		t.Errorf("a code that nobody made: %+v", f)
	}
	sum, err := s.Summary(ctx(), token, g.ID, 1)
	must(t, err)
	// VT 108.00 and premium 25.00; base 335.00 - 16.75 - 20.00; Solidaris 215.00 - 10.75 - 20.00.
	if sum.Total != 10800+2500+29825+18425 {
		t.Fatalf("without the code: %v", sum.Total)
	}
	must(t, s.SetCode(ctx(), token, g.ID, " Zomer27"))
	sum, err = s.Summary(ctx(), token, g.ID, 1)
	must(t, err)
	// 20 % of 335.00 alone is better than 36.75; it is not for members.
	if sum.Total != 10800+2500+26800+18425 || len(sum.Offers[1].Left) != 2 || len(sum.Offers[0].Left) != 1 {
		t.Fatalf("with the code: %v", sum.Total)
	}
	placed, err := s.Confirm(token, g, 1)
	must(t, err)
	o, err := s.OrderByID(ctx(), placed.Order)
	must(t, err)
	if b := o.Bookings[1]; b.Price != 26800 || b.Discount != 6700 || b.Statement.Charged != 26800 || b.BasePrice != 33500 {
		t.Errorf("%+v", b)
	}
	s.Sound()
	// The fee counts on what this child pays: half of 268.00.
	s.Clock.MoveTo(civil.Must(2027, 6, 4))
	p, err := s.PreviewCancel(ctx(), booking.Cancel{Booking: o.Bookings[1].ID, By: terms.ByCustomer})
	must(t, err)
	if p.Outcome.Fee != 13400 {
		t.Errorf("fee %v", p.Outcome.Fee)
	}
}

func TestVTIsNotCombinedAndTheBestSinglePriceWins(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.Discount(discount.Discount{Kind: discount.Early, Amount: 30000})
	d, g := s.Departure(1, civil.Must(2027, 7, 19)), s.Family(1)
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.Fill(token, g, 1))
	sum, err := s.Summary(ctx(), token, g.ID, 1)
	must(t, err)
	if o := sum.Offers[0]; o.Category != catalogue.Base || o.Price != 3500 || o.Chosen != catalogue.VT {
		t.Fatalf("%+v", o)
	}
	placed, err := s.Confirm(token, g, 1)
	must(t, err)
	o, err := s.OrderByID(ctx(), placed.Order)
	must(t, err)
	if b := o.Bookings[0]; b.Evidence != memberprice.NotNeeded || b.Category != catalogue.Base || b.Statement.Charged != 6000 {
		t.Errorf("%+v", b)
	}
	s.Sound()
}

// Twelve families at once use a code that may be used five times.
func TestACodeIsUsedAsOftenAsItMay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	code := s.Discount(discount.Discount{Kind: discount.Code, Code: "VIJF", Amount: 1000, MaxUses: 5})
	d := s.Departure(20, civil.Must(2027, 7, 19))
	var tokens [12]string
	var families [12]account.Guardian
	for i := range tokens {
		g := s.Family(i)
		token, err := s.Start(ctx(), d, 1)
		must(t, err)
		must(t, s.Fill(token, g, 1))
		must(t, s.Choose(ctx(), token, g.ID, 1, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no"}))
		must(t, s.SetCode(ctx(), token, g.ID, "vijf"))
		tokens[i], families[i] = token, g
	}
	var shown [len(tokens)]money.Cents
	for i := range tokens { // all of them before anybody confirms: who looks after the fifth is shown the whole price, and pays it
		sum, err := s.Summary(ctx(), tokens[i], families[i].ID, 1)
		must(t, err)
		shown[i] = sum.Total
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	placed := 0
	for i := range tokens {
		all.Go(func() {
			_, err := s.Place(ctx(), tokens[i], families[i], booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: s.Terms.Hash(), QuotedTotal: shown[i]})
			switch {
			case err == nil:
				mu.Lock()
				placed++
				mu.Unlock()
			case !errors.Is(err, discount.ErrUsedUp) && !errors.Is(err, booking.ErrOutdated):
				t.Error(err)
			}
		})
	}
	all.Wait()
	var off money.Cents
	must(t, s.DB.Get(&off, `SELECT coalesce(sum(amount_cents), 0) FROM discount_use WHERE discount_id = $1`, code))
	if placed != 5 || off != 5000 {
		t.Errorf("%d placed, %v given", placed, off)
	}
	s.Sound()
	// A cancelled booking gives its use back; a stopped code counts for nobody.
	o, err := s.OrderByID(ctx(), 1)
	if err == nil && len(o.Bookings) == 1 {
		p, err := s.PreviewCancel(ctx(), booking.Cancel{Booking: o.Bookings[0].ID, By: terms.ByCustomer})
		must(t, err)
		_, err = s.Cancel(ctx(), s.Clerk(), booking.Cancel{Booking: o.Bookings[0].ID, By: terms.ByCustomer},
			booking.Confirmed{Fee: p.Outcome.Fee, Premium: p.Outcome.Premium, Refund: p.Outcome.Refund, Outstanding: p.Outcome.Outstanding})
		must(t, err)
		if _, err := s.Discounts.ByCode(ctx(), "vijf"); err != nil {
			t.Errorf("after a cancellation: %v", err)
		}
	}
	must(t, s.Discounts.Stop(ctx(), s.Clerk().StaffID, code))
	if _, err := s.Discounts.ByCode(ctx(), "vijf"); err == nil {
		t.Error("a stopped code is good")
	}
}
