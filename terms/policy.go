package terms

import "joetz/terms/civil"

// Policy is one organiser's general terms as data: what a file under policies/ holds. It says nothing until New has
// found it whole. Sections and keys that may be absent are marked omitempty; every other is required.
type Policy struct {
	Name     string   `toml:"name"`
	Version  string   `toml:"version"`
	Language string   `toml:"language"`
	Law      string   `toml:"law"` // the country whose law stands above these terms: BE, NL, ...
	Applies  Validity `toml:"applies"`

	Clauses   map[string]Clause `toml:"clauses"`
	Decisions Decisions         `toml:"decisions"`

	Season *Season      `toml:"season,omitempty"` // when the holidays leave, where it is not the whole year
	Closed []civil.Date `toml:"closed,omitempty"` // days that are no working days, besides the weekends

	Deposit      *DepositRules      `toml:"deposit,omitempty"`
	Payment      PaymentRules       `toml:"payment"`
	Insurance    *InsuranceRules    `toml:"insurance,omitempty"`
	Cancellation CancellationRules  `toml:"cancellation"`
	Endings      EndingRules        `toml:"endings,omitempty"`
	Rebooking    *RebookingRules    `toml:"rebooking,omitempty"`
	PriceRise    *PriceRiseRules    `toml:"price_rise,omitempty"`
	Prices       *PriceRules        `toml:"prices,omitempty"`
	Compensation *CompensationRules `toml:"compensation,omitempty"`
}

// Validity is the span of bookings, or of departures, that a version of the terms is for.
type Validity struct {
	By    string     `toml:"by"` // booking or departure
	From  civil.Date `toml:"from"`
	Until civil.Date `toml:"until,omitempty"`
}

// Season is the part of the year in which holidays leave.
type Season struct {
	From  Moment `toml:"from"`
	Until Moment `toml:"until"`
}

// Clause is a place in the organiser's own text, quoted.
type Clause struct {
	Title string `toml:"title" json:"title"`
	Words string `toml:"words" json:"words"`
}

// DepositRules say what is asked at enrolment.
type DepositRules struct {
	Clause    string       `toml:"clause"`
	DueClause string       `toml:"due_clause"`
	Due       Moment       `toml:"due"`
	Rules     []AmountRule `toml:"rules"` // the first whose When fits
}

// AmountRule is an amount that is for some bookings only.
type AmountRule struct {
	When   When   `toml:"when,omitempty"`
	Amount Amount `toml:"amount"`
}

// PaymentRules say when the rest is due.
type PaymentRules struct {
	Clause      string           `toml:"clause"`
	AtOnceFrom  Moment           `toml:"at_once_from,omitempty"` // a booking on this day or later is paid whole
	AtOnce      string           `toml:"at_once_clause,omitempty"`
	BalanceDue  Moment           `toml:"balance_due"`
	Weekend     string           `toml:"weekend"` // as_written or next_working_day
	Stages      []Stage          `toml:"stages,omitempty"`
	Instalments *InstalmentRules `toml:"instalments,omitempty"`
}

// Stage is a day by which part of the price has to be paid, between the deposit and the balance.
type Stage struct {
	When When   `toml:"when,omitempty"`
	UpTo Amount `toml:"up_to"` // deposit included
	Due  Moment `toml:"due"`
}

// InstalmentRules say in how many parts the balance may be paid, and when the earlier parts are due.
type InstalmentRules struct {
	Clause      string   `toml:"clause"`
	Max         int      `toml:"max"`
	Earlier     []Moment `toml:"earlier"` // the last but one first
	BookedUntil Moment   `toml:"booked_until,omitempty"`
}

// InsuranceRules say what cancellation insurance costs and until when it is offered.
type InsuranceRules struct {
	Clause       string `toml:"clause"`
	OfferClause  string `toml:"offer_clause"`
	When         When   `toml:"when,omitempty"`
	Premium      Amount `toml:"premium"`
	OfferedUntil Moment `toml:"offered_until"`
}

// CancellationRules are the fees when the customer cancels.
type CancellationRules struct {
	NeverAbovePrice bool    `toml:"never_above_price"`
	CostsClause     string  `toml:"costs_clause,omitempty"`   // what proven costs rest on; not set: on what the ending rests on
	RefundMinimum   Amount  `toml:"refund_minimum,omitempty"` // less than this is not paid back
	Exceptions      []Table `toml:"exceptions,omitempty"`     // tried first; may leave days open
	Tables          []Table `toml:"tables"`                   // the first whose When fits decides
}

// Table is a scale of fees over the days before departure.
type Table struct {
	Name  string     `toml:"name"`
	When  When       `toml:"when,omitempty"`
	Bands []BandRule `toml:"bands"`
}

