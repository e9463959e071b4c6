package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// repeat is what promising a refund anew has to know of it.
type repeat struct {
	Payment   id.Payment `db:"payment_id"` // that it goes back on
	Booking   id.Booking `db:"booking_id"` // 0 for none
	CalledOff bool       `db:"called_off"` // an undo took it back before it left
	Retried   bool       `db:"retried"`    // it was promised anew before
}

// retryOf reads it. The caller holds the order's lock.
func retryOf(ctx context.Context, q sqlx.QueryerContext, refund id.Refund) (r repeat, err error) {
	err = sqlx.GetContext(ctx, q, &r, `
		SELECT r.payment_id, coalesce(r.booking_id, 0) AS booking_id,
			EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed' AND s.source_id = $2) AS called_off,
			EXISTS (SELECT 1 FROM refund a WHERE a.again_of = r.id) AS retried
		FROM refund r WHERE r.id = $1`, refund, CalledOff)
	if err != nil {
		return r, fmt.Errorf("payments: refund %d: %w", refund, err)
	}
	return r, nil
}
