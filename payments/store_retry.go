package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// payerOfRefund is the payment that a refund goes back on, and its booking, 0 for none.
func payerOfRefund(ctx context.Context, q sqlx.QueryerContext, refund id.Refund) (id.Payment, id.Booking, error) {
	var row struct {
		Payment id.Payment `db:"payment_id"`
		Booking id.Booking `db:"booking_id"`
	}
	err := sqlx.GetContext(ctx, q, &row, `SELECT payment_id, coalesce(booking_id, 0) AS booking_id FROM refund WHERE id = $1`, refund)
	if err != nil {
		return 0, 0, fmt.Errorf("payments: refund %d: %w", refund, err)
	}
	return row.Payment, row.Booking, nil
}
