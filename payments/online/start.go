package online

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments/stripegw"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

const (
	pageOpen   = 65 * time.Minute // a Bancontact payment that began may take an hour; Stripe wants at least 30 minutes
	worthUsing = 10 * time.Minute // a page that closes sooner is not shown to anybody any more
	orphanAge  = time.Minute      // when the sweeper takes over a call that nobody finished
)

// Line is one thing to pay, as the pay page shows it.
type Line = stripegw.Line

// StartInput is what somebody wants to pay.
type StartInput struct {
	Order       id.Order
	Instalments []id.Instalment // what it is for; at least one
	// Shares says how much is for which order, where Instalments are of several; empty: all of it is for Order.
	Shares      []Share
	Lines       []Line // what the pay page says; their sum is the amount
	Reference   string // the order's, for whoever reads Stripe's dashboard
	Description string // on the payment
	Email, Lang string
	// SuccessURL and CancelURL are where the browser comes back; {attempt} in them becomes the attempt's id.
	SuccessURL, CancelURL string
}

// Share is the part of a payment that is for one order.
type Share struct {
	Order  id.Order    `db:"order_id"`
	Amount money.Cents `db:"amount_cents"`
}

// Started is where to send the browser.
type Started struct {
	Attempt uuid.UUID
	URL     string
}

// Start gives a pay page for instalments. The same question twice (two tabs, a double click, a lost answer) gives the same
// page; another question about one of the same instalments closes the older page first.
//
// Faults: ErrNothingToPay, ErrOtherAmount, ErrBeingPaid, ErrJustPaid; stripegw.ErrUnavailable when Stripe does not answer (Start again
// finishes it) and stripegw.ErrRefused.
func (s *Service) Start(ctx context.Context, in StartInput) (Started, error) {
	slices.Sort(in.Instalments)
	in.Instalments = slices.Compact(in.Instalments)
	if len(in.Instalments) == 0 || total(in.Lines) <= 0 {
		return Started{}, ErrNothingToPay
	}
	if err := s.stillOpen(ctx, in); err != nil {
		return Started{}, err
	}
	for range 5 { // somebody else may start at the same moment; then one of us finds the other's attempt
		running, err := runningOn(ctx, s.DB, in.Instalments)
		if err != nil {
			return Started{}, err
		}
		if len(running) == 1 && s.same(running[0], in) {
			return s.reuse(ctx, running[0].attempt)
		}
		for _, r := range running {
			if err := s.makeWay(ctx, r.attempt); err != nil {
				return Started{}, err
			}
		}
		a, err := s.write(ctx, in)
		if pg.Constraint(err) == "payment_attempt_instalment_once" {
			continue
		}
		if err != nil {
			return Started{}, err
		}
		return s.reuse(ctx, a)
	}
	return Started{}, ErrBeingPaid
}

// stillOpen compares what the parent saw with what is open now: a transfer may have arrived meanwhile.
func (s *Service) stillOpen(ctx context.Context, in StartInput) error {
	open, err := s.Payments.OpenAmounts(ctx, s.DB, in.Instalments)
	if err != nil {
		return err
	}
	var sum money.Cents
	for _, o := range open {
		sum += o
	}
	if total(in.Lines) > sum {
		return ErrOtherAmount
	}
	if len(in.Shares) == 0 {
		return nil
	}
	orders, err := ordersOf(ctx, s.DB, in.Instalments)
	if err != nil {
		return err
	}
	owed := map[id.Order]money.Cents{}
	for instalment, o := range open {
		owed[orders[instalment]] += o
	}
	return in.fits(owed)
}

// fits reports whether the shares add up to the amount, stay within what each order owes, and name the order of the attempt.
func (in StartInput) fits(owed map[id.Order]money.Cents) error {
	var shared money.Cents
	seen := map[id.Order]bool{}
	for _, share := range in.Shares {
		if share.Amount <= 0 || share.Amount > owed[share.Order] || seen[share.Order] {
			return ErrOtherAmount
		}
		shared, seen[share.Order] = shared+share.Amount, true
	}
	if shared != total(in.Lines) || !seen[in.Order] {
		return ErrOtherAmount
	}
	return nil
}

func total(lines []Line) (sum money.Cents) {
	for _, l := range lines {
		sum += l.Amount
	}
	return sum
}

// same reports whether a running attempt is what is asked for, with time left to pay on it.
func (s *Service) same(r runningAttempt, in StartInput) bool {
	if r.Status != Created && r.Status != Open || r.Amount != total(in.Lines) || len(r.Instalments) != len(in.Instalments) {
		return false
	}
	for i, n := range r.Instalments {
		if id.Instalment(n) != in.Instalments[i] {
			return false
		}
	}
	return s.Now().Add(worthUsing).Before(r.ExpiresAt)
}

