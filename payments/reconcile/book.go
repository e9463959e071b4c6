package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/payments/ledger"
	"joetz/terms/id"
	"joetz/terms/money"
)

// match is a row of movement_match.
type match struct {
	movement id.BankMovement
	target   string // order, refund or account
	order    id.Order
	payment  id.Payment
	refund   id.Refund
	account  ledger.Account
	payout   string
	amount   money.Cents
	how      string
	reason   string
	by       id.Staff
	undoes   id.BankMatch
}

// book decides what each new movement was for and books it: to the order, refund or account that it was for, or to
// suspense. It reports which were placed.
func (s *Service) book(ctx context.Context, tx *sqlx.Tx, fresh []movement, payouts []Payout) (placed []bool, err error) {
	dir, err := s.directory(ctx, tx, fresh, payouts)
	if err != nil {
		return nil, err
	}
	placed = make([]bool, len(fresh))
	var receipts []payments.Receipt
	var paying []match // one per receipt
	var matches []match
	var entries []ledger.Entry
	for i, m := range fresh {
		if m.money == 0 {
			continue
		}
		d := dir.decide(m)
		placed[i] = d.made()
		switch row := (match{movement: m.id, amount: m.money, how: d.how}); {
		case d.order != 0:
			row.target, row.order = "order", d.order
			receipts, paying = append(receipts, m.receipt(d.order)), append(paying, row)
		case d.refund != 0:
			row.target, row.refund = "refund", d.refund
			matches = append(matches, row)
			if err := s.bookRefund(ctx, tx, dir, m, d.refund); err != nil {
				return nil, err
			}
		case d.file != nil:
			for _, refund := range d.file {
				one := match{movement: m.id, target: "refund", refund: refund, amount: -dir.refunds[refund].Amount, how: d.how}
				matches = append(matches, one)
				if err := s.bookRefund(ctx, tx, dir, m, refund); err != nil {
					return nil, err
				}
			}
		case d.account != "":
			row.target, row.account, row.payout = "account", d.account, d.payout
			matches, entries = append(matches, row), append(entries, m.entry("bank", ledger.Bank, d.account, m.money))
			dir.payouts[m.money] = slices.DeleteFunc(dir.payouts[m.money], func(p Payout) bool { return p.ID == d.payout })
		default:
			entries = append(entries, m.entry("bank", ledger.Bank, ledger.Suspense, m.money))
		}
	}
	received, err := s.Payments.ReceiveAllTx(ctx, tx, receipts)
	if err != nil {
		return nil, err
	}
	for i, r := range received {
		if r.Repeated { // its movement is new, so somebody else recorded money under our key
			return nil, fmt.Errorf("reconcile: payment %s exists without its movement", receipts[i].SourceID)
		}
		paying[i].payment = r.Payment
	}
	if _, err := ledger.PostAllTx(ctx, tx, s.Now(), entries); err != nil {
		return nil, err
	}
	return placed, insertMatches(ctx, tx, append(paying, matches...), s.Now())
}

// receipt is a movement as money for an order.
func (m movement) receipt(order id.Order) payments.Receipt {
	from := m.Other()
	return payments.Receipt{
		Order: order, Method: "transfer", Amount: m.money, ReceivedOn: m.BookingDate, SourceSystem: "bank", SourceID: m.key,
		PayerName: from.Name, PayerIBAN: from.IBAN,
	}
}

// entry books an amount that came in from account to to; money that went out has a negative amount and goes the other way.
func (m movement) entry(event string, to, from ledger.Account, amount money.Cents) ledger.Entry {
	e := ledger.Entry{Event: event, SourceSystem: "bank", SourceID: m.key, On: m.BookingDate}
	e.Move(to, from, amount, 0)
	return e
}

