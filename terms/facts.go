package terms

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Circumstances are facts that only some organisers' terms ask for. JOETZ's ask for none of them: leave it zero.
type Circumstances struct {
	StartsOn     civil.Date // of the holiday, where it is not the day of departure (a night coach)
	InvoicedOn   civil.Date
	InvoiceDueOn civil.Date
	Invoice      money.Cents // the invoice's total; zero is price, extras and premium
	Product      string
	Reason       string // why the customer cancels: illness, death, ...
	Choice       string // of the outcomes that the terms leave to the customer: credit, ...
	Nights       int
	Rank         int // of the participant within the booking: the first is 1, and so is zero
}

// QuoteFacts are what a price and its payment days follow from.
type QuoteFacts struct {
	Trip        Trip
	BookedOn    civil.Date
	DepartsOn   civil.Date
	BasePrice   money.Cents
	Price       money.Cents // what this participant pays: the base price, or a category's
	Extras      money.Cents
	Insurance   bool
	Instalments int
	Circumstances
}

// By says who ends a booking, and why.
type By uint8

const (
	// ByCustomer: the customer cancels.
	ByCustomer By = iota + 1
	// ByOrganiser: the holiday cannot take place.
	ByOrganiser
	// ByPriceRise: the customer leaves because the price rises too much.
	ByPriceRise
	// ByNonpayment: the organiser ends the booking because a payment stays out.
	ByNonpayment
	// ByExclusion: the participant is sent home.
	ByExclusion
	// ByUntruthful: the questions about care were not answered truthfully, found out before the departure.
	ByUntruthful
	// ByCareRefused: the questions were answered truthfully, and the organiser cannot give the care.
	ByCareRefused
)

var byNames = [...]string{"", "customer", "organiser", "price_rise", "nonpayment", "exclusion", "untruthful", "care_refused"}

// ParseBy reads what String writes; zero for anything else.
func ParseBy(s string) By {
	for b := ByCustomer; int(b) < len(byNames); b++ {
		if byNames[b] == s {
			return b
		}
	}
	return 0
}

// Valid reports whether b is one of the above.
func (b By) Valid() bool { return b >= ByCustomer && b <= ByCareRefused }

// String is the name in files and columns.
func (b By) String() string {
	if !b.Valid() {
		return ""
	}
	return byNames[b]
}

// CancelFacts are what the end of a booking costs follows from.
type CancelFacts struct {
	Trip        Trip
	BookedOn    civil.Date
	DepartsOn   civil.Date
	On          civil.Date // the day on which the customer sends it
	ReceivedOn  civil.Date // where the terms count from the receipt
	By          By
	BasePrice   money.Cents
	Price       money.Cents
	Insurance   bool
	DepositPaid bool // so that the cover runs
	Claim       bool // the customer keeps the insurance to claim on it
	Paid        money.Cents
	Costs       money.Cents  // transport or medical, proven
	Extras      money.Cents  // in no fee of JOETZ's
	Asked       *money.Cents // the deposit that was really asked; nil is the one that the terms ask at booking
	Circumstances
}

// RebookFacts are what moving to another holiday costs follows from.
type RebookFacts struct {
	Trip      Trip
	BookedOn  civil.Date
	DepartsOn civil.Date
	On        civil.Date
	Price     money.Cents
	New       NewHoliday
	Asked     *money.Cents // as in CancelFacts
	Circumstances
}

// NewHoliday is the one that a booking moves to.
type NewHoliday struct {
	Trip      Trip
	DepartsOn civil.Date
	Price     money.Cents
}

// Regime is the law that a holiday falls under, published with it.
type Regime uint8

const (
	// NoPackage is a stay without other travel services: the terms alone decide.
	NoPackage Regime = iota + 1
	// Package is a package holiday: the law of 21 November 2017 protects the traveller whatever the terms say.
	Package
)

// ParseRegime reads "none" or "package"; zero for anything else.
func ParseRegime(s string) Regime {
	switch s {
	case "none":
		return NoPackage
	case "package":
		return Package
	}
	return 0
}

// String is the name in files and columns.
func (r Regime) String() string { return [...]string{"", "none", "package"}[r] }

// PriceRiseFacts are a booking's price and the rises that its customer was told of.
type PriceRiseFacts struct {
	Regime         Regime
	PriceAtBooking money.Cents
	DepartsOn      civil.Date
	Rises          []Rise
}

// Rise is one of them.
type Rise struct {
	NotifiedOn civil.Date
	Amount     money.Cents
}
