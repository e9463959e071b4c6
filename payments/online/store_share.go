package online

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

func insertShares(ctx context.Context, tx *sqlx.Tx, attempt uuid.UUID, shares []Share) error {
	orders, amounts := make([]int64, len(shares)), make([]int64, len(shares))
	for i, s := range shares {
		orders[i], amounts[i] = int64(s.Order), int64(s.Amount)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO payment_attempt_order (attempt_id, order_id, amount_cents) SELECT $1, x.* FROM unnest($2::bigint[], $3::bigint[]) x`,
		attempt, pq.Array(orders), pq.Array(amounts))
	if err != nil {
		return fmt.Errorf("online: orders of new attempt %s: %w", attempt, err)
	}
	return nil
}

// sharesOf is what an attempt brings to each of its orders, by order.
func sharesOf(ctx context.Context, q sqlx.QueryerContext, attempt uuid.UUID) (shares []Share, err error) {
	err = sqlx.SelectContext(ctx, q, &shares, `SELECT order_id, amount_cents FROM attempt_share WHERE attempt_id = $1 ORDER BY order_id`, attempt)
	if err != nil {
		return nil, fmt.Errorf("online: orders of attempt %s: %w", attempt, err)
	}
	return shares, nil
}

// ordersOf names the order of each instalment.
func ordersOf(ctx context.Context, q sqlx.QueryerContext, instalments []id.Instalment) (map[id.Instalment]id.Order, error) {
	var rows []struct {
		Instalment id.Instalment `db:"id"`
		Order      id.Order      `db:"order_id"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT id, order_id FROM instalment WHERE id = ANY ($1)`, pq.Array(instalments)); err != nil {
		return nil, fmt.Errorf("online: orders of instalments: %w", err)
	}
	of := make(map[id.Instalment]id.Order, len(rows))
	for _, r := range rows {
		of[r.Instalment] = r.Order
	}
	return of, nil
}
