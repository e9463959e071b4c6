package booking

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// MostLines is how many places one basket holds over all its holidays: two holidays for a big family.
const MostLines = 2 * MostChildren

// longestHold is how long a basket keeps its places in all, however often a holiday is added: else one family could keep
// places from others for a day.
const longestHold = 90 * time.Minute

// ErrBasketFull is returned when a basket holds as many places as it may.
var ErrBasketFull error = fault.New(fault.Conflict, "booking.basket_full")

// AddHoliday holds places on one more departure in the same basket, all or none. The whole basket has one end: it moves to
// HoldFor from now, at most to longestHold after the basket was opened. ErrNotOnSale, ErrSoldOut, ErrInBaskets,
// ErrBasketFull, ErrChildCount, ErrNoCheckout or ErrHoldExpired; then the basket is as it was.
func (s *Service) AddHoliday(ctx context.Context, token string, departure id.Departure, children int) error {
	if children < 1 || children > MostChildren {
		return ErrChildCount
	}
	if _, err := s.onSale(ctx, departure); err != nil {
		return err
	}
	return s.changeCheckout(ctx, token, func(tx *sqlx.Tx, c Checkout) error {
		if c.Offered { // a place for everybody is not kept as long as an offer
			return ErrOffered
		}
		if len(c.Children)+children > MostLines {
			return ErrBasketFull
		}
		now := s.Now()
		opened, err := checkoutOpened(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		until := c.HeldUntil
		if longer := earlier(now.Add(HoldFor), opened.Add(longestHold)); longer.After(until) {
			until = longer
		}
		// In the lock order of departures: of those that it has the end moves, of the new one places are taken.
		all := append(c.Departures(), departure)
		slices.Sort(all)
		for _, one := range slices.Compact(all) {
			if err := extendPlaces(ctx, tx, c.ID, one, until); err != nil {
				return err
			}
			if one != departure {
				continue
			}
			taken, err := takePlaces(ctx, tx, one, children, c.ID, until, now)
			if err != nil {
				return err
			}
			if len(taken) < children {
				return s.notTaken(ctx, tx, one, children)
			}
		}
		if err := insertLines(ctx, tx, c.ID, departure, lastPosition(c), children); err != nil {
			return err
		}
		return reopenCheckout(ctx, tx, c.ID, until)
	})
}

// RemoveLine takes one child's line out of a basket and gives its place back at once; the lines behind it move up. The last
// line ends the basket. It also works on a basket whose hold ran out, so that what is sold out can make way for the rest.
func (s *Service) RemoveLine(ctx context.Context, token string, position int) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		c, err := lockCheckout(ctx, tx, hashToken(token))
		if err != nil {
			return err
		}
		line, ok := c.child(position)
		if !ok || c.Status == "placed" {
			return ErrNoCheckout
		}
		if len(c.Children) == 1 {
			return s.expireTx(ctx, tx, c.ID)
		}
		answered, err := careAnswered(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := releasePlace(ctx, tx, c.ID, line.Departure); err != nil {
			return err
		}
		if err := deleteLine(ctx, tx, c.ID, position); err != nil {
			return err
		}
		if err := s.freedTx(ctx, tx, line.Departure); err != nil {
			return err
		}
		for _, a := range answered {
			if a.Position == position {
				return s.Medical.DropTx(ctx, tx, a.Participant, a.Departure)
			}
		}
		return nil
	})
}

func lastPosition(c Checkout) int {
	last := 0
	for _, child := range c.Children {
		last = max(last, child.Position)
	}
	return last
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Overlap is a child of a basket who would be in two places on the same days.
type Overlap struct {
	Position int
	Name     string // first name
	Title    string // the other holiday
	From, To civil.Date
}

// Overlaps lists the children of a basket who go elsewhere on some of the same days, in this basket or by an earlier
// booking. It is a warning: a family may know what it does (edges.md has no rule against it).
func (s *Service) Overlaps(ctx context.Context, c Checkout) ([]Overlap, error) {
	all, _, err := s.crowds.overlaps.Get(ctx, c.ID, func(ctx context.Context, checkouts []id.Checkout) (map[id.Checkout][]Overlap, error) {
		return overlapsOf(ctx, s.DB, checkouts)
	})
	return all, err
}
