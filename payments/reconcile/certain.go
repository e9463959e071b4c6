package reconcile

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/bank"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Certain is the suggestion of a movement that a person need not look up: nothing else is suggested, it is of one order, the payer has
// that order's whole name and the amount is exactly what it asks for.
func (c Candidates) Certain() (s Suggestion, ok bool) {
	if len(c.Orders) != 1 || len(c.Orders[0].Orders) != 1 {
		return s, false
	}
	s = c.Orders[0]
	says := func(keys ...string) bool {
		return slices.ContainsFunc(s.Why, func(r Reason) bool { return slices.Contains(keys, r.Key) })
	}
	whole := len(bank.NameWords(s.Orders[0].Payer)) > 1 // one word alone is the name of many
	return s, whole && says("bank.why.payer") && says("bank.why.amount", "bank.why.part")
}

// Shown is a certain suggestion as somebody saw and ticked it: all that the movement had left, for one order.
type Shown struct {
	Movement id.BankMovement
	Order    id.Order
	Amount   money.Cents
}

// MatchCertain gives a movement to the order that was shown with it. It looks again under the locks of both: ErrChanged when the
// movement has something else left, or is not certain any more, since the order was paid by another for example.
func (s *Service) MatchCertain(ctx context.Context, shown Shown, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		locked, err := lockMovement(ctx, tx, shown.Movement)
		if err != nil {
			return err
		}
		if err := payments.LockOrderTx(ctx, tx, shown.Order); err != nil {
			return err
		}
		m, err := movementByID(ctx, tx, shown.Movement)
		if err != nil {
			return err
		}
		could, err := suggestOrders(ctx, tx, []Movement{m})
		if err != nil {
			return err
		}
		now, ok := Candidates{Orders: could[m.ID]}.Certain()
		if !ok || m.Left != shown.Amount || now.Parts[0] != (Part{shown.Order, shown.Amount}) {
			return ErrChanged
		}
		return s.matchTx(ctx, tx, shown.Movement, locked, shown.Amount, now.Parts, by)
	})
}
