package parent

import (
	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// PayAllPage is everything that a family owes, to be paid in one go.
type PayAllPage struct {
	layout.Page
	Failed string // what was wrong with what they chose; "" when nothing
	Orders []PayOrder
	Due    money.Cents // of what is ticked at first
}

// PayOrder is what one order asks.
type PayOrder struct {
	Reference string
	Parts     []PayPart
}

// PayPart is one part of one child's holiday.
type PayPart struct {
	Value  string // of its box: the part and the amount that was shown
	Text   string
	On     civil.Date
	Open   money.Cents
	Ticked bool
	Late   bool
}
