package waitlist

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// JoinInput is what a parent asks.
type JoinInput struct {
	Departure id.Departure
	AtLeast   int // of the children; an offer is for so many or more
	Children  []JoinChild
}

// JoinChild is one child of the guardian, with the answers that the departure needs.
type JoinChild struct {
	Participant   id.Participant
	Gender        string           // only where the departure has places by gender
	BoardingPlace id.BoardingPlace // only where it has places by boarding place
}

// Join puts a family on the list of a departure that has no place for all of its children. ErrStillFree when there are
// places for everybody, ErrClosed when nothing is sold any more, ErrOnList, ErrNoEntry for a departure that does not exist;
// Invalid faults on the fields children, at_least, gender and boarding_place.
func (s *Service) Join(ctx context.Context, guardian id.Guardian, in JoinInput) (entry id.WaitlistEntry, err error) {
	if len(in.Children) < 1 || len(in.Children) > MostChildren {
		return 0, fault.Field("children", "waitlist.choose_children")
	}
	if in.AtLeast < 1 || in.AtLeast > len(in.Children) {
		return 0, fault.Field("at_least", "waitlist.choose_at_least")
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockList(ctx, tx, in.Departure); err != nil {
			return err
		}
		found, err := s.Catalogue.ByIDTx(ctx, tx, in.Departure)
		if err != nil {
			return err
		}
		d, ok := found[in.Departure]
		switch {
		case !ok || d.Status == "draft":
			return ErrNoEntry
		case !d.Bookable(s.Now()):
			return ErrClosed
		}
		if err := s.checkChildren(ctx, tx, guardian, d, in); err != nil {
			return err
		}
		if entry, err = insertEntry(ctx, tx, guardian, in, s.Now()); err != nil {
			return err
		}
		if err := s.event(ctx, tx, entry, "joined", guardian.Actor(), map[string]any{"children": len(in.Children), "at_least": in.AtLeast}); err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, LetterArgs{Entry: entry, What: "joined"}); err != nil {
			return err
		}
		// A place that came free while this was written is theirs.
		return s.enqueue(ctx, tx, OfferArgs{Departure: in.Departure})
	})
	if pg.Constraint(err) == "waitlist_entry_once" {
		return 0, ErrOnList
	}
	return entry, s.Bookings.Tried(ctx, guardian, err)
}

func (s *Service) checkChildren(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, d catalogue.Departure, in JoinInput) error {
	full := false
	var seen []id.Participant
	for _, c := range in.Children {
		child, err := s.Accounts.ChildOfTx(ctx, tx, guardian, c.Participant)
		switch {
		case err != nil:
			return booking.ErrNotYourChild.With(err)
		case slices.Contains(seen, c.Participant):
			return fault.Field("children", "waitlist.choose_children")
		case !d.Admits(child.BornOn):
			return fault.Field("children", "booking.wrong_age", child.FirstName, strconv.Itoa(d.BirthYearFrom), strconv.Itoa(d.BirthYearTo))
		}
		seen = append(seen, c.Participant)
		if err := s.Bookings.BarredTx(ctx, tx, account.Identity{GuardianID: guardian}, child, d.ID, "children"); err != nil {
			return err
		}
		if d.AsksGender() {
			if err := s.Accounts.SetGenderTx(ctx, tx, guardian, c.Participant, c.Gender); err != nil {
				return err
			}
		}
		if _, ok := d.BoardingPlaceByID(c.BoardingPlace); AsksBoarding(d) != (c.BoardingPlace != 0) || c.BoardingPlace != 0 && !ok {
			return fault.Field("boarding_place", "booking.choose_boarding_place")
		}
		goes, waits, err := goesOrWaits(ctx, tx, c.Participant, d.ID)
		switch {
		case err != nil:
			return err
		case goes:
			return fault.Field("children", "booking.goes_already", child.FirstName)
		case waits:
			return fault.Field("children", "waitlist.waits_already", child.FirstName)
		}
		for _, l := range d.Limits {
			full = full || l.Full() && l.Covers(c.Gender, child.BornOn, c.BoardingPlace)
		}
	}
	if d.Free >= len(in.Children) && !full {
		return ErrStillFree
	}
	return nil
}

// AsksBoarding reports whether somebody on the list must say where they board: only where places go by it.
func AsksBoarding(d catalogue.Departure) bool {
	return slices.ContainsFunc(d.Limits, func(l catalogue.Limit) bool { return l.BoardingPlace != 0 })
}

// Leave takes an entry off the list; an open offer is declined.
func (s *Service) Leave(ctx context.Context, guardian id.Guardian, entry id.WaitlistEntry) error {
	return s.end(ctx, entry, &guardian, Left, guardian.Actor(), "")
}

// Decline refuses the open offer: its places go to the next, and the entry ends. ErrOfferOver when there is none.
func (s *Service) Decline(ctx context.Context, guardian id.Guardian, entry id.WaitlistEntry) error {
	e, err := s.EntryOf(ctx, guardian, entry)
	if err != nil {
		return err
	}
	if !e.Offer.Running(s.Now()) {
		return ErrOfferOver
	}
	err = s.end(ctx, entry, &guardian, Declined, guardian.Actor(), "")
	if errors.Is(err, ErrNotWaiting) { // it was taken from another tab in this very moment
		return ErrOfferOver
	}
	return err
}

