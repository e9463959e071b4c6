package decision

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/queue"
	"joetz/terms"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// CallOff says that a departure does not take place.
type CallOff struct {
	Departure id.Departure
	Reason    string         // as families read it
	Others    []id.Departure // that families may choose instead, at no fee
	Until     time.Time      // they may choose until then; silence is a refund
}

// Other is another holiday for one child, with what it costs.
type Other struct {
	To   catalogue.Departure
	Move booking.RebookPreview
}

// Refused is another holiday that one child cannot choose.
type Refused struct {
	To  catalogue.Departure
	Why error // nil: its free places are kept for others of the list
}

// Line is what a decision would do to one booking.
type Line struct {
	Booking booking.Booking
	Payer   booking.Order
	Back    money.Cents // that goes back, at the latest when the family does not choose
	Methods []string    // by which it was paid and goes back
	Others  []Other
	Refused []Refused
	Problem error // why the organiser cannot do this to it

	Move  booking.RebookPreview // of a merge
	Rise  terms.PriceRise       // of a price rise
	Added money.Cents           // what the price would rise
	Why   []terms.Reason
}

// Preview is what a decision would do.
type Preview struct {
	About  []catalogue.Departure
	Others []catalogue.Departure // of a cancellation, with how many are free
	Lines  []Line
	Paid   money.Cents
	Back   money.Cents
	Added  money.Cents
	Void   int // rises that the law does not allow
	Exits  int // families who may leave for free
	Before int // decisions of this kind about these departures, carried out or not
}

// Confirmed is what somebody read before they decided.
type Confirmed struct {
	Bookings int
	Amount   money.Cents
	Before   int // as Preview has it: the same page sent twice decides once
}

// Confirms is what the page sends back.
func (p Preview) Confirms() Confirmed {
	return Confirmed{Bookings: len(p.Lines), Amount: p.Back + p.Added, Before: p.Before}
}

// PreviewCallOff says per family what calling a departure off does, and changes nothing.
func (s *Service) PreviewCallOff(ctx context.Context, in CallOff) (Preview, error) {
	return s.previewCallOff(ctx, s.DB, in)
}

func (s *Service) previewCallOff(ctx context.Context, q sqlx.QueryerContext, in CallOff) (Preview, error) {
	p, err := s.lines(ctx, q, Cancel, in.Departure)
	if err != nil {
		return p, err
	}
	if p.Others, err = s.departures(ctx, in.Others); err != nil {
		return p, err
	}
	left := map[id.Departure]int{}
	for _, d := range p.Others {
		left[d.ID] = d.Free
	}
	for i := range p.Lines {
		l := &p.Lines[i]
		end, err := s.Bookings.PreviewEnd(ctx, q, l.Booking, terms.ByOrganiser)
		if err != nil {
			return p, err
		}
		l.Back = end.Back()
		p.Paid, p.Back = p.Paid+l.Booking.Statement.Paid, p.Back+l.Back
		if l.Methods, err = s.methods(ctx, q, l.Booking.Order); err != nil {
			return p, err
		}
		for _, d := range p.Others {
			if left[d.ID] == 0 && d.Free > 0 {
				l.Refused = append(l.Refused, Refused{To: d})
				continue
			}
			move, err := s.Bookings.PreviewMove(ctx, q, l.Booking, d, booking.Move{Booking: l.Booking.ID, Departure: d.ID, BoardingPlace: stopOf(l.Booking, d)})
			if people(err) {
				l.Refused = append(l.Refused, Refused{d, err})
				continue
			}
			if err != nil {
				return p, err
			}
			left[d.ID]--
			l.Others = append(l.Others, Other{d, move})
		}
	}
	return p, nil
}

// people reports whether an error is a reason that people can read, and no failure.
func people(err error) bool {
	f := fault.Of(err)
	return f != nil && (f.Kind == fault.Conflict || f.Kind == fault.Invalid || f.Kind == fault.NotFound || f.Kind == fault.Expired)
}

// lines starts a preview of a decision of that kind with the bookings of departures and who pays for them.
func (s *Service) lines(ctx context.Context, q sqlx.QueryerContext, kind string, about ...id.Departure) (p Preview, err error) {
	if p.Before, err = decidedAbout(ctx, q, kind, about); err != nil { // first: what is decided while the rest is read makes the page outdated
		return p, err
	}
	if p.About, err = s.departures(ctx, about); err != nil {
		return p, err
	}
	all, err := s.Bookings.ActiveOn(ctx, q, about...)
	if err != nil {
		return p, err
	}
	payers, err := s.Bookings.OrdersOfBookings(ctx, q, all)
	for _, b := range all {
		p.Lines = append(p.Lines, Line{Booking: b, Payer: payers[b.Order]})
	}
	return p, err
}

