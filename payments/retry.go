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

// ErrRetried is returned when a refund that came back was promised anew before.
var ErrRetried error = fault.New(fault.Conflict, "payments.refund_retried")

// CalledOff is the source of the step of a refund that an undo took back before it left: it did not come back, and nobody repeats it.
const CalledOff = "called off"

// RetryRefundTx promises anew, by transfer and once, a refund that came back: its money is the order's credit. ErrRetried when that
// was done before: the order's other credit is not this refund's. ErrRefundTooHigh when the credit was used for something else meanwhile.
func (s *Service) RetryRefundTx(ctx context.Context, tx *sqlx.Tx, refund id.Refund, actor string) (id.Refund, error) {
	r, err := s.LockRefundTx(ctx, tx, refund)
	if err != nil {
		return 0, err
	}
	if r.State != "failed" {
		return 0, ErrNotFailed
	}
	again, err := retryOf(ctx, tx, refund)
	switch {
	case err != nil:
		return 0, err
	case again.CalledOff:
		return 0, ErrNotFailed
	case again.Retried:
		return 0, ErrRetried
	}
	left, err := credit(ctx, tx, r.Order)
	if err != nil {
		return 0, err
	}
	payments, err := refundablePayments(ctx, tx, r.Order)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(payments, func(p refundable) bool { return p.ID == again.Payment })
	if left < r.Amount || at < 0 || payments[at].Left < r.Amount {
		return 0, ErrRefundTooHigh
	}
	payments[at].Method, payments[at].Again = "transfer", refund
	return s.promise(ctx, tx, Closing{Order: r.Order, Booking: again.Booking, Actor: actor}, payments[at], r.Amount, s.Now())
}
