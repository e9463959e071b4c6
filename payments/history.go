package payments

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Incoming is money that came in for an order.
type Incoming struct {
	Method     string      `db:"method"`
	Amount     money.Cents `db:"amount_cents"`
	Withdrawn  money.Cents `db:"withdrawn_cents"` // of it, what turned out not to be for this order
	ReceivedOn civil.Date  `db:"received_on"`
	PayerName  string      `db:"payer_name"`
	PayerIBAN  string      `db:"payer_iban"`
}

// Allocation is money that was placed on an instalment, or taken off it again when the amount is negative.
type Allocation struct {
	Instalment id.Instalment `db:"instalment_id"`
	Amount     money.Cents   `db:"amount_cents"`
	At         time.Time     `db:"at"`
}

// PaymentsOf lists what came in for an order, oldest first.
func (s *Service) PaymentsOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Incoming, error) {
	return paymentsOf(ctx, q, order)
}

// AllocationsOf lists what of an order's money was placed where, oldest first.
func (s *Service) AllocationsOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Allocation, error) {
	return allocationsOf(ctx, q, order)
}
