package booking_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"joetz/medical"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/catalogue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// lou books one child at the base price and pays its deposit.
func (s *shop) lou(d id.Departure, g account.Guardian, insured bool) booking.Booking {
	s.T.Helper()
	return s.Lou(d, g, catalogue.Base, insured, bookingtest.Asked)
}

func parentOf(g account.Guardian) account.Identity { return account.Identity{GuardianID: g.ID} }

func asParent(g account.Guardian) medical.Reader {
	return medical.Reader{Guardian: g.ID, Role: medical.Guardian}
}

// A cancellation in every band and kind of trip, from terms/edges.md M3: what is charged is the table's fee, and paid plus
// outstanding is fee plus refund.
func TestCancelInEveryBand(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for n, c := range []struct {
		trip  string
		price money.Cents
		days  int
		fee   money.Cents
		why   string
	}{
		{"domestic", 33500, 61, 5000, "the deposit"},
		{"domestic", 33500, 60, 5000, "day 60 is in no clause: the lower fee"},
		{"domestic", 33500, 59, 16750, "50 % of 335.00"},
		{"domestic", 33500, 30, 16750, "50 %, last day"},
		{"domestic", 33500, 29, 33500, "all of it"},
		{"domestic", 33500, 0, 33500, "on the day"},
		{"domestic", 9500, 45, 5000, "50 % is 47.50, at least the deposit"},
		{"domestic", 18901, 45, 9450, "94.505 down"},
		{"foreign_coach", 59500, 61, 10000, "the deposit"},
		{"foreign_coach", 59500, 59, 44625, "75 % of 595.00"},
		{"foreign_coach", 47500, 30, 35625, "75 % of 475.00"},
		{"foreign_coach", 59500, 29, 59500, "all of it"},
		{"foreign_coach", 13300, 45, 10000, "75 % is 99.75, at least the deposit"},
		{"foreign_own", 39500, 61, 10000, "the deposit"},
		{"foreign_own", 39500, 45, 19750, "50 %: it is no coach"},
		{"foreign_own", 39500, 29, 39500, "all of it"},
		{"flight", 89900, 61, 30000, "the deposit"},
		{"flight", 89900, 60, 30000, "the deposit"},
		{"flight", 89900, 59, 89900, "all of it"},
	} {
		s.Clock.MoveTo(civil.Must(2026, 12, 1))
		leaves, g := civil.Must(2027, 7, 19), s.Family(n)
		b := s.lou(s.Holiday(fmt.Sprint("C", n), c.trip, c.price, 1, leaves), g, false)
		paid := b.Statement.Paid
		s.Clock.MoveTo(leaves.AddDays(-c.days))
		in := booking.Cancel{Booking: b.ID, By: terms.ByCustomer}
		p, err := s.PreviewCancel(ctx(), in)
		must(t, err)
		o := p.Outcome
		if o.Fee != c.fee || o.Fee+o.Refund != paid+o.Outstanding {
			t.Errorf("%s %v, %d days before (%s): fee %v, want %v; refund %v, outstanding %v", c.trip, c.price, c.days, c.why, o.Fee, c.fee, o.Refund, o.Outstanding)
		}
		if _, err := s.CancelOwn(ctx(), parentOf(g), in, booking.Confirmed{Fee: o.Fee + 1}); !errors.Is(err, booking.ErrOutdated) {
			t.Errorf("an amount that nobody was shown: %v", err)
		}
		_, err = s.CancelOwn(ctx(), parentOf(g), in, booking.Confirmed{Fee: o.Fee, Refund: o.Refund, Outstanding: o.Outstanding})
		must(t, err)
		if st := s.Again(b.ID).Statement; st.Charged != c.fee || st.Open() != o.Outstanding {
			t.Errorf("%s %d: charged %v, open %v", c.trip, c.days, st.Charged, st.Open())
		}
	}
	s.Sound()
}

