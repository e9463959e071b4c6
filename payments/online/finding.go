package online

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Finding is something at Stripe that the shop does not decide by itself. Its text is the message online.finding.CODE.
type Finding struct {
	ID      int64       `db:"id"`
	Code    string      `db:"code"`
	Object  string      `db:"object_id"` // Stripe's name for it
	Order   id.Order    `db:"order_id"`  // 0 when it is not known
	Attempt uuid.UUID   `db:"attempt_id"`
	Amount  money.Cents `db:"amount_cents"`
	Detail  string      `db:"detail"` // Stripe's words, for whoever asks Stripe
	FoundAt time.Time   `db:"found_at"`
}

// Placeable reports whether the finding is money in suspense that can be placed on an order.
func (f Finding) Placeable() bool { return f.Code == "amount" || f.Code == "foreign_charge" }

type finding struct {
	Code    string
	Object  string
	Order   id.Order
	Attempt uuid.UUID
	Refund  id.Refund
	Amount  money.Cents
	Detail  string
}

// find records a finding once.
func (s *Service) find(ctx context.Context, tx *sqlx.Tx, f finding) error {
	return insertFinding(ctx, tx, f, s.Now())
}

// ErrSettled is returned for a finding that somebody has settled already, or that is none.
var ErrSettled error = fault.New(fault.Conflict, "online.finding_settled")

// ErrNotYet is returned when money cannot be placed because Stripe has not put it on the balance yet.
var ErrNotYet error = fault.New(fault.Conflict, "online.not_yet")

// OpenFindings lists what waits for a person, oldest first.
func (s *Service) OpenFindings(ctx context.Context) ([]Finding, error) {
	return findings(ctx, s.DB, `f.settled_at IS NULL`)
}

// SettleFinding closes a finding that needs no posting: somebody has seen it and acted elsewhere.
func (s *Service) SettleFinding(ctx context.Context, finding int64, by id.Staff, note string) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		return settleFinding(ctx, tx, finding, by, note, s.Now())
	})
}

// PlaceInput says which order's money a finding is.
type PlaceInput struct {
	Finding int64
	Order   id.Order
	By      id.Staff
	Note    string
}

// Place records money that waits in suspense as a payment of an order and settles its finding.
func (s *Service) Place(ctx context.Context, in PlaceInput) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, in.Order); err != nil {
			return err
		}
		all, err := findings(ctx, tx, `f.id = $1 AND f.settled_at IS NULL`, in.Finding)
		if err != nil {
			return err
		}
		if len(all) == 0 || !all[0].Placeable() {
			return ErrSettled
		}
		m, found, err := suspendedCharge(ctx, tx, all[0])
		if err != nil {
			return err
		}
		if !found {
			return ErrNotYet
		}
		_, err = s.Payments.ReceiveTx(ctx, tx, payments.Receipt{
			Order: in.Order, Method: "stripe", Amount: m.Amount, ReceivedOn: civil.Of(m.At), SourceSystem: "stripe",
			SourceID: m.PaymentIntent, From: ledger.Suspense,
		})
		if err != nil {
			return err
		}
		if all[0].Attempt != uuid.Nil {
			if err := updateAttempt(ctx, tx, all[0].Attempt, s.Now(), change{Status: Done}); err != nil {
				return err
			}
		}
		return settleFinding(ctx, tx, in.Finding, in.By, in.Note, s.Now())
	})
}
