package accounting

import "joetz/templates/ui"

// RemindersPage is what was sent or left out to remind families, and where an agreement with one is noted.
type RemindersPage struct {
	ReportPage
	Errors               ui.Errors
	Order, Until, Reason string // as typed
}