// bookRefund notes that a refund left the bank, or came back to it.
func (s *Service) bookRefund(ctx context.Context, tx *sqlx.Tx, dir directory, m movement, refund id.Refund) error {
	step := payments.RefundStep{Refund: refund, State: "done", SourceID: m.key, On: m.BookingDate}
	if m.money > 0 {
		step.State = "failed"
		if _, err := ledger.PostTx(ctx, tx, s.Now(), m.entry("refund_returned", ledger.Bank, ledger.RefundTransit, m.money)); err != nil {
			return err
		}
	}
	if err := s.Payments.RefundStepTx(ctx, tx, step); err != nil {
		return err
	}
	r := dir.refunds[refund]
	r.State = step.State // the same file may bring it back
	dir.refunds[refund] = r
	return nil
}

// directory looks up, in one go, everything that the movements of a file may name.
func (s *Service) directory(ctx context.Context, tx *sqlx.Tx, fresh []movement, payouts []Payout) (directory, error) {
	var refs []string
	dir := directory{refunds: map[id.Refund]payments.RefundDetail{}, files: map[string][]id.Refund{}, payouts: map[money.Cents][]Payout{}}
	for _, m := range fresh {
		if m.money > 0 {
			refs = append(append(refs, m.found...), orderNumbers(m)...)
		}
		if err := s.ownRefunds(ctx, tx, dir, m); err != nil {
			return dir, err
		}
	}
	arrived, err := arrivedPayouts(ctx, tx, payouts)
	if err != nil {
		return dir, err
	}
	for _, p := range payouts {
		if !arrived[p.ID] {
			dir.payouts[p.Amount] = append(dir.payouts[p.Amount], p)
		}
	}
	if dir.orders, err = ordersByReference(ctx, tx, refs); err != nil {
		return dir, err
	}
	return dir, s.lockRefunds(ctx, tx, dir)
}

// lockRefunds locks the orders of the refunds that a file names, with all others that it will want, in one order for everybody, and reads
// the refunds again: a person who matches one of them by hand at the same moment is seen.
func (s *Service) lockRefunds(ctx context.Context, tx *sqlx.Tx, dir directory) error {
	if len(dir.refunds) == 0 {
		return nil
	}
	var orders []id.Order
	for _, r := range dir.refunds {
		orders = append(orders, r.Order)
	}
	for _, o := range dir.orders {
		orders = append(orders, o.ID)
	}
	if err := payments.LockOrdersTx(ctx, tx, orders); err != nil {
		return err
	}
	for refund := range dir.refunds {
		now, err := s.Payments.RefundByID(ctx, tx, refund)
		if err != nil {
			return err
		}
		dir.refunds[refund] = now
	}
	return nil
}

// ownRefunds looks up the refund that a movement names, or those of the file that it names.
func (s *Service) ownRefunds(ctx context.Context, tx *sqlx.Tx, dir directory, m movement) error {
	var named []id.Refund
	if refund, ours := payments.RefundOfEndToEnd(m.EndToEndID); ours {
		named = append(named, refund)
	}
	for _, name := range fileNames(m) {
		if m.money >= 0 || s.RefundFile == nil || dir.files[name] != nil {
			continue
		}
		found, err := s.RefundFile(ctx, tx, name)
		if err != nil {
			return err
		}
		dir.files[name] = found
		named = append(named, found...)
	}
	for _, refund := range named {
		r, known, err := s.refund(ctx, tx, refund)
		if err != nil {
			return err
		}
		if known {
			dir.refunds[refund] = r
		}
	}
	return nil
}

// refund reads a refund that a bank movement names; known is false when there is none.
func (s *Service) refund(ctx context.Context, q sqlx.QueryerContext, refund id.Refund) (r payments.RefundDetail, known bool, err error) {
	r, err = s.Payments.RefundByID(ctx, q, refund)
	if errors.Is(err, payments.ErrNoRefund) {
		return r, false, nil
	}
	return r, err == nil, err
}

func abs(c money.Cents) money.Cents { return max(c, -c) }
