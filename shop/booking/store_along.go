package booking

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// codeOf is the discount code that was typed with an order; "" for none.
func codeOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) (code string, err error) {
	err = sqlx.GetContext(ctx, q, &code, `SELECT coalesce((SELECT c.code FROM booking_order o JOIN checkout c ON c.id = o.checkout_id WHERE o.id = $1), '')`, order)
	if err != nil {
		return "", fmt.Errorf("booking: code of order %d: %w", order, err)
	}
	return code, nil
}
