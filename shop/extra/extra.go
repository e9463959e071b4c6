// Package extra keeps what a participant may take on top of a holiday, and who took it.
//
// Owns: extras with their price, stock and refund rule; those in baskets and those of bookings.
// Tables: extra, checkout_extra, booking_extra.
// May import: terms, migrations/pg, sqlx, pq.
// Always true: no extra is taken more often than its stock, whatever happens at once (its row is locked while bookings and
// running baskets are counted); a booking keeps the price of the day on which it was taken.
// Lock order: extras in order of number, after the places and before discounts and the ledger.
package extra

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// The reasons why an extra is refused.
var (
	ErrGone    error = fault.New(fault.Conflict, "extra.gone")
	ErrUnknown error = fault.New(fault.NotFound, "extra.unknown")
)

// Extra is something that comes on top of a departure.
type Extra struct {
	ID         int64          `db:"id"`
	Departure  id.Departure   `db:"departure_id"`
	NameNL     string         `db:"name_nl"`
	NameEN     string         `db:"name_en"`
	Price      money.Cents    `db:"price_cents"`
	Stock      *int           `db:"stock"` // nil: as many as asked
	Choices    pq.StringArray `db:"choices"`
	RefundDays *int           `db:"refund_days"` // paid back until so many days before departure; nil: never
	AsPrice    bool           `db:"as_price"`    // paid back as the price is, by the cancellation scale of the terms
	StoppedAt  *time.Time     `db:"stopped_at"`
	Taken      int            `db:"taken"` // by bookings and running baskets
}

// Name is its name in a language.
func (e Extra) Name(lang string) string {
	if lang == "en" && e.NameEN != "" {
		return e.NameEN
	}
	return e.NameNL
}

// Left is how many can still be taken; ok is false where nothing limits them.
func (e Extra) Left() (n int, ok bool) {
	if e.Stock == nil {
		return 0, false
	}
	return max(0, *e.Stock-e.Taken), true
}

// Pick is an extra that somebody chose, with the choice (a size) where it has them.
type Pick struct {
	Extra  int64  `db:"extra_id"`
	Choice string `db:"choice"`
}

// Picked is a pick with what it is.
type Picked struct {
	Pick
	Position   int         `db:"position"`   // in a basket
	Booking    id.Booking  `db:"booking_id"` // of a booking
	NameNL     string      `db:"name_nl"`
	NameEN     string      `db:"name_en"`
	Price      money.Cents `db:"price_cents"`
	RefundDays *int        `db:"refund_days"`
	AsPrice    bool        `db:"as_price"`
	Apart      bool        `db:"apart"`      // taken after booking, with an invoice of its own
	Kept       money.Cents `db:"kept_cents"` // what stayed to be paid when it was taken off
	SoldOut    bool        `db:"-"`          // of what does not go along (Carry): the other departure has it, and none is left
}

// Name is its name in a language, with the choice.
func (p Picked) Name(lang string) string {
	name := Extra{NameNL: p.NameNL, NameEN: p.NameEN}.Name(lang)
	if p.Choice != "" {
		name += " (" + p.Choice + ")"
	}
	return name
}

// Refundable reports whether it is paid back when it is taken off on that day.
func (p Picked) Refundable(on, departs civil.Date) bool {
	return p.RefundDays != nil && on.DaysUntil(departs) >= *p.RefundDays
}

// Keeps is what stays to be paid of it when it is taken off on that day. part is what the terms keep of a sum on that day.
func (p Picked) Keeps(on, departs civil.Date, part func(money.Cents) money.Cents) money.Cents {
	switch {
	case p.AsPrice:
		return min(max(0, part(p.Price)), p.Price)
	case p.Refundable(on, departs):
		return 0
	}
	return p.Price
}

// Sum adds up what extras cost.
func Sum(all []Picked) (total money.Cents) {
	for _, p := range all {
		total += p.Price
	}
	return total
}

// Service keeps the extras; methods that end in Tx join the caller's transaction.
type Service struct {
	DB  *sqlx.DB
	Now func() time.Time
}

// OfDeparture lists the extras that can be chosen on a departure, with how many are taken.
func (s *Service) OfDeparture(ctx context.Context, departure id.Departure) ([]Extra, error) {
	return ofDeparture(ctx, s.DB, departure, s.Now(), false)
}

// AllOfDeparture also lists those that were stopped.
func (s *Service) AllOfDeparture(ctx context.Context, departure id.Departure) ([]Extra, error) {
	return ofDeparture(ctx, s.DB, departure, s.Now(), true)
}

