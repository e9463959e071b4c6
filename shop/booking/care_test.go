package booking_test

import (
	"errors"
	"testing"
	"time"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// care answers the care question in the fiche, after the booking.
func (s *shop) care(g account.Guardian, b id.Booking, answer string) medical.Saved {
	s.T.Helper()
	typed := questionnaire.Answers{"care.any": {Text: answer}}
	if answer == "yes" {
		typed["care.how"] = questionnaire.Value{Text: "Een vast dagritme."}
	}
	saved, err := s.SaveFiche(ctx(), medical.Reader{Guardian: g.ID, Role: medical.Guardian}, b, medical.Page{Topic: "care", Lang: "nl", Seen: medical.AnyRevision}, typed)
	must(s.T, err)
	return saved
}

// decider is a colleague who decides on care.
func (s *shop) decider() account.Identity {
	olga := s.Colleague("Olga")
	_, err := s.DB.Exec(`INSERT INTO staff_role (staff_id, role) VALUES ($1, 'office')`, olga.StaffID)
	must(s.T, err)
	return olga
}

func deciding(who account.Identity) medical.Reader { return medical.Reader{Staff: who.StaffID} }

// due is what is open of a booking, by day.
func due(b booking.Booking) (days []civil.Date, open money.Cents) {
	for _, p := range b.Statement.Parts {
		if p.Open() > 0 {
			days, open = append(days, p.DueOn), open+p.Open()
		}
	}
	return days, open
}

// TestUndecidedCareOnTheDayOfDeparture: nothing is decided by letting the day pass. It is urgent, counted for the mail to the
// office, and stays undecided.
func TestUndecidedCareOnTheDayOfDeparture(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	g, leaves := s.Family(1), civil.Must(2027, 7, 19)
	b := s.lou(s.Departure(3, leaves), g, true)
	s.care(g, b.ID, "yes")
	for day, want := range map[civil.Date]int{leaves.AddDays(-4): 0, leaves.AddDays(-3): 1, leaves: 1, leaves.AddDays(1): 1, leaves.AddDays(60): 0} {
		s.Clock.MoveTo(day)
		n, err := s.CareDeparting(ctx())
		must(t, err)
		waiting, err := s.CareToDecide(ctx(), 10)
		must(t, err)
		item := waiting.Items[0]
		if urgent := item.Note != "" && !item.Due.IsZero(); n != want || waiting.Total != 1 || urgent != !day.Before(leaves.AddDays(-3)) || s.Again(b.ID).Status != "in_review" {
			t.Errorf("%s: %d leave, urgent %v, %s", day, n, urgent, s.Again(b.ID).Status)
		}
		if day == leaves && !item.Late(s.Date()) {
			t.Error("not late on the day of departure")
		}
	}
}

// TestCareToldAfterBooking: the place stays, nobody is reminded, and every open day moves on by as long as it was discussed.
func TestCareToldAfterBooking(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	g, olga := s.Family(1), s.decider()
	b := s.lou(s.Departure(3, civil.Must(2027, 7, 19)), g, true)
	s.Clock.Move(time.Minute)
	s.Pay(b.Order, 2000) // a part of the balance
	before, owed := due(s.Again(b.ID))
	s.care(g, b.ID, "yes")
	if b = s.Again(b.ID); b.Status != "in_review" || b.PausedOn != s.Date() || s.Count(`SELECT count(*) FROM job WHERE kind = $1`, "booking.care") != 1 {
		t.Fatalf("told after booking: %s since %v", b.Status, b.PausedOn)
	}
	s.care(g, b.ID, "yes") // once more changes nothing
	s.Sound()

	since := s.Date()
	s.Clock.MoveTo(before[0].AddDays(20)) // long late, were it not discussed
	s.remind(s.Date(), 0)
	if late, err := s.Nonpayment(ctx(), 10); err != nil || late.Total != 0 {
		t.Fatalf("%d orders may be ended for not paying while care is discussed (%v)", late.Total, err)
	}
	if waiting, err := s.CareToDecide(ctx(), 10); err != nil || waiting.Total != 1 || civil.Of(waiting.Items[0].Since) != since {
		t.Fatalf("on the worklist: %+v (%v)", waiting, err)
	}
	must(t, s.AcceptCare(ctx(), olga, deciding(olga), b.ID, "Zegt elke avond wat morgen komt."))
	after, still := due(s.Again(b.ID))
	if len(after) != len(before) || still != owed {
		t.Fatalf("open %v on %v, was %v on %v", still, after, owed, before)
	}
	for i, day := range before {
		if want := civil.Earlier(day.AddDays(since.DaysUntil(s.Date())), civil.Must(2027, 7, 18)); after[i] != want {
			t.Errorf("part %d is due on %v, want %v", i+1, after[i], want)
		}
	}
	s.Sound()
	if err := s.AcceptCare(ctx(), olga, deciding(olga), b.ID, ""); err == nil {
		t.Error("decided twice")
	}
	if s.care(g, b.ID, "no"); s.Again(b.ID).Status != "placed" {
		t.Error("an answer changed after the decision stops the booking")
	}
	if s.care(g, b.ID, "yes"); s.Again(b.ID).Status != "in_review" {
		t.Error("asked anew after the decision: nobody decides")
	}
}

func TestCareTakenBack(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	g := s.Family(1)
	b := s.lou(s.Departure(3, civil.Must(2027, 7, 19)), g, false)
	documents := s.Count(`SELECT count(*) FROM invoice`)
	s.care(g, b.ID, "yes")
	s.care(g, b.ID, "no")
	if b = s.Again(b.ID); b.Status != "placed" || !b.PausedOn.IsZero() || s.Count(`SELECT count(*) FROM care_review`) != 0 {
		t.Errorf("taken back the same day: %s, paused on %v", b.Status, b.PausedOn)
	}
	if s.Count(`SELECT count(*) FROM invoice`) != documents {
		t.Error("nothing moved, and yet there are new documents")
	}
	s.Sound()
	stranger := s.Family(2)
	_, err := s.SaveFiche(ctx(), medical.Reader{Guardian: stranger.ID, Role: medical.Guardian}, b.ID, medical.Page{Topic: "care", Lang: "nl", Seen: medical.AnyRevision}, questionnaire.Answers{"care.any": {Text: "yes"}})
	if !errors.Is(err, medical.ErrNotFound) || s.Again(b.ID).Status != "placed" {
		t.Errorf("another family puts a booking in review: %v", err)
	}
}

// TestCareNotPossible: told in time, so that all comes back without a fee, however late it is; taken back the same day it is discussed again.
func TestCareNotPossible(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	g, olga := s.Family(1), s.decider()
	b := s.lou(s.Departure(1, civil.Must(2027, 7, 19)), g, true)
	s.Clock.MoveTo(civil.Must(2027, 7, 10))
	s.Pay(b.Order, 4000)
	s.care(g, b.ID, "yes")
	if err := s.RefuseCare(ctx(), olga, deciding(olga), b.ID, "", booking.Confirmed{Fee: 1}); !errors.Is(err, booking.ErrOutdated) {
		t.Fatalf("a fee that nobody was shown: %v", err)
	}
	must(t, s.RefuseCare(ctx(), olga, deciding(olga), b.ID, "", booking.Confirmed{Refund: 9000}))
	if b = s.Again(b.ID); b.CancelledBy != "care_refused" || b.Statement.Charged != 0 {
		t.Fatalf("ended by %q, still charged %v", b.CancelledBy, b.Statement.Charged)
	}
	s.Sound()
	must(t, s.undo(olga, b.ID, "verkeerde knop"))
	if b = s.Again(b.ID); b.Status != "in_review" || b.PausedOn.IsZero() {
		t.Fatalf("taken back: %s, paused on %v", b.Status, b.PausedOn)
	}
	s.Sound()
	must(t, s.AcceptCare(ctx(), olga, deciding(olga), b.ID, ""))
	s.Sound()
}

// TestCareElsewhere: another holiday in place of this one costs no fee, whether care was asked before or after booking; money and fiche
// follow, and the animators there read what was agreed.
func TestCareElsewhere(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	g, olga := s.Family(1), s.decider()
	b := s.lou(s.Departure(1, civil.Must(2027, 7, 19)), g, false)
	to := s.Departure(1, civil.Must(2027, 8, 2))
	s.Clock.MoveTo(civil.Must(2027, 7, 12)) // a rebooking would be dear now
	s.Pay(b.Order, 28500)
	s.care(g, b.ID, "yes")
	ask := booking.Rebook{Booking: b.ID, Departure: to}
	p, err := s.PreviewOtherHoliday(ctx(), olga, ask)
	must(t, err)
	if p.Outcome.Fee != 0 || p.Refund != 0 || p.Followed != 33500 || len(p.Because) == 0 {
		t.Fatalf("fee %v, back %v, along %v because %v", p.Outcome.Fee, p.Refund, p.Followed, p.Because)
	}
	shown := booking.RebookConfirmed{Total: p.Total(), DueSoon: p.DueSoon}
	fresh, err := s.OtherHoliday(ctx(), olga, deciding(olga), ask, "Eén vaste begeleider.", shown)
	must(t, err)
	s.Sound()
	next, err := s.BookingByID(ctx(), fresh)
	must(t, err)
	if next.Status != "placed" || next.Departure != to || next.Statement.Open() != 0 {
		t.Errorf("there: %s, open %v", next.Status, next.Statement.Open())
	}
	sheet, err := s.Medical.Read(ctx(), medical.Reader{Guardian: g.ID, Role: medical.Guardian}, fresh, "care")
	must(t, err)
	if sheet.Care.State != medical.CareAgreed || string(sheet.Care.Agreements) != "Eén vaste begeleider." {
		t.Errorf("the animators there read: %v", sheet.Care.State)
	}
	if _, err := s.OtherHoliday(ctx(), olga, deciding(olga), ask, "", shown); !errors.Is(err, booking.ErrNoReview) {
		t.Errorf("decided twice: %v", err)
	}
}
