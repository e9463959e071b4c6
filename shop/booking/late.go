package booking

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/shop/worklist"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Overdue finds the orders that owe money after the term of the free reminder ran out and of which no child goes any more:
// fees that stayed unpaid. A source of the worklist.
func (s *Service) Overdue(ctx context.Context, limit int) (found worklist.Found, err error) {
	rows, err := lateOrders(ctx, s.DB, s.today(), false, limit)
	for _, r := range rows {
		found.Total = r.Total
		found.Items = append(found.Items, r.item(worklist.Overdue, []any{r.Open, r.Since}))
	}
	return found, err
}

func (r lateOrder) item(kind worklist.Kind, args []any) worklist.Item {
	return worklist.Item{
		Kind: kind, Key: fmt.Sprintf("order:%d", r.Order), Subject: r.Payer, Detail: r.Reference, Args: args, Order: r.Order, Amount: r.Open,
		Since: r.Since.Start(), Path: fmt.Sprintf("/kantoor/boeking/%d", r.Order),
	}
}

// Nonpayment finds the orders that the terms let a person end because they are not paid, with what that would ask today.
// The shop never ends one by itself. A source of the worklist.
func (s *Service) Nonpayment(ctx context.Context, limit int) (worklist.Found, error) {
	today := s.today()
	rows, err := lateOrders(ctx, s.DB, today, true, limit)
	if err != nil || len(rows) == 0 {
		return worklist.Found{}, err
	}
	keys := make([]int64, len(rows))
	for i, r := range rows {
		keys[i] = int64(r.Order)
	}
	all, err := bookings(ctx, s.DB, `WHERE order_id = `+pg.AnyKey+` AND status <> 'cancelled' ORDER BY id`, pq.Array(keys))
	if err != nil {
		return worklist.Found{}, err
	}
	if err := s.addStatements(ctx, s.DB, all); err != nil {
		return worklist.Found{}, err
	}
	of := map[id.Order][]Booking{}
	for _, b := range all {
		of[b.Order] = append(of[b.Order], b)
	}
	found := worklist.Found{Total: rows[0].Total}
	for _, r := range rows {
		item, may, err := s.nonpayment(ctx, r, of[r.Order])
		if err != nil {
			return worklist.Found{}, err
		}
		if !may { // late, and its term still runs
			found.Total--
			continue
		}
		found.Items = append(found.Items, item)
	}
	return found, nil
}

// nonpayment is one order with what ending its unpaid bookings would ask; may is false while the term of a reminder runs.
func (s *Service) nonpayment(ctx context.Context, r lateOrder, all []Booking) (item worklist.Item, may bool, err error) {
	var fee money.Cents
	var unpaid []Booking
	for _, b := range all {
		if b.Off() { // its family is asked what it wants instead
			continue
		}
		ok, err := s.released(ctx, s.DB, b)
		if err != nil {
			return item, false, err
		}
		if !ok {
			continue
		}
		p, err := s.previewCancel(ctx, s.DB, b, Cancel{Booking: b.ID, By: terms.ByNonpayment})
		if err != nil {
			return item, false, err
		}
		fee, unpaid = fee+p.Outcome.Fee, append(unpaid, b)
	}
	item = r.item(worklist.Nonpayment, []any{r.Open, r.Since, fee})
	if len(unpaid) == 1 {
		item.Subject, item.Detail = unpaid[0].FirstName+" "+unpaid[0].LastName, unpaid[0].Title
		item.Departure, item.Due = unpaid[0].Departure, civil.Date{}
		item.Path = fmt.Sprintf("/kantoor/kind/%d/annuleren?by=nonpayment", unpaid[0].ID)
	}
	return item, len(unpaid) > 0, nil
}