// BandRule is one step of a scale. From and Until belong to it; Before and After are the days next to it.
type BandRule struct {
	Band    string `toml:"band"`
	Clause  string `toml:"clause"`
	From    Moment `toml:"from,omitempty"`
	After   Moment `toml:"after,omitempty"`
	Until   Moment `toml:"until,omitempty"`
	Before  Moment `toml:"before,omitempty"`
	Fee     Amount `toml:"fee,omitempty"`
	Refused bool   `toml:"refused,omitempty"` // not possible on these days, at no price

	Credit      string `toml:"credit,omitempty"`       // rest: what is not kept becomes a credit | fee: what is kept does
	CreditUntil Moment `toml:"credit_until,omitempty"` // not set: the credit never ends
}

// EndingRules say what happens to the money when somebody else than the customer ends a booking. Where the terms are
// silent everything goes back: a fee needs a clause.
type EndingRules struct {
	Organiser   *Ending `toml:"organiser,omitempty"`
	PriceRise   *Ending `toml:"price_rise,omitempty"`
	Nonpayment  *Ending `toml:"nonpayment,omitempty"`
	Exclusion   *Ending `toml:"exclusion,omitempty"`
	Untruthful  *Ending `toml:"untruthful,omitempty"`
	CareRefused *Ending `toml:"care_refused,omitempty"`
}

// Ending is one of them.
type Ending struct {
	Clause string `toml:"clause"`
	// DepositClause, of nonpayment only, is what the ending rests on while the deposit is what stays out
	DepositClause string `toml:"deposit_clause,omitempty"`
	Outcome       string `toml:"outcome,omitempty"` // refund: all back | keep: nothing back, nothing more due | band: as if the customer cancelled | deposit: keep the deposit
}

// RebookingRules are the fees when the customer moves to another holiday.
type RebookingRules struct {
	TopUpClause string  `toml:"top_up_clause"`
	Tables      []Table `toml:"tables"`
}

// PriceRiseRules say when a price rise lets the customer go.
type PriceRiseRules struct {
	Clause       string `toml:"clause"`                  // on the right to leave
	ChangeClause string `toml:"change_clause,omitempty"` // on the right to change prices; not set: the same
	Window       Moment `toml:"window"`                  // last day to leave, counted from the last valid notice
	Absorb       Amount `toml:"absorb,omitempty"`        // the organiser's own share of each booking's rises
}

// PriceRules are the price categories and discounts.
type PriceRules struct {
	Categories []Category `toml:"categories"`
	Discounts  []Discount `toml:"discounts,omitempty"`
	Floor      Amount     `toml:"floor,omitempty"`         // discounts never bring a price below this
	Most       Amount     `toml:"most_discount,omitempty"` // all discounts together never take off more
}

// Category is a price that is printed per holiday, and what a participant must show for it.
type Category struct {
	Name      string   `toml:"name"`
	Clause    string   `toml:"clause"`
	Needs     []string `toml:"needs"`
	Exclusive bool     `toml:"exclusive"` // no discount comes on top
}

// Discount lowers (or, as a surcharge, raises) a price.
type Discount struct {
	Name   string   `toml:"name"`
	Clause string   `toml:"clause"`
	When   When     `toml:"when,omitempty"`
	Needs  []string `toml:"needs,omitempty"`
	Minus  Amount   `toml:"minus,omitempty"`
	Plus   Amount   `toml:"plus,omitempty"`
	Group  string   `toml:"group,omitempty"` // of one group only the best counts
}

// CompensationRules say what the organiser pays on top when it cancels late.
type CompensationRules struct {
	Tables []Table `toml:"tables"`
}

// When restricts a rule; what it leaves out it does not ask.
type When struct {
	Trips      []Trip   `toml:"trips,omitempty"`
	Classes    []string `toml:"classes,omitempty"`
	Products   []string `toml:"products,omitempty"`
	Reasons    []string `toml:"reasons,omitempty"`
	Choices    []string `toml:"choices,omitempty"`
	Insured    *bool    `toml:"insured,omitempty"`
	MinNights  int      `toml:"min_nights,omitempty"`
	MaxNights  int      `toml:"max_nights,omitempty"`
	MinRank    int      `toml:"min_rank,omitempty"` // of the participant within the booking, the first is 1
	MaxRank    int      `toml:"max_rank,omitempty"`
	PriceFrom  Amount   `toml:"price_from,omitempty"`
	PriceUntil Amount   `toml:"price_until,omitempty"`
	Booked     Moment   `toml:"booked_from,omitempty"`
	BookedTo   Moment   `toml:"booked_until,omitempty"`
}
