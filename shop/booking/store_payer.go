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

const payerColumns = `id, guardian_id, name, email, street, postal_code, city, country, enterprise, reference`

func insertPayer(ctx context.Context, tx *sqlx.Tx, p Payer, now time.Time) (Payer, error) {
	err := tx.GetContext(ctx, &p.ID, `
		INSERT INTO payer (guardian_id, name, email, street, postal_code, city, country, enterprise, reference, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		p.Guardian, p.Name, p.Email, p.Street, p.PostalCode, p.City, p.Country, p.Enterprise, p.Reference, now)
	if err != nil {
		return p, fmt.Errorf("booking: payer of guardian %d: %w", p.Guardian, err)
	}
	return p, nil
}

func payerOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian, payer id.Payer) (p Payer, err error) {
	err = sqlx.GetContext(ctx, q, &p, `SELECT `+payerColumns+` FROM payer WHERE id = $1 AND guardian_id = $2 AND wiped_at IS NULL`, payer, guardian)
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNoPayer
	}
	if err != nil {
		return p, fmt.Errorf("booking: payer %d: %w", payer, err)
	}
	return p, nil
}

func payersOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian) (all []Payer, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT `+payerColumns+` FROM (
			SELECT DISTINCT ON (lower(name), lower(email)) * FROM payer WHERE guardian_id = $1 AND wiped_at IS NULL
			ORDER BY lower(name), lower(email), id DESC) newest
		ORDER BY id DESC LIMIT 8`, guardian)
	if err != nil {
		return nil, fmt.Errorf("booking: payers of guardian %d: %w", guardian, err)
	}
	return all, nil
}

func setCheckoutPayer(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, payer id.Payer) error {
	if _, err := tx.ExecContext(ctx, `UPDATE checkout SET payer_id = nullif($2::bigint, 0) WHERE id = $1`, checkout, int64(payer)); err != nil {
		return fmt.Errorf("booking: payer of checkout %d: %w", checkout, err)
	}
	return nil
}

func setOrderPayer(ctx context.Context, tx *sqlx.Tx, order id.Order, payer id.Payer) error {
	if _, err := tx.ExecContext(ctx, `UPDATE booking_order SET payer_id = nullif($2::bigint, 0) WHERE id = $1`, order, int64(payer)); err != nil {
		return fmt.Errorf("booking: payer of order %d: %w", order, err)
	}
	return nil
}
