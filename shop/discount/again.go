package discount

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
	"joetz/terms/money"
)

// Given is a discount that a booking has, with what it takes off.
type Given struct {
	Discount
	Off money.Cents `db:"off_cents"`
}

// RanAt lists the discounts that were on offer at a moment, also those that were stopped since, with how often they are used
// now: what a price that was promised then is worked out anew with.
func (s *Service) RanAt(ctx context.Context, q sqlx.QueryerContext, at time.Time) ([]Discount, error) {
	found, err := ranAt(ctx, q, at)
	for n := range found {
		found[n].StoppedAt = nil // it ran then
	}
	return found, err
}

// OfBooking lists what a booking has.
func (s *Service) OfBooking(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) ([]Given, error) {
	return ofBooking(ctx, q, booking)
}

// Without counts the discounts as if a booking did not have its own: its uses come free when it makes way.
func Without(all []Discount, own []Given) []Discount {
	all = slices.Clone(all)
	for n := range all {
		if slices.ContainsFunc(own, func(g Given) bool { return g.ID == all[n].ID }) {
			all[n].Uses--
		}
	}
	return all
}

// AgainTx lets a booking that ended use its discounts again, before it goes on. ErrUsedUp when others used one up meanwhile.
func (s *Service) AgainTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking) error {
	own, err := ofBooking(ctx, tx, booking)
	if err != nil {
		return err
	}
	for _, g := range own { // in order of number: the lock order
		left, limited, err := lockUses(ctx, tx, g.ID, true)
		if err != nil {
			return err
		}
		if limited && left < 1 {
			return ErrUsedUp
		}
	}
	return nil
}

// ReplaceTx gives a booking other discounts than it had, or a new one the discounts that were promised before: one that was
// stopped since counts as running. ErrUsedUp as UseTx.
func (s *Service) ReplaceTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, uses []Use) error {
	if err := deleteUses(ctx, tx, booking); err != nil {
		return err
	}
	return s.useTx(ctx, tx, uses, true)
}