// reuse gives the attempt's page; where Stripe was not asked yet, or nobody knows what it said, it asks.
func (s *Service) reuse(ctx context.Context, a attempt) (Started, error) {
	if a.Status == Created {
		opened, err := s.ask(ctx, a)
		if err != nil {
			return Started{}, err
		}
		a = opened
	}
	return Started{Attempt: a.ID, URL: a.URL}, nil
}

// write is the first phase: what will be asked of Stripe, before it is asked.
func (s *Service) write(ctx context.Context, in StartInput) (attempt, error) {
	now, name := s.Now(), uuid.New()
	a := attempt{
		ID: name, Order: in.Order, Amount: total(in.Lines), Status: Created, CreatedAt: now,
		ExpiresAt: now.Add(pageOpen).Truncate(time.Second), // Stripe counts in seconds
	}
	request, err := json.Marshal(stripegw.SessionInput{
		Reference: name.String(), Order: in.Reference, Description: in.Description, Lines: in.Lines, Email: in.Email, Lang: in.Lang,
		SuccessURL: strings.ReplaceAll(in.SuccessURL, "{attempt}", name.String()),
		CancelURL:  strings.ReplaceAll(in.CancelURL, "{attempt}", name.String()),
		ExpiresAt:  a.ExpiresAt,
	})
	if err != nil {
		return a, fmt.Errorf("online: request of attempt %s: %w", name, err)
	}
	a.Request = string(request)
	return a, pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := insertAttempt(ctx, tx, a, in.Instalments, now.Add(orphanAge)); err != nil || len(in.Shares) < 2 {
			return err
		}
		return insertShares(ctx, tx, a.ID, in.Shares)
	})
}

// ask is the second phase: the call, which may be made again with the same result, and its answer written down.
func (s *Service) ask(ctx context.Context, a attempt) (attempt, error) {
	key, in, err := a.call()
	if err != nil {
		return a, err
	}
	session, err := s.Gateway.CreateSession(ctx, key, in)
	if errors.Is(err, stripegw.ErrRefused) || stripegw.Kept(err) { // nobody has seen a page of it, so nobody can pay on it
		s.Log.Error("stripe makes no pay page", "attempt", a.ID, "error", err)
		return a, errors.Join(err, s.end(ctx, a, change{Status: Failed, Failure: refusal(err)}))
	}
	if err != nil {
		return a, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		a, err = s.opened(ctx, tx, a, session)
		return err
	})
	if err == nil && a.URL == "" { // the webhook that was faster came after the page had closed
		a.URL = session.URL
	}
	return a, err
}

// opened writes down the page that Stripe made, unless a webhook or another tab was faster.
func (s *Service) opened(ctx context.Context, tx *sqlx.Tx, a attempt, p stripegw.Session) (attempt, error) {
	now := s.Now()
	locked, err := lockAttempt(ctx, tx, a.ID)
	if err != nil || locked.Session != "" {
		return locked, err
	}
	err = updateAttempt(ctx, tx, a.ID, now, change{
		Status: forward(locked.Status, Open), Session: p.ID, URL: p.URL, CheckAt: nextCheck(now, a),
	})
	if err != nil {
		return locked, err
	}
	return lockAttempt(ctx, tx, a.ID)
}

// makeWay closes a running attempt so that another can start.
func (s *Service) makeWay(ctx context.Context, a attempt) error {
	after, err := s.closePage(ctx, a)
	if err != nil {
		return err
	}
	switch after {
	case Expired, Failed:
		return nil
	case Done:
		return ErrJustPaid
	}
	return ErrBeingPaid
}

// closePage closes the pay page of a running attempt, unless somebody has paid on it, and returns what became of it.
func (s *Service) closePage(ctx context.Context, a attempt) (Status, error) {
	if a.Status == Created { // perhaps there is a page and perhaps not: asking again under the same key finds out
		opened, err := s.ask(ctx, a)
		if errors.Is(err, stripegw.ErrRefused) || stripegw.Kept(err) {
			return Failed, nil
		}
		if err != nil {
			return a.Status, err
		}
		a = opened
	}
	if a.Status == Open {
		_, err := s.Gateway.ExpireSession(ctx, a.Session)
		if err != nil && !errors.Is(err, stripegw.ErrRefused) { // refused: it is not open any more
			return a.Status, err
		}
	}
	return s.settleByID(ctx, a.Session)
}

// end moves an attempt to its end where it has not come further already.
func (s *Service) end(ctx context.Context, a attempt, c change) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		locked, err := lockAttempt(ctx, tx, a.ID)
		if err != nil || locked.Status.rank() >= c.Status.rank() {
			return err
		}
		return updateAttempt(ctx, tx, a.ID, s.Now(), c)
	})
}

// refusal is why Stripe refused, short enough for a column that people read.
func refusal(err error) string {
	if code := stripegw.Code(err); code != "" {
		return code
	}
	return fault.Of(err).Key
}

// forward is the further of two statuses.
func forward(a, b Status) Status {
	if b.rank() > a.rank() {
		return b
	}
	return a
}
