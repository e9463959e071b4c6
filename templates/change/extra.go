package change

import (
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// HeldExtra is an extra that a child has.
type HeldExtra struct {
	Name    string
	Price   money.Cents
	Rule    string      // what is paid back, in words
	Back    money.Cents // when it is taken off today
	Blocked string      // why it cannot be taken off; "" when it can
	Action  string
}

// FreeExtra is an extra that a child can get.
type FreeExtra struct {
	ID      int64
	Field   string
	Name    string
	Price   money.Cents
	Rule    string
	Left    int // 0 where nothing limits it
	Gone    bool
	Choices []ui.Option
	Value   string
}

// ExtrasPage lists what a child has on top, takes it off and adds to it.
type ExtrasPage struct {
	Frame
	Has      []HeldExtra
	Can      []FreeExtra
	DueOn    civil.Date
	InReview bool // nothing is asked yet
}
