package accounting

import (
	"strconv"
	"time"

	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// RemindersPage is what was sent or left out to remind families, what waits for the post, whom costs may be asked of, and
// where an agreement with a family is noted.
type RemindersPage struct {
	ReportPage
	Errors               ui.Errors
	Order, Until, Reason string // as typed
	Over                 int64  // the agreement that what was typed takes the place of; 0 for none

	Pauses []PauseRow

	Letters []LetterRow
	Ready   int // of them, what can be printed now
	Posted  string
	Batches []LetterBatch
	Costs   []LateCosts
}

// PauseRow is an agreement with a family that stops reminders now.
type PauseRow struct {
	ID, Order              int64
	Payer, Reference, Href string
	Until                  civil.Date
	Reason, By             string
	At                     time.Time
	Change                 string // the way to change it
}

// LetterRow is a reminder that waits to be printed.
type LetterRow struct {
	Payer, Reference, Href, Stage string
	Open                          money.Cents
	DueOn                         civil.Date
	Why                           string // what stops it now; "" for nothing
}

// LetterBatch is letters that were printed together.
type LetterBatch struct {
	ID      int64
	State   string // printed, posted or dropped
	On      civil.Date
	At      time.Time
	By      string
	Letters int
	Paid    int
}

func (b LetterBatch) path() string {
	return "/boekhouding/herinneringen/brieven/" + strconv.FormatInt(b.ID, 10)
}
func (b LetterBatch) field() string { return "batch-" + strconv.FormatInt(b.ID, 10) }

// LateCosts is what may be asked of an order.
type LateCosts struct {
	Order                  int64
	Payer, Reference, Href string
	DueOn, Until           civil.Date
	Open, Costs            money.Cents
}

func (c LateCosts) order() string { return strconv.FormatInt(c.Order, 10) }
