package booking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

func insertOffered(ctx context.Context, tx *sqlx.Tx, tokenHash []byte, guardian id.Guardian, departure id.Departure, children []Wish, now, until time.Time) (checkout id.Checkout, err error) {
	people, boarding := make([]int64, len(children)), make([]int64, len(children))
	for i, c := range children {
		people[i], boarding[i] = int64(c.Participant), int64(c.BoardingPlace)
	}
	err = tx.GetContext(ctx, &checkout, `
		WITH added AS (INSERT INTO checkout (token_hash, guardian_id, offered, held_until, created_at) VALUES ($1, $2, true, $3, $4) RETURNING id),
		children AS (INSERT INTO checkout_child (checkout_id, position, departure_id, participant_id, boarding_place_id)
			SELECT added.id, w.n, $5, w.person, nullif(w.boarding, 0)
			FROM added, unnest($6::bigint[], $7::bigint[]) WITH ORDINALITY AS w (person, boarding, n))
		SELECT id FROM added`, tokenHash, guardian, until, now, departure, pq.Array(people), pq.Array(boarding))
	if err != nil {
		return 0, fmt.Errorf("booking: offer on departure %d: %w", departure, err)
	}
	return checkout, nil
}

// takeListed takes places for the waiting list, before the public.
func takeListed(ctx context.Context, tx *sqlx.Tx, departure id.Departure, n int, checkout id.Checkout, until, now time.Time) ([]int64, error) {
	var taken pq.Int64Array
	err := tx.GetContext(ctx, &taken, `SELECT take_places($1, $2::int, $3, $4, $5, true)`, departure, n, checkout, until, now)
	if err != nil {
		return nil, fmt.Errorf("booking: take listed places on departure %d: %w", departure, err)
	}
	return taken, nil
}

// lockCheckoutByID is lockCheckout for who knows the basket of an offer and not its token, which changes with each guest: the
// token is read under the lock.
func lockCheckoutByID(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout) (Checkout, error) {
	var tokenHash []byte
	err := tx.GetContext(ctx, &tokenHash, `SELECT token_hash FROM checkout WHERE id = $1 FOR UPDATE`, checkout)
	if errors.Is(err, sql.ErrNoRows) {
		return Checkout{}, ErrNoCheckout
	}
	if err != nil {
		return Checkout{}, fmt.Errorf("booking: lock checkout %d: %w", checkout, err)
	}
	return lockCheckout(ctx, tx, tokenHash)
}

func setCheckoutToken(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, tokenHash []byte) error {
	if _, err := tx.ExecContext(ctx, `UPDATE checkout SET token_hash = $2 WHERE id = $1`, checkout, tokenHash); err != nil {
		return fmt.Errorf("booking: token of checkout %d: %w", checkout, err)
	}
	return nil
}
