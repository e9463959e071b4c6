package payments

import (
	"context"

	"github.com/jmoiron/sqlx"

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

// KindOf is the part's kind as people know it: the fee of a booking that was rebooked is no cancellation fee.
func (p Part) KindOf(endedBy string) string {
	if p.Kind == "fee" && endedBy == "rebooked" {
		return "rebooking_fee"
	}
	return p.Kind
}

// Open is what is still to pay of the part.
func (p Part) Open() money.Cents { return p.Amount - p.Paid }

// Statement is where a booking stands: derived, never stored.
type Statement struct {
	Booking id.Booking
	Charged money.Cents // what it costs
	Paid    money.Cents // the money that was allocated to it
	LetGo   money.Cents // small differences that were booked away: they count as paid, and go back to nobody
	Parts   []Part      // the running schedule, by due date
}

// Settled is what counts as paid: the money, and what was let go.
func (s Statement) Settled() money.Cents { return s.Paid + s.LetGo }

// Open is what is still to pay.
func (s Statement) Open() money.Cents { return s.Charged - s.Settled() }

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
	charged, err := chargedOf(ctx, q, keys)
	if err != nil {
		return nil, err
	}
	for _, c := range charged {
		st := all[c.Booking]
		st.Charged = c.Amount
		all[c.Booking] = st
	}
	parts, err := partsOf(ctx, q, keys)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		st := all[p.Booking]
		st.Paid, st.LetGo = st.Paid+p.Allocated-p.LetGo, st.LetGo+p.LetGo
		st.Parts = append(st.Parts, Part{p.ID, p.Kind, p.DueOn, p.Amount, p.Allocated})
		all[p.Booking] = st
	}
	return all, nil
}

// CreditOf is money of an order that pays for nothing yet.
func (s *Service) CreditOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) (money.Cents, error) {
	return credit(ctx, q, order)
}
