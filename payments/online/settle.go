package online

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/stripegw"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// settleByID reads a pay page at Stripe and brings the shop up to what it says. It returns the attempt's status afterwards,
// "" when the page is none of ours.
func (s *Service) settleByID(ctx context.Context, session string) (Status, error) {
	p, err := s.Gateway.Session(ctx, session)
	if err != nil {
		return "", err
	}
	return s.settle(ctx, p)
}

// settlePayment does the same for a payment: what counts is the page that it was made on.
func (s *Service) settlePayment(ctx context.Context, paymentIntent string) error {
	p, err := s.Gateway.SessionOfPayment(ctx, paymentIntent)
	if errors.Is(err, stripegw.ErrNotFound) {
		return nil // made by somebody else on the same account; its movement on the balance is a finding
	}
	if err != nil {
		return err
	}
	_, err = s.settle(ctx, p)
	return err
}

func (s *Service) settle(ctx context.Context, p stripegw.Session) (after Status, err error) {
	known, found, err := s.attemptOf(ctx, p)
	if err != nil || !found {
		return "", err
	}
	shares, err := sharesOf(ctx, s.DB, known.ID) // they never change
	if err != nil {
		return "", err
	}
	orders := make([]id.Order, len(shares))
	for i, share := range shares {
		orders[i] = share.Order
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrdersTx(ctx, tx, orders); err != nil {
			return err
		}
		a, err := lockAttempt(ctx, tx, known.ID)
		if err != nil {
			return err
		}
		after, err = s.settleTx(ctx, tx, a, p, shares)
		return err
	})
	return after, err
}

// attemptOf finds the attempt of a page: by the page, or by our reference where the answer with the page's name was lost.
func (s *Service) attemptOf(ctx context.Context, p stripegw.Session) (attempt, bool, error) {
	a, found, err := attemptBySession(ctx, s.DB, p.ID)
	if err != nil || found {
		return a, found, err
	}
	name, err := uuid.Parse(p.Reference)
	if err != nil {
		return a, false, nil // not our reference
	}
	a, found, err = attemptByID(ctx, s.DB, name)
	return a, found && a.Session == "", err
}

// settleTx moves the attempt as far as the page is. Its orders and the attempt are locked.
func (s *Service) settleTx(ctx context.Context, tx *sqlx.Tx, a attempt, p stripegw.Session, shares []Share) (Status, error) {
	if a.Session != "" && a.Session != p.ID {
		return a.Status, nil // another page that borrowed our reference
	}
	now, next := s.Now(), reached(p)
	if next.rank() <= a.Status.rank() || a.Status == Held { // old news, or a person is deciding
		next = a.Status
	}
	c := change{Status: next, Session: p.ID, URL: p.URL}
	if next.rank() <= Processing.rank() {
		c.CheckAt = nextCheck(now, a)
	}
	if p.Payment != nil {
		c.PaymentIntent = p.Payment.ID
	}
	if next != Done || a.Status == Done {
		return next, updateAttempt(ctx, tx, a.ID, now, c)
	}
	c.Charge = p.Payment.Charge.ID
	if wrong := s.misfit(a, p); wrong != "" {
		c.Status = Held
		if err := updateAttempt(ctx, tx, a.ID, now, c); err != nil {
			return a.Status, err
		}
		s.Log.Error("money at stripe does not fit its attempt", "attempt", a.ID, "why", wrong)
		return Held, s.find(ctx, tx, finding{
			Code: "amount", Object: p.ID, Order: a.Order, Attempt: a.ID, Amount: p.Payment.Received, Detail: wrong,
		})
	}
	if m := p.Payment.Charge.Movement; m != nil {
		c.Fee = &m.Fee
	}
	if err := updateAttempt(ctx, tx, a.ID, now, c); err != nil {
		return a.Status, err
	}
	return Done, s.receive(ctx, tx, a, p, shares)
}

// reached is how far a page says that its attempt is.
func reached(p stripegw.Session) Status {
	switch {
	case p.Status == stripegw.SessionExpired:
		return Expired
	case p.Status != stripegw.SessionComplete:
		return Open
	case p.Payment == nil:
		return Processing
	case p.Paid && p.Payment.Status == stripegw.PaymentSucceeded && p.Payment.Charge != nil:
		return Done
	case !p.Paid && (p.Payment.Status == stripegw.PaymentUnfinished || p.Payment.Status == stripegw.PaymentCanceled):
		return Failed
	}
	return Processing
}

// misfit says what of the money is not what was asked for; "" when all is.
func (s *Service) misfit(a attempt, p stripegw.Session) string {
	var wrong []string
	differ := func(what string, got, want any) {
		if got != want {
			wrong = append(wrong, fmt.Sprintf("%s %v instead of %v", what, got, want))
		}
	}
	differ("page amount", p.Amount, a.Amount)
	differ("amount received", p.Payment.Received, a.Amount)
	differ("page currency", p.Currency, stripegw.Currency)
	differ("payment currency", p.Payment.Currency, stripegw.Currency)
	differ("reference", p.Reference, a.ID.String())
	differ("live", p.Live, s.Gateway.Live())
	differ("payment live", p.Payment.Live, s.Gateway.Live())
	return strings.Join(wrong, "; ")
}

// receive records the money with its orders, each its share. The fee is booked here, with the attempt's own order, when Stripe
// has said it, else with the movement.
func (s *Service) receive(ctx context.Context, tx *sqlx.Tx, a attempt, p stripegw.Session, shares []Share) error {
	fee := money.Cents(0)
	if m := p.Payment.Charge.Movement; m != nil {
		fee = m.Fee
	}
	receipts := make([]payments.Receipt, len(shares))
	for i, share := range shares {
		receipts[i] = payments.Receipt{
			Order: share.Order, Method: "stripe", Amount: share.Amount, ReceivedOn: civil.Of(p.Payment.Charge.At),
			SourceSystem: "stripe", SourceID: p.Payment.ID, PayerName: p.Payment.Charge.Payer,
		}
		if share.Order == a.Order {
			receipts[i].Fee = fee
		} else {
			receipts[i].SourceID = payments.SharedSource(p.Payment.ID, share.Order)
		}
	}
	_, err := s.Payments.ReceiveAllTx(ctx, tx, receipts)
	return err
}

// nextCheck is when to ask Stripe about a running attempt, should no webhook come: soon, then less often, and right after
// the page's end.
func nextCheck(now time.Time, a attempt) time.Time {
	age := now.Sub(a.CreatedAt)
	next := now.Add(max(3*time.Minute, min(age, time.Hour)))
	if end := a.ExpiresAt.Add(time.Minute); now.Before(end) && end.Before(next) {
		return end
	}
	return next
}
