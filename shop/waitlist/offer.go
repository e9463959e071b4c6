package waitlist

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms/id"
)

// errGone means that the places were gone when they were to be taken: somebody decides anew from what is there now.
var errGone = errors.New("waitlist: the places are gone")

// Offer makes every offer that the free places of a departure allow, in the order of the list, and reports how many. Safe
// to run at any time and by several processes: one of them at a time looks at a list.
func (s *Service) Offer(ctx context.Context, departure id.Departure) (made int, err error) {
	for range 2 * booking.MostPlaces {
		var more bool
		err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
			more, err = s.offerNext(ctx, tx, departure)
			return err
		})
		if errors.Is(err, errGone) {
			return made, nil // taken since: the next run looks again
		}
		if err != nil || !more {
			return made, err
		}
		made++
	}
	return made, nil
}

func (s *Service) offerNext(ctx context.Context, tx *sqlx.Tx, departure id.Departure) (bool, error) {
	if err := lockList(ctx, tx, departure); err != nil {
		return false, err
	}
	found, err := s.Catalogue.ByIDTx(ctx, tx, departure)
	if err != nil {
		return false, err
	}
	d, ok := found[departure]
	if !ok || d.Listed == 0 || !d.Bookable(s.Now()) { // nobody who waits fits what is free
		return false, nil
	}
	entry, err := nextEntry(ctx, tx, departure, s.Now())
	if err != nil || entry == 0 {
		return false, err
	}
	err = s.offerTx(ctx, tx, entry, "system", "")
	if errors.Is(err, ErrTooLate) {
		e, err := entryByID(ctx, tx, entry)
		if err != nil {
			return false, err
		}
		return true, s.closeTx(ctx, tx, e, "too_late")
	}
	return true, err
}

// offerTx offers an entry that waits as many places as fit: errGone when none does, ErrTooLate when nobody could answer any more.
// Its caller has the list's lock.
func (s *Service) offerTx(ctx context.Context, tx *sqlx.Tx, entry id.WaitlistEntry, by, reason string) error {
	e, err := entryByID(ctx, tx, entry)
	if err != nil {
		return err
	}
	now := s.Now()
	deadline := s.Settings.Deadline(now, e.StartsOn)
	if !deadline.After(now) {
		return ErrTooLate
	}
	children, err := fitting(ctx, tx, entry, now)
	if err != nil {
		return err
	}
	if len(children) == 0 {
		return errGone
	}
	wishes := make([]booking.Wish, len(children))
	for i, c := range children {
		wishes[i] = booking.Wish{Participant: c.Participant, BoardingPlace: c.BoardingPlace}
	}
	checkout, ok, err := s.Bookings.OfferTx(ctx, tx, e.Guardian, e.Departure, wishes, deadline)
	if err != nil || !ok {
		return errOr(err, errGone)
	}
	if ok, err := markOffered(ctx, tx, entry); err != nil || !ok {
		return errOr(err, errGone)
	}
	offer, err := insertOffer(ctx, tx, Offer{Entry: entry, Checkout: checkout, Places: len(children), MadeAt: now, Deadline: deadline})
	if err != nil {
		return err
	}
	detail := map[string]any{"offer": offer, "places": len(children), "deadline": deadline}
	if reason != "" {
		detail["reason"] = reason
	}
	if err := s.event(ctx, tx, entry, "offered", by, detail); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, LetterArgs{Entry: entry, Offer: offer, What: "offer"})
}

func (s *Service) closeTx(ctx context.Context, tx *sqlx.Tx, e Entry, why string) error {
	if ok, err := endEntry(ctx, tx, e.ID, Waiting, Closed, s.Now()); err != nil || !ok {
		return err
	}
	if err := s.event(ctx, tx, e.ID, "closed", "system", map[string]any{"why": why}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, LetterArgs{Entry: e.ID, What: "closed"})
}

// FreedTx is booking's Freed: departures with a list get their offers right after the commit that freed places.
func (s *Service) FreedTx(ctx context.Context, tx *sqlx.Tx, departures []id.Departure) error {
	waited, err := waitedFor(ctx, tx, departures)
	if err != nil {
		return err
	}
	for _, d := range waited {
		if err := s.enqueue(ctx, tx, OfferArgs{Departure: d}); err != nil {
			return err
		}
	}
	return nil
}

// ReleasedTx is booking's Released: the basket of an open offer ended without an order, because its time was over or the
// parent took every child out of it.
func (s *Service) ReleasedTx(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout) error {
	o, err := offerOfCheckout(ctx, tx, checkout)
	if err != nil || o == nil {
		return err
	}
	status, by := Expired, "system"
	if o.Running(s.Now()) {
		status, by = Declined, "guardian"
	}
	if ok, err := endOffer(ctx, tx, o.ID, string(status), s.Now()); err != nil || !ok {
		return err
	}
	if ok, err := endEntry(ctx, tx, o.Entry, Offered, status, s.Now()); err != nil || !ok {
		return err
	}
	if err := s.event(ctx, tx, o.Entry, string(status), by, map[string]any{"offer": o.ID}); err != nil {
		return err
	}
	if status == Declined {
		return nil
	}
	return s.enqueue(ctx, tx, LetterArgs{Entry: o.Entry, Offer: o.ID, What: "expired"})
}

