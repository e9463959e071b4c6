package payments

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// MostDifference is the highest limit for small differences that can be set: beyond it somebody gives a part of the price (goodwill)
// or money back, which the family hears of.
const MostDifference money.Cents = 5_00

var (
	// ErrDifferenceTooHigh is returned when what would be booked away is above the limit.
	ErrDifferenceTooHigh error = fault.New(fault.Conflict, "payments.difference_too_high")
	// ErrDifferenceChanged is returned when a difference is not what somebody saw any more, or was taken back.
	ErrDifferenceChanged error = fault.New(fault.Conflict, "payments.difference_changed")
)

// Short is an order that lacks so little that it may be booked away.
type Short struct {
	Order     id.Order    `db:"id"`
	Reference string      `db:"reference"`
	Payer     string      `db:"payer_name"`
	DueOn     civil.Date  // the first day of it
	Open      money.Cents // together; what is not short on other days is not in it
}

// Difference is a small amount that was booked away.
type Difference struct {
	ID         int64          `db:"id"`
	Order      id.Order       `db:"order_id"`
	Instalment *id.Instalment `db:"instalment_id"` // that lacked it; nil: it was paid too much
	Amount     money.Cents    `db:"amount_cents"`  // let go (positive) or kept (negative)
	At         time.Time      `db:"at"`

	Reference string `db:"reference"`
	Payer     string `db:"payer_name"`
	By        string `db:"by_name"`
	Undone    bool   `db:"undone"`
}

// DifferenceLimit is up to which amount a difference may be booked away; 0: none.
func (s *Service) DifferenceLimit(ctx context.Context, q sqlx.QueryerContext) (money.Cents, error) {
	return differenceLimit(ctx, q)
}

// SetDifferenceLimitTx changes it, up to MostDifference.
func (s *Service) SetDifferenceLimitTx(ctx context.Context, tx *sqlx.Tx, limit money.Cents, by id.Staff) error {
	if limit < 0 || limit > MostDifference {
		return fault.Field("limit", "payments.difference_limit")
	}
	return insertDifferenceLimit(ctx, tx, limit, by, s.Now())
}

// Short lists orders that lack no more than the limit of what they were asked: something was paid of it, or its day is over.
func (s *Service) Short(ctx context.Context, q sqlx.QueryerContext, most int) ([]Short, error) {
	limit, err := differenceLimit(ctx, q)
	if err != nil || limit == 0 {
		return nil, err
	}
	found, err := ordersOpenBelow(ctx, q, limit, most)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	orders := make([]id.Order, len(found))
	for n, f := range found {
		orders[n] = f.Order
	}
	rows, err := runningInstalmentsOf(ctx, q, orders)
	if err != nil {
		return nil, err
	}
	of := map[id.Order][]instalmentRow{}
	for _, i := range rows {
		of[i.Order] = append(of[i.Order], i)
	}
	var short []Short
	for _, f := range found {
		parts, open := shortParts(of[f.Order], limit, civil.Of(s.Now()))
		if open > 0 && open <= limit {
			f.Open, f.DueOn = open, parts[0].DueOn
			short = append(short, f)
		}
	}
	return short, nil
}

// shortParts are the invoiced parts of days of which no more than limit is open, and something was paid or their day is over;
// and what is open of them together.
func shortParts(rows []instalmentRow, limit money.Cents, today civil.Date) (parts []instalmentRow, open money.Cents) {
	type day struct{ open, paid money.Cents }
	days := map[civil.Date]day{}
	for _, i := range rows {
		if i.Invoiced {
			d := days[i.DueOn]
			days[i.DueOn] = day{d.open + i.Amount - i.Allocated, d.paid + i.Allocated}
		}
	}
	for _, i := range rows {
		if d := days[i.DueOn]; i.Invoiced && i.Allocated < i.Amount && d.open <= limit && (d.paid > 0 || i.DueOn.Before(today)) {
			parts, open = append(parts, i), open+i.Amount-i.Allocated
		}
	}
	return parts, open
}

// LetGoTx books away what an order lacks: its parts count as paid, though no money came, and it is a cost (658). seen is what
// somebody read and confirmed. Money that comes for it later is too much: take the difference back, and it pays.
func (s *Service) LetGoTx(ctx context.Context, tx *sqlx.Tx, order id.Order, seen money.Cents, by id.Staff) error {
	if err := LockOrderTx(ctx, tx, order); err != nil {
		return err
	}
	limit, err := differenceLimit(ctx, tx)
	if err != nil {
		return err
	}
	rows, err := runningInstalments(ctx, tx, order)
	if err != nil {
		return err
	}
	parts, open := shortParts(rows, limit, civil.Of(s.Now()))
	switch {
	case open == 0 || open != seen:
		return ErrDifferenceChanged
	case open > limit:
		return ErrDifferenceTooHigh
	}
	var shares []share
	for _, i := range parts {
		lacks := i.Amount - i.Allocated
		if err := s.differTx(ctx, tx, Difference{Order: order, Instalment: &i.ID, Amount: lacks}, 0, "", by); err != nil {
			return err
		}
		shares = append(shares, share{Order: order, Instalment: i.ID, Booking: i.Booking, Amount: lacks})
	}
	return s.allocate(ctx, tx, shares...)
}