// Make adds an extra to a departure. Invalid faults name the fields of the form.
func (s *Service) Make(ctx context.Context, by id.Staff, e Extra) (int64, error) {
	fields := map[string]string{}
	if strings.TrimSpace(e.NameNL) == "" {
		fields["name_nl"] = "form.required"
	}
	if e.Price < 0 {
		fields["price"] = "extra.price"
	}
	if e.AsPrice && e.RefundDays != nil {
		fields["refund"] = "extra.one_rule"
	}
	if len(fields) > 0 {
		return 0, &fault.Fault{Kind: fault.Invalid, Key: "form.check_answers", Fields: fields}
	}
	return insert(ctx, s.DB, e, by, s.Now())
}

// Stop takes an extra off the offer; who has it keeps it.
func (s *Service) Stop(ctx context.Context, key int64) error { return stop(ctx, s.DB, key, s.Now()) }

// Line is what is chosen for one line of a basket.
type Line struct {
	Checkout  id.Checkout
	Position  int
	Departure id.Departure
	Picks     []Pick
}

// ChooseTx replaces the extras of lines of baskets, all or none. Invalid on field "extra_ID" when one is gone or its choice is
// missing. The caller holds the baskets' locks.
func (s *Service) ChooseTx(ctx context.Context, tx *sqlx.Tx, lines ...Line) error {
	if err := clearLines(ctx, tx, lines); err != nil {
		return err
	}
	var keys []int64
	for _, l := range lines {
		for _, p := range l.Picks {
			keys = append(keys, p.Extra)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	if err := lockAll(ctx, tx, keys); err != nil {
		return err
	}
	for _, l := range lines {
		for _, p := range l.Picks {
			if err := s.pickTx(ctx, tx, l, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// pickTx takes one unit of an extra, which the caller has locked.
func (s *Service) pickTx(ctx context.Context, tx *sqlx.Tx, l Line, p Pick) error {
	e, err := counted(ctx, tx, p.Extra, s.Now(), l.Checkout, l.Position)
	if err != nil {
		return err
	}
	field := Field(p.Extra)
	left, limited := e.Left()
	switch {
	case e.Departure != l.Departure || e.StoppedAt != nil:
		return fault.Field(field, "extra.unknown")
	case limited && left < 1:
		return fault.Field(field, "extra.gone")
	case len(e.Choices) > 0 && !slices.Contains(e.Choices, p.Choice):
		return fault.Field(field, "extra.choose")
	case len(e.Choices) == 0:
		p.Choice = ""
	}
	return insertPick(ctx, tx, l.Checkout, l.Position, p)
}

// DropGoneTx takes out of a basket whose hold ran out what others took meanwhile.
func (s *Service) DropGoneTx(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout) error {
	picked, err := ofCheckout(ctx, tx, checkout)
	if err != nil {
		return err
	}
	for _, p := range picked {
		e, err := lock(ctx, tx, p.Extra, s.Now(), checkout, p.Position)
		if err != nil {
			return err
		}
		if left, limited := e.Left(); e.StoppedAt != nil || limited && left < 1 {
			if err := deletePick(ctx, tx, checkout, p.Position, p.Extra); err != nil {
				return err
			}
		}
	}
	return nil
}

// OfCheckout lists what is in a basket, in order of extra.
func (s *Service) OfCheckout(ctx context.Context, q sqlx.QueryerContext, checkout id.Checkout) ([]Picked, error) {
	return ofCheckout(ctx, q, checkout)
}

// OfCheckouts is OfCheckout for many baskets.
func (s *Service) OfCheckouts(ctx context.Context, q sqlx.QueryerContext, checkouts ...id.Checkout) (map[id.Checkout][]Picked, error) {
	return ofCheckouts(ctx, q, checkouts)
}

// OfBookings lists what bookings have.
func (s *Service) OfBookings(ctx context.Context, q sqlx.QueryerContext, bookings ...id.Booking) (map[id.Booking][]Picked, error) {
	return ofBookings(ctx, q, bookings)
}

// LockTx locks what baskets hold, in one order, before the first of them sells.
func (s *Service) LockTx(ctx context.Context, tx *sqlx.Tx, held []Picked) error {
	if len(held) == 0 {
		return nil
	}
	keys := make([]int64, len(held))
	for i, p := range held {
		keys[i] = p.Extra
	}
	return lockAll(ctx, tx, keys)
}

// SellTx gives the bookings of an order what was in its basket, which LockTx locked; ErrGone when the hold ran out and others
// took it. sold is what was shown and priced: bookings by position.
func (s *Service) SellTx(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, sold []Picked, bookings map[int]id.Booking, actor string) error {
	now, own := s.Now(), map[int64]int{}
	for _, p := range sold {
		own[p.Extra]++
	}
	for _, p := range sold {
		if own[p.Extra] > 0 {
			e, err := counted(ctx, tx, p.Extra, now, checkout, 0)
			if err != nil {
				return err
			}
			if e.Stock != nil && e.Taken+own[p.Extra] > *e.Stock {
				return ErrGone
			}
			own[p.Extra] = 0
		}
		if err := insertSold(ctx, tx, bookings[p.Position], p, actor, now); err != nil {
			return err
		}
	}
	return nil
}
