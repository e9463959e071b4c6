package accounting

import (
	"strconv"
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
)

// StripePage is what waits at Stripe, and the payouts in its table.
type StripePage struct {
	ReportPage
	Errors   ui.Errors
	Findings []Finding
	Disputes []Row
	// DisputeColumns are the columns of Disputes.
	DisputeColumns []ui.Column
	Typed          FindingForm
}

// Finding is something at Stripe that the shop does not decide by itself.
type Finding struct {
	ID        int64
	Text      string
	Object    string
	Detail    string
	Amount    string
	OrderHref string
	Source    *layout.Link // where it can be looked at; nil where Stripe alone knows it
	How       string       // what to do about it
	At        time.Time
	Placeable bool
}

func (f Finding) id() string { return strconv.FormatInt(f.ID, 10) }

// FindingForm is what was typed for one finding.
type FindingForm struct {
	Finding     int64
	Order, Note string
}

func (p StripePage) typed(f Finding) FindingForm {
	if p.Typed.Finding == f.ID {
		return p.Typed
	}
	return FindingForm{}
}

func (p StripePage) errorOf(f Finding, field string) string {
	if p.Typed.Finding == f.ID {
		return p.Errors.For(field)
	}
	return ""
}
