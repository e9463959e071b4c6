package accounting

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
)

// SettingsPage is what accounting decides about payments.
type SettingsPage struct {
	layout.Page
	Errors     ui.Errors
	Version    string // of the QR code: 001 or 002
	Reference  string // structured or text
	Sample     QR     // a code as it is written now, to try with a bank's app
	Costs      CostsForm
	On         bool   // costs are asked now
	Difference string // up to which a difference may be booked away, as typed
	Examples   []Fact
}

// QR is a code as the path of an SVG.
type QR struct {
	Path string
	Side int
}

// CostsForm is what late payers are asked, as typed.
type CostsForm struct {
	Clause, PlacedFrom, Small, Middle, MiddlePercent, Large, LargePercent, Most string
}
