package change

import (
	"strconv"
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// PlanPage is when an order's open money is paid, and where that is agreed anew.
type PlanPage struct {
	layout.Page
	Errors    ui.Errors
	Action    string
	Reference string
	Payer     string
	Open      money.Cents
	Seen      string // what the plan was when it was shown
	Now       []PlanLine
	Rows      []PlanRow // of the form, as typed
	Pause     bool
	Reason    string
	Past      []PastPlan
}

// PlanLine is one part of a plan.
type PlanLine struct {
	On     civil.Date
	Amount money.Cents
}

// PlanRow is one row of the form, as typed.
type PlanRow struct{ On, Amount string }

// PastPlan is a plan that was agreed.
type PastPlan struct {
	At       time.Time
	By       string
	From, To []PlanLine
	Reason   string
	Until    civil.Date
}

func planField(i int, name string) string { return "part." + strconv.Itoa(i) + "." + name }

// yes is the value of a box that is ticked.
func yes(ticked bool) string {
	if ticked {
		return "yes"
	}
	return ""
}