// Rebooking up, down and across kinds, from terms/edges.md M4. Money pays the fee first and follows then.
func TestRebookAcrossKinds(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	office := s.Colleague("Kantoor")
	for n, c := range []struct {
		from     string
		was      money.Cents
		to       string
		price    money.Cents
		days     int
		all      bool // paid in full before
		insured  bool
		fee      money.Cents
		total    money.Cents
		refund   money.Cents
		soon     money.Cents
		followed money.Cents
	}{
		// 50.00 paid: 25.00 is the fee, 25.00 follows; of the new deposit of 50.00 another 25.00 is to be paid.
		{from: "domestic", was: 33500, to: "domestic", price: 36900, days: 90, fee: 2500, total: 36900, soon: 2500, followed: 2500},
		{from: "domestic", was: 36900, to: "domestic", price: 33500, days: 90, fee: 2500, total: 33500, soon: 2500, followed: 2500},
		// 100.00 paid: 50.00 fee, 50.00 is the whole new deposit.
		{from: "foreign_coach", was: 59500, to: "domestic", price: 33500, days: 90, fee: 5000, total: 33500, soon: 0, followed: 5000},
		// 50.00 paid: fee 25.00; of the deposit of 100.00 there is 25.00.
		{from: "domestic", was: 33500, to: "foreign_coach", price: 59500, days: 90, fee: 2500, total: 59500, soon: 7500, followed: 2500},
		// Domestic to flight: fee 25.00, deposit 300.00 of which 25.00 is there.
		{from: "domestic", was: 33500, to: "flight", price: 89900, days: 90, fee: 2500, total: 89900, soon: 27500, followed: 2500},
		// A flight is rebooked at its cancellation fee: the deposit of 300.00, and a new one is due.
		{from: "flight", was: 89900, to: "flight", price: 99500, days: 90, fee: 30000, total: 99500, soon: 30000, followed: 0},
		// At 59 days it is the whole 899.00: 599.00 more, and the new deposit of 300.00.
		{from: "flight", was: 89900, to: "flight", price: 99500, days: 59, fee: 89900, total: 99500, soon: 89900, followed: 0},
		{from: "foreign_own", was: 39500, to: "domestic", price: 33500, days: 90, fee: 2500, total: 33500, soon: 0, followed: 7500},
		// 335.00 paid: 25.00 fee, 299.00 follows, 11.00 goes back.
		{from: "domestic", was: 33500, to: "domestic", price: 29900, days: 90, all: true, fee: 2500, total: 29900, refund: 1100, followed: 29900},
		{from: "domestic", was: 33500, to: "domestic", price: 29900, days: 40, all: true, fee: 2500, total: 29900, refund: 1100, followed: 29900},
		// 385.00 insured for 25.02 becomes 595.00 insured for 38.67.
		{from: "domestic", was: 38500, to: "foreign_coach", price: 59500, days: 90, insured: true, fee: 2500, total: 63367, soon: 7500, followed: 2500},
	} {
		s.Clock.MoveTo(civil.Must(2026, 12, 1))
		leaves, g := civil.Must(2027, 7, 19), s.Family(n)
		b := s.lou(s.Holiday(fmt.Sprint("A", n), c.from, c.was, 1, leaves), g, c.insured)
		if c.all {
			s.Clock.Move(time.Second)
			s.Pay(b.Order, c.was-b.Statement.Paid)
		}
		to := s.Holiday(fmt.Sprint("B", n), c.to, c.price, 1, leaves.AddDays(21))
		s.Clock.MoveTo(leaves.AddDays(-c.days))
		who, in := parentOf(g), booking.Rebook{Booking: b.ID, Departure: to}
		if c.days < 60 && c.from != "flight" {
			if _, err := s.PreviewRebook(ctx(), who, in); !errors.Is(err, booking.ErrAskOffice) {
				t.Errorf("%d: a way round the fee of 50 %% needs the office: %v", n, err)
			}
			who = office
		}
		p, err := s.PreviewRebook(ctx(), who, in)
		must(t, err)
		got := fmt.Sprint(p.Outcome.Fee, p.Total(), p.Refund, p.DueSoon, p.Followed)
		if want := fmt.Sprint(c.fee, c.total, c.refund, c.soon, c.followed); got != want {
			t.Errorf("%d %s to %s: fee, total, refund, soon, followed: got %s, want %s", n, c.from, c.to, got, want)
		}
		confirmed := booking.RebookConfirmed{Fee: p.Outcome.Fee, Total: p.Total(), Refund: p.Refund, DueSoon: p.DueSoon}
		wrong := confirmed
		wrong.Fee--
		if _, err := s.Rebook(ctx(), who, asParent(g), in, wrong); !errors.Is(err, booking.ErrOutdated) {
			t.Errorf("%d: an amount that nobody was shown: %v", n, err)
		}
		fresh, err := s.Rebook(ctx(), who, asParent(g), in, confirmed)
		must(t, err)
		next, err := s.BookingByID(ctx(), fresh)
		must(t, err)
		old := s.Again(b.ID)
		if old.CancelledBy != "rebooked" || old.RebookedTo != fresh || next.RebookedFrom != b.ID || next.PhotoConsent != "group" || next.PolicyHash != b.PolicyHash {
			t.Errorf("%d: old %+v, new %+v", n, old, next)
		}
		if end := s.end(b.Order, b.ID); end.By != "rebooked" || end.To != next.Title || end.ToOn != next.DepartsOn || end.Family != (who.GuardianID != 0) || len(end.Because) != len(p.Because) {
			t.Errorf("%d: the family reads %+v of what was confirmed because of %+v", n, end, p.Because)
		}
		if old.Statement.Charged != c.fee || next.Statement.Charged != c.total || next.Statement.Paid != c.followed {
			t.Errorf("%d: old costs %v, new costs %v with %v paid", n, old.Statement.Charged, next.Statement.Charged, next.Statement.Paid)
		}
		if _, err := s.Rebook(ctx(), who, asParent(g), in, confirmed); !errors.Is(err, booking.ErrEnded) {
			t.Errorf("%d: rebooked twice: %v", n, err)
		}
	}
	s.Sound()
}