// Accept gives the token of the offer's basket, for the guardian's cookie: the checkout is the usual one. chosen are the
// children who go, where the offer has fewer places than children; none leaves those whom the list chose. ErrOfferOver, and
// ErrChoose for another number of children, for one who does not wait or whom a limit of the departure keeps out.
func (s *Service) Accept(ctx context.Context, guardian id.Guardian, entry id.WaitlistEntry, chosen ...id.Participant) (token string, err error) {
	e, err := s.EntryOf(ctx, guardian, entry)
	if err != nil {
		return "", err
	}
	if !e.Offer.Running(s.Now()) {
		return "", ErrOfferOver
	}
	who := account.Identity{GuardianID: guardian}
	if err := s.Bookings.Tried(ctx, guardian, s.allBarredTx(ctx, s.DB, who, e)); err != nil {
		return "", err
	}
	if !e.choosable(chosen) {
		return "", ErrChoose
	}
	token, err = s.Bookings.AdoptOffer(ctx, guardian, e.Offer.Checkout)
	if f := fault.Of(err); f != nil { // placed or expired in this very moment
		return "", ErrOfferOver
	}
	if err == nil && len(chosen) > 0 {
		err = s.seat(ctx, guardian, token, chosen)
	}
	return token, err
}

// Pick lists the children among whom a family chooses who gets the places of a running offer; none where nobody is left over.
func (s *Service) Pick(ctx context.Context, e Entry) ([]Child, error) {
	if e.Status != Offered || !e.Offer.Running(s.Now()) || e.Offer.Places >= len(e.Children) {
		return nil, nil
	}
	children, err := pickable(ctx, s.DB, e.ID, s.Now())
	if err != nil || len(children) <= e.Offer.Places {
		return nil, err
	}
	return children, nil
}

// choosable reports whether these children of the entry can fill the places of its offer.
func (e Entry) choosable(chosen []id.Participant) bool {
	for i, p := range chosen {
		waits := slices.ContainsFunc(e.Children, func(c Child) bool { return c.Participant == p })
		if !waits || slices.Contains(chosen[:i], p) {
			return false
		}
	}
	return len(chosen) == 0 || len(chosen) == e.Offer.Places
}

// seat puts the chosen children on the places of the basket that the list filled with others; who stays keeps its place. A
// child whom a limit of the departure keeps out is ErrChoose with the limit's words.
func (s *Service) seat(ctx context.Context, guardian id.Guardian, token string, chosen []id.Participant) error {
	basket, err := s.Bookings.Open(ctx, token)
	if err != nil {
		return err
	}
	in := make([]id.Participant, len(basket.Children))
	for i, line := range basket.Children {
		in[i] = line.Participant
	}
	fresh := slices.DeleteFunc(slices.Clone(chosen), func(p id.Participant) bool { return slices.Contains(in, p) })
	for _, line := range basket.Children {
		if len(fresh) == 0 || slices.Contains(chosen, line.Participant) {
			continue
		}
		if err := s.Bookings.SeatWaiting(ctx, token, guardian, line.Position, fresh[0]); err != nil {
			if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
				return fault.New(fault.Conflict, f.Key, f.Args...).With(ErrChoose)
			}
			return err
		}
		fresh = fresh[1:]
	}
	return nil
}

// allBarredTx refuses when none of these children may come. A brother or sister who may is not held up: the basket lets the
// family take the other child out, and says why.
func (s *Service) allBarredTx(ctx context.Context, q sqlx.QueryerContext, who account.Identity, e Entry) (refused error) {
	for _, c := range e.Children {
		child := account.Child{ID: c.Participant, FirstName: c.FirstName, LastName: c.LastName, BornOn: c.BornOn}
		err := s.Bookings.BarredTx(ctx, q, who, child, e.Departure, "")
		if fault.Of(err) == nil {
			return err
		}
		refused = err
	}
	return refused
}

// end closes an entry that waits or has an offer. guardian is nil for the office.
func (s *Service) end(ctx context.Context, entry id.WaitlistEntry, guardian *id.Guardian, status Status, by, reason string) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		e, err := entryByID(ctx, tx, entry)
		if err != nil || guardian != nil && e.Guardian != *guardian {
			return errOr(err, ErrNoEntry)
		}
		if err := lockList(ctx, tx, e.Departure); err != nil {
			return err
		}
		open, err := openOffer(ctx, tx, entry)
		if err != nil {
			return err
		}
		if open == nil && status == Declined { // taken, or over, since the page was read
			return ErrOfferOver
		}
		detail := map[string]any{}
		if reason != "" {
			detail["reason"] = reason
		}
		if open == nil {
			if ok, err := endEntry(ctx, tx, entry, Waiting, status, s.Now()); err != nil || !ok {
				return errOr(err, ErrNotWaiting)
			}
			return s.event(ctx, tx, entry, string(status), by, detail)
		}
		released, err := s.Bookings.ReleaseOfferTx(ctx, tx, open.Checkout, func() error {
			if ok, err := endOffer(ctx, tx, open.ID, "declined", s.Now()); err != nil || !ok {
				return errOr(err, ErrOfferOver)
			}
			if ok, err := endEntry(ctx, tx, entry, Offered, status, s.Now()); err != nil || !ok {
				return errOr(err, ErrNotWaiting)
			}
			return nil
		})
		if err != nil || !released {
			return errOr(err, ErrOfferOver)
		}
		return s.event(ctx, tx, entry, string(status), by, detail)
	})
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func given(reason string) (string, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return "", ErrNoReason
	}
	return reason, nil
}
