package booking

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/terms"
	"joetz/terms/id"
)

// InReview lists the orders with a child whose care is to be decided, oldest first.
func (s *Service) InReview(ctx context.Context) ([]Order, error) {
	all, err := ordersInReview(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	return all, s.addBookings(ctx, all)
}

// CareForReview is what the parent wrote about care, for whoever decides about it. Medical logs the reading first.
func (s *Service) CareForReview(ctx context.Context, who account.Identity, b Booking) (string, error) {
	return s.Medical.CareForReview(ctx, who, b.ID)
}

// AcceptCare lets a child come whose care was discussed. Only now something is due: the schedule counts from today, at the
// price and on the terms of the booking (edges.md 103: no due date runs while it is discussed).
func (s *Service) AcceptCare(ctx context.Context, who account.Identity, booking id.Booking, note string) error {
	b, err := s.BookingByID(ctx, booking)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, b.Order); err != nil {
			return err
		}
		return s.acceptTx(ctx, tx, who, b, note)
	})
}

func (s *Service) acceptTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking, note string) error {
	order, err := orderByID(ctx, tx, b.Order)
	if err != nil {
		return err
	}
	t, err := s.termsOf(ctx, tx, b.PolicyHash)
	if err != nil {
		return err
	}
	trip, _ := terms.ParseTrip(b.Trip)
	facts := terms.QuoteFacts{
		Trip: trip, BookedOn: s.today(), DepartsOn: b.DepartsOn, BasePrice: b.BasePrice, Price: b.Price, Extras: b.Extras,
		Insurance: b.Insured, Instalments: order.Instalments,
	}
	q := t.Quote(facts)
	if err := endReview(ctx, tx, b.ID, q.Deposit, q.Premium); err != nil {
		return err
	}
	op := payments.Opening{Booking: b.ID, Description: b.invoiceText(), Lines: []payments.Line{{Kind: "price", Amount: b.Price}, {Kind: "extra", Amount: b.Extras}, {Kind: "premium", Amount: q.Premium}}}
	for _, due := range q.Schedule {
		op.Schedule = append(op.Schedule, payments.Due{Kind: due.Kind.String(), On: due.Due, Amount: due.Amount})
	}
	inv, err := s.Payments.OpenTx(ctx, tx, b.Order, order.payer(), []payments.Opening{op})
	if err != nil {
		return err
	}
	if _, _, err := s.Payments.AllocateTx(ctx, tx, b.Order); err != nil { // money of a sibling that is left over pays it
		return err
	}
	detail, err := json.Marshal(map[string]any{"note": note})
	if err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: "accepted", Detail: detail, Actor: who.Actor(), At: s.Now()}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, PlacedArgs{Order: b.Order, Invoice: inv})
}

