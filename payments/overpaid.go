package payments

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrCreditChanged is returned when an order's credit is not what somebody saw any more.
var ErrCreditChanged error = fault.New(fault.Conflict, "payments.credit_changed")

// Overpayment is an order that was paid more than it asks.
type Overpayment struct {
	Order     id.Order    `db:"order_id"`
	Reference string      `db:"reference"`
	Payer     string      `db:"payer_name"`
	Credit    money.Cents `db:"credit_cents"`
	Total     int         `db:"total"` // how many there are, in each row
}

// Overpaid lists orders whose money pays for nothing, the largest credit first, at most limit. What came back of a refund is such
// money too.
func (s *Service) Overpaid(ctx context.Context, q sqlx.QueryerContext, limit int) ([]Overpayment, error) {
	return overpaid(ctx, q, limit)
}

// ReturnOverpaidTx promises an order's credit back; seen is what somebody read and confirmed: ErrCreditChanged when it is another
// amount by now.
func (s *Service) ReturnOverpaidTx(ctx context.Context, tx *sqlx.Tx, order id.Order, seen money.Cents, reason string, by id.Staff, actor string) error {
	if err := LockOrderTx(ctx, tx, order); err != nil {
		return err
	}
	left, err := credit(ctx, tx, order)
	if err != nil {
		return err
	}
	if left <= 0 || left != seen {
		return ErrCreditChanged
	}
	_, err = s.refundTx(ctx, tx, Closing{Order: order, Reason: reason, By: by, Actor: actor}, left)
	return err
}
