package reconcile

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/ledger"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// The faults of matching by hand.
var (
	// ErrNoMovement is returned when there is no such movement.
	ErrNoMovement = fault.New(fault.NotFound, "bank.fault.no_movement")
	// ErrNoMatch is returned when there is no such match, or it was undone before.
	ErrNoMatch = fault.New(fault.NotFound, "bank.fault.no_match")
	// ErrTooMuch is returned when more would be placed than is on suspense.
	ErrTooMuch = fault.New(fault.Conflict, "bank.fault.too_much")
	// ErrOutgoing is returned when money that left the bank would be matched as a payment.
	ErrOutgoing = fault.New(fault.Conflict, "bank.fault.outgoing")
	// ErrChanged is returned when a movement has something else left than somebody saw: what they did a moment ago is done.
	ErrChanged = fault.New(fault.Conflict, "bank.fault.changed")
	// ErrFinal is returned for a match that cannot be undone: a refund that the bank carried out.
	ErrFinal = fault.New(fault.Conflict, "bank.fault.final")
	// ErrOtherRefund is returned for a refund of another amount, by another way, or at another stage.
	ErrOtherRefund = fault.New(fault.Conflict, "bank.fault.other_refund")
	// ErrReason is returned when a correction comes without a reason.
	ErrReason = fault.Field("reason", "bank.fault.reason_needed")
	// ErrNoAccount is returned for an account that is not in the chart.
	ErrNoAccount = fault.Field("account", "bank.fault.no_account")
)

// Part is money of one movement for one order.
type Part struct {
	Order  id.Order
	Amount money.Cents
}

// Match takes money of a movement off suspense and gives it to orders: to one, or split over several. seen is what it had on suspense
// on the page that somebody read: ErrChanged when that is another amount by now, so that a form that is sent twice gives a part once.
// ErrTooMuch when the movement has less than that.
func (s *Service) Match(ctx context.Context, movement id.BankMovement, seen money.Cents, parts []Part, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		m, err := lockMovement(ctx, tx, movement)
		if err != nil {
			return err
		}
		return s.matchTx(ctx, tx, movement, m, seen, parts, by)
	})
}

// matchTx is Match of a movement that is locked, m being what it has.
func (s *Service) matchTx(ctx context.Context, tx *sqlx.Tx, movement id.BankMovement, m lockedMovement, seen money.Cents, parts []Part, by id.Staff) error {
	var total money.Cents
	for _, p := range parts {
		if p.Amount <= 0 {
			return ErrTooMuch
		}
		total += p.Amount
	}
	switch {
	case m.Left <= 0:
		return ErrOutgoing
	case m.Left != seen:
		return ErrChanged
	case len(parts) == 0 || total > m.Left:
		return ErrTooMuch
	}
	receipts, matches := make([]payments.Receipt, len(parts)), make([]match, len(parts))
	for i, p := range parts {
		receipts[i] = payments.Receipt{
			Order: p.Order, Method: "transfer", Amount: p.Amount, ReceivedOn: m.BookedOn, SourceSystem: "bank",
			SourceID: m.step(i), PayerName: m.Name, PayerIBAN: m.IBAN, From: ledger.Suspense,
		}
		matches[i] = match{movement: movement, target: "order", order: p.Order, amount: p.Amount, how: howHand, by: by}
	}
	received, err := s.Payments.ReceiveAllTx(ctx, tx, receipts)
	if err != nil {
		return err
	}
	for i, r := range received {
		if r.Repeated {
			return fmt.Errorf("reconcile: payment %s exists without its match", receipts[i].SourceID)
		}
		matches[i].payment = r.Payment
	}
	return insertMatches(ctx, tx, matches, s.Now())
}

// Place takes money of a movement off suspense and books it on an account of the chart: a supplier, interest, the
// insurer. amount has the movement's sign; seen is as in Match.
func (s *Service) Place(ctx context.Context, movement id.BankMovement, seen money.Cents, account ledger.Account, amount money.Cents, reason string, by id.Staff) error {
	if reason == "" {
		return ErrReason
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		m, err := lockMovement(ctx, tx, movement)
		if err != nil {
			return err
		}
		if m.Left != seen {
			return ErrChanged
		}
		if amount == 0 || abs(amount) > abs(m.Left) || (amount > 0) != (m.Left > 0) {
			return ErrTooMuch
		}
		if known, err := accountExists(ctx, tx, account); err != nil || !known || account == ledger.Suspense {
			return either(err, ErrNoAccount)
		}
		if err := s.correct(ctx, tx, m, "bank_placed", ledger.Suspense, account, amount, reason); err != nil {
			return err
		}
		return insertMatches(ctx, tx, []match{{movement: movement, target: "account", account: account, amount: amount, how: howHand, reason: reason, by: by}}, s.Now())
	})
}

// TakeBack matches money that a payer's bank took back with the payment that it undoes: the order owes it again.
func (s *Service) TakeBack(ctx context.Context, movement id.BankMovement, payment id.Payment, reason string, by id.Staff) error {
	if reason == "" {
		return ErrReason
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		m, err := lockMovement(ctx, tx, movement)
		if err != nil {
			return err
		}
		if m.Left >= 0 {
			return ErrTooMuch
		}
		order, err := s.Payments.WithdrawTx(ctx, tx, payments.Withdrawal{Payment: payment, Amount: -m.Left, To: ledger.Suspense, Reason: reason, By: by})
		if err != nil {
			return err
		}
		return insertMatches(ctx, tx, []match{{movement: movement, target: "order", order: order, payment: payment, amount: m.Left, how: howHand, reason: reason, by: by}}, s.Now())
	})
}

