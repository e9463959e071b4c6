package booking

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// The baskets of the waiting list: places held for named children of one guardian, until the offer's deadline. They are
// filled in and confirmed like every other basket; only the children are fixed, and nothing makes the hold longer.

// The reasons why a basket from the waiting list, or a freed place, is refused.
var (
	ErrListFirst error = fault.New(fault.Conflict, "booking.list_first")
	ErrOffered   error = fault.New(fault.Conflict, "booking.offered")
)

// Wish is one child of an offer.
type Wish struct {
	Participant   id.Participant   `db:"participant_id"`
	BoardingPlace id.BoardingPlace `db:"boarding_place_id"` // 0: not asked
}

// OfferTx holds a place for each of these children in a basket of their guardian, all or none, before the public; ok is
// false when the places or a unit of a sub-limit are gone. The caller knows that it is this family's turn.
func (s *Service) OfferTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, departure id.Departure, children []Wish, until time.Time) (checkout id.Checkout, ok bool, err error) {
	if _, err := lockLimits(ctx, tx, departure); err != nil { // limits before places: the lock order
		return 0, false, err
	}
	now := s.Now()
	// Nobody has this token: AdoptOffer makes one when the guardian comes.
	if checkout, err = insertOffered(ctx, tx, hashToken(newToken()), guardian, departure, children, now, until); err != nil {
		return 0, false, err
	}
	taken, err := takeListed(ctx, tx, departure, len(children), checkout, until, now)
	if err != nil || len(taken) < len(children) {
		return 0, false, err
	}
	over, err := limitOver(ctx, tx, departure, checkout, now)
	return checkout, err == nil && over == nil, err
}

// AdoptOffer gives the guardian a token for the basket of an offer; an earlier token of it ends. ErrNoCheckout when it is
// not theirs, or placed; ErrHoldExpired when its time is over.
func (s *Service) AdoptOffer(ctx context.Context, guardian id.Guardian, checkout id.Checkout) (token string, err error) {
	token = newToken()
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		c, err := lockCheckoutByID(ctx, tx, checkout)
		switch {
		case err != nil:
			return err
		case c.Guardian != guardian || !c.Offered || c.Status == "placed":
			return ErrNoCheckout
		case c.Status != "open" || !s.Now().Before(c.HeldUntil):
			return ErrHoldExpired
		}
		return setCheckoutToken(ctx, tx, c.ID, hashToken(token))
	})
	return token, err
}

// ReleaseOfferTx gives the places of an offer back; false when it was placed, or over, before. ended is called once the
// basket is locked and before Released is told, so that its caller says how the offer ended.
func (s *Service) ReleaseOfferTx(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, ended func() error) (released bool, err error) {
	c, err := lockCheckoutByID(ctx, tx, checkout)
	if err != nil || !c.Offered || c.Status != "open" {
		return false, err
	}
	if err := ended(); err != nil {
		return false, err
	}
	return true, s.expireTx(ctx, tx, c.ID)
}
