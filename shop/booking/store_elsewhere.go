package booking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

const newestBasket = `SELECT id FROM checkout WHERE guardian_id = $1 AND status = 'open' AND held_until > $2 AND NOT offered ORDER BY id DESC LIMIT 1`

// basketOf is the newest basket of a guardian that holds places; 0 for none.
func basketOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian, now time.Time) (checkout id.Checkout, err error) {
	err = sqlx.GetContext(ctx, q, &checkout, newestBasket, guardian, now)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("booking: basket of guardian %d: %w", guardian, err)
	}
	return checkout, nil
}

// takeOver gives that basket another token. ErrNoCheckout when there is none, or it was placed in this moment.
func takeOver(ctx context.Context, db sqlx.ExecerContext, guardian id.Guardian, tokenHash []byte, now time.Time) error {
	done, err := db.ExecContext(ctx, `UPDATE checkout SET token_hash = $3 WHERE id = (`+newestBasket+`) AND status = 'open'`, guardian, now, tokenHash)
	if err != nil {
		return fmt.Errorf("booking: token of guardian %d: %w", guardian, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNoCheckout)
	}
	return nil
}
