package booking

import (
	"bytes"
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// changing is a family's basket in a step that it shares with the baskets of others (see pg.Shared).
type changing struct {
	pg.Turn
	token    []byte // its hash
	guardian id.Guardian
	basket   Checkout // as it is under its lock
}

func newChange(token string, guardian id.Guardian) changing {
	return changing{token: hashToken(token), guardian: guardian}
}

func (c *changing) change() *changing { return c }

// changer is a step of one family.
type changer interface{ change() *changing }

// apart keeps two steps of one family from being taken at once: the second one finds what the first did.
func apart[T changer](a, b T) bool {
	one, other := a.change(), b.change()
	return one.guardian == other.guardian || bytes.Equal(one.token, other.token)
}

// lockedTx locks the baskets of all and reads them. Whose basket is not there, or not theirs, has an outcome; the others are
// returned.
func lockedTx[T changer](ctx context.Context, tx *sqlx.Tx, all []T) (own []T, err error) {
	tokens := make([]string, len(all))
	for i, one := range all {
		tokens[i] = string(one.change().token)
	}
	found, err := lockCheckouts(ctx, tx, tokens)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		c := one.change()
		basket, ok := found[string(c.token)]
		if !ok || basket.Guardian != c.guardian {
			c.Err = ErrNoCheckout
			continue
		}
		c.basket = basket
		own = append(own, one)
	}
	return own, nil
}

// openTx is lockedTx for baskets that can still be changed.
func openTx[T changer](ctx context.Context, tx *sqlx.Tx, all []T, now time.Time) ([]T, error) {
	own, err := lockedTx(ctx, tx, all)
	return each(own, func(one T) error {
		switch c := one.change(); {
		case c.basket.Status == "placed":
			return ErrNoCheckout
		case c.basket.Status != "open" || !now.Before(c.basket.HeldUntil): // it may have been left before its time
			return ErrHoldExpired
		}
		return nil
	}), err
}

// each gives those whom f refuses their outcome, and returns the others.
func each[T changer](all []T, f func(one T) error) (left []T) {
	for _, one := range all {
		if err := f(one); err != nil {
			one.change().Err = err
			continue
		}
		left = append(left, one)
	}
	return left
}

// none is the first refusal among steps for which something was written already: it ends the transaction of all (see
// pg.InSharedTx). An error of f that is no refusal ends it at once.
func none[T changer](all []T, f func(one T) error) (refusal error) {
	for _, one := range all {
		err := f(one)
		if err != nil && fault.Of(err) == nil {
			return err
		}
		if err != nil {
			one.change().Err = err
			refusal = err
		}
	}
	return refusal
}

// basketsOf are the baskets of all.
func basketsOf[T changer](all []T) []Checkout {
	baskets := make([]Checkout, len(all))
	for i, one := range all {
		baskets[i] = one.change().basket
	}
	return baskets
}

// departuresOf lists the departures in baskets, each once, in the lock order.
func departuresOf(baskets []Checkout) []id.Departure {
	var all Checkout
	for _, c := range baskets {
		all.Children = append(all.Children, c.Children...)
	}
	return all.Departures()
}

// changeCheckout runs f on a locked basket whose hold still runs.
func (s *Service) changeCheckout(ctx context.Context, token string, f func(tx *sqlx.Tx, c Checkout) error) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		c, err := lockCheckout(ctx, tx, hashToken(token))
		switch {
		case err != nil:
			return err
		case c.Status == "placed":
			return ErrNoCheckout
		case !s.Now().Before(c.HeldUntil):
			return ErrHoldExpired
		}
		return f(tx, c)
	})
}