// PlacedTx is booking's Placed: offers were taken, or children who wait got a place by another way.
func (s *Service) PlacedTx(ctx context.Context, tx *sqlx.Tx, placed map[id.Checkout]id.Order) error {
	baskets := slices.Sorted(maps.Keys(placed))
	offers, err := offersOfCheckouts(ctx, tx, baskets)
	if err != nil {
		return err
	}
	var others []id.Order
	for _, b := range baskets {
		o, offered := offers[b]
		if !offered {
			others = append(others, placed[b])
		} else if err := s.takenTx(ctx, tx, o, placed[b]); err != nil {
			return err
		}
	}
	return s.servedTx(ctx, tx, others)
}

// takenTx ends an offer with the order that its basket became.
func (s *Service) takenTx(ctx context.Context, tx *sqlx.Tx, o Offer, order id.Order) error {
	if ok, err := endOffer(ctx, tx, o.ID, "taken", s.Now()); err != nil || !ok {
		return errOr(err, booking.ErrHoldExpired) // the list ended it in this moment: the places are not this basket's
	}
	if _, err := endEntry(ctx, tx, o.Entry, Offered, Taken, s.Now()); err != nil {
		return err
	}
	if err := s.event(ctx, tx, o.Entry, "taken", "guardian", map[string]any{"offer": o.ID, "order": order}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, LetterArgs{Entry: o.Entry, Offer: o.ID, What: "taken"})
}

// servedTx ends the entries of which every child has a place now, looked for by the children of orders.
func (s *Service) servedTx(ctx context.Context, tx *sqlx.Tx, orders []id.Order) error {
	served, err := endServed(ctx, tx, orders, s.Now())
	for _, e := range served {
		if err := s.event(ctx, tx, e.Entry, "taken", "guardian", map[string]any{"order": e.Order}); err != nil {
			return err
		}
	}
	return err
}

// Sweep looks at every list: it closes those of departures that left, makes the offers that are due and reminds of those
// that end soon. Safe twice.
func (s *Service) Sweep(ctx context.Context) error {
	over, err := overEntries(ctx, s.DB, s.Now())
	if err != nil {
		return err
	}
	for _, e := range over {
		err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
			if err := lockList(ctx, tx, e.Departure); err != nil {
				return err
			}
			return s.closeTx(ctx, tx, e, "departure_over")
		})
		if err != nil {
			return err
		}
	}
	waited, err := listsWithPlaces(ctx, s.DB, s.Now())
	if err != nil {
		return err
	}
	for _, d := range waited {
		if _, err := s.Offer(ctx, d); err != nil {
			return err
		}
	}
	return s.remind(ctx)
}

// remind writes once to who has not answered when three quarters of the time are over, by day.
func (s *Service) remind(ctx context.Context) error {
	if !s.Settings.Day(s.Now()) {
		return nil
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		due, err := markReminded(ctx, tx, s.Now())
		for _, o := range due {
			if err := s.event(ctx, tx, o.Entry, "reminded", "system", map[string]any{"offer": o.ID}); err != nil {
				return err
			}
			if err := s.enqueue(ctx, tx, LetterArgs{Entry: o.Entry, Offer: o.ID, What: "reminder"}); err != nil {
				return err
			}
		}
		return err
	})
}

// OfferNow offers an entry that waits the places that are free, out of turn: ErrNoPlaces when it does not fit, ErrTooLate when the
// time to answer would be over already. The entry goes on waiting then; the list closes by itself.
func (s *Service) OfferNow(ctx context.Context, who account.Identity, entry id.WaitlistEntry, reason string) error {
	e, err := s.EntryByID(ctx, entry)
	if err != nil {
		return err
	}
	if err := s.allBarredTx(ctx, s.DB, who, e); err != nil {
		return err
	}
	return s.officeStep(ctx, entry, reason, func(tx *sqlx.Tx, _ Entry, reason string) error {
		err := s.offerTx(ctx, tx, entry, who.Actor(), reason)
		if errors.Is(err, errGone) {
			return ErrNoPlaces
		}
		return err
	})
}

// Prioritise puts an entry before (1 to 9, higher is earlier) or back among (0) those in order of arrival.
func (s *Service) Prioritise(ctx context.Context, who account.Identity, entry id.WaitlistEntry, priority int, reason string) error {
	return s.officeStep(ctx, entry, reason, func(tx *sqlx.Tx, e Entry, reason string) error {
		priority = max(0, min(priority, 9))
		if err := setPriority(ctx, tx, entry, priority); err != nil {
			return err
		}
		return s.event(ctx, tx, entry, "priority", who.Actor(), map[string]any{"reason": reason, "from": e.Priority, "to": priority})
	})
}

// Remove takes an entry off the list for the office; an open offer is taken back.
func (s *Service) Remove(ctx context.Context, who account.Identity, entry id.WaitlistEntry, reason string) error {
	reason, err := given(reason)
	if err != nil {
		return err
	}
	return s.end(ctx, entry, nil, Closed, who.Actor(), reason)
}

func (s *Service) officeStep(ctx context.Context, entry id.WaitlistEntry, reason string, f func(tx *sqlx.Tx, e Entry, reason string) error) error {
	reason, err := given(reason)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		e, err := entryByID(ctx, tx, entry)
		if err != nil {
			return err
		}
		if err := lockList(ctx, tx, e.Departure); err != nil {
			return err
		}
		if e, err = entryByID(ctx, tx, entry); err != nil || e.Status != Waiting {
			return errOr(err, ErrNotWaiting)
		}
		return f(tx, e, reason)
	})
}
