package decision

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// MergeInto says that children of one departure go on another one: at most at the price that they booked, and whoever does not
// want it leaves for free.
type MergeInto struct {
	From     id.Departure
	To       id.Departure
	Bookings []id.Booking // empty: all of them, and the departure is called off
	Reason   string
	Boarding map[id.BoardingPlace]id.BoardingPlace // from -> to; what is missing is found by its name
	LeaveBy  civil.Date                            // the last day to leave for free
}

// keepMoving is how long the places of a merge are kept for its job.
const keepMoving = 24 * time.Hour

func (in MergeInto) stop(b booking.Booking, d catalogue.Departure) id.BoardingPlace {
	if to, ok := in.Boarding[b.BoardingPlace]; ok {
		return to
	}
	return stopOf(b, d)
}

func (in MergeInto) move(b booking.Booking, d catalogue.Departure) booking.Move {
	return booking.Move{Booking: b.ID, Departure: d.ID, BoardingPlace: in.stop(b, d), AtMost: true, Quiet: true, Note: in.Reason}
}

// PreviewMerge says per family what a merge does, and changes nothing. Lines with a Problem cannot be moved: the office
// decides about them first.
func (s *Service) PreviewMerge(ctx context.Context, in MergeInto) (Preview, error) {
	p, err := s.lines(ctx, s.DB, Merge, in.From)
	if err != nil {
		return p, err
	}
	if p.Others, err = s.departures(ctx, []id.Departure{in.To}); err != nil {
		return p, err
	}
	return p, s.addMoves(ctx, s.DB, &p, in, p.Others[0])
}

func (s *Service) addMoves(ctx context.Context, q sqlx.QueryerContext, p *Preview, in MergeInto, to catalogue.Departure) error {
	if len(in.Bookings) > 0 {
		p.Lines = slices.DeleteFunc(p.Lines, func(l Line) bool { return !slices.Contains(in.Bookings, l.Booking.ID) })
	}
	going, err := moving(ctx, q, in.From)
	if err != nil {
		return err
	}
	for n := range p.Lines {
		l := &p.Lines[n]
		if slices.Contains(going, l.Booking.ID) { // a second place would be kept for the same child
			l.Problem = ErrMoving
			continue
		}
		move, err := s.Bookings.PreviewMove(ctx, q, l.Booking, to, in.move(l.Booking, to))
		switch {
		case people(err):
			l.Problem = err
		case err != nil:
			return err
		default:
			l.Move, l.Back = move, move.Refund
			p.Paid, p.Back = p.Paid+l.Booking.Statement.Paid, p.Back+move.Refund
		}
	}
	return nil
}

// StartMerge keeps a place for every child on the other departure, all or none, and lets a job move them. ErrTooFew when there
// are too few places; the Problem of a line when a child cannot go there, ErrMoving when it goes already; booking.ErrOutdated when it
// is not as it was shown, or another merge of the departure was decided since.
func (s *Service) StartMerge(ctx context.Context, who account.Identity, in MergeInto, confirmed Confirmed) (decision int64, err error) {
	in.Reason = strings.TrimSpace(in.Reason)
	found, err := s.departures(ctx, []id.Departure{in.From, in.To})
	if err != nil {
		return 0, err
	}
	switch from, to := found[0], found[1]; {
	case in.Reason == "":
		return 0, ErrNoReason
	case in.From == in.To || !to.Bookable(s.Now()):
		return 0, ErrTo
	case in.LeaveBy.Before(s.today()) || !in.LeaveBy.Before(from.StartsOn) || !in.LeaveBy.Before(to.StartsOn):
		return 0, ErrUntil
	}
	until := in.LeaveBy.AddDays(1).Start()
	d := Decision{Kind: Merge, Reason: in.Reason, To: in.To, Until: &until, About: []id.Departure{in.From}, Staff: who.StaffID, At: s.Now()}
	if d.Detail, err = json.Marshal(in.Boarding); err != nil {
		return 0, err
	}
	err = s.inTurn(ctx, Merge, func(tx *sqlx.Tx) error {
		decision, err = s.startMergeTx(ctx, tx, who, in, d, confirmed)
		return err
	})
	return decision, err
}

