package booking

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/terms/id"
	"joetz/terms/money"
)

// lateReason is why money goes back by itself; in the journal, so in the bookkeeper's language.
const lateReason = "online betaald nadat de boeking was geannuleerd"

// PaidTx hears of money for orders in the transaction that records it: it stands in the history, and its mail follows by a
// job. Money that was paid on line for an order of which nobody goes any more goes back at once, as far as nothing is owed:
// the place may be another child's by now, and a person can book again.
func (s *Service) PaidTx(ctx context.Context, tx *sqlx.Tx, receipts []payments.Receipt) error {
	if err := insertPaidEvents(ctx, tx, receipts, s.Now()); err != nil {
		return err
	}
	var online []id.Order
	for _, r := range receipts {
		if r.Method == "stripe" {
			online = append(online, r.Order)
		}
	}
	ended, err := endedOrders(ctx, tx, online)
	if err != nil {
		return err
	}
	for _, r := range receipts {
		var back money.Cents
		if r.Method == "stripe" && ended[r.Order] {
			if back, err = s.returnLateTx(ctx, tx, r); err != nil {
				return err
			}
		}
		if err := s.enqueue(ctx, tx, PaidArgs{Order: r.Order, Amount: r.Amount, On: r.ReceivedOn, Method: r.Method, Back: back}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) returnLateTx(ctx context.Context, tx *sqlx.Tx, r payments.Receipt) (back money.Cents, err error) {
	back, err = s.Payments.ReturnTx(ctx, tx, payments.Return{Order: r.Order, Most: r.Amount, Reason: lateReason, Actor: "system"})
	if err != nil || back == 0 {
		return back, err
	}
	detail, err := json.Marshal(map[string]money.Cents{"amount": back})
	if err != nil {
		return back, fmt.Errorf("booking: late payment: %w", err)
	}
	return back, insertEvent(ctx, tx, Event{Order: r.Order, Kind: "paid_too_late", Detail: detail, Actor: "system", At: s.Now()})
}
