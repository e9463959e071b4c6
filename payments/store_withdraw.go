package payments

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func orderOfPayment(ctx context.Context, q sqlx.QueryerContext, payment id.Payment) (order id.Order, err error) {
	err = sqlx.GetContext(ctx, q, &order, `SELECT order_id FROM payment WHERE id = $1`, payment)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, ErrNoPayment
	}
	if err != nil {
		return 0, fmt.Errorf("payments: payment %d: %w", payment, err)
	}
	return order, nil
}

func insertWithdrawal(ctx context.Context, tx *sqlx.Tx, order id.Order, w Withdrawal, now time.Time) (withdrawal int64, err error) {
	err = tx.GetContext(ctx, &withdrawal, `
		INSERT INTO payment_withdrawal (payment_id, order_id, amount_cents, reason, staff_id, at)
		VALUES ($1, $2, $3, $4, nullif($5::bigint, 0), $6) RETURNING id`, w.Payment, order, w.Amount, w.Reason, int64(w.By), now)
	if err != nil {
		return 0, fmt.Errorf("payments: withdraw from payment %d: %w", w.Payment, err)
	}
	return withdrawal, nil
}
