package booking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	letters "joetz/templates/mail"
	"joetz/terms/id"
	"joetz/terms/money"
)

// LetGo books away what an order lacks, up to the limit; seen is what somebody read and confirmed.
func (s *Service) LetGo(ctx context.Context, order id.Order, seen money.Cents, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := s.Payments.LetGoTx(ctx, tx, order, seen, by); err != nil {
			return err
		}
		return s.moneyEventTx(ctx, tx, "difference_let_go", order, seen, by)
	})
}

// mostShort is how many orders that lack little are looked at together.
const mostShort = 200

// Short lists the orders that lack no more than the limit.
func (s *Service) Short(ctx context.Context) ([]payments.Short, error) {
	return s.Payments.Short(ctx, s.DB, mostShort)
}

// LetAllGo books away all that orders lack, as it was shown: count orders, total together. What changed meanwhile stays.
func (s *Service) LetAllGo(ctx context.Context, count int, total money.Cents, by id.Staff) error {
	all, err := s.Short(ctx)
	if err != nil {
		return err
	}
	var sum money.Cents
	for _, o := range all {
		sum += o.Open
	}
	if len(all) != count || sum != total {
		return payments.ErrDifferenceChanged
	}
	var failed []error
	for _, o := range all {
		failed = append(failed, s.LetGo(ctx, o.Order, o.Open, by))
	}
	return errors.Join(failed...)
}

// KeepDifference books away what an order was paid too much, up to the limit.
func (s *Service) KeepDifference(ctx context.Context, order id.Order, seen money.Cents, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := s.Payments.KeepTx(ctx, tx, order, seen, by); err != nil {
			return err
		}
		return s.moneyEventTx(ctx, tx, "difference_kept", order, seen, by)
	})
}

// TakeBackDifference takes back what was booked away.
func (s *Service) TakeBackDifference(ctx context.Context, difference int64, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		d, err := s.Payments.TakeBackDifferenceTx(ctx, tx, difference, by)
		if err != nil {
			return err
		}
		return s.moneyEventTx(ctx, tx, "difference_back", d.Order, max(d.Amount, -d.Amount), by)
	})
}

// SetDifferenceLimit changes up to which amount a difference may be booked away.
func (s *Service) SetDifferenceLimit(ctx context.Context, limit money.Cents, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return s.Payments.SetDifferenceLimitTx(ctx, tx, limit, by) })
}

// OverpaidArgs asks a job to tell a family that what they paid too much goes back.
type OverpaidArgs struct {
	Order  id.Order    `json:"order"`
	Amount money.Cents `json:"amount"`
}

// Kind names the job.
func (OverpaidArgs) Kind() string { return "booking.overpaid" }

// ReturnOverpaid promises what an order was paid too much back, in somebody's name, and has the family told; seen is what they
// confirmed.
func (s *Service) ReturnOverpaid(ctx context.Context, order id.Order, seen money.Cents, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := s.Payments.ReturnOverpaidTx(ctx, tx, order, seen, "te veel betaald", by, by.Actor()); err != nil {
			return err
		}
		if err := s.moneyEventTx(ctx, tx, "overpaid_back", order, seen, by); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, OverpaidArgs{order, seen})
	})
}

// WriteOverpaid tells the family. It is the job of OverpaidArgs.
func (s *Service) WriteOverpaid(ctx context.Context, a OverpaidArgs) error {
	o, err := s.OrderByID(ctx, a.Order)
	if err != nil {
		return err
	}
	back, err := s.letterRefund(ctx, o, a.Amount)
	if err != nil {
		return err
	}
	m, err := s.Outbox.Notice(ctx, o.Addressee(), o.Lang, o.ID, letters.Notice{Kind: "overpaid_back", FirstName: o.PayerFirstName(),
		Args: []any{o.Reference, a.Amount, back.DueOn}, Path: OrderPath(o.ID)})
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}

// moneyEventTx writes an event about an amount of an order that somebody of the staff did something with.
func (s *Service) moneyEventTx(ctx context.Context, tx *sqlx.Tx, kind string, order id.Order, amount money.Cents, by id.Staff) error {
	detail, err := json.Marshal(map[string]money.Cents{"amount": amount})
	if err != nil {
		return fmt.Errorf("booking: %s of order %d: %w", kind, order, err)
	}
	return insertEvent(ctx, tx, Event{Order: order, Kind: kind, Detail: detail, Actor: by.Actor(), At: s.Now()})
}
