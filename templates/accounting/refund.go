package accounting

import (
	"strconv"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// RefundsPage is what goes back by transfer; its table lists the files that were made.
type RefundsPage struct {
	ReportPage
	Errors   ui.Errors
	Waiting  []RefundRow
	Ready    int
	Total    money.Cents // of what is ready
	Typed    RefundForm
	Overpaid []OrderAmount // paid more than was asked, and not promised back
}

// RefundRow is a refund that waits.
type RefundRow struct {
	ID        int64
	Order     int64
	OrderHref string
	Reference string
	Payer     string
	Holder    string
	IBAN      string // masked
	Account   int64  // which one it is
	Amount    money.Cents
	DueOn     civil.Date
	Late      bool
	State     string
	Note      string
}

func (r RefundRow) id() string      { return strconv.FormatInt(r.ID, 10) }
func (r RefundRow) order() string   { return strconv.FormatInt(r.Order, 10) }
func (r RefundRow) account() string { return strconv.FormatInt(r.Account, 10) }

// RefundForm is what was typed for one order's account.
type RefundForm struct {
	Order                int64
	Holder, IBAN, Reason string
}

func (p RefundsPage) typed(r RefundRow) RefundForm {
	if p.Typed.Order == r.Order {
		return p.Typed
	}
	return RefundForm{}
}

func (p RefundsPage) errorOf(r RefundRow, field string) string {
	if p.Typed.Order == r.Order {
		return p.Errors.For(field)
	}
	return ""
}

func refundTone(state string) layout.Tone {
	switch state {
	case "ready":
		return layout.Good
	case "failed", "no_account":
		return layout.Bad
	}
	return layout.Warning
}

// OrderAmount is an order with money that stands out: what it was paid too much, or what it lacks.
type OrderAmount struct {
	Order     int64
	Href      string
	Reference string
	Payer     string
	Amount    money.Cents
	Small     bool // so little that it may be kept
}

func (o OrderAmount) id() string { return strconv.FormatInt(o.Order, 10) }

func (o OrderAmount) seen() string { return strconv.FormatInt(int64(o.Amount), 10) }
