package catalogue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func holidayOf(ctx context.Context, tx *sqlx.Tx, departure id.Departure) (holiday id.Holiday, err error) {
	err = tx.GetContext(ctx, &holiday, `SELECT holiday_id FROM departure WHERE id = $1`, departure)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNoDeparture
	}
	if err != nil {
		return 0, fmt.Errorf("catalogue: departure %d: %w", departure, err)
	}
	return holiday, nil
}

func setCalledOff(ctx context.Context, tx *sqlx.Tx, departure id.Departure) error {
	return run(ctx, tx, "call off", `UPDATE departure SET version = version + 1, status = 'cancelled' WHERE id = $1`, departure)
}
