package decision_test

import (
	"testing"
	"time"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/catalogue"
	"joetz/shop/decision"
	"joetz/shop/discount"
	"joetz/shop/dunning"
	"joetz/shop/extra"
	"joetz/shop/proof"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// What a family has goes along when we move its child, and nothing gets dearer: a discount that was stopped since, an extra
// that costs more there, a gesture of before. What the other departure lacks comes off and goes back.
func TestMergeTakesEverythingAlong(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	from, to := s.Holiday("FROM", "domestic", 33500, 3, leaves), s.Holiday("TO", "domestic", 39900, 3, leaves.AddDays(7))
	b := s.Bookings
	early, err := b.Discounts.Make(ctx, s.office.StaffID, discount.Discount{Kind: discount.Early, NameNL: "Vroegboek", Amount: 2000, From: civil.Must(2026, 1, 1), Until: civil.Must(2026, 12, 24)})
	must(t, err)
	var picks []extra.Pick
	for _, e := range []extra.Extra{{Departure: from, NameNL: "T-shirt", Price: 1500}, {Departure: from, NameNL: "Nacht", Price: 2500}, {Departure: to, NameNL: "T-shirt", Price: 1900}} {
		key, err := b.Extras.Make(ctx, s.office.StaffID, e)
		must(t, err)
		if e.Departure == from {
			picks = append(picks, extra.Pick{Extra: key})
		}
	}
	g := s.family()
	token, err := b.Start(ctx, from, 1)
	must(t, err)
	must(t, b.Identify(ctx, token, g.ID))
	must(t, b.ChooseNewChild(ctx, token, g.ID, 1, account.ChildInput{FirstName: "Lou", LastName: g.LastName, BornOn: civil.Must(2016, 5, 1)}))
	must(t, b.Choose(ctx, token, g.ID, 1, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "group", Extras: picks}))
	sum, err := b.Summary(ctx, token, g.ID, 1)
	must(t, err)
	placed, err := b.Place(ctx, token, g, booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: b.Terms.Hash(), QuotedTotal: sum.Total})
	must(t, err)
	s.Clock.Move(time.Second)
	s.Pay(placed.Order, sum.Total) // 335.00 - 20.00 + 15.00 + 25.00
	o, err := b.OrderByID(ctx, placed.Order)
	must(t, err)
	old := o.Bookings[0].ID
	s.Clock.Move(time.Second)
	if _, err := b.GiveGoodwill(ctx, s.office, old, s.Again(old).Statement.Charged, 1000, "misverstand"); err != nil {
		t.Fatal(err)
	}
	must(t, b.Discounts.Stop(ctx, s.office.StaffID, early))
	s.Clock.MoveTo(civil.Must(2027, 3, 1))
	in := decision.MergeInto{From: from, To: to, Reason: "Te weinig kinderen", LeaveBy: civil.Must(2027, 3, 20)}
	p, err := s.PreviewMerge(ctx, in)
	must(t, err)
	if m := p.Lines[0].Move; m.Total() != 31500+1500-1000 || p.Back != 2500 || len(m.Along.Dropped) != 1 || m.Along.Off() != 2000 || len(m.Along.Lost) != 0 {
		t.Errorf("total %v, back %v, %+v", m.Total(), p.Back, m.Along)
	}
	key, err := s.StartMerge(ctx, s.office, in, p.Confirms())
	must(t, err)
	must(t, s.Carry(ctx, decision.CarryArgs{Decision: key}))
	now := s.Again(s.itemOf(key, old).Fresh)
	if now.Departure != to || now.Price != 31500 || now.Discount != 2000 || now.Extras != 1500 || now.Statement.Charged != 32000 || now.Statement.Open() != 0 {
		t.Errorf("%+v", now)
	}
	if got := s.refunds(placed.Order); got != money.Cents(1000+2500) { // the gesture, and the night
		t.Errorf("%v went back", got)
	}
	s.Sound()
}

// While a family chooses what it wants instead nobody asks it for money: no reminder, no balance invoice, no proposal to end the
// booking, nothing about its proof. Once it chose, what the new holiday asks is asked.
func TestNothingIsAskedWhileAFamilyChooses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	off, other := s.Holiday("OFF", "domestic", 33500, 3, leaves), s.Holiday("OTHER", "domestic", 33500, 3, leaves.AddDays(14))
	g, h := s.family(), s.family()
	base, member := s.Lou(off, g, catalogue.Base, false, 0), s.Lou(off, h, catalogue.Solidaris, false, bookingtest.Asked)
	s.Clock.MoveTo(leaves.AddDays(-65)) // the deposit of the first is long due, the balances are asked in some days
	in := decision.CallOff{Departure: off, Reason: "Te weinig begeleiders", Others: []id.Departure{other}, Until: s.Clock.Now().AddDate(0, 0, 30)}
	p, err := s.PreviewCallOff(ctx, in)
	must(t, err)
	key, err := s.StartCallOff(ctx, s.office, in, p.Confirms())
	must(t, err)
	must(t, s.Carry(ctx, decision.CarryArgs{Decision: key}))
	s.Clock.MoveTo(leaves.AddDays(-40))
	sent, err := (&dunning.Service{DB: s.DB, Now: s.Clock.Now, Bookings: s.Bookings}).Remind(ctx)
	must(t, err)
	if n := s.Count(`SELECT count(*) FROM dunning_step WHERE outcome = 'skipped' AND reason = 'off'`); sent != 0 || n == 0 {
		t.Errorf("%d reminders went out, %d were left out for it", sent, n)
	}
	asked, err := s.Bookings.InvoiceBalances(ctx)
	must(t, err)
	if asked != 0 {
		t.Errorf("%d balances are asked", asked)
	}
	found, err := s.Bookings.Nonpayment(ctx, 10)
	must(t, err)
	if len(found.Items) != 0 {
		t.Errorf("to be ended for non-payment: %+v", found.Items)
	}
	told, err := (&proof.Service{DB: s.DB, Now: s.Clock.Now, Bookings: s.Bookings}).Deadlines(ctx)
	must(t, err)
	if told != 0 {
		t.Errorf("%d families hear about a proof", told)
	}
	v, err := s.ForFamily(ctx, h.ID, s.itemOf(key, member.ID).ID)
	must(t, err)
	fresh, err := s.Choose(ctx, parentOf(h), asParent(h), v.Item.ID, v.Choices[0].Offer, v.Choices[0].Move.Confirms())
	must(t, err)
	s.Clock.MoveTo(leaves.AddDays(-30))
	if asked, err = s.Bookings.InvoiceBalances(ctx); err != nil || asked != 1 {
		t.Errorf("of the new holiday %d balances are asked: %v", asked, err)
	}
	if s.Again(fresh).Departure != other || !s.Again(base.ID).Active() {
		t.Error("who goes where")
	}
	s.Sound()
}
