package public

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// CalculatorPage answers "what if I cancel?" without signing in: a holiday or its facts in, the days and their fees out.
type CalculatorPage struct {
	layout.Page
	Form    CalculatorForm
	Errors  ui.Errors
	Outcome *CalculatorOutcome // nil before the first question
}

// CalculatorForm is what was asked.
type CalculatorForm struct {
	Source                   string      // brochure: a holiday of ours; own: facts of one's own
	Holidays                 []ui.Option // the first is no holiday yet
	Holiday, Trip            string
	Departs, Booked, Cancels ui.DayField // with the parts as they were typed
	BasePrice, Price, Paid   string
	Insured                  bool
}

// CalculatorOutcome is what the terms say.
type CalculatorOutcome struct {
	Title       string // the holiday, or what kind it is
	Departs     civil.Date
	Price       money.Cents
	On          civil.Date // of cancelling
	DaysBefore  int
	Fee         money.Cents
	Paid        money.Cents
	Guessed     bool // what is paid was not given: it is what was due at booking
	Refund      money.Cents
	Outstanding money.Cents
	NextOn      civil.Date // the day from which it costs more; zero for none
	NextFee     money.Cents
	Steps       []CancelStep
	Schedule    []Due
	Insurance   CalculatorInsurance
	Because     []BecauseClause
	Paying      []BecauseClause // why the payments are what they are
}

// CalculatorInsurance is what cancellation insurance changes.
type CalculatorInsurance struct {
	Insurer string
	Open    bool       // it could be taken on the day of booking
	Taken   bool       // and was
	Until   civil.Date // the last day of booking for it
	Premium money.Cents
	Runs    bool // the deposit was paid
}

// BecauseClause is a clause of the terms and what follows from it.
type BecauseClause struct {
	Title, Words, Anchor string
	Sentences            []string
}
