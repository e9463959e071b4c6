// Package fsck holds the whole shop against its own rows: money (payments/audit) and places.
//
// Owns: the rules that must hold between places, baskets, orders and bookings.
// Tables: none; it reads those of shop/booking and shop/catalogue.
// May import: terms, payments/audit, migrations/pg, sqlx.
// Always true: it changes nothing. It may look while the shop is open: what a transaction is still doing is not seen.
package fsck

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments/audit"
)

// Rules are all rules, money first.
func Rules() []audit.Rule { return append(audit.Rules(), placeRules...) }

// Run returns every difference between the shop's rows, in the order of the rules.
func Run(ctx context.Context, db *sqlx.DB, now time.Time, without ...audit.Area) ([]audit.Difference, error) {
	found, err := audit.Run(ctx, db, now, without...)
	if err != nil {
		return nil, err
	}
	places, err := audit.Hold(ctx, db, now, placeRules)
	return append(found, places...), err
}
