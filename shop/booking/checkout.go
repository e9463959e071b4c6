package booking

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/catalogue"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// HoldFor is how long places stay in a basket. Long enough to type two children on a phone, short enough that a place
// that nobody wants comes back the same half hour.
const HoldFor = 30 * time.Minute

// MostChildren is how many children one basket takes.
const MostChildren = 6

// The reasons why a checkout cannot go on.
var (
	ErrSoldOut      error = fault.New(fault.Conflict, "booking.sold_out")
	ErrInBaskets    error = fault.New(fault.Conflict, "booking.in_baskets")
	ErrNotOnSale    error = fault.New(fault.Conflict, "booking.not_on_sale")
	ErrNoCheckout   error = fault.New(fault.NotFound, "booking.no_checkout")
	ErrHoldExpired  error = fault.New(fault.Expired, "booking.hold_expired")
	ErrIncomplete   error = fault.New(fault.Conflict, "booking.incomplete")
	ErrOutdated     error = fault.New(fault.Conflict, "booking.outdated")
	ErrTwice        error = fault.New(fault.Conflict, "booking.twice")
	ErrNotYourChild       = fault.New(fault.NotFound, "booking.not_your_child")
	ErrChildCount   error = fault.Field("children", "booking.child_count")
)

// Child is one child on one departure in a basket; empty fields are not answered yet.
type Child struct {
	Position      int                `db:"position"`
	Departure     id.Departure       `db:"departure_id"`
	Participant   id.Participant     `db:"participant_id"`
	Category      catalogue.Category `db:"category"`
	BoardingPlace id.BoardingPlace   `db:"boarding_place_id"`
	Insured       *bool              `db:"insured"`
	Care          *bool              `db:"care"`
	PhotoConsent  string             `db:"photo_consent"` // yes, group or no
}

// Checkout is a basket: places held until a moment, and what was answered so far.
type Checkout struct {
	ID        id.Checkout `db:"id"`
	Guardian  id.Guardian `db:"guardian_id"`
	Status    string      `db:"status"`  // open, placed or expired
	Offered   bool        `db:"offered"` // from the waiting list: its children are fixed
	HeldUntil time.Time   `db:"held_until"`
	Code      string      `db:"code"`     // of a discount
	Payer     id.Payer    `db:"payer_id"` // who pays in the guardian's place; 0: the guardian
	Children  []Child     `db:"-"`
}

// Departures lists the departures in the basket, each once, in the lock order.
func (c Checkout) Departures() []id.Departure {
	var all []id.Departure
	for _, child := range c.Children {
		if !slices.Contains(all, child.Departure) {
			all = append(all, child.Departure)
		}
	}
	slices.Sort(all)
	return all
}

// Start is StartFor somebody who did not sign in yet; Identify ties the basket to them.
func (s *Service) Start(ctx context.Context, departure id.Departure, children int) (token string, err error) {
	return s.StartFor(ctx, func() id.Guardian { return 0 }, departure, children)
}

// StartFor opens a guardian's basket with that many places on a departure, all or none, and returns its token for the cookie.
// ErrNotOnSale, ErrSoldOut, ErrInBaskets (all that is left is in other baskets), ErrListFirst or ErrChildCount. who is asked only
// where there may be places: a crowd that comes too late costs the database nothing.
func (s *Service) StartFor(ctx context.Context, who func() id.Guardian, departure id.Departure, children int) (token string, err error) {
	if err := s.mayStart(ctx, departure, children); err != nil {
		return "", err
	}
	token = newToken()
	o := &starting{token: hashToken(token), guardian: who(), departure: departure, children: children}
	if err := s.crowd().starting.Do(ctx, o, s.openTogether); err != nil || o.held {
		return token, err
	}
	// The places may be in somebody's open transaction: here it is waited for, holding nothing that another wants.
	now := s.Now()
	held, err := openCheckout(ctx, s.DB, o, now, now.Add(HoldFor))
	if err == nil && !held {
		err = s.notTaken(ctx, s.DB, departure, children)
	}
	return token, err
}

// mayStart is why StartFor refuses, where that is known before anything is held or it matters who asks.
func (s *Service) mayStart(ctx context.Context, departure id.Departure, children int) error {
	if children < 1 || children > MostChildren {
		return ErrChildCount
	}
	d, err := s.onSale(ctx, departure)
	switch {
	case err != nil:
		return err
	case d.Free+d.Held+d.Listed == 0:
		// Each place was sold for good a moment ago. One that is in a basket, or that somebody is just taking, is no sold one, and
		// what is given back within this moment goes to who looks next.
		return ErrSoldOut
	case d.Free < children: // probably: the cheap answer when it is so
		return s.noPlacesTx(ctx, s.DB, departure, children)
	}
	return nil
}

// starting is a basket that somebody opens.
type starting struct {
	token     []byte      // its hash
	guardian  id.Guardian // 0: nobody signed in
	departure id.Departure
	children  int
	held      bool // the outcome; false says nothing
}

// openTogether opens those of the baskets that need not wait for a place. Whoever is left out, or all when that fails, tries
// alone and hears why.
func (s *Service) openTogether(ctx context.Context, all []*starting) {
	now := s.Now()
	_ = openCheckouts(ctx, s.DB, all, now, now.Add(HoldFor)) // of a failure each hears when it tries alone
}

