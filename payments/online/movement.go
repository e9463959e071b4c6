package online

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments/ledger"
	"joetz/payments/stripegw"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// syncMovements reads what moved on the balance since the last time and books it.
func (s *Service) syncMovements(ctx context.Context) error {
	now := s.Now()
	since, err := movementsRead(ctx, s.DB)
	if err != nil {
		return err
	}
	if !since.IsZero() {
		since = since.Add(-overlap)
	}
	all, err := s.Gateway.MovementsSince(ctx, since)
	if err != nil {
		return err
	}
	if err := s.recordMovements(ctx, all); err != nil {
		return err
	}
	return setMovementsRead(ctx, s.DB, now)
}

// recordMovements stores and books the movements that are new, oldest first. Most are payments that the shop knows: those
// go together.
func (s *Service) recordMovements(ctx context.Context, all []stripegw.Movement) error {
	names, sources := make([]string, len(all)), make([]string, 0, len(all))
	for i, m := range all {
		names[i] = m.ID
		if m.Category == stripegw.CategoryCharge {
			sources = append(sources, m.Source)
		}
	}
	known, err := knownMovements(ctx, s.DB, names)
	if err != nil {
		return err
	}
	paid, err := paidCharges(ctx, s.DB, sources)
	if err != nil {
		return err
	}
	var plain []movementRow
	for i := len(all) - 1; i >= 0; i-- {
		m := all[i]
		if known[m.ID] {
			continue
		}
		if a, ok := paid[m.Source]; ok && m.Category == stripegw.CategoryCharge && a.fits(m) {
			plain = append(plain, newMovement(m, ledger.Customers, a.Order, s.Now()))
			continue
		}
		if err := s.recordMovement(ctx, m); err != nil {
			return err
		}
	}
	if len(plain) == 0 {
		return nil
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return insertMovements(ctx, tx, plain) })
}

// fits reports whether a payment was booked as its movement says: amount and fee.
func (a attempt) fits(m stripegw.Movement) bool {
	return a.Status == Done && a.Amount == m.Amount && a.Fee != nil && *a.Fee == m.Fee && m.Currency == stripegw.Currency
}

// recordMovement stores one movement and books it against the account that its category belongs to. What the shop should
// know of by then is looked up at Stripe first, so that the order in which news comes does not matter.
func (s *Service) recordMovement(ctx context.Context, m stripegw.Movement) error {
	c, err := s.counter(ctx, m)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		isNew, err := insertMovement(ctx, tx, newMovement(m, c.account, c.order, s.Now()))
		if err != nil || !isNew {
			return err
		}
		if c.finding.Code != "" {
			c.finding.Amount = m.Amount
			if err := s.find(ctx, tx, c.finding); err != nil {
				return err
			}
		}
		if c.attempt != uuid.Nil {
			return s.bookFee(ctx, tx, m, c)
		}
		return s.book(ctx, tx, m, c)
	})
}

// counter is what a movement is booked against.
type counter struct {
	account ledger.Account
	order   id.Order
	attempt uuid.UUID // a payment that is booked already, all but its fee
	finding finding
}

func (s *Service) counter(ctx context.Context, m stripegw.Movement) (counter, error) {
	if m.Currency != stripegw.Currency {
		return counter{account: ledger.Suspense, finding: finding{Code: "other_currency", Object: m.ID, Detail: m.Currency}}, nil
	}
	switch m.Category {
	case stripegw.CategoryCharge:
		return s.chargeCounter(ctx, m)
	case stripegw.CategoryRefund, stripegw.CategoryRefundFailure:
		return s.refundCounter(ctx, m)
	case stripegw.CategoryDispute, stripegw.CategoryDisputeReversal:
		return s.disputeCounter(ctx, m)
	case stripegw.CategoryFee:
		return counter{account: ledger.PaymentCosts}, nil
	case stripegw.CategoryPayout, stripegw.CategoryPayoutReversal:
		return counter{account: ledger.PayoutTransit}, nil
	}
	return counter{account: ledger.Suspense, finding: finding{Code: "unknown_movement", Object: m.ID, Detail: string(m.Category) + " " + m.Description}}, nil
}