func TestRebookSaysWhyNot(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	g, other := s.Family(1), s.Family(2)
	from := s.Holiday("F", "domestic", 33500, 3, leaves)
	b := s.lou(from, g, false)
	full := s.Holiday("VOL", "domestic", 33500, 1, leaves.AddDays(7))
	s.lou(full, other, false)
	try := func(who account.Identity, d id.Departure) error {
		_, err := s.PreviewRebook(ctx(), who, booking.Rebook{Booking: b.ID, Departure: d})
		return err
	}
	for _, c := range []struct {
		name string
		who  account.Identity
		to   id.Departure
		want error
	}{
		{"sold out", parentOf(g), full, booking.ErrSoldOut},
		{"goes there already", parentOf(g), from, booking.ErrSameDeparture},
		{"next year", parentOf(g), s.Holiday("JAAR", "domestic", 33500, 1, civil.Must(2028, 7, 3)), booking.ErrOtherSeason},
		{"another family", parentOf(other), full, booking.ErrNoBooking},
	} {
		if err := try(c.who, c.to); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	open := s.Holiday("OPEN", "domestic", 33500, 1, leaves.AddDays(7))
	twice := s.Holiday("TWEE", "domestic", 33500, 2, leaves.AddDays(14))
	if also := s.lou(twice, g, false); also.Participant != b.Participant {
		t.Fatal("it is another child that goes on both")
	}
	choices, err := s.RebookChoices(ctx(), parentOf(g), b)
	must(t, err)
	offered := func(to id.Departure) bool {
		return slices.ContainsFunc(choices, func(d catalogue.Departure) bool { return d.ID == to })
	}
	if !offered(open) || offered(twice) {
		t.Errorf("offers the open one %v, the one where the child goes already %v", offered(open), offered(twice))
	}
	s.Clock.MoveTo(leaves)
	if err := try(parentOf(g), open); !errors.Is(err, booking.ErrDeparted) {
		t.Errorf("on the day of departure: %v", err)
	}
	s.Sound()
}

// The place of a child goes to its sister, free, until seven days before; the proof of a price is asked anew.
func TestTransferToASister(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves, g := civil.Must(2027, 7, 19), s.Family(1)
	b := s.lou(s.Holiday("T", "foreign_coach", 59500, 1, leaves), g, false)
	add := func(g account.Guardian, name string, born civil.Date) id.Participant {
		child, err := s.Accounts.AddChild(ctx(), g.ID, account.ChildInput{FirstName: name, LastName: "Peeters", BornOn: born})
		must(t, err)
		return child
	}
	sister, baby, stranger := add(g, "Mia", civil.Must(2017, 1, 1)), add(g, "Bo", civil.Must(2024, 1, 1)), add(s.Family(2), "Ander", civil.Must(2017, 1, 1))
	s.Clock.MoveTo(leaves.AddDays(-7))
	if err := s.Transfer(ctx(), parentOf(g), b.ID, baby, "no"); err == nil {
		t.Error("a child of three goes to a camp for twelve")
	}
	if err := s.Transfer(ctx(), parentOf(g), b.ID, stranger, "no"); !errors.Is(err, booking.ErrNotYourChild) {
		t.Errorf("another family's child: %v", err)
	}
	before := s.Again(b.ID).Statement
	if err := s.Transfer(ctx(), parentOf(g), b.ID, sister, ""); !errors.Is(err, booking.ErrNoPhotoChoice) || s.Again(b.ID).Participant != b.Participant {
		t.Errorf("nobody said whether photos of the sister may be shown: %v", err)
	}
	must(t, s.Transfer(ctx(), parentOf(g), b.ID, sister, "no"))
	if now := s.Again(b.ID); now.PhotoConsent != "no" || b.PhotoConsent == "no" {
		t.Errorf("photos: %q of the brother became %q of the sister, who was asked", b.PhotoConsent, now.PhotoConsent)
	}
	if now := s.Again(b.ID); now.Participant != sister || now.Statement.Charged != before.Charged || now.Statement.Paid != before.Paid {
		t.Errorf("transferred: %+v", now)
	}
	if n := s.Count(`SELECT count(*) FROM fiche WHERE participant_id = $1 AND wiped_at IS NULL`, b.Participant); n != 0 {
		t.Error("the fiche of the child that stays home is still there")
	}
	s.Clock.MoveTo(leaves.AddDays(-6))
	if err := s.Transfer(ctx(), parentOf(g), b.ID, b.Participant, "no"); !errors.Is(err, booking.ErrTooLate) {
		t.Errorf("six days before: %v", err)
	}
	s.Sound()
}

// A mis-click of the office is undone the same day: price, schedule and money stand as before. The next day it is too late.
func TestUndoSameDay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	office, leaves, g := s.Colleague("Kantoor"), civil.Must(2027, 7, 19), s.Family(1)
	b := s.lou(s.Holiday("U", "domestic", 33500, 1, leaves), g, true)
	s.Clock.Move(time.Second)
	s.Pay(b.Order, 31000) // all of 335.00 and the premium of 25.00
	before := s.Again(b.ID).Statement
	s.Clock.MoveTo(leaves.AddDays(-45))
	in := booking.Cancel{Booking: b.ID, By: terms.ByCustomer}
	_, err := s.Cancel(ctx(), office, in, booking.Confirmed{Fee: 16750, Refund: 19250}) // 360.00 less half of 335.00
	must(t, err)
	s.Sound()
	s.Clock.Move(time.Second)
	must(t, s.UndoRefused(ctx(), s.Again(b.ID)))
	other := s.lou(b.Departure, s.Family(2), false) // its one place is taken
	if err := s.UndoRefused(ctx(), s.Again(b.ID)); !errors.Is(err, booking.ErrSoldOut) || !errors.Is(s.undo(office, b.ID, ""), booking.ErrSoldOut) {
		t.Errorf("without a place: %v", err)
	}
	end := booking.Cancel{Booking: other.ID, By: terms.ByOrganiser, Note: "vergissing"}
	left, err := s.PreviewCancel(ctx(), end)
	must(t, err)
	_, err = s.Cancel(ctx(), office, end, left.Confirms())
	must(t, err)
	must(t, s.undo(office, b.ID, "verkeerd kind"))
	now := s.Again(b.ID)
	if now.Status != "placed" || now.Statement.Charged != before.Charged || now.Statement.Paid != before.Paid || len(now.Statement.Parts) != len(before.Parts) {
		t.Fatalf("was %+v, is %+v", before, now)
	}
	s.Sound()
	_, err = s.Cancel(ctx(), office, in, booking.Confirmed{Fee: 16750, Refund: 19250})
	must(t, err)
	if end := s.end(b.Order, b.ID); end.By != terms.ByCustomer.String() || len(end.Because) == 0 {
		t.Errorf("ended, taken back and ended again: %+v", end)
	}
	s.Clock.MoveTo(leaves.AddDays(-44))
	if err := s.undo(office, b.ID, ""); !errors.Is(err, booking.ErrNoUndo) {
		t.Fatalf("the next day: %v", err)
	}
	s.Sound()
}

