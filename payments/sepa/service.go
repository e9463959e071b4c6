// Package sepa pays refunds by transfer: a file of them for the bank, made once, to accounts that were checked.
//
// Owns: where refunds go, who agreed, and the files. Tables: refund_account, refund_approval, refund_batch, refund_batch_item.
// May import: terms, payments, payments/bank, migrations/pg, sqlx, pq, x/text.
// Always true: a refund is in one file at most; its money goes to the account that the payment came from, or to one that a
// member of staff named with a reason, that the family was told of, and that waited CoolDown; above Limit a second person
// agreed, never the one who makes the file.
package sepa

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/bank"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// CoolDown is how long a changed account waits before money goes there: time for the family to object.
const CoolDown = 24 * time.Hour

// Service makes files of refunds.
type Service struct {
	DB       *sqlx.DB
	Now      func() time.Time
	Payments *payments.Service
	Debtor   Debtor
	Version  Version
	Limit    money.Cents // above it a second person agrees
	// Changed, when set, tells the family of a changed account, in the transaction that changes it.
	Changed func(ctx context.Context, tx *sqlx.Tx, order id.Order) error
}

// The faults of refunds by transfer.
var (
	// ErrIBAN is returned for text that is no account in the SEPA zone, or is our own.
	ErrIBAN error = fault.Field("iban", "sepa.fault.iban")
	// ErrReason is returned for a change without a reason.
	ErrReason error = fault.Field("reason", "sepa.fault.reason")
	// ErrHolder is returned for an account without the name of its holder.
	ErrHolder error = fault.Field("holder", "sepa.fault.holder")
	// ErrNotWaiting is returned for a refund that is in a file already, is done, or goes by Stripe.
	ErrNotWaiting error = fault.New(fault.Conflict, "sepa.fault.not_waiting")
	// ErrOutdated is returned when a file would pay other refunds than somebody saw, or to another account.
	ErrOutdated error = fault.New(fault.Conflict, "sepa.fault.outdated")
	// ErrNobodyReady is returned when no refund can be paid now.
	ErrNobodyReady error = fault.New(fault.Conflict, "sepa.fault.nobody_ready")
	// ErrNoBatch is returned when there is no such file.
	ErrNoBatch error = fault.New(fault.NotFound, "sepa.fault.no_batch")
	// ErrSamePerson is returned when who agreed with a refund also makes its file.
	ErrSamePerson error = fault.New(fault.Conflict, "sepa.fault.same_person")
)

// State is why a refund can be paid now or not.
type State string

// The states of a waiting refund.
const (
	Ready     State = "ready"
	NoAccount State = "no_account" // nobody knows where it should go
	Cooling   State = "cooling"    // its account was changed just now
	Unagreed  State = "unagreed"   // a second person must agree
	Failed    State = "failed"     // it came back: promise it anew
)

// Waiting is a refund that is to be paid by transfer.
type Waiting struct {
	Refund     id.Refund   `db:"id"`
	Order      id.Order    `db:"order_id"`
	Reference  string      `db:"reference"`
	Payer      string      `db:"payer_name"`
	Amount     money.Cents `db:"amount_cents"`
	DueOn      civil.Date  `db:"due_on"`
	IBAN       bank.IBAN   `db:"iban"` // "" when unknown
	Holder     string      `db:"holder"`
	Account    int64       `db:"account_id"`  // that somebody named, 0 for the one that paid
	UsableFrom *time.Time  `db:"usable_from"` // of a changed account
	ChangedBy  string      `db:"changed_by"`
	Reason     string      `db:"reason"`
	ApprovedBy id.Staff    `db:"approved_by"`
	Approver   string      `db:"approver"`
	LastState  string      `db:"state"`
	State      State       `db:"-"`
}

// Waiting lists refunds that are to be paid by transfer, the most urgent first.
func (s *Service) Waiting(ctx context.Context) ([]Waiting, error) { return s.waiting(ctx, s.DB) }

func (s *Service) waiting(ctx context.Context, q sqlx.QueryerContext) ([]Waiting, error) {
	rows, err := waiting(ctx, q)
	for i := range rows {
		rows[i].State = s.state(rows[i])
	}
	return rows, err
}

func (s *Service) state(w Waiting) State {
	switch iban, err := bank.ParseIBAN(string(w.IBAN)); {
	case w.LastState == "failed":
		return Failed
	case err != nil || iban == s.Debtor.IBAN:
		return NoAccount
	case w.UsableFrom != nil && s.Now().Before(*w.UsableFrom):
		return Cooling
	case w.Amount > s.Limit && w.ApprovedBy == 0:
		return Unagreed
	}
	return Ready
}

// Account is where an order's refunds should go.
type Account struct {
	Order  id.Order
	IBAN   string // as typed
	Holder string
	Reason string
	By     id.Staff
}

// SetAccount names another account for an order's refunds. The family hears of it, and money goes there after CoolDown.
func (s *Service) SetAccount(ctx context.Context, a Account) error {
	iban, err := bank.ParseIBAN(a.IBAN)
	if err != nil || !zone[iban.Country()] || iban == s.Debtor.IBAN {
		return ErrIBAN
	}
	switch {
	case a.Reason == "":
		return ErrReason
	case Latin(a.Holder, maxName) == "":
		return ErrHolder
	}
	now := s.Now()
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, a.Order); err != nil {
			return err
		}
		if err := insertAccount(ctx, tx, a, iban, now, now.Add(CoolDown)); err != nil || s.Changed == nil {
			return err
		}
		return s.Changed(ctx, tx, a.Order)
	})
}

