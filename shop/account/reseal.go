package account

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
)

// Resealer brings what was sealed under an older key under the one that seals now; changed is false when it is there.
type Resealer interface {
	Reseal(sealed, context []byte) (out []byte, changed bool, err error)
}

// ResealFactors brings every second factor under the key that seals now, and tells how many that were. Codes go on working
// meanwhile.
func (s *Service) ResealFactors(ctx context.Context, r Resealer) (changed int, err error) {
	people, err := withFactor(ctx, s.DB)
	if err != nil {
		return 0, err
	}
	for _, key := range people {
		did := false
		err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
			sealed, err := factorOf(ctx, tx, key, true)
			if did = false; err != nil || sealed == nil {
				return err
			}
			fresh, moved, err := r.Reseal(sealed, factorContext(key))
			if err != nil || !moved {
				return err
			}
			did = true
			return replaceFactor(ctx, tx, key, fresh)
		})
		if err != nil {
			return changed, fmt.Errorf("reseal the second factor of staff %d: %w", key, err)
		}
		if did {
			changed++
		}
	}
	return changed, nil
}

// FactorsUnder counts the second factors for which under is true: those that still need a key.
func (s *Service) FactorsUnder(ctx context.Context, under func(sealed []byte) bool) (n int, err error) {
	people, err := withFactor(ctx, s.DB)
	if err != nil {
		return 0, err
	}
	for _, key := range people {
		sealed, err := factorOf(ctx, s.DB, key, false)
		if err != nil {
			return n, err
		}
		if sealed != nil && under(sealed) {
			n++
		}
	}
	return n, nil
}
