package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/memberprice"
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

// AcceptCare lets a child come whose care was discussed. Only now something is due: the schedule counts from today, at the
// price and on the terms of the booking (edges.md 103: no due date runs while it is discussed).
// agreements is what the animators have to know of what was agreed, sealed in medical; "" when nothing has to be done.
func (s *Service) AcceptCare(ctx context.Context, who account.Identity, r medical.Reader, booking id.Booking, agreements string) error {
	before, err := s.BookingByID(ctx, booking)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		b, err := s.againTx(ctx, tx, before)
		if err != nil {
			return err
		}
		decision := medical.Decision{Outcome: medical.Welcome, Lang: who.Lang}
		if agreements != "" {
			decision.Outcome, decision.Agreements = medical.Agreements, seal.Text(agreements)
		}
		if err := s.welcomeTx(ctx, tx, who, b); err != nil {
			return err
		}
		r.Role = medical.Office
		return s.Medical.DecideTx(ctx, tx, r, b.ID, decision) // last: it waits for the access log
	})
}

// welcomeTx begins the schedule of a booking that was in review from the start, or lets the one that stood still go on.
func (s *Service) welcomeTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking) error {
	if b.PausedOn.IsZero() {
		return s.acceptTx(ctx, tx, who, b)
	}
	papers, err := s.resumeTx(ctx, tx, who, b)
	if err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: "accepted", Actor: who.Actor(), At: s.Now()}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, CareArgs{Booking: b.ID, What: "welcome", Papers: papers})
}

func (s *Service) acceptTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, b Booking) error {
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
	if b.Evidence == memberprice.Awaited { // no deadline ran while it was discussed
		until := memberprice.Until(s.today(), b.DepartsOn, firstBalance(q.Schedule))
		if err := memberprice.ExtendTx(ctx, tx, b.ID, until); err != nil {
			return err
		}
	}
	has, err := s.Extras.OfBookings(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	op := payments.Opening{Booking: b.ID, Description: b.InvoiceText(), Items: extraItems(b.name(), has[b.ID]), Lines: priceLines(b.Price+b.Discount, b.Discount, b.Extras, q.Premium)}
	for _, due := range q.Schedule {
		op.Schedule = append(op.Schedule, payments.Due{Kind: due.Kind.String(), On: due.Due, Amount: due.Amount})
	}
	inv, err := s.Payments.OpenTx(ctx, tx, b.Order, order.Payer(), []payments.Opening{op})
	if err != nil {
		return err
	}
	if _, _, err := s.Payments.AllocateTx(ctx, tx, b.Order); err != nil { // money of a sibling that is left over pays it
		return err
	}
	if err := insertEvent(ctx, tx, Event{Order: b.Order, Booking: b.ID, Kind: "accepted", Actor: who.Actor(), At: s.Now()}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, PlacedArgs{Order: b.Order, Invoice: inv})
}
