package decision

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Carry carries a decision out: every booking that waits, each in a transaction of its own. What cannot be done is written
// down with its reason, and does not stop the others. It may be killed, run again, and run by two processes at once.
func (s *Service) Carry(ctx context.Context, a CarryArgs) error {
	d, err := s.byID(ctx, a.Decision)
	if err != nil {
		return err
	}
	items, err := waitingItems(ctx, s.DB, d.ID)
	if err != nil {
		return err
	}
	for _, i := range items {
		if err := s.one(ctx, d, i, Waiting); err != nil {
			return err
		}
	}
	return nil
}

// one does what is to be done with a booking, if it still stands in that state. It fails only when the program stops.
func (s *Service) one(ctx context.Context, d Decision, i Item, state string) error {
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return s.oneTx(ctx, tx, d, i, state) })
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	problem := "decide.problem_program"
	if f := fault.Of(err); people(err) {
		problem = f.Key
	} else {
		s.Log.ErrorContext(ctx, "decision: an item failed", "item", i.ID, "error", err)
	}
	return markFailed(ctx, s.DB, i.ID, state, problem, s.Now())
}

func (s *Service) oneTx(ctx context.Context, tx *sqlx.Tx, d Decision, i Item, state string) error {
	offers, err := offersOf(ctx, tx, i.ID)
	if err != nil {
		return err
	}
	if err := s.Bookings.LockKeptTx(ctx, tx, kept(offers)...); err != nil {
		return err
	}
	b, err := s.Bookings.LockedTx(ctx, tx, i.Booking)
	if err != nil {
		return err
	}
	locked, err := lockItem(ctx, tx, i.ID)
	if err != nil || locked.State != state {
		return err // another process was faster
	}
	if !b.Active() {
		if err := s.Bookings.DropKeptTx(ctx, tx, kept(offers)...); err != nil {
			return err
		}
		return s.doneTx(ctx, tx, locked, Ended, 0)
	}
	switch d.Kind {
	case Cancel:
		if state == Waiting && len(offers) == 0 && d.Until != nil && s.Now().Before(*d.Until) {
			asked, err := s.askTx(ctx, tx, d, locked, b)
			if err != nil || asked {
				return err
			}
		}
		who := d.who()
		if state == Asked {
			who = account.Identity{} // their silence
		}
		return s.refundTx(ctx, tx, who, d, locked, b, offers)
	case Merge:
		return s.moveTx(ctx, tx, d, locked, b, offers)
	}
	return s.raiseTx(ctx, tx, d, locked, b)
}

func kept(offers []Offer) []id.Checkout {
	all := make([]id.Checkout, len(offers))
	for i, o := range offers {
		all[i] = o.Checkout
	}
	return all
}

// askTx holds a place on each other holiday where there is one for this child; it reports false when there is none.
func (s *Service) askTx(ctx context.Context, tx *sqlx.Tx, d Decision, i Item, b booking.Booking) (asked bool, err error) {
	found, err := s.Catalogue.ByIDTx(ctx, tx, d.Others...)
	if err != nil || len(d.Others) == 0 {
		return false, err
	}
	for _, key := range d.Others { // in order of departure: the lock order
		to := found[key]
		place := stopOf(b, to)
		_, err := s.Bookings.PreviewMove(ctx, tx, b, to, booking.Move{Booking: b.ID, Departure: key, BoardingPlace: place})
		if people(err) {
			continue
		}
		if err != nil {
			return false, err
		}
		checkout, ok, err := s.Bookings.KeepTx(ctx, tx, b, key, place, *d.Until)
		if err != nil {
			return false, err
		}
		if ok {
			asked = true
			if err := insertOffer(ctx, tx, Offer{Item: i.ID, Departure: key, Boarding: place, Checkout: checkout}); err != nil {
				return false, err
			}
		}
	}
	if !asked {
		return false, nil
	}
	i.State = Asked
	if err := updateItem(ctx, tx, i, s.Now()); err != nil {
		return false, err
	}
	return true, s.enqueue(ctx, tx, LetterArgs{i.ID, "choose"})
}

// refundTx ends a booking with everything back, and gives back what was kept for it.
func (s *Service) refundTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, d Decision, i Item, b booking.Booking, offers []Offer) error {
	back, err := s.endTx(ctx, tx, who, b, terms.ByOrganiser, d.Reason)
	if err != nil {
		return err
	}
	if err := s.Bookings.DropKeptTx(ctx, tx, kept(offers)...); err != nil {
		return err
	}
	if err := s.doneTx(ctx, tx, i, Refunded, back); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, LetterArgs{i.ID, Refunded})
}

// endTx ends a booking; when nobody of its order goes any more, what was paid too much goes back as well.
func (s *Service) endTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b booking.Booking, by terms.By, why string) (back money.Cents, err error) {
	p, err := s.Bookings.EndTx(ctx, tx, who, booking.Cancel{Booking: b.ID, By: by, Note: why, Quiet: true})
	if err != nil {
		return 0, err
	}
	alone, err := s.Bookings.AloneTx(ctx, tx, b)
	if err != nil || !alone {
		return p.Back(), err
	}
	credit, err := s.Bookings.Payments.ReturnCreditTx(ctx, tx, payments.Closing{Order: b.Order, Booking: b.ID, Reason: by.String(), By: who.StaffID, Actor: who.Actor()})
	return p.Back() + credit, err
}

func (s *Service) doneTx(ctx context.Context, tx *sqlx.Tx, i Item, outcome string, amount money.Cents) error {
	i.State, i.Outcome, i.Amount = Done, outcome, amount
	return updateItem(ctx, tx, i, s.Now())
}

// Retry lets a job try again what failed.
func (s *Service) Retry(ctx context.Context, decision int64) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := retryItems(ctx, tx, decision, s.Now()); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, CarryArgs{decision})
	})
}

// Sweep refunds families whose time to choose is over, and goes on with decisions that a job left behind.
func (s *Service) Sweep(ctx context.Context) error {
	late, err := lateItems(ctx, s.DB, s.Now())
	if err != nil {
		return err
	}
	for _, i := range late {
		d, err := s.byID(ctx, i.Decision)
		if err != nil {
			return err
		}
		if err := s.one(ctx, d, i, Asked); err != nil {
			return err
		}
	}
	left, err := unfinished(ctx, s.DB)
	for _, d := range left {
		err = errors.Join(err, s.Carry(ctx, CarryArgs{d}))
	}
	return err
}