// Above 100.00 in all a second person decides; both amounts stay in the history.
func TestGoodwillNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	an, bo, g := s.Colleague("An"), s.Colleague("Bo"), s.Family(1)
	b := s.lou(s.Holiday("G", "domestic", 33500, 1, civil.Must(2027, 7, 19)), g, false)
	if waits, err := s.GiveGoodwill(ctx(), an, b.ID, s.Again(b.ID).Statement.Charged, 10000, "ziek"); err != nil || waits {
		t.Fatalf("100.00 alone: %v %v", waits, err)
	}
	if now := s.Again(b.ID).Statement; now.Charged != 23500 || now.Paid != 5000 {
		t.Fatalf("335.00 less 100.00: %+v", now)
	}
	if waits, err := s.GiveGoodwill(ctx(), an, b.ID, s.Again(b.ID).Statement.Charged, 1, "nog een cent"); err != nil || !waits {
		t.Fatalf("100.01 in two parts: %v %v", waits, err)
	}
	all, err := s.GoodwillOf(ctx(), b.ID)
	must(t, err)
	if _, err := s.DecideGoodwill(ctx(), an, all[0].ID, true); !errors.Is(err, booking.ErrSecondPerson) {
		t.Fatalf("approved by who asked: %v", err)
	}
	var wg sync.WaitGroup
	for range 4 { // four clicks of the same colleague give it once
		wg.Go(func() {
			if _, err := s.DecideGoodwill(ctx(), bo, all[0].ID, true); err != nil && !errors.Is(err, booking.ErrDecided) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if now := s.Again(b.ID).Statement; now.Charged != 23499 {
		t.Fatalf("charged %v", now.Charged)
	}
	s.Sound()
}
