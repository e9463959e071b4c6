package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Part is one scheduled part of a booking and what was paid of it.
type Part struct {
	Instalment id.Instalment
	Kind       string
	DueOn      civil.Date
	Amount     money.Cents
	Paid       money.Cents
}

// Open is what is still to pay of the part.
func (p Part) Open() money.Cents { return p.Amount - p.Paid }

// Statement is where a booking stands: derived, never stored.
type Statement struct {
	Booking id.Booking
	Charged money.Cents // what it costs
	Paid    money.Cents // what was allocated to it
	Parts   []Part      // the running schedule, by due date
}

// Open is what is still to pay.
func (s Statement) Open() money.Cents { return s.Charged - s.Paid }

// State says it in one word: paid, overdue, part_paid, unpaid or free (nothing is asked).
func (s Statement) State(today civil.Date) string {
	switch {
	case s.Charged == 0 && s.Paid == 0:
		return "free"
	case s.Open() <= 0:
		return "paid"
	}
	for _, p := range s.Parts {
		if p.Open() > 0 && p.DueOn.Before(today) {
			return "overdue"
		}
	}
	if s.Paid > 0 {
		return "part_paid"
	}
	return "unpaid"
}

// Next is the first part with money open; ok is false when all is paid.
func (s Statement) Next() (part Part, ok bool) {
	for _, p := range s.Parts {
		if p.Open() > 0 {
			return p, true
		}
	}
	return Part{}, false
}

// StatementsOf reads the statements of many bookings in two queries.
func (s *Service) StatementsOf(ctx context.Context, q sqlx.QueryerContext, bookings []id.Booking) (map[id.Booking]Statement, error) {
	all := make(map[id.Booking]Statement, len(bookings))
	keys := make([]int64, len(bookings))
	for i, b := range bookings {
		keys[i] = int64(b)
		all[b] = Statement{Booking: b}
	}
	var charged []struct {
		Booking id.Booking  `db:"booking_id"`
		Amount  money.Cents `db:"amount"`
	}
	err := sqlx.SelectContext(ctx, q, &charged, `
		SELECT booking_id, sum(amount_cents) AS amount FROM charge WHERE booking_id = ANY ($1) GROUP BY booking_id`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("payments: charges: %w", err)
	}
	for _, c := range charged {
		st := all[c.Booking]
		st.Charged = c.Amount
		all[c.Booking] = st
	}
	var parts []instalmentRow
	err = sqlx.SelectContext(ctx, q, &parts, `
		SELECT i.id, i.booking_id, i.kind, i.due_on, i.amount_cents,
			coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0) AS allocated
		FROM instalment i WHERE i.booking_id = ANY ($1) AND i.void_at IS NULL ORDER BY i.due_on, i.id`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("payments: schedules: %w", err)
	}
	for _, p := range parts {
		st := all[p.Booking]
		st.Paid += p.Allocated
		st.Parts = append(st.Parts, Part{p.ID, p.Kind, p.DueOn, p.Amount, p.Allocated})
		all[p.Booking] = st
	}
	return all, nil
}

// CreditOf is money of an order that pays for nothing yet.
func (s *Service) CreditOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) (money.Cents, error) {
	return credit(ctx, q, order)
}
