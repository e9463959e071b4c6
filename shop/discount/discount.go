// Package discount keeps the organiser's discounts and counts their uses.
//
// Owns: which discounts there are, for whom and when, and which booking got which. Which go together is terms/discount.
// Tables: discount, discount_use.
// May import: terms, migrations/pg, sqlx.
// Always true: a discount is never edited, only stopped; it is used at most max_uses times, whatever happens at once (its
// row is locked while uses are counted); one use per child.
// Lock order: discounts in order of number, after the places and before the ledger.
package discount

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	rules "joetz/terms/discount"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// The reasons why a discount is refused.
var (
	ErrUsedUp  error = fault.New(fault.Conflict, "discount.used_up")
	ErrUnknown error = fault.New(fault.NotFound, "discount.unknown")
)

// The kinds of discounts.
const (
	Sibling = "sibling" // from the second child of an order on
	Early   = "early"   // booked so many days before departure
	Code    = "code"    // for who types the code
)

// Discount is one of the organiser's discounts.
type Discount struct {
	ID         int64       `db:"id"`
	Kind       string      `db:"kind"`
	NameNL     string      `db:"name_nl"`
	NameEN     string      `db:"name_en"`
	Code       string      `db:"code"`
	Percent    int         `db:"percent"` // hundredths of a percent of the category's price; 0 when Amount is set
	Amount     money.Cents `db:"amount_cents"`
	DaysBefore int         `db:"days_before"` // of an early booking
	Members    bool        `db:"members"`     // also on the Solidaris price
	Alone      bool        `db:"alone"`       // goes with no other discount
	Group      string      `db:"group_name"`
	Holiday    string      `db:"holiday_code"` // only that holiday; "" for all
	From       civil.Date  `db:"valid_from"`
	Until      civil.Date  `db:"valid_until"`
	MaxUses    int         `db:"max_uses"` // 0: as often as asked
	StoppedAt  *time.Time  `db:"stopped_at"`
	Uses       int         `db:"uses"`
	Given      money.Cents `db:"given"` // what it took off so far
}

// Name is its name in a language.
func (d Discount) Name(lang string) string {
	if lang == "en" && d.NameEN != "" {
		return d.NameEN
	}
	return d.NameNL
}

// Runs reports whether it can be used on a day.
func (d Discount) Runs(on civil.Date) bool {
	return d.StoppedAt == nil && !on.Before(d.From) && !on.After(d.Until)
}

// Facts are what decides whether a child gets a discount.
type Facts struct {
	Rank      int // of the child in its order, the first is 1
	Holiday   string
	BookedOn  civil.Date
	DepartsOn civil.Date
	Code      string
}

// For picks the discounts that the facts give a right to, as rules to combine.
func For(all []Discount, f Facts) (fit []rules.Rule) {
	for _, d := range all {
		if !d.Runs(f.BookedOn) || d.Holiday != "" && d.Holiday != f.Holiday || d.MaxUses > 0 && d.Uses >= d.MaxUses {
			continue
		}
		var due bool
		switch d.Kind {
		case Sibling:
			due = f.Rank > 1
		case Early:
			due = f.BookedOn.DaysUntil(f.DepartsOn) >= d.DaysBefore
		case Code:
			due = d.Code == Spelled(f.Code)
		}
		if due {
			fit = append(fit, rules.Rule{ID: d.ID, Percent: d.Percent, Amount: d.Amount, Alone: d.Alone, Group: d.Group, Members: d.Members})
		}
	}
	return fit
}

// Spelled is a code as it is compared: without spaces, in capitals.
func Spelled(code string) string { return strings.ToUpper(strings.Join(strings.Fields(code), "")) }

// Service keeps the discounts.
type Service struct {
	DB  *sqlx.DB
	Now func() time.Time
}

// Running lists the discounts that were not stopped and whose window is not over, with how often they were used.
func (s *Service) Running(ctx context.Context, q sqlx.QueryerContext) ([]Discount, error) {
	return running(ctx, q, civil.Of(s.Now()))
}

// All lists every discount, the newest first.
func (s *Service) All(ctx context.Context) ([]Discount, error) { return all(ctx, s.DB) }

// ByCode finds the running discount of a code. Invalid on field "code" when there is none, it is not its time, or it was
// used as often as it may.
func (s *Service) ByCode(ctx context.Context, code string) (Discount, error) {
	found, err := s.Running(ctx, s.DB)
	if err != nil {
		return Discount{}, err
	}
	for _, d := range found {
		switch {
		case d.Kind != Code || d.Code != Spelled(code):
		case !d.Runs(civil.Of(s.Now())):
			return d, fault.Field("code", "discount.not_now")
		case d.MaxUses > 0 && d.Uses >= d.MaxUses:
			return d, fault.Field("code", "discount.used_up")
		default:
			return d, nil
		}
	}
	return Discount{}, fault.Field("code", "discount.no_code")
}

// Make adds a discount. Invalid faults name the fields of the form.
func (s *Service) Make(ctx context.Context, by id.Staff, d Discount) (int64, error) {
	d.Code = Spelled(d.Code)
	fields := map[string]string{}
	if !slices.Contains([]string{Sibling, Early, Code}, d.Kind) {
		fields["kind"] = "discount.choose_kind"
	}
	if d.NameNL == "" {
		fields["name_nl"] = "form.required"
	}
	if (d.Percent > 0) == (d.Amount > 0) {
		fields["amount"] = "discount.one_worth"
	}
	if d.Percent > 10000 {
		fields["percent"] = "discount.percent"
	}
	if (d.Kind == Code) != (d.Code != "") {
		fields["code"] = "discount.code_for_codes"
	}
	if d.Until.Before(d.From) {
		fields["until"] = "discount.window"
	}
	if len(fields) > 0 {
		return 0, &fault.Fault{Kind: fault.Invalid, Key: "form.check_answers", Fields: fields}
	}
	return insert(ctx, s.DB, d, by, s.Now())
}

// Stop ends a discount now; bookings keep what they got. ErrUnknown when it was stopped before.
func (s *Service) Stop(ctx context.Context, by id.Staff, discount int64) error {
	return stop(ctx, s.DB, discount, by, s.Now())
}

// Use is a discount that a booking gets.
type Use struct {
	Discount int64
	Booking  id.Booking
	Amount   money.Cents
}

// UseTx gives bookings their discounts. ErrUsedUp when one of them may not be used so often any more, or was stopped.
func (s *Service) UseTx(ctx context.Context, tx *sqlx.Tx, uses []Use) error {
	return s.useTx(ctx, tx, uses, false)
}

func (s *Service) useTx(ctx context.Context, tx *sqlx.Tx, uses []Use, promised bool) error {
	if len(uses) == 0 {
		return nil
	}
	wanted := map[int64]int{}
	var ids []int64
	for _, u := range uses {
		if wanted[u.Discount]++; wanted[u.Discount] == 1 {
			ids = append(ids, u.Discount)
		}
	}
	slices.Sort(ids)
	for _, key := range ids { // one by one, in order: so that two orders never wait for each other crosswise
		left, limited, err := lockUses(ctx, tx, key, promised)
		if err != nil {
			return err
		}
		if limited && left < wanted[key] {
			return ErrUsedUp
		}
	}
	return insertUses(ctx, tx, uses, s.Now())
}
