package online

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments/stripegw"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// settlePayout brings the shop up to what Stripe says of a payout: what it is made of, and whether that adds up.
func (s *Service) settlePayout(ctx context.Context, payout string) error {
	p, err := s.Gateway.Payout(ctx, payout)
	if err != nil {
		return err
	}
	var parts []stripegw.Movement
	if p.Automatic { // of others Stripe does not say what they are made of
		if parts, err = s.Gateway.MovementsOfPayout(ctx, payout); err != nil {
			return err
		}
		if err := s.recordMovements(ctx, parts); err != nil {
			return err
		}
	}
	var net money.Cents
	names := make([]string, len(parts))
	for i, m := range parts {
		net += m.Net
		names[i] = m.ID
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := savePayout(ctx, tx, p, s.Now()); err != nil {
			return err
		}
		if err := insertPayoutMovements(ctx, tx, p.ID, names); err != nil {
			return err
		}
		if p.Automatic && p.Reconciled && net != p.Amount {
			err := s.find(ctx, tx, finding{
				Code: "payout_difference", Object: p.ID, Amount: p.Amount, Detail: "its parts add up to " + net.String(),
			})
			if err != nil {
				return err
			}
		}
		if p.Status == "failed" || p.Status == "canceled" {
			return s.find(ctx, tx, finding{Code: "payout_failed", Object: p.ID, Amount: p.Amount, Detail: p.Failure})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.syncMovements(ctx) // the payout itself has left the balance too
}

// settleDispute brings the shop up to what Stripe says of a dispute, and books what it took or gave back.
func (s *Service) settleDispute(ctx context.Context, dispute string) error {
	if _, err := s.recordDispute(ctx, dispute); err != nil {
		return err
	}
	return s.syncMovements(ctx)
}

// recordDispute writes a dispute down and returns the order that it is about, 0 when that is none of ours.
func (s *Service) recordDispute(ctx context.Context, dispute string) (id.Order, error) {
	d, err := s.Gateway.Dispute(ctx, dispute)
	if err != nil {
		return 0, err
	}
	a, _, err := attemptByPayment(ctx, s.DB, d.PaymentIntent)
	if err != nil {
		return 0, err
	}
	code := ""
	switch d.Status {
	case "needs_response", "warning_needs_response":
		code = "dispute_opened"
	case "lost":
		code = "dispute_lost"
	}
	return a.Order, pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := saveDispute(ctx, tx, d, a.Order, s.Now()); err != nil {
			return err
		}
		if code != "dispute_opened" { // there is nothing to answer any more
			if err := closeFinding(ctx, tx, "dispute_opened", d.ID, s.Now()); err != nil || code == "" {
				return err
			}
		}
		return s.find(ctx, tx, finding{Code: code, Object: d.ID, Order: a.Order, Attempt: a.ID, Amount: d.Amount, Detail: d.Reason})
	})
}

// Payout is money on its way from Stripe to the bank.
type Payout struct {
	ID         string      `db:"id"`
	Amount     money.Cents `db:"amount_cents"`
	Status     string      `db:"status"` // pending, in_transit, paid, failed, canceled
	Reconciled bool        `db:"reconciled"`
	ArrivesOn  civil.Date  `db:"arrives_on"`
	Parts      int         `db:"parts"`
	Gross      money.Cents `db:"gross_cents"`
	Fees       money.Cents `db:"fees_cents"`
}

// Movement is one line of the Stripe balance as the shop booked it.
type Movement struct {
	ID          string      `db:"id"`
	Category    string      `db:"category"`
	Source      string      `db:"source_id"`
	Description string      `db:"description"`
	Amount      money.Cents `db:"amount_cents"`
	Fee         money.Cents `db:"fee_cents"`
	Net         money.Cents `db:"net_cents"`
	Against     string      `db:"against"`
	Order       id.Order    `db:"order_id"`
	At          time.Time   `db:"made_at"`
}

// Payouts lists the payouts that arrive in a span of days, both included, newest first.
func (s *Service) Payouts(ctx context.Context, from, to civil.Date) ([]Payout, error) {
	return payouts(ctx, s.DB, from, to)
}

// MovementsOf lists what a payout is made of, oldest first. Their Net adds up to its amount.
func (s *Service) MovementsOf(ctx context.Context, payout string) ([]Movement, error) {
	return movementsOf(ctx, s.DB, payout)
}
