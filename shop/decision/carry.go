package decision

import (
	"context"
	"errors"
	"maps"
	"slices"

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

// Carry carries a decision out: every booking that waits, those of one order that are called off or merged in one transaction, else
// each in one of its own. What cannot be done is written down with its reason, and does not stop the others. It may be killed, run
// again, and run by two processes at once.
func (s *Service) Carry(ctx context.Context, a CarryArgs) error {
	d, err := s.byID(ctx, a.Decision)
	if err != nil {
		return err
	}
	items, err := waitingItems(ctx, s.DB, d.ID)
	if err != nil {
		return err
	}
	return s.carry(ctx, d, items, Waiting)
}

func (s *Service) carry(ctx context.Context, d Decision, items []Item, state string) error {
	for _, turn := range turns(d, items) {
		if err := s.turn(ctx, d, turn, state); err != nil {
			return err
		}
	}
	return nil
}

// turns are the items that one transaction does: what is called off or merged by order, since bookings that end together share
// their credit notes; a price rise by itself.
func turns(d Decision, items []Item) (all [][]Item) {
	at := map[id.Order]int{}
	for _, i := range items {
		n, seen := at[i.Order]
		if d.Kind == Rise || !seen {
			n, all = len(all), append(all, nil)
			at[i.Order] = n
		}
		all[n] = append(all[n], i)
	}
	return all
}

// turn does what is to be done with bookings, where they still stand in that state. When it cannot be done with all of them it
// is tried with each. It fails only when the program stops.
func (s *Service) turn(ctx context.Context, d Decision, items []Item, state string) error {
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return s.turnTx(ctx, tx, d, items, state) })
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if len(items) > 1 {
		for n := range items {
			if err := s.turn(ctx, d, items[n:n+1], state); err != nil {
				return err
			}
		}
		return nil
	}
	problem := "decide.problem_program"
	if f := fault.Of(err); people(err) {
		problem = f.Key
	} else {
		s.Log.ErrorContext(ctx, "decision: an item failed", "item", items[0].ID, "error", err)
	}
	return markFailed(ctx, s.DB, items[0].ID, state, problem, s.Now())
}

// subject is a booking that a decision does something with, together with the others of its order.
type subject struct {
	item   Item
	b      booking.Booking
	offers []Offer // that are kept for it
}

func (s *Service) turnTx(ctx context.Context, tx *sqlx.Tx, d Decision, items []Item, state string) error {
	offers := make([][]Offer, len(items))
	var all []Offer
	for n, i := range items {
		var err error
		if offers[n], err = offersOf(ctx, tx, i.ID); err != nil {
			return err
		}
		all = append(all, offers[n]...)
	}
	if err := s.Bookings.LockKeptTx(ctx, tx, kept(all)...); err != nil {
		return err
	}
	var together []subject
	for n, i := range items {
		one, err := s.oneTx(ctx, tx, d, subject{item: i, offers: offers[n]}, state)
		if err != nil {
			return err
		}
		if one != nil {
			together = append(together, *one)
		}
	}
	switch {
	case len(together) == 0:
		return nil
	case d.Kind == Merge:
		return s.moveTx(ctx, tx, d, together...)
	}
	who := d.who()
	if state == Asked {
		who = account.Identity{} // their silence
	}
	return s.refundTx(ctx, tx, who, d, together...)
}

// oneTx does what is to be done with one booking; what is done together with others of its order it returns instead.
func (s *Service) oneTx(ctx context.Context, tx *sqlx.Tx, d Decision, e subject, state string) (together *subject, err error) {
	b, err := s.Bookings.LockedTx(ctx, tx, e.item.Booking)
	if err != nil {
		return nil, err
	}
	locked, err := lockItem(ctx, tx, e.item.ID)
	if err != nil || locked.State != state {
		return nil, err // another process was faster
	}
	if !b.Active() {
		if err := s.Bookings.DropKeptTx(ctx, tx, kept(e.offers)...); err != nil {
			return nil, err
		}
		return nil, s.doneTx(ctx, tx, locked, Ended, 0)
	}
	switch d.Kind {
	case Cancel:
		if state == Waiting && len(e.offers) == 0 && d.Until != nil && s.Now().Before(*d.Until) {
			asked, err := s.askTx(ctx, tx, d, locked, b)
			if err != nil || asked {
				return nil, err
			}
		}
		return &subject{locked, b, e.offers}, nil
	case Merge:
		return &subject{locked, b, e.offers}, nil
	}
	return nil, s.raiseTx(ctx, tx, d, locked, b)
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
	return true, s.enqueue(ctx, tx, LetterArgs{Item: i.ID, What: "choose"})
}

// refundTx ends bookings of one order with everything back, and gives back what was kept for them. One mail tells of all.
func (s *Service) refundTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, d Decision, ends ...subject) error {
	all := make([]booking.Booking, len(ends))
	letter := LetterArgs{Item: ends[0].item.ID, What: Refunded}
	for n, e := range ends {
		all[n] = e.b
		if n > 0 {
			letter.With = append(letter.With, e.item.ID)
		}
	}
	back, err := s.endTx(ctx, tx, who, terms.ByOrganiser, d.Reason, all...)
	if err != nil {
		return err
	}
	for n, e := range ends {
		if err := s.Bookings.DropKeptTx(ctx, tx, kept(e.offers)...); err != nil {
			return err
		}
		if err := s.doneTx(ctx, tx, e.item, Refunded, back[n]); err != nil {
			return err
		}
	}
	return s.enqueue(ctx, tx, letter)
}

// endTx ends bookings of one order and says what goes back of each; when nobody of the order goes any more, what was paid too
// much goes back as well, with the last one.
func (s *Service) endTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, by terms.By, why string, all ...booking.Booking) (back []money.Cents, err error) {
	ends := make([]booking.Cancel, len(all))
	for n, b := range all {
		ends[n] = booking.Cancel{Booking: b.ID, By: by, Note: why, Quiet: true}
	}
	done, err := s.Bookings.EndTx(ctx, tx, who, ends...)
	if err != nil {
		return nil, err
	}
	for _, p := range done {
		back = append(back, p.Back())
	}
	last := all[len(all)-1]
	alone, err := s.Bookings.AloneTx(ctx, tx, last)
	if err != nil || !alone {
		return back, err
	}
	credit, err := s.Bookings.Payments.ReturnCreditTx(ctx, tx, payments.Closing{Order: last.Order, Booking: last.ID, Reason: by.String(), By: who.StaffID, Actor: who.Actor()})
	back[len(back)-1] += credit
	return back, err
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
	asked := map[int64][]Item{}
	for _, i := range late {
		asked[i.Decision] = append(asked[i.Decision], i)
	}
	for _, key := range slices.Sorted(maps.Keys(asked)) {
		d, err := s.byID(ctx, key)
		if err != nil {
			return err
		}
		if err := s.carry(ctx, d, asked[key], Asked); err != nil {
			return err
		}
	}
	left, err := unfinished(ctx, s.DB)
	for _, d := range left {
		err = errors.Join(err, s.Carry(ctx, CarryArgs{d}))
	}
	return err
}
