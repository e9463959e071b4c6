// Package books reads the journal the way bookkeepers do, and closes its months.
//
// Owns: closed months and reports over the journal. Tables: period_close, period_balance.
// May import: terms, payments and below, migrations/pg, sqlx, pq.
// Always true: a closed month never changes (the database refuses its entries); a report adds up to the journal; reading
// changes nothing.
package books

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments/audit"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Service reads the books and closes months.
type Service struct {
	DB  *sqlx.DB
	Now func() time.Time
	// Perform, when set, makes revenue of what was paid for holidays that have ended; a close needs it done.
	Perform func(ctx context.Context) (int, error)
}

// Closed is a month that was closed.
type Closed struct {
	Until    civil.Date  `db:"until"`
	ClosedAt time.Time   `db:"closed_at"`
	By       string      `db:"by_name"`
	Note     string      `db:"note"`
	LeftOpen stringArray `db:"left_open"`
}

// Check is something to look at before a month is closed.
type Check struct {
	Code    string // text "books.check.CODE"
	Count   int
	Hinders bool // the month cannot be closed with it; else it can, with a note
	Details []string
}

// The faults of closing.
var (
	// ErrNotOver is returned for a month that has not ended, was closed before, or skips one that is open.
	ErrNotOver error = fault.New(fault.Conflict, "books.fault.not_over")
	// ErrHindered is returned when something must be mended first.
	ErrHindered error = fault.New(fault.Conflict, "books.fault.hindered")
	// ErrOutdated is returned when what is not finished is not what somebody saw when they closed.
	ErrOutdated error = fault.New(fault.Conflict, "books.fault.outdated")
	// ErrNote is returned when something is left open and nobody says why.
	ErrNote error = fault.Field("note", "books.fault.note_needed")
)

// Months tells which months are closed, newest first, and which is next to close; ok is false while that one runs.
func (s *Service) Months(ctx context.Context) (closed []Closed, next civil.Date, ok bool, err error) {
	closed, err = closes(ctx, s.DB)
	if err != nil {
		return nil, civil.Date{}, false, err
	}
	first, err := firstEntry(ctx, s.DB)
	if err != nil || first.IsZero() && len(closed) == 0 {
		return closed, civil.Date{}, false, err
	}
	next = monthEnd(first)
	if len(closed) > 0 {
		next = monthEnd(closed[0].Until.AddDays(1))
	}
	return closed, next, next.Before(civil.Of(s.Now())), nil
}

// monthEnd is the last day of a day's month.
func monthEnd(d civil.Date) civil.Date {
	y, m, _ := d.YMD()
	return civil.Must(y, m, civil.DaysIn(y, m))
}

// Unfinished tells what waits of the books up to a day, without holding every row against every other as Checks and Close do:
// for a page that is looked at often.
func (s *Service) Unfinished(ctx context.Context, until civil.Date) ([]Check, error) {
	return unfinished(ctx, s.DB, until)
}

// Checks tells what is not finished of the books up to a day: what hinders a close first.
func (s *Service) Checks(ctx context.Context, until civil.Date) ([]Check, error) {
	found, err := unfinished(ctx, s.DB, until)
	if err != nil {
		return nil, err
	}
	differences, err := audit.Run(ctx, s.DB, s.Now())
	if err != nil {
		return nil, err
	}
	if len(differences) > 0 {
		c := Check{Code: "differences", Count: len(differences), Hinders: true}
		for _, d := range differences[:min(len(differences), 10)] {
			c.Details = append(c.Details, d.String())
		}
		found = append([]Check{c}, found...)
	}
	return found, nil
}

// Closing is what somebody confirms.
type Closing struct {
	Until    civil.Date
	LeftOpen []string // codes of what they saw unfinished
	Note     string
	By       id.Staff
}

// Close freezes the next month: revenue of holidays that have ended is booked first, every account's standing is written
// down, and the database takes no entry of that month any more.
func (s *Service) Close(ctx context.Context, c Closing) error {
	_, next, over, err := s.Months(ctx)
	if err != nil {
		return err
	}
	if !over || c.Until != next {
		return ErrNotOver
	}
	if s.Perform != nil {
		if _, err := s.Perform(ctx); err != nil {
			return err
		}
	}
	checks, err := s.Checks(ctx, c.Until)
	if err != nil {
		return err
	}
	var left []string
	for _, x := range checks {
		if x.Hinders {
			return ErrHindered
		}
		left = append(left, x.Code)
	}
	slices.Sort(left)
	seen := slices.Sorted(slices.Values(c.LeftOpen))
	switch {
	case !slices.Equal(left, seen):
		return ErrOutdated
	case len(left) > 0 && c.Note == "":
		return ErrNote
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return insertClose(ctx, tx, c, left, s.Now()) })
}

// Span is a stretch of days, both included.
type Span struct{ From, To civil.Date }

// AccountTotal is what an account stood at, moved and stands at.
type AccountTotal struct {
	Code    string      `db:"code"`
	Name    string      `db:"name"`
	Kind    string      `db:"kind"`
	Opening money.Cents `db:"opening_cents"`
	Debit   money.Cents `db:"debit_cents"`
	Credit  money.Cents `db:"credit_cents"`
}

// Closing is where it stands at the end of the span, debit positive.
func (a AccountTotal) Closing() money.Cents { return a.Opening + a.Debit - a.Credit }

// Accounts is every account over a span.
func (s *Service) Accounts(ctx context.Context, span Span) ([]AccountTotal, error) {
	return accountTotals(ctx, s.DB, span)
}

