package payments

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrRefundTooHigh is returned when more would go back than came in.
var ErrRefundTooHigh error = fault.New(fault.Conflict, "payments.refund_too_high")

// SendRefundArgs asks a job to send one refund through Stripe.
type SendRefundArgs struct {
	Refund id.Refund `json:"refund"`
}

// Kind names the job.
func (SendRefundArgs) Kind() string { return "payments.send_refund" }

// refundTx promises amount back, against the newest payments first, and books it as on its way (5803). Stripe's part is
// sent by a job; a transfer waits for accounting.
func (s *Service) refundTx(ctx context.Context, tx *sqlx.Tx, c Closing, amount money.Cents) ([]id.Refund, error) {
	if amount == 0 {
		return nil, nil
	}
	payments, err := refundablePayments(ctx, tx, c.Order)
	if err != nil {
		return nil, err
	}
	now, left := s.Now(), amount
	var refunds []id.Refund
	for _, p := range payments {
		part := min(left, p.Left)
		if part <= 0 {
			continue
		}
		refund, err := s.promise(ctx, tx, c, p, part, now)
		if err != nil {
			return nil, err
		}
		refunds, left = append(refunds, refund), left-part
	}
	if left > 0 {
		return nil, ErrRefundTooHigh
	}
	return refunds, nil
}

func (s *Service) promise(ctx context.Context, tx *sqlx.Tx, c Closing, p refundable, part money.Cents, now time.Time) (id.Refund, error) {
	refund, err := insertRefund(ctx, tx, c, p, part, civil.Of(now).AddDays(RefundWithinDays), now)
	if err != nil {
		return 0, err
	}
	entry := ledger.Entry{Event: "refund", SourceSystem: "shop", SourceID: fmt.Sprint(refund), On: civil.Of(now), Order: c.Order, Reason: c.Reason}
	entry.Postings = []ledger.Posting{{Account: ledger.Customers, Amount: part}, {Account: ledger.RefundTransit, Amount: -part}}
	if _, err := ledger.PostTx(ctx, tx, now, entry); err != nil {
		return 0, err
	}
	if p.Method == "stripe" {
		return refund, s.Enqueue(ctx, tx, SendRefundArgs{refund})
	}
	return refund, nil
}

// LockRefundTx takes the lock of a refund's order and reads the refund under it: what somebody decides by its state then holds.
func (s *Service) LockRefundTx(ctx context.Context, tx *sqlx.Tx, refund id.Refund) (RefundDetail, error) {
	r, err := refundByID(ctx, tx, refund)
	if err != nil {
		return r, err
	}
	if err := LockOrderTx(ctx, tx, r.Order); err != nil {
		return r, err
	}
	return refundByID(ctx, tx, refund)
}

// RefundStep is news of a refund.
type RefundStep struct {
	Refund   id.Refund
	State    string     // sent, done or failed
	SourceID string     // Stripe's refund, or the bank movement
	On       civil.Date // when the money moved at the bank; zero: today
}

// RefundStepTx records news of a refund once and books it: done leaves the bank, failed brings the money back to the
// family's credit. What a refund does to the balance at Stripe is booked with Stripe's own movements.
func (s *Service) RefundStepTx(ctx context.Context, tx *sqlx.Tx, step RefundStep) error {
	r, err := refundByID(ctx, tx, step.Refund)
	if err != nil {
		return err
	}
	if err := LockOrderTx(ctx, tx, r.Order); err != nil {
		return err
	}
	now := s.Now()
	isNew, err := insertRefundStep(ctx, tx, step, now)
	if err != nil || !isNew {
		return err
	}
	entry := ledger.Entry{Event: "refund_" + step.State, SourceSystem: "shop", SourceID: fmt.Sprint(step.Refund), On: cmp.Or(step.On, civil.Of(now)), Order: r.Order}
	switch step.State {
	case "done":
		if r.Method == "stripe" {
			break // booked per balance transaction by payments/online: 5802 moves before the bank has the money, and moves back when the refund fails, even after it was done
		}
		entry.Move(ledger.RefundTransit, ledger.Bank, r.Amount, 0)
	case "failed":
		entry.Postings = []ledger.Posting{{Account: ledger.RefundTransit, Amount: r.Amount}, {Account: ledger.Customers, Amount: -r.Amount}}
	}
	_, err = ledger.PostTx(ctx, tx, now, entry)
	return err
}
