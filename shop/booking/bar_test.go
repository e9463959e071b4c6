package booking_test

import (
	"errors"
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// A barred child is refused with a kind word when it is chosen, also when it is entered anew, and once more when the order is
// placed; the office hears of it, the bar ends by itself, and bookings of before stay.
func TestABarredChildIsSpokenAboutFirst(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.Departure(6, civil.Must(2027, 7, 19)), s.Family(1)
	later := s.Departure(6, civil.Must(2027, 8, 16))
	b := s.lou(d, g, false)
	token, err := s.Start(ctx(), later, 1) // in the basket before the office decides
	must(t, err)
	must(t, s.Identify(ctx(), token, g.ID))
	must(t, s.ChooseChild(ctx(), token, g.ID, 1, b.Participant))
	must(t, s.Choose(ctx(), token, g.ID, 1, booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no"}))

	if f := fault.Of(s.BarChild(ctx(), s.Clerk(), b.Participant, " ", s.Date().AddDays(-1))); f == nil || f.Fields["reason"] == "" || f.Fields["until"] == "" {
		t.Errorf("without a reason, in the past: %+v", f)
	}
	until := s.Date().AddDays(10)
	must(t, s.BarChild(ctx(), s.Clerk(), b.Participant, "Twee keer gevochten", until))
	if _, err := s.Confirm(token, g, 1); fault.Of(err) == nil || fault.Of(err).Key != "booking.contact_first" {
		t.Errorf("placed all the same: %v", err)
	}
	other, err := s.Start(ctx(), later, 2)
	must(t, err)
	must(t, s.Identify(ctx(), other, g.ID))
	if f := fault.Of(s.ChooseChild(ctx(), other, g.ID, 1, b.Participant)); f == nil || f.Fields["child"] != "booking.contact_first" {
		t.Errorf("chosen: %+v", f)
	}
	anew := account.ChildInput{FirstName: " lou", LastName: g.LastName, BornOn: civil.Must(2016, 5, 1)}
	if f := fault.Of(s.ChooseNewChild(ctx(), other, g.ID, 1, anew)); f == nil || f.Fields["first_name"] != "booking.contact_first" {
		t.Errorf("entered anew: %+v", f)
	}
	must(t, s.ChooseNewChild(ctx(), other, g.ID, 2, account.ChildInput{FirstName: "Mo", LastName: g.LastName, BornOn: civil.Must(2016, 5, 1)}))
	found, err := s.BarredTries(ctx(), 10)
	must(t, err)
	if found.Total != 1 || found.Items[0].Path == "" {
		t.Errorf("the office hears of it once: %+v", found)
	}
	must(t, s.HandleBarTries(ctx(), s.Clerk(), b.Participant))
	if found, err = s.BarredTries(ctx(), 10); err != nil || found.Total != 0 {
		t.Errorf("after a call: %+v %v", found, err)
	}
	c, err := s.BarCaseOf(ctx(), b.Participant)
	must(t, err)
	if len(c.Bars) != 1 || !c.Bars[0].Runs(s.Date()) || c.Bars[0].Reason != "Twee keer gevochten" || len(c.Tries) != 1 {
		t.Errorf("history: %+v", c)
	}
	if _, err := s.BarCaseOf(ctx(), 999999); !errors.Is(err, booking.ErrNotYourChild) {
		t.Errorf("no such child: %v", err)
	}
	if b = s.Again(b.ID); b.Status != "placed" {
		t.Errorf("the booking of before: %s", b.Status)
	}
	s.Clock.MoveTo(until.AddDays(1)) // it ended by itself
	again, err := s.Start(ctx(), later, 1)
	must(t, err)
	must(t, s.Identify(ctx(), again, g.ID))
	must(t, s.ChooseChild(ctx(), again, g.ID, 1, b.Participant))
	must(t, s.BarChild(ctx(), s.Clerk(), b.Participant, "Nog eens", s.Date()))
	must(t, s.EndBar(ctx(), s.Clerk(), b.Participant))
	must(t, s.ChooseChild(ctx(), again, g.ID, 1, b.Participant))
	s.Sound()
}

// A barred child gets no place by a change either: not another child's, not another week; the office reads that it made the
// bar, and is not told to call itself. What the office moved because care did not fit is its own decision.
func TestABarredChildGetsNoPlaceByAChange(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, later, g := s.Departure(6, civil.Must(2027, 7, 19)), s.Departure(6, civil.Must(2027, 8, 16)), s.Family(1)
	b := s.lou(d, g, false)
	sister := s.kid(g, "Mo", civil.Must(2016, 5, 1))
	must(t, s.BarChild(ctx(), s.Clerk(), sister, "Vocht twee keer", s.Date().AddDays(30)))
	if f := fault.Of(s.Transfer(ctx(), parentOf(g), b.ID, sister, "no")); f == nil || f.Fields["child"] != "booking.contact_first" {
		t.Errorf("another child's place: %+v", f)
	}
	if f := fault.Of(s.Transfer(ctx(), s.Clerk(), b.ID, sister, "no")); f == nil || f.Fields["child"] != "booking.barred" {
		t.Errorf("by the office: %+v", f)
	}
	c, err := s.BarCaseOf(ctx(), sister)
	must(t, err)
	if len(c.Tries) != 1 || c.Tries[0].StartsOn != civil.Must(2027, 7, 19) || c.Guardian != g.ID {
		t.Errorf("the office hears of the family's try, not of its own: %+v", c)
	}

	must(t, s.BarChild(ctx(), s.Clerk(), b.Participant, "Vocht twee keer", s.Date().AddDays(30)))
	in := booking.Rebook{Booking: b.ID, Departure: later}
	for key, who := range map[string]account.Identity{"booking.contact_first": parentOf(g), "booking.barred": s.Clerk()} {
		if _, err := s.RebookChoices(ctx(), who, b); fault.Of(err) == nil || fault.Of(err).Key != key {
			t.Errorf("choosing: %v, not %s", err, key)
		}
		if _, err := s.PreviewRebook(ctx(), who, in); fault.Of(err) == nil || fault.Of(err).Key != key {
			t.Errorf("another week: %v, not %s", err, key)
		}
	}
	if _, err := s.Rebook(ctx(), parentOf(g), asParent(g), in, booking.RebookConfirmed{Fee: 2500, Total: 33500}); fault.Of(err) == nil {
		t.Error("rebooked all the same")
	}
	if barred, err := s.BarredAmong(ctx(), []id.Participant{b.Participant, sister, 99}); err != nil || len(barred) != 2 {
		t.Errorf("%v %v", barred, err)
	}
	must(t, s.EndBar(ctx(), s.Clerk(), b.Participant))
	must(t, s.EndBar(ctx(), s.Clerk(), sister))
	must(t, s.Transfer(ctx(), parentOf(g), b.ID, sister, "no"))
	s.Sound()
}

func (s *shop) kid(g account.Guardian, name string, born civil.Date) id.Participant {
	s.T.Helper()
	child, err := s.Accounts.AddChild(ctx(), g.ID, account.ChildInput{FirstName: name, LastName: g.LastName, BornOn: born})
	must(s.T, err)
	return child
}

// A holiday for a target group asks for a yes, and keeps none.
func TestATargetGroupIsConfirmed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	d, g := s.Departure(6, civil.Must(2027, 7, 19)), s.Family(1)
	s.DB.MustExec(`INSERT INTO target_group (name) VALUES ('kinderen met een beperking')`)
	s.DB.MustExec(`UPDATE holiday SET target_group = 'kinderen met een beperking' WHERE id = (SELECT holiday_id FROM departure WHERE id = $1)`, d)
	token, err := s.Start(ctx(), d, 1)
	must(t, err)
	must(t, s.Identify(ctx(), token, g.ID))
	must(t, s.ChooseNewChild(ctx(), token, g.ID, 1, account.ChildInput{FirstName: "Lou", LastName: "Peeters", BornOn: civil.Must(2016, 5, 1)}))
	in := booking.Choices{Category: catalogue.Base, Insured: &no, Care: &no, PhotoConsent: "no"}
	if f := fault.Of(s.Choose(ctx(), token, g.ID, 1, in)); f == nil || f.Fields["group"] != "booking.group_needed" {
		t.Errorf("no answer: %+v", f)
	}
	yes := true
	if in.Group = &no; fault.Of(s.Choose(ctx(), token, g.ID, 1, in)) == nil {
		t.Error("no is taken for yes")
	}
	in.Group = &yes
	must(t, s.Choose(ctx(), token, g.ID, 1, in))
	_, err = s.Confirm(token, g, 1)
	must(t, err)
	s.Sound()
}
