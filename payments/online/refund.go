package online

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/stripegw"
	"joetz/terms/id"
)

// SendRefund sends a promised refund through Stripe, once: it is the job of payments.SendRefundArgs. It first looks for the
// refund at Stripe, since Stripe forgets idempotency keys after a day and a job may be older. Where Stripe refuses (too
// long ago, disputed), the refund fails, the money is the family's credit again, and a finding asks for a transfer.
func (s *Service) SendRefund(ctx context.Context, refund id.Refund) error {
	r, err := s.Payments.RefundByID(ctx, s.DB, refund)
	if err != nil {
		return err
	}
	if r.Method != "stripe" || r.State == "done" || r.State == "failed" {
		return nil
	}
	sent, found, err := s.sentBefore(ctx, r)
	if err == nil && !found {
		sent, err = s.Gateway.Refund(ctx, fmt.Sprint("re:", refund), r.Source, r.Amount, fmt.Sprint(refund))
	}
	if errors.Is(err, stripegw.ErrRefused) || errors.Is(err, stripegw.ErrNotFound) {
		return s.refused(ctx, r, err)
	}
	if err != nil {
		return err
	}
	return s.recordRefund(ctx, r, sent)
}

const (
	refundAge     = time.Hour // when a refund that is neither done nor failed is looked at again
	refundsAtOnce = 50
)

// finishRefunds looks at the refunds about which no more news came: their job gave up, or a webhook was lost.
func (s *Service) finishRefunds(ctx context.Context) error {
	waiting, err := s.Payments.UnsettledRefunds(ctx, s.DB, s.Now().Add(-refundAge), refundsAtOnce)
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range waiting {
		failed = append(failed, s.SendRefund(ctx, r))
	}
	return errors.Join(failed...)
}

func (s *Service) sentBefore(ctx context.Context, r payments.RefundDetail) (stripegw.Refund, bool, error) {
	all, err := s.Gateway.RefundsOf(ctx, r.Source)
	for _, sent := range all {
		if sent.Reference == fmt.Sprint(r.ID) {
			return sent, true, nil
		}
	}
	return stripegw.Refund{}, false, err
}

func (s *Service) refused(ctx context.Context, r payments.RefundDetail, why error) error {
	s.Log.Error("stripe refuses a refund", "refund", r.ID, "error", why)
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := s.Payments.RefundStepTx(ctx, tx, payments.RefundStep{Refund: r.ID, State: "failed"}); err != nil {
			return err
		}
		return s.find(ctx, tx, finding{
			Code: "refund_refused", Object: fmt.Sprint("refund ", r.ID), Order: r.Order, Refund: r.ID, Amount: r.Amount, Detail: refusal(why),
		})
	})
}

// settleRefund brings the shop up to what Stripe says of one refund.
func (s *Service) settleRefund(ctx context.Context, refund string) error {
	sent, err := s.Gateway.RefundByID(ctx, refund)
	if err != nil {
		return err
	}
	return s.settleSent(ctx, sent)
}

func (s *Service) settleRefundsOf(ctx context.Context, paymentIntent string) error {
	all, err := s.Gateway.RefundsOf(ctx, paymentIntent)
	for _, sent := range all {
		if err := s.settleSent(ctx, sent); err != nil {
			return err
		}
	}
	return err
}

func (s *Service) settleSent(ctx context.Context, sent stripegw.Refund) error {
	r, ours, err := s.ourRefund(ctx, sent)
	if err != nil || !ours {
		return err // made by hand in Stripe's dashboard: its movement on the balance is a finding
	}
	return s.recordRefund(ctx, r, sent)
}

// ourRefund finds the refund that Stripe's refund carries out: by our reference, and on our payment.
func (s *Service) ourRefund(ctx context.Context, sent stripegw.Refund) (payments.RefundDetail, bool, error) {
	n, err := strconv.ParseInt(sent.Reference, 10, 64)
	if err != nil {
		return payments.RefundDetail{}, false, nil
	}
	r, err := s.Payments.RefundByID(ctx, s.DB, id.Refund(n))
	if errors.Is(err, payments.ErrNoRefund) {
		return r, false, nil
	}
	return r, err == nil && r.Method == "stripe" && r.Source == sent.PaymentIntent, err
}

// recordRefund adds the steps that the refund has taken. Failed is the last, whatever news comes later.
func (s *Service) recordRefund(ctx context.Context, r payments.RefundDetail, sent stripegw.Refund) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, r.Order); err != nil {
			return err
		}
		if sent.Amount != r.Amount || sent.Currency != stripegw.Currency {
			return s.find(ctx, tx, finding{
				Code: "refund_mismatch", Object: sent.ID, Order: r.Order, Refund: r.ID, Amount: sent.Amount,
				Detail: fmt.Sprintf("%v %s instead of %v", sent.Amount, sent.Currency, r.Amount),
			})
		}
		now, err := s.Payments.RefundByID(ctx, tx, r.ID)
		if err != nil || now.State == "failed" {
			return err
		}
		for _, state := range stepsOf(sent.Status) {
			err := s.Payments.RefundStepTx(ctx, tx, payments.RefundStep{Refund: r.ID, State: state, SourceID: sent.ID})
			if err != nil {
				return err
			}
		}
		if sent.Status != stripegw.RefundFailed && sent.Status != stripegw.RefundCanceled {
			return nil
		}
		return s.find(ctx, tx, finding{
			Code: "refund_failed", Object: sent.ID, Order: r.Order, Refund: r.ID, Amount: r.Amount, Detail: sent.Reason,
		})
	})
}

func stepsOf(status stripegw.RefundStatus) []string {
	switch status {
	case stripegw.RefundSucceeded:
		return []string{"sent", "done"}
	case stripegw.RefundFailed, stripegw.RefundCanceled:
		return []string{"sent", "failed"}
	}
	return []string{"sent"}
}
