package accounting

import "joetz/templates/ui"

// ClosePage is where a month is closed; its table lists the months that are.
type ClosePage struct {
	ReportPage
	Errors   ui.Errors
	Month    string // the month to close next; empty while it runs
	Until    string // its last day, "2027-03-31"
	Checks   []CloseCheck
	Hindered bool
	Note     string
}

// CloseCheck is something that is not finished.
type CloseCheck struct {
	Code, Text, Href string
	Hinders          bool
	Details          []string
}