// departures reads departures in the order of the keys; one that does not exist is ErrNoDeparture.
func (s *Service) departures(ctx context.Context, keys []id.Departure) (all []catalogue.Departure, err error) {
	if len(keys) == 0 {
		return nil, nil
	}
	found, err := s.Catalogue.ByID(ctx, keys...)
	for _, key := range keys {
		d, ok := found[key]
		if err == nil && !ok {
			return nil, catalogue.ErrNoDeparture
		}
		all = append(all, d)
	}
	return all, err
}

func (s *Service) methods(ctx context.Context, q sqlx.QueryerContext, order id.Order) (methods []string, err error) {
	paid, err := s.Bookings.Payments.PaymentsOf(ctx, q, order)
	seen := map[string]bool{}
	for _, m := range paid {
		if m.Amount > m.Withdrawn && !seen[m.Method] {
			seen[m.Method] = true
			methods = append(methods, m.Method)
		}
	}
	return methods, err
}

// Check says what is missing from it; nil when nothing is.
func (in CallOff) Check(now time.Time, d catalogue.Departure) error {
	switch {
	case strings.TrimSpace(in.Reason) == "":
		return ErrNoReason
	case len(in.Others) > 0 && (!in.Until.After(now) || !in.Until.Before(d.StartsOn.Start())):
		return ErrUntil
	}
	return nil
}

// StartCallOff calls a departure off: it is off sale at once, and a job gives every family its money back, or asks which of the
// other holidays it wants. confirmed is what the preview said; booking.ErrOutdated when it is no longer so.
func (s *Service) StartCallOff(ctx context.Context, who account.Identity, in CallOff, confirmed Confirmed) (decision int64, err error) {
	found, err := s.departures(ctx, []id.Departure{in.Departure})
	if err != nil {
		return 0, err
	}
	if err := in.Check(s.Now(), found[0]); err != nil {
		return 0, err
	}
	others, err := s.departures(ctx, in.Others)
	if err != nil {
		return 0, err
	}
	for _, o := range others {
		if o.ID == in.Departure || !o.Bookable(s.Now()) {
			return 0, ErrTo
		}
	}
	slices.Sort(in.Others)
	in.Others = slices.Compact(in.Others)
	d := Decision{Kind: Cancel, Reason: strings.TrimSpace(in.Reason), About: []id.Departure{in.Departure}, Others: in.Others, Staff: who.StaffID, At: s.Now()}
	if len(in.Others) > 0 {
		d.Until = &in.Until
	}
	err = s.inTurn(ctx, Cancel, func(tx *sqlx.Tx) error {
		if err := s.Catalogue.CallOffTx(ctx, tx, who.Actor(), in.Departure, d.Reason); err != nil {
			return err
		}
		if s.CalledOff != nil {
			if err := s.CalledOff(ctx, tx, in.Departure); err != nil {
				return err
			}
		}
		all, err := s.Bookings.ActiveOn(ctx, tx, in.Departure)
		if err != nil {
			return err
		}
		var p Preview
		for _, b := range all {
			end, err := s.Bookings.PreviewEnd(ctx, tx, b, terms.ByOrganiser)
			if err != nil {
				return err
			}
			p.Lines, p.Back = append(p.Lines, Line{Booking: b}), p.Back+end.Back()
		}
		decision, err = s.startTx(ctx, tx, d, p, confirmed)
		if err != nil || d.Until == nil {
			return err
		}
		return s.enqueue(ctx, tx, SweepArgs{}, queue.At(*d.Until))
	})
	return decision, err
}

// inTurn runs a transaction that takes a decision; who takes another one of its kind meanwhile waits for it. The turn comes
// before the lock of any departure.
func (s *Service) inTurn(ctx context.Context, kind string, take func(*sqlx.Tx) error) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockKind(ctx, tx, kind); err != nil {
			return err
		}
		return take(tx)
	})
}

// startTx writes a decision with its bookings and asks for the job, within its turn: booking.ErrOutdated when what it does is not
// what was confirmed, or when somebody took one about these departures since. p needs only the lines and the sums.
func (s *Service) startTx(ctx context.Context, tx *sqlx.Tx, d Decision, p Preview, confirmed Confirmed) (decision int64, err error) {
	if p.Before, err = decidedAbout(ctx, tx, d.Kind, d.About); err != nil {
		return 0, err
	}
	if p.Confirms() != confirmed {
		return 0, booking.ErrOutdated
	}
	all := make([]booking.Booking, len(p.Lines))
	for n, l := range p.Lines {
		all[n] = l.Booking
	}
	if decision, err = insertDecision(ctx, tx, d); err != nil {
		return 0, err
	}
	if err := insertItems(ctx, tx, decision, all, d.At); err != nil {
		return 0, err
	}
	return decision, s.enqueue(ctx, tx, CarryArgs{decision})
}
