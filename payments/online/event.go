package online

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments/stripegw"
)

// What became of an event.
const (
	outcomeDone      = "done"       // the shop says what Stripe says
	outcomeIgnored   = "ignored"    // a type that tells the shop nothing
	outcomeOtherMode = "other_mode" // test news in a live shop, or the reverse
	outcomeMissing   = "missing"    // Stripe does not know the object that it told about
)

const keepBodies = 90 * 24 * time.Hour

// Hear takes a webhook: it checks the signature on the raw body, stores the event once with a job for it, and returns. An
// error of kind Denied is for whoever is not Stripe; any other asks Stripe to send it again.
func (s *Service) Hear(ctx context.Context, body []byte, signature string) error {
	e, err := s.Gateway.Event(body, signature)
	if err != nil {
		return err
	}
	if e.APIVersion != stripegw.APIVersion {
		s.Log.Warn("webhook in another API version; only its ids are used", "event", e.ID, "version", e.APIVersion)
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return s.storeTx(ctx, tx, e) })
}

func (s *Service) storeTx(ctx context.Context, tx *sqlx.Tx, e stripegw.Event) error {
	now := s.Now()
	isNew, err := insertEvent(ctx, tx, e, now)
	if err != nil || !isNew {
		return err
	}
	if e.Live != s.Gateway.Live() {
		s.Log.Error("webhook of the other mode; check the webhook secret", "event", e.ID, "live", e.Live)
		return endEvent(ctx, tx, e.ID, now, outcomeOtherMode)
	}
	return s.Enqueue(ctx, tx, EventArgs{e.ID})
}

// Work does what an event asks for. An error means: try again later. Safe to run twice, and at once with others.
func (s *Service) Work(ctx context.Context, event string) error {
	e, found, err := eventByID(ctx, s.DB, event)
	if err != nil || !found || e.DoneAt != nil {
		return err
	}
	outcome, err := s.work(ctx, e)
	if errors.Is(err, stripegw.ErrNotFound) {
		s.Log.Warn("stripe does not know what it told about", "event", e.ID, "type", e.Type, "object", e.Object)
		outcome, err = outcomeMissing, nil
	}
	if err != nil {
		return err
	}
	return endEvent(ctx, s.DB, e.ID, s.Now(), outcome)
}

// work finds out what an event is about. What happened is then read from the API, so the order of events does not matter.
func (s *Service) work(ctx context.Context, e eventRow) (outcome string, err error) {
	outcome = outcomeDone
	switch kind, rest, _ := strings.Cut(e.Type, "."); {
	case strings.HasPrefix(e.Type, "checkout.session."):
		_, err = s.settleByID(ctx, e.Object)
	case kind == "payment_intent":
		err = s.settlePayment(ctx, e.Object)
	case kind == "refund", strings.HasPrefix(e.Type, "charge.refund."):
		err = s.settleRefund(ctx, e.Object)
	case strings.HasPrefix(e.Type, "charge.dispute."):
		err = s.settleDispute(ctx, e.Object)
	case kind == "charge" && rest == "refunded":
		err = s.settleRefundsOf(ctx, e.PaymentIntent)
	case kind == "charge" && e.PaymentIntent != "":
		err = s.settlePayment(ctx, e.PaymentIntent)
	case kind == "payout":
		err = s.settlePayout(ctx, e.Object)
	default:
		outcome = outcomeIgnored
	}
	return outcome, err
}

const (
	overlap   = 2 * time.Hour       // a movement may show up late in Stripe's list
	eventsFor = 29 * 24 * time.Hour // Stripe remembers 30 days
)

// CatchUp stores the events whose webhook did not arrive, finishes refunds, and reads the movements of the balance.
func (s *Service) CatchUp(ctx context.Context) error {
	if err := s.fetchEvents(ctx); err != nil {
		return err
	}
	if err := s.finishRefunds(ctx); err != nil {
		return err
	}
	if err := s.syncMovements(ctx); err != nil {
		return err
	}
	return forgetBodies(ctx, s.DB, s.Now().Add(-keepBodies))
}

func (s *Service) fetchEvents(ctx context.Context) error {
	events, err := s.Gateway.Undelivered(ctx, s.Now().Add(-eventsFor))
	if err != nil {
		return err
	}
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = e.ID
	}
	known, err := knownEvents(ctx, s.DB, names)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		for i := len(events) - 1; i >= 0; i-- { // oldest first
			if known[events[i].ID] {
				continue
			}
			if err := s.storeTx(ctx, tx, events[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