// zone are the countries of the SEPA zone.
var zone = func() map[string]bool {
	all := map[string]bool{}
	for _, c := range []string{"AD", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "SM", "VA"} {
		all[c] = true
	}
	return all
}()

// Approve is a second person's agreement with a refund above the limit, to the account that they saw (Waiting.Account):
// ErrOutdated when it goes to another by now, ErrNotWaiting.
func (s *Service) Approve(ctx context.Context, refund id.Refund, account int64, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		r, err := s.Payments.RefundByID(ctx, tx, refund)
		if err != nil {
			return err
		}
		if err := payments.LockOrderTx(ctx, tx, r.Order); err != nil {
			return err
		}
		now, err := accountOf(ctx, tx, r.Order)
		switch {
		case err != nil:
			return err
		case now != account:
			return ErrOutdated
		}
		return insertApproval(ctx, tx, refund, account, by, s.Now())
	})
}

// Retry promises a refund anew that came back, with somebody's name on it.
func (s *Service) Retry(ctx context.Context, refund id.Refund, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		_, err := s.Payments.RetryRefundTx(ctx, tx, refund, by.Actor())
		return err
	})
}

// mostOverpaid is how many orders that were paid too much are listed at once.
const mostOverpaid = 100

// Overpaid lists orders that were paid more than they ask, and whose money is not a refund that came back: Waiting has those.
func (s *Service) Overpaid(ctx context.Context) ([]payments.Overpayment, error) {
	back, err := s.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.Payments.Overpaid(ctx, s.DB, mostOverpaid)
	return slices.DeleteFunc(all, func(o payments.Overpayment) bool {
		return slices.ContainsFunc(back, func(w Waiting) bool { return w.Order == o.Order && w.State == Failed })
	}), err
}

// Batch is a file that was made.
type Batch struct {
	ID        int64       `db:"id"`
	MessageID string      `db:"message_id"`
	Refunds   int         `db:"refunds"`
	Total     money.Cents `db:"total_cents"`
	By        string      `db:"by_name"`
	At        time.Time   `db:"at"`
	Done      int         `db:"done"`   // that the bank showed leave
	Failed    int         `db:"failed"` // that came back
}

// Batches lists files, newest first.
func (s *Service) Batches(ctx context.Context, limit int) ([]Batch, error) {
	return batches(ctx, s.DB, limit)
}

// RefundsIn lists the refunds of a file, by its message id; none when there is no such file.
func RefundsIn(ctx context.Context, q sqlx.QueryerContext, messageID string) ([]id.Refund, error) {
	return refundsIn(ctx, q, messageID)
}

// File is a batch's file and its name.
func (s *Service) File(ctx context.Context, batch int64) (name string, content []byte, err error) {
	return batchFile(ctx, s.DB, batch)
}

// Make writes the file of all refunds that are ready. count and total are what somebody saw and confirmed: ErrOutdated when
// it would pay anything else. ErrSamePerson when by agreed as the second person with one of them.
func (s *Service) Make(ctx context.Context, count int, total money.Cents, by id.Staff) (batch int64, err error) {
	now := s.Now()
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockBatches(ctx, tx); err != nil {
			return err
		}
		ready, err := s.ready(ctx, tx)
		if err != nil {
			return err
		}
		number, err := nextBatch(ctx, tx)
		if err != nil {
			return err
		}
		order := Order{Version: s.Version, MessageID: payments.RefundFile(civil.Of(now), number), MadeAt: now, ExecuteOn: civil.Of(now), Debtor: s.Debtor}
		for _, w := range ready {
			if w.ApprovedBy == by && w.Amount > s.Limit {
				return ErrSamePerson
			}
			order.Transfers = append(order.Transfers, Transfer{EndToEndID: payments.RefundEndToEnd(w.Refund), Name: w.Holder, IBAN: w.IBAN, Amount: w.Amount,
				Text: "Terugbetaling " + w.Reference})
		}
		switch {
		case len(ready) == 0:
			return ErrNobodyReady
		case len(ready) != count || order.Total() != total:
			return ErrOutdated
		}
		content, err := order.Render()
		if err != nil {
			return err
		}
		if batch, err = insertBatch(ctx, tx, number, order, content, ready, by, now); err != nil {
			return err
		}
		for _, w := range ready {
			if err := s.Payments.RefundStepTx(ctx, tx, payments.RefundStep{Refund: w.Refund, State: "sent", SourceID: order.MessageID}); err != nil {
				return err
			}
		}
		return nil
	})
	return batch, err
}

// ready locks the orders of what can be paid, in one order for everybody, and reads again: what changed meanwhile is left out.
func (s *Service) ready(ctx context.Context, tx *sqlx.Tx) ([]Waiting, error) {
	rows, err := s.waiting(ctx, tx)
	if err != nil {
		return nil, err
	}
	var orders []id.Order
	for _, w := range rows {
		if w.State == Ready {
			orders = append(orders, w.Order)
		}
	}
	slices.Sort(orders)
	for _, o := range slices.Compact(orders) {
		if err := payments.LockOrderTx(ctx, tx, o); err != nil {
			return nil, err
		}
	}
	if rows, err = s.waiting(ctx, tx); err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(w Waiting) bool { return w.State != Ready || !slices.Contains(orders, w.Order) })
	slices.SortStableFunc(rows, func(a, b Waiting) int { return int(a.Refund - b.Refund) })
	return rows, nil
}