// KeepTx books away what an order was paid too much: it is revenue (757), and goes back to nobody. seen is what somebody read and
// confirmed.
func (s *Service) KeepTx(ctx context.Context, tx *sqlx.Tx, order id.Order, seen money.Cents, by id.Staff) error {
	if err := LockOrderTx(ctx, tx, order); err != nil {
		return err
	}
	limit, err := differenceLimit(ctx, tx)
	if err != nil {
		return err
	}
	left, err := credit(ctx, tx, order)
	switch {
	case err != nil:
		return err
	case left <= 0 || left != seen:
		return ErrCreditChanged
	case left > limit:
		return ErrDifferenceTooHigh
	}
	return s.differTx(ctx, tx, Difference{Order: order, Amount: -left}, 0, "", by)
}

// Differences lists what was booked away, newest first.
func (s *Service) Differences(ctx context.Context, q sqlx.QueryerContext, most int) ([]Difference, error) {
	return differences(ctx, q, most)
}

// TakeBackDifferenceTx takes back what was booked away, and returns it: what an order lacked is open again, what it paid too much is
// its credit again.
func (s *Service) TakeBackDifferenceTx(ctx context.Context, tx *sqlx.Tx, difference int64, by id.Staff) (d Difference, err error) {
	if d, err = differenceByID(ctx, tx, difference); err != nil {
		return d, err
	}
	if err := LockOrderTx(ctx, tx, d.Order); err != nil {
		return d, err
	}
	running, err := differencesOf(ctx, tx, d.Order)
	if err != nil {
		return d, err
	}
	if !slices.ContainsFunc(running, func(r Difference) bool { return r.ID == difference }) {
		return d, ErrDifferenceChanged
	}
	if err := s.reopenTx(ctx, tx, d, by); err != nil {
		return d, err
	}
	_, _, err = s.AllocateTx(ctx, tx, d.Order)
	return d, err
}

// reopenTx takes one difference back while its instalment runs on.
func (s *Service) reopenTx(ctx context.Context, tx *sqlx.Tx, d Difference, by id.Staff) error {
	if d.Instalment != nil {
		rows, err := runningInstalments(ctx, tx, d.Order)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(rows, func(i instalmentRow) bool { return i.ID == *d.Instalment })
		if at < 0 {
			return ErrDifferenceChanged
		}
		back := share{Order: d.Order, Instalment: rows[at].ID, Booking: rows[at].Booking, Amount: -d.Amount, Reopens: true}
		if err := s.allocate(ctx, tx, back); err != nil {
			return err
		}
	}
	return s.differTx(ctx, tx, Difference{Order: d.Order, Instalment: d.Instalment, Amount: -d.Amount}, d.ID, "", by)
}

// takeBackAllTx takes back all differences of an order: the money that they were a difference to goes away.
func (s *Service) takeBackAllTx(ctx context.Context, tx *sqlx.Tx, order id.Order, by id.Staff) error {
	running, err := differencesOf(ctx, tx, order)
	if err != nil {
		return err
	}
	for _, d := range running {
		if err := s.reopenTx(ctx, tx, d, by); err != nil {
			return err
		}
	}
	return nil
}

// reopenPartsTx takes back what was let go of a booking's parts that are not void.
func (s *Service) reopenPartsTx(ctx context.Context, tx *sqlx.Tx, order id.Order, rows, void []instalmentRow, by id.Staff) error {
	running, err := differencesOf(ctx, tx, order)
	if err != nil {
		return err
	}
	for _, d := range running {
		is := func(i instalmentRow) bool { return d.Instalment != nil && i.ID == *d.Instalment }
		if !slices.ContainsFunc(rows, is) || slices.ContainsFunc(void, is) {
			continue
		}
		if err := s.reopenTx(ctx, tx, d, by); err != nil {
			return err
		}
	}
	return nil
}

// recallTx takes back what was let go of parts that are void now, and of which the money was freed: it was never paid, so it pays for
// nothing else and goes back to nobody. It returns how much that is.
func (s *Service) recallTx(ctx context.Context, tx *sqlx.Tx, order id.Order, void []id.Instalment, reason string) (never money.Cents, err error) {
	running, err := differencesOf(ctx, tx, order)
	if err != nil {
		return 0, err
	}
	for _, d := range running {
		if d.Instalment == nil || !slices.Contains(void, *d.Instalment) {
			continue
		}
		if err := s.differTx(ctx, tx, Difference{Order: order, Instalment: d.Instalment, Amount: -d.Amount}, d.ID, reason, 0); err != nil {
			return never, err
		}
		never += d.Amount
	}
	return never, nil
}

// differTx writes a difference, or the taking back of one, and books it.
func (s *Service) differTx(ctx context.Context, tx *sqlx.Tx, d Difference, undoes int64, reason string, by id.Staff) error {
	now := s.Now()
	key, err := insertDifference(ctx, tx, d, undoes, reason, by, now)
	if err != nil {
		return err
	}
	account := ledger.Differences
	if d.Instalment != nil {
		account = ledger.SmallLosses
	}
	entry := ledger.Entry{Event: "difference", SourceSystem: "shop", SourceID: fmt.Sprint(key), On: civil.Of(now), Order: d.Order, Reason: reason}
	entry.Move(account, ledger.Customers, d.Amount, 0)
	_, err = ledger.PostTx(ctx, tx, now, entry)
	return err
}
