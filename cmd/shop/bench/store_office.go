package bench

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/find/many"
)

func addMany(ctx context.Context, db *sqlx.DB, bookings int) error {
	conn, err := db.Connx(ctx) // its settings belong to one connection
	if err != nil {
		return err
	}
	for _, statement := range many.Statements(bookings) {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return errors.Join(fmt.Errorf("bench: many bookings: %w", err), conn.Close())
		}
	}
	return conn.Close()
}

// endMany takes their departures off the public pages.
func endMany(ctx context.Context, db *sqlx.DB) error {
	if _, err := db.ExecContext(ctx, `UPDATE departure SET status = 'cancelled'`); err != nil {
		return fmt.Errorf("bench: many bookings: %w", err)
	}
	return nil
}

// addStaff adds somebody of the office and accounting who is signed in, and names a departure.
func addStaff(ctx context.Context, db *sqlx.DB, now time.Time) (token string, departure int64, err error) {
	token = "bench-staff"
	hash := sha256.Sum256([]byte(token))
	_, err = db.ExecContext(ctx, `
		WITH added AS (INSERT INTO staff (email, name, password_hash, created_at) VALUES ('bench@staff.example', 'Bench', 'x', $2) RETURNING id),
		roles AS (INSERT INTO staff_role (staff_id, role) SELECT id, r FROM added, unnest(ARRAY['office', 'accounting']) r)
		INSERT INTO session (token_hash, staff_id, second_factor_at, created_at, seen_at, expires_at)
		SELECT $1, id, $2, $2, $2, $2::timestamptz + interval '10 hours' FROM added`, hash[:], now)
	if err == nil {
		err = sqlx.GetContext(ctx, db, &departure, `SELECT min(id) FROM departure`)
	}
	if err != nil {
		return "", 0, fmt.Errorf("bench: staff: %w", err)
	}
	return token, departure, nil
}