func (s *Service) startMergeTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, in MergeInto, d Decision, confirmed Confirmed) (decision int64, err error) {
	if len(in.Bookings) == 0 {
		if err := s.Catalogue.CallOffTx(ctx, tx, who.Actor(), in.From, in.Reason); err != nil {
			return 0, err
		}
		if s.CalledOff != nil {
			if err := s.CalledOff(ctx, tx, in.From); err != nil {
				return 0, err
			}
		}
	}
	var p Preview
	all, err := s.Bookings.ActiveOn(ctx, tx, in.From)
	if err != nil {
		return 0, err
	}
	for _, b := range all {
		p.Lines = append(p.Lines, Line{Booking: b})
	}
	to, err := s.Catalogue.ByIDTx(ctx, tx, in.To)
	if err != nil {
		return 0, err
	}
	if err := s.addMoves(ctx, tx, &p, in, to[in.To]); err != nil {
		return 0, err
	}
	if len(p.Lines) == 0 {
		return 0, ErrNothing
	}
	if decision, err = s.startTx(ctx, tx, d, p, confirmed); err != nil {
		return 0, err
	}
	return decision, s.keepAllTx(ctx, tx, decision, in, to[in.To], p.Lines)
}

// keepAllTx keeps a place for every child of a merge, so that no sale comes between; none when one of them cannot go.
func (s *Service) keepAllTx(ctx context.Context, tx *sqlx.Tx, decision int64, in MergeInto, to catalogue.Departure, all []Line) error {
	for _, l := range all {
		if l.Problem != nil {
			return l.Problem
		}
	}
	items, err := waitingItems(ctx, tx, decision)
	if err != nil {
		return err
	}
	of := map[id.Booking]int64{}
	for _, i := range items {
		of[i.Booking] = i.ID
	}
	for _, l := range all {
		b := l.Booking
		place := in.stop(b, to)
		checkout, ok, err := s.Bookings.KeepTx(ctx, tx, b, to.ID, place, s.Now().Add(keepMoving))
		if err != nil {
			return err
		}
		if !ok {
			return ErrTooFew
		}
		if err := insertOffer(ctx, tx, Offer{Item: of[b.ID], Departure: to.ID, Boarding: place, Checkout: checkout}); err != nil {
			return err
		}
	}
	return nil
}

// moveTx moves children of one order onto their kept places, or onto free ones when those were kept too long ago.
func (s *Service) moveTx(ctx context.Context, tx *sqlx.Tx, d Decision, all ...subject) error {
	moves := make([]booking.Move, len(all))
	for n, e := range all {
		if len(e.offers) == 0 {
			return errors.New("decision: a merge without a kept place")
		}
		moves[n] = booking.Move{Booking: e.b.ID, Departure: d.To, BoardingPlace: e.offers[0].Boarding, Kept: e.offers[0].Checkout, AtMost: true, Quiet: true, Note: d.Reason}
		if e.item.Tries > 0 { // its place may be gone by now: a free one will do
			if err := s.Bookings.DropKeptTx(ctx, tx, kept(e.offers)...); err != nil {
				return err
			}
			moves[n].Kept = 0
		}
	}
	fresh, done, err := s.Bookings.MoveAllTx(ctx, tx, d.who(), d.reader(), d.Reason, moves...)
	if err != nil {
		return err
	}
	for n, e := range all {
		e.item.Fresh, e.item.ExitUntil = fresh[n], civil.Of(*d.Until).AddDays(-1)
		if err := s.doneTx(ctx, tx, e.item, Moved, done[n].Refund); err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, LetterArgs{Item: e.item.ID, What: Moved}); err != nil {
			return err
		}
	}
	return nil
}
