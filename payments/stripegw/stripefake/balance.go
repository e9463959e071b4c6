package stripefake

import (
	"context"
	"time"

	"joetz/terms/civil"
)

const arrivesAfter = 2 // days from payout to bank

// move writes a movement of the balance; the caller gives what it is about.
func move(a *act, m movement) (movement, error) {
	m.ID, m.Object, m.Currency, m.Created = newID("txn"), "balance_transaction", "eur", a.now.Unix()
	m.Net, m.Status, m.AvailableOn = m.Amount-m.Fee, "pending", a.now.Add(availableAfter).Unix()
	m.FeeDetails = []feeDetail{}
	if m.Amount < 0 { // what leaves, leaves at once
		m.Status, m.AvailableOn = "available", a.now.Unix()
	}
	if m.Fee != 0 {
		m.FeeDetails = append(m.FeeDetails, feeDetail{Amount: m.Fee, Currency: "eur", Description: "Stripe processing fees", Type: "stripe_fee"})
	}
	return m, save(a, fresh(a, "balance_transaction", m.ID, m))
}

// ChargeFee takes a fee of Stripe's own off the balance.
func (f *Fake) ChargeFee(ctx context.Context, amount int64, what string) error {
	return f.do(ctx, func(a *act) error {
		_, err := move(a, movement{Amount: -amount, ReportingCategory: "fee", Type: "stripe_fee", Description: &what})
		return err
	})
}

// PayOut sends what is available to the bank and returns the payout, or "" when there is nothing to send.
func (f *Fake) PayOut(ctx context.Context) (id string, err error) {
	err = f.do(ctx, func(a *act) error {
		id, err = payOut(a)
		return err
	})
	return id, err
}

func payOut(a *act) (string, error) {
	rows, err := unpaidOut(a.ctx, a.tx, a.now.Unix())
	if err != nil {
		return "", err
	}
	var total int64
	moves := make([]kept[movement], len(rows))
	for i, row := range rows {
		if moves[i], err = open[movement](row); err != nil {
			return "", err
		}
		total += moves[i].Body.Net
	}
	if total <= 0 {
		return "", nil
	}
	id := newID("po")
	tx, err := move(a, movement{Amount: -total, ReportingCategory: "payout", Type: "payout", Source: &id, Description: ptr("STRIPE PAYOUT")})
	if err != nil {
		return "", err
	}
	own, err := load[movement](a, "balance_transaction", tx.ID)
	if err != nil {
		return "", err
	}
	for _, m := range append(moves, own) {
		m.row.Payout, m.Body.Status = &id, "available"
		if err := save(a, m); err != nil {
			return "", err
		}
	}
	arrival := civil.Of(a.now).AddDays(arrivesAfter).Start().UTC()
	p := fresh(a, "payout", id, payout{
		ID: id, Object: "payout", Amount: total, ArrivalDate: arrival.Unix(), Automatic: true, BalanceTransaction: &tx.ID,
		Created: a.now.Unix(), Currency: "eur", Description: "STRIPE PAYOUT", Destination: "ba_test_standin", Metadata: metadata{},
		Method: "standard", ReconciliationStatus: "in_progress", SourceType: "card", StatementDescriptor: ptr("STRIPE PAYOUT TEST"),
		Status: "in_transit", Type: "bank_account",
	})
	p.row.Due = &p.Body.ArrivalDate
	if err := save(a, p); err != nil {
		return "", err
	}
	return id, a.emit("payout.created", p.Body)
}

// land is the payout's arrival at the bank.
func land(a *act, p kept[payout]) error {
	p.Body.Status, p.row.Due = "paid", nil
	if err := save(a, p); err != nil {
		return err
	}
	if err := a.emit("payout.paid", p.Body); err != nil {
		return err
	}
	p.Body.ReconciliationStatus = "completed"
	if err := save(a, p); err != nil {
		return err
	}
	return a.emit("payout.reconciliation_completed", p.Body)
}

// FailPayout lets a payout come back from the bank, also one that was paid before.
func (f *Fake) FailPayout(ctx context.Context, id string) error {
	return f.do(ctx, func(a *act) error {
		p, err := load[payout](a, "payout", id)
		if err != nil {
			return err
		}
		tx, err := move(a, movement{
			Amount: p.Body.Amount, ReportingCategory: "payout_reversal", Type: "payout_failure", Source: &id,
			Description: ptr("STRIPE PAYOUT FAILURE"),
		})
		if err != nil {
			return err
		}
		p.Body.Status, p.Body.FailureCode, p.Body.FailureMessage = "failed", ptr("account_closed"), ptr("The bank account has been closed.")
		p.Body.FailureBalanceTransaction, p.row.Due = &tx.ID, nil
		if err := save(a, p); err != nil {
			return err
		}
		return a.emit("payout.failed", p.Body)
	})
}

// Tick does what only time does: pages expire, banks answer, refunds and payouts arrive, once a day what is available is
// paid out, and what is old is forgotten.
func (f *Fake) Tick(ctx context.Context) error {
	return f.do(ctx, func(a *act) error {
		rows, err := dueObjects(a.ctx, a.tx, a.now.Unix())
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := ripen(a, row); err != nil {
				return err
			}
		}
		if err := payOutDaily(a); err != nil || !f.timeToPrune(a.now) {
			return err
		}
		return prune(a.ctx, a.tx, a.now)
	})
}

// timeToPrune is true once an hour.
func (f *Fake) timeToPrune(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Sub(f.pruned) < time.Hour {
		return false
	}
	f.pruned = now
	return true
}

func ripen(a *act, row objectRow) error {
	switch row.Kind {
	case "checkout.session":
		s, err := open[session](row)
		if err != nil {
			return err
		}
		if s.Body.Status == "open" {
			return closeSession(a, &s)
		}
		return answerLate(a, s)
	case "refund":
		r, err := open[refund](row)
		if err != nil {
			return err
		}
		return arrive(a, r)
	case "payout":
		p, err := open[payout](row)
		if err != nil {
			return err
		}
		return land(a, p)
	}
	return nil
}

func payOutDaily(a *act) error {
	today := civil.Of(a.now).Start()
	made, err := objects(a.ctx, a.tx, filter{Kind: "payout", From: today.Unix(), Limit: 1})
	if err != nil || len(made) > 0 {
		return err
	}
	_, err = payOut(a)
	return err
}

// Balance is what the account holds: all movements, available and pending.
func (f *Fake) Balance(ctx context.Context) (cents int64, err error) { return balance(ctx, f.db) }