// MatchRefund matches money that left, or that came back, with the refund that it was. The bank does not always repeat the
// end-to-end id by which an import would have known.
func (s *Service) MatchRefund(ctx context.Context, movement id.BankMovement, refund id.Refund, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		m, err := lockMovement(ctx, tx, movement)
		if err != nil {
			return err
		}
		r, err := s.Payments.LockRefundTx(ctx, tx, refund)
		if err != nil {
			return err
		}
		returned := m.Left > 0
		if left := r.State == "requested" || r.State == "sent"; r.Method != "transfer" || abs(m.Left) != r.Amount || returned != (r.State == "done") || returned == left {
			return ErrOtherRefund
		}
		// What stood on suspense is the refund's; its own booking expects the money at the bank, or on its way.
		to, state := ledger.Bank, "done"
		if returned {
			to, state = ledger.RefundTransit, "failed"
		}
		if err := s.correct(ctx, tx, m, "bank_refund", ledger.Suspense, to, m.Left, ""); err != nil {
			return err
		}
		if err := s.Payments.RefundStepTx(ctx, tx, payments.RefundStep{Refund: refund, State: state, SourceID: m.Key, On: m.BookedOn}); err != nil {
			return err
		}
		return insertMatches(ctx, tx, []match{{movement: movement, target: "refund", refund: refund, amount: m.Left, how: howHand, by: by}}, s.Now())
	})
}

// MatchRefundFile matches money that left in one sum with all refunds of a file that had not left yet, where the bank does not name the
// file. ErrOtherRefund when they are not that sum.
func (s *Service) MatchRefundFile(ctx context.Context, movement id.BankMovement, file string, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		m, err := lockMovement(ctx, tx, movement)
		if err != nil {
			return err
		}
		refunds, err := s.lockedFile(ctx, tx, file)
		if err != nil {
			return err
		}
		if m.Left >= 0 || len(refunds.Refunds) == 0 || refunds.Total() != -m.Left {
			return ErrOtherRefund
		}
		if err := s.correct(ctx, tx, m, "bank_refund", ledger.Suspense, ledger.Bank, m.Left, ""); err != nil {
			return err
		}
		var matches []match
		for _, r := range refunds.Refunds {
			if err := s.Payments.RefundStepTx(ctx, tx, payments.RefundStep{Refund: r.ID, State: "done", SourceID: m.Key, On: m.BookedOn}); err != nil {
				return err
			}
			matches = append(matches, match{movement: movement, target: "refund", refund: r.ID, amount: -r.Amount, how: howHand, by: by})
		}
		return insertMatches(ctx, tx, matches, s.Now())
	})
}

// lockedFile reads what of a file has not left, under the locks of its orders, taken in one order by everybody.
func (s *Service) lockedFile(ctx context.Context, tx *sqlx.Tx, name string) (file payments.RefundFileDetail, err error) {
	for range 2 { // once to find the orders, once more under their locks
		files, err := s.Payments.SentFiles(ctx, tx, name)
		if err != nil || name == "" || len(files) == 0 {
			return payments.RefundFileDetail{}, err
		}
		if file.Name != "" {
			return files[0], nil
		}
		file = files[0]
		var orders []id.Order
		for _, r := range file.Refunds {
			orders = append(orders, r.Order)
		}
		slices.Sort(orders)
		for _, o := range slices.Compact(orders) {
			if err := payments.LockOrderTx(ctx, tx, o); err != nil {
				return file, err
			}
		}
	}
	return file, nil
}

// Undo puts what a match placed back on suspense. The order that was paid owes it again.
func (s *Service) Undo(ctx context.Context, undone id.BankMatch, reason string, by id.Staff) error {
	if reason == "" {
		return ErrReason
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		m, movement, err := lockMatch(ctx, tx, undone)
		if err != nil {
			return err
		}
		switch {
		case m.Target == "refund" || m.How == howPayout || m.Target == "order" && m.Amount < 0:
			return ErrFinal
		case m.Target == "order":
			_, err = s.Payments.WithdrawTx(ctx, tx, payments.Withdrawal{Payment: m.Payment, Amount: m.Amount, To: ledger.Suspense, Reason: reason, By: by})
		default:
			err = s.correct(ctx, tx, movement, "bank_unplaced", m.Account, ledger.Suspense, m.Amount, reason)
		}
		if err != nil {
			return err
		}
		return insertMatches(ctx, tx, []match{{
			movement: m.Movement, target: m.Target, order: m.Order, payment: m.Payment, account: m.Account, amount: -m.Amount,
			how: howHand, reason: reason, by: by, undoes: undone,
		}}, s.Now())
	})
}

// correct moves money of a movement from one account to another and says why.
func (s *Service) correct(ctx context.Context, tx *sqlx.Tx, m lockedMovement, event string, to, from ledger.Account, amount money.Cents, reason string) error {
	e := ledger.Entry{Event: event, SourceSystem: "bank", SourceID: m.step(0), On: m.BookedOn, Reason: reason}
	e.Move(to, from, amount, 0)
	_, err := ledger.PostTx(ctx, tx, s.Now(), e)
	return err
}

// step names the n-th booking of one correction: a movement may be corrected many times.
func (m lockedMovement) step(n int) string { return fmt.Sprintf("%s#%d", m.Key, m.Matches+1+n) }

func either(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
