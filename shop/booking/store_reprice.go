package booking

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func setEvidence(ctx context.Context, tx *sqlx.Tx, booking id.Booking, from, to string) error {
	res, err := tx.ExecContext(ctx, `UPDATE booking SET evidence = $3 WHERE id = $1 AND evidence = $2`, booking, from, to)
	if err != nil {
		return fmt.Errorf("booking: proof of %d: %w", booking, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrOutdated)
	}
	return nil
}

func setPrice(ctx context.Context, tx *sqlx.Tx, booking id.Booking, to PriceChange) error {
	_, err := tx.ExecContext(ctx, `UPDATE booking SET category = $2, price_cents = $3, discount_cents = $4 WHERE id = $1`, booking, to.Category, to.To, to.off())
	if err != nil {
		return fmt.Errorf("booking: price of %d: %w", booking, err)
	}
	return nil
}