// Line is one posting with what it is about.
type Line struct {
	Entry      int64           `db:"entry_id"`
	Line       int             `db:"line"`
	On         civil.Date      `db:"booked_on"`
	HappenedOn civil.Date      `db:"happened_on"` // zero unless its month was closed
	Event      string          `db:"event"`
	System     string          `db:"source_system"`
	Source     string          `db:"source_id"`
	Reason     string          `db:"reason"`
	Account    string          `db:"account"`
	Name       string          `db:"account_name"`
	Amount     money.Cents     `db:"amount_cents"` // debit positive
	Order      id.Order        `db:"order_id"`     // 0 for none, as the following
	Reference  string          `db:"reference"`
	Payer      string          `db:"payer_name"`
	Booking    id.Booking      `db:"booking_id"`
	Invoice    id.Invoice      `db:"invoice_id"`
	Document   string          `db:"document"` // number of the document that it books
	Movement   id.BankMovement `db:"movement_id"`
	Payout     string          `db:"payout_id"` // the payout that the movement at Stripe left with
}

// LineQuery says which lines.
type LineQuery struct {
	Account string // "" is all
	Order   id.Order
	Entry   int64
	Booking id.Booking
	Span    Span // zero is all
	Page    int  // from 1
	Size    int  // 0 is all
}

// Lines lists postings in the order of the journal, and counts all that fit.
func (s *Service) Lines(ctx context.Context, q LineQuery) (lines []Line, count int, sum money.Cents, err error) {
	return journalLines(ctx, s.DB, q)
}

// Deferred is what one departure holds and brought.
type Deferred struct {
	Departure id.Departure `db:"departure_id"`
	Code      string       `db:"code"`
	Title     string       `db:"title"`
	StartsOn  civil.Date   `db:"starts_on"`
	EndsOn    civil.Date   `db:"ends_on"`
	Bookings  int          `db:"bookings"`
	Invoiced  money.Cents  `db:"invoiced_cents"` // asked, not received (460)
	Received  money.Cents  `db:"received_cents"` // received, holiday still to come (461)
	Revenue   money.Cents  `db:"revenue_cents"`  // 700
}

// Fits reports whether the words stand in the holiday's code or title, in any case of letters.
func (d Deferred) Fits(words string) bool {
	return strings.Contains(strings.ToLower(d.Code+" "+d.Title), strings.ToLower(strings.TrimSpace(words)))
}

// DeferredAt lists what departures hold at the end of a day, by date.
func (s *Service) DeferredAt(ctx context.Context, day civil.Date) ([]Deferred, error) {
	return deferred(ctx, s.DB, day)
}

// Premium is one booking's premium in a span.
type Premium struct {
	On       civil.Date  `db:"booked_on"`
	Booking  id.Booking  `db:"booking_id"`
	Entry    int64       `db:"entry_id"`
	Order    id.Order    `db:"order_id"`
	Ref      string      `db:"reference"`
	Code     string      `db:"code"`
	StartsOn civil.Date  `db:"starts_on"`
	EndsOn   civil.Date  `db:"ends_on"`
	Price    money.Cents `db:"price_cents"`
	Amount   money.Cents `db:"amount_cents"` // negative where it was taken back
}

// PremiumsIn is the insurer's statement of a span: every premium that became theirs, by booking, without names; and what is
// owed to the insurer at the end of it.
func (s *Service) PremiumsIn(ctx context.Context, span Span) (premiums []Premium, owed money.Cents, err error) {
	if premiums, err = premiumsIn(ctx, s.DB, span); err != nil {
		return nil, 0, err
	}
	totals, err := accountTotals(ctx, s.DB, span)
	for _, a := range totals {
		if a.Code == "4891" {
			owed = -a.Closing()
		}
	}
	return premiums, owed, err
}

// Payment is money that came in, with what it paid and where it came from.
type Payment struct {
	ID        id.Payment      `db:"id"`
	On        civil.Date      `db:"received_on"`
	Method    string          `db:"method"`
	Amount    money.Cents     `db:"amount_cents"`
	Withdrawn money.Cents     `db:"withdrawn_cents"`
	Refunded  money.Cents     `db:"refunded_cents"`
	Payer     string          `db:"payer_name"`
	IBAN      string          `db:"payer_iban"`
	Order     id.Order        `db:"order_id"`
	Reference string          `db:"reference"`
	OrderBy   string          `db:"order_payer"`
	Credit    money.Cents     `db:"credit_cents"` // of its order, paying for nothing
	Movement  id.BankMovement `db:"movement_id"`  // at the bank; 0 for Stripe
	How       string          `db:"how"`          // how it was matched
	Payout    string          `db:"payout_id"`    // that brought it from Stripe to the bank
}

// PaymentQuery says which payments.
type PaymentQuery struct {
	Search string // of payer, order or IBAN
	Span   Span
	Page   int
	Size   int
}

// Payments lists payments, newest first, and counts and sums all that fit.
func (s *Service) Payments(ctx context.Context, q PaymentQuery) (list []Payment, count int, sum money.Cents, err error) {
	return paymentList(ctx, s.DB, q)
}

// MonthFigure is a month's revenue and money in.
type MonthFigure struct {
	Month    civil.Date  `db:"month"`
	Received money.Cents `db:"received_cents"`
	Revenue  money.Cents `db:"revenue_cents"`
	Closed   bool        `db:"closed"`
}

// Figures are the last twelve months that have entries, oldest first.
func (s *Service) Figures(ctx context.Context) ([]MonthFigure, error) { return figures(ctx, s.DB) }