func (s *Service) chargeCounter(ctx context.Context, m stripegw.Movement) (counter, error) {
	foreign := counter{account: ledger.Suspense, finding: finding{Code: "foreign_charge", Object: m.Source, Detail: m.Description}}
	paymentIntent, err := s.Gateway.PaymentOfCharge(ctx, m.Source)
	if errors.Is(err, stripegw.ErrNotFound) || err == nil && paymentIntent == "" {
		return foreign, nil
	}
	if err != nil {
		return counter{}, err
	}
	if err := s.settlePayment(ctx, paymentIntent); err != nil {
		return counter{}, err
	}
	a, found, err := attemptByPayment(ctx, s.DB, paymentIntent)
	switch {
	case err != nil || !found:
		return foreign, err
	case a.Status == Held: // its finding is there
		return counter{account: ledger.Suspense, order: a.Order}, nil
	case a.Status == Done && a.Charge == m.Source:
		return counter{account: ledger.Customers, order: a.Order, attempt: a.ID}, nil
	}
	foreign.order = a.Order // a second charge of one payment
	return foreign, nil
}

func (s *Service) refundCounter(ctx context.Context, m stripegw.Movement) (counter, error) {
	foreign := counter{account: ledger.Suspense, finding: finding{Code: "foreign_refund", Object: m.Source, Detail: m.Description}}
	sent, err := s.Gateway.RefundByID(ctx, m.Source)
	if errors.Is(err, stripegw.ErrNotFound) {
		return foreign, nil
	}
	if err != nil {
		return counter{}, err
	}
	r, ours, err := s.ourRefund(ctx, sent)
	if err != nil || !ours {
		return foreign, err
	}
	return counter{account: ledger.RefundTransit, order: r.Order}, s.recordRefund(ctx, r, sent)
}

func (s *Service) disputeCounter(ctx context.Context, m stripegw.Movement) (counter, error) {
	order, err := s.recordDispute(ctx, m.Source)
	if errors.Is(err, stripegw.ErrNotFound) {
		return counter{account: ledger.Disputed, finding: finding{Code: "unknown_movement", Object: m.ID, Detail: m.Description}}, nil
	}
	return counter{account: ledger.Disputed, order: order}, err
}

// book posts a movement: what the balance changed by, what Stripe kept, and what it was for. A movement in another
// currency is no cents of ours and waits for a person.
func (s *Service) book(ctx context.Context, tx *sqlx.Tx, m stripegw.Movement, c counter) error {
	if m.Currency != stripegw.Currency {
		return nil
	}
	entry := ledger.Entry{Event: "stripe_" + string(m.Category), SourceSystem: "stripe", SourceID: m.ID, On: civil.Of(m.At), Order: c.order}
	entry.Move(ledger.StripeBalance, c.account, m.Amount, 0)
	entry.Move(ledger.PaymentCosts, ledger.StripeBalance, m.Fee, 0)
	_, err := ledger.PostTx(ctx, tx, s.Now(), entry)
	return err
}

// bookFee posts the fee of a payment that was recorded before Stripe had said it.
func (s *Service) bookFee(ctx context.Context, tx *sqlx.Tx, m stripegw.Movement, c counter) error {
	a, err := lockAttempt(ctx, tx, c.attempt)
	if err != nil {
		return err
	}
	booked := money.Cents(0)
	if a.Fee != nil {
		booked = *a.Fee
	}
	if m.Fee == booked && m.Amount == a.Amount {
		return setFee(ctx, tx, a.ID, m.Fee)
	}
	if a.Fee != nil || m.Amount != a.Amount {
		err := s.find(ctx, tx, finding{
			Code: "fee_changed", Object: m.ID, Order: a.Order, Attempt: a.ID, Amount: m.Amount, Detail: "fee " + m.Fee.String() + " instead of " + booked.String(),
		})
		if err != nil {
			return err
		}
	}
	entry := ledger.Entry{Event: "payment_fee", SourceSystem: "stripe", SourceID: m.ID, On: civil.Of(m.At), Order: a.Order}
	entry.Move(ledger.PaymentCosts, ledger.StripeBalance, m.Fee-booked, 0)
	entry.Move(ledger.StripeBalance, ledger.Suspense, m.Amount-a.Amount, 0)
	if _, err := ledger.PostTx(ctx, tx, s.Now(), entry); err != nil {
		return err
	}
	return setFee(ctx, tx, a.ID, m.Fee)
}

func newMovement(m stripegw.Movement, against ledger.Account, order id.Order, now time.Time) movementRow {
	return movementRow{
		ID: m.ID, Category: string(m.Category), Source: m.Source, Description: m.Description, Amount: m.Amount, Fee: m.Fee, Net: m.Net,
		Currency: m.Currency, Against: against, Order: order, At: m.At, AvailableAt: m.AvailableOn, RecordedAt: now,
	}
}