// onSale reads a departure that can be booked now, its places as they were a moment ago; ErrNotOnSale, or ErrNoDeparture of
// catalogue.
func (s *Service) onSale(ctx context.Context, departure id.Departure) (catalogue.Departure, error) {
	d, ok, err := s.Catalogue.RecentOne(ctx, departure)
	switch {
	case err != nil:
		return catalogue.Departure{}, err
	case !ok:
		return d, catalogue.ErrNoDeparture
	case !d.Bookable(s.Now()):
		return d, ErrNotOnSale
	}
	return d, nil
}

// noPlacesTx counts now, and is nil when there are places after all.
func (s *Service) noPlacesTx(ctx context.Context, q sqlx.QueryerContext, departure id.Departure, children int) error {
	d, err := placesLeft(ctx, q, departure, s.Now())
	if err != nil || d.Free >= children {
		return err
	}
	return noPlaces(d, children)
}

// notTaken is why places were not taken. Some that came free since count as in baskets: another try may get them.
func (s *Service) notTaken(ctx context.Context, q sqlx.QueryerContext, departure id.Departure, children int) error {
	if err := s.noPlacesTx(ctx, q, departure, children); err != nil {
		return err
	}
	return ErrInBaskets
}

// noPlaces says which truth it is: sold, free but for the waiting list first, or in somebody's basket and perhaps free again
// soon.
func noPlaces(d catalogue.Departure, children int) error {
	if d.Listed > 0 {
		return ErrListFirst
	}
	if d.Free+d.Held >= children {
		return ErrInBaskets
	}
	return ErrSoldOut
}

// Open reads the basket of a token. ErrNoCheckout when there is none; a basket whose hold ran out is returned with
// ErrHoldExpired, so that its answers can be kept.
func (s *Service) Open(ctx context.Context, token string) (Checkout, error) {
	if token == "" {
		return Checkout{}, ErrNoCheckout
	}
	c, err := s.basket(ctx, hashToken(token))
	if err == nil && c.Status != "placed" && !s.Now().Before(c.HeldUntil) {
		return c, ErrHoldExpired
	}
	return c, err
}

// Retake holds the places of an expired basket again, all or none, with its answers kept. ErrSoldOut when they are gone.
func (s *Service) Retake(ctx context.Context, token string) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		c, err := lockCheckout(ctx, tx, hashToken(token))
		if err != nil || c.Status == "placed" || c.Status == "open" && s.Now().Before(c.HeldUntil) {
			return err // nothing to take again: a running hold is never made longer
		}
		if c.Offered {
			return ErrSoldOut // the offer went to the next family
		}
		if _, err := lockLimits(ctx, tx, c.Departures()...); err != nil { // limits before places: the lock order
			return err
		}
		return s.holdTx(ctx, tx, c)
	})
}

// holdTx gives a basket a fresh hold on all its places, in the lock order of departures.
func (s *Service) holdTx(ctx context.Context, tx *sqlx.Tx, c Checkout) error {
	now := s.Now()
	if _, err := releasePlaces(ctx, tx, c.ID); err != nil {
		return err
	}
	for _, d := range c.Departures() {
		wanted := 0
		for _, child := range c.Children {
			if child.Departure == d {
				wanted++
			}
		}
		taken, err := takePlaces(ctx, tx, d, wanted, c.ID, now.Add(HoldFor), now)
		if err != nil {
			return err
		}
		if len(taken) < wanted {
			return ErrSoldOut
		}
	}
	if err := s.Extras.DropGoneTx(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := reopenCheckout(ctx, tx, c.ID, now.Add(HoldFor)); err != nil {
		return err
	}
	if err := s.limitsTx(ctx, tx, c); errors.As(err, new(ErrLimitFull)) { // the answers were kept, their units were not
		return errors.Join(ErrSoldOut, err)
	} else if err != nil {
		return err
	}
	return nil
}

// Leave gives the places of a basket back at once. ErrOffered for one from the waiting list: its offer is declined on the
// list's own page, never in passing.
func (s *Service) Leave(ctx context.Context, token string) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		c, err := lockCheckout(ctx, tx, hashToken(token))
		if err != nil || c.Status == "placed" {
			return err
		}
		if c.Offered && c.Status == "open" && s.Now().Before(c.HeldUntil) {
			return ErrOffered
		}
		return s.expireTx(ctx, tx, c.ID)
	})
}

// ExpireHolds gives back the places of baskets whose hold ran out, and reports how many baskets. Safe to run at any time:
// a place whose hold ran out counts as free even before.
func (s *Service) ExpireHolds(ctx context.Context) (int, error) {
	expired := 0
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		due, err := dueCheckouts(ctx, tx, s.Now())
		if err != nil {
			return err
		}
		for _, c := range due {
			if err := s.expireTx(ctx, tx, c); err != nil {
				return err
			}
		}
		expired = len(due)
		return nil
	})
	return expired, err
}

func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// ExpireArgs asks a job to give back the places of baskets whose hold ran out.
type ExpireArgs struct{}

// Kind names the job.
func (ExpireArgs) Kind() string { return "booking.expire" }
