package payments

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Withdrawal takes money off an order again: it was meant for somebody else, or the payer's bank took it back.
type Withdrawal struct {
	Payment id.Payment
	Amount  money.Cents
	To      ledger.Account // where the money stands then: ledger.Suspense as a rule
	Reason  string
	By      id.Staff // 0 when no person did it
}

// ErrWithdrawTooHigh is returned when more would be withdrawn of a payment than it has left.
var ErrWithdrawTooHigh error = fault.New(fault.Conflict, "bank.fault.withdraw_too_high")

// ErrNoPayment is returned when there is no such payment.
var ErrNoPayment error = fault.New(fault.NotFound, "bank.fault.no_payment")

// WithdrawTx takes part of a payment, or all of it, off its order, which it returns, and books it. Instalments that it paid
// are open again, the last due first; small differences to it are taken back. What is on its way back to the payer cannot be withdrawn.
func (s *Service) WithdrawTx(ctx context.Context, tx *sqlx.Tx, w Withdrawal) (order id.Order, err error) {
	order, err = orderOfPayment(ctx, tx, w.Payment)
	if err != nil {
		return 0, err
	}
	if err := LockOrderTx(ctx, tx, order); err != nil {
		return 0, err
	}
	if err := s.takeBackAllTx(ctx, tx, order, w.By); err != nil {
		return 0, err
	}
	purses, err := openPurses(ctx, tx, []id.Order{order})
	if err != nil {
		return 0, err
	}
	payments, err := refundablePayments(ctx, tx, order)
	if err != nil {
		return 0, err
	}
	at := slices.IndexFunc(payments, func(p refundable) bool { return p.ID == w.Payment })
	if w.Amount <= 0 || payments[at].Left < w.Amount {
		return 0, ErrWithdrawTooHigh
	}
	if err := s.takeBack(ctx, tx, purses[order], w.Amount-purses[order].credit); err != nil {
		return 0, err
	}
	now := s.Now()
	withdrawal, err := insertWithdrawal(ctx, tx, order, w, now)
	if err != nil {
		return 0, err
	}
	entry := ledger.Entry{Event: "withdrawal", SourceSystem: "shop", SourceID: fmt.Sprint(withdrawal), On: civil.Of(now), Order: order, Reason: w.Reason}
	entry.Move(ledger.Customers, w.To, w.Amount, 0)
	_, err = ledger.PostTx(ctx, tx, now, entry)
	return order, err
}

// takeBack frees amount of what an order's instalments were paid with, the last due first.
func (s *Service) takeBack(ctx context.Context, tx *sqlx.Tx, p *purse, amount money.Cents) error {
	var shares []share
	for _, i := range slices.Backward(p.instalments) {
		if part := min(amount, i.Allocated); part > 0 {
			shares = append(shares, share{Order: p.order, Instalment: i.ID, Booking: i.Booking, Amount: -part, Reopens: true})
			amount -= part
		}
	}
	if amount > 0 {
		return ErrWithdrawTooHigh
	}
	return s.allocate(ctx, tx, shares...)
}
