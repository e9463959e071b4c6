package payments

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/terms/fault"
	"joetz/terms/id"
)

// ErrNotFailed is returned when a refund that did not fail would be promised anew.
var ErrNotFailed error = fault.New(fault.Conflict, "payments.refund_not_failed")

// RetryRefundTx promises anew, by transfer, a refund that came back: its money is the order's credit. ErrRefundTooHigh when
// that credit was used for something else meanwhile, or promised before.
func (s *Service) RetryRefundTx(ctx context.Context, tx *sqlx.Tx, refund id.Refund, actor string) (id.Refund, error) {
	r, err := s.LockRefundTx(ctx, tx, refund)
	if err != nil {
		return 0, err
	}
	if r.State != "failed" {
		return 0, ErrNotFailed
	}
	left, err := credit(ctx, tx, r.Order)
	if err != nil {
		return 0, err
	}
	payment, booking, err := payerOfRefund(ctx, tx, refund)
	if err != nil {
		return 0, err
	}
	payments, err := refundablePayments(ctx, tx, r.Order)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(payments, func(p refundable) bool { return p.ID == payment })
	if left < r.Amount || at < 0 || payments[at].Left < r.Amount {
		return 0, ErrRefundTooHigh
	}
	payments[at].Method = "transfer"
	return s.promise(ctx, tx, Closing{Order: r.Order, Booking: booking, Actor: actor}, payments[at], r.Amount, s.Now())
}
