package accounting

import (
	"strconv"
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/money"
)

// DifferencesPage is what orders lack or were paid too much by a little, and what was booked away of it.
type DifferencesPage struct {
	layout.Page
	Errors     ui.Errors
	Limit      money.Cents   // 0: nothing is booked away
	Short      []OrderAmount // what is still open
	ShortTotal money.Cents
	Over       []OrderAmount
	Made       []Difference
}

func (p DifferencesPage) count() string { return strconv.Itoa(len(p.Short)) }

func (p DifferencesPage) total() string { return strconv.FormatInt(int64(p.ShortTotal), 10) }

// Difference is a small amount that was booked away: let go (positive) or kept.
type Difference struct {
	ID        int64
	At        time.Time
	By        string
	Href      string
	Reference string
	Payer     string
	Amount    money.Cents
	Undone    bool
}

func (d Difference) id() string { return strconv.FormatInt(d.ID, 10) }

func (d Difference) kind() string {
	if d.Amount > 0 {
		return "short"
	}
	return "over"
}

func (d Difference) size() money.Cents { return max(d.Amount, -d.Amount) }
