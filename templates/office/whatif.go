package office

import (
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// WhatIfPage says what the end of a booking costs on any day, without ending it.
type WhatIfPage struct {
	CancelPage
	On    civil.Date
	Day   ui.DayField
	Steps []FeeStep // what a customer's cancellation costs, over the days
}

// FeeStep is a span of days on which cancelling costs the same; the last has no end.
type FeeStep struct {
	From, To civil.Date
	Fee      money.Cents
}
