package online

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"joetz/payments/stripegw"
	"joetz/terms/id"
	"joetz/terms/money"
)

// State is what a page shows of an attempt.
type State struct {
	Attempt   uuid.UUID
	Order     id.Order
	Orders    []id.Order // all that it is for, Order among them; Status fills it in
	Amount    money.Cents
	Status    Status
	URL       string // the pay page, while somebody can still pay on it
	ExpiresAt time.Time
	ChangedAt time.Time
}

const lookEvery = 3 * time.Second

// Status says how an attempt stands, for the page to which the parent comes back. While it runs, Stripe is asked (at most
// every three seconds), because the parent is usually faster than the webhook; when Stripe does not answer, what is known
// is shown.
func (s *Service) Status(ctx context.Context, attempt uuid.UUID) (State, error) {
	a, found, err := attemptByID(ctx, s.DB, attempt)
	if err != nil {
		return State{}, err
	}
	if !found {
		return State{}, ErrNoAttempt
	}
	shares, err := sharesOf(ctx, s.DB, attempt)
	if err != nil {
		return State{}, err
	}
	whole := func(st State) State {

		for _, share := range shares {
			st.Orders = append(st.Orders, share.Order)
		}
		return st
	}
	if a.Session == "" || a.Status != Open && a.Status != Processing {
		return whole(s.state(a)), nil
	}
	now := s.Now()
	due, err := mayLook(ctx, s.DB, attempt, now, now.Add(-lookEvery))
	if err != nil || !due {
		return whole(s.state(a)), err
	}
	if _, err := s.settleByID(ctx, a.Session); err != nil {
		if !stripegw.Retryable(err) {
			return State{}, err
		}
		s.Log.Warn("stripe does not answer about an attempt", "attempt", attempt, "error", err)
	}
	a, _, err = attemptByID(ctx, s.DB, attempt)
	return whole(s.state(a)), err
}

func (s *Service) state(a attempt) State {
	st := State{Attempt: a.ID, Order: a.Order, Amount: a.Amount, Status: a.Status, ExpiresAt: a.ExpiresAt, ChangedAt: a.ChangedAt}
	if a.Status == Open && s.Now().Before(a.ExpiresAt) {
		st.URL = a.URL
	}
	return st
}

// ExpireTx asks jobs to close the pay pages of these orders once the caller's transaction commits: what is due has changed,
// because a transfer arrived or a booking was cancelled. Somebody who is paying at that moment still can; that money is
// recorded like any other. (Sweep closes outdated pages too, up to a minute later.)
func (s *Service) ExpireTx(ctx context.Context, tx *sqlx.Tx, orders ...id.Order) error {
	open, err := ordersWithPage(ctx, tx, orders)
	if err != nil {
		return err
	}
	for _, order := range open {
		if err := s.Enqueue(ctx, tx, ExpireArgs{order}); err != nil {
			return err
		}
	}
	return nil
}

// ExpireOrder closes an order's pay pages. An error means: try again later.
func (s *Service) ExpireOrder(ctx context.Context, order id.Order) error {
	rows, err := attemptsOfOrder(ctx, s.DB, order)
	if err != nil {
		return err
	}
	var failed []error
	for _, a := range rows {
		if a.Status == Created || a.Status == Open {
			_, err := s.closePage(ctx, a)
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}
