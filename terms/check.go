package terms

import (
	"strconv"

	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/money"
)

// Code says what is wrong with facts.
type Code string

// The codes of the contract. The message for people is under "terms.CODE" in the catalogue.
const (
	Departed           Code = "departed"
	BeforeBooking      Code = "before_booking"
	InsuranceClosed    Code = "insurance_closed"
	InstalmentsRange   Code = "instalments_range"
	InstalmentsTooLate Code = "instalments_too_late"
	Invalid            Code = "invalid"
)

// Problem is why facts have no answer: a code and the field it is about.
type Problem struct {
	Code  Code
	Field string
}

// Error is for the log.
func (p Problem) Error() string { return "terms: " + string(p.Code) + ": " + p.Field }

// Fault is the problem as people read it, beside its field.
func (p Problem) Fault() *fault.Fault { return fault.Field(p.Field, "terms."+string(p.Code)) }

const (
	// MaxAmount bounds every amount in facts, so that no sum of them overflows; it is also the last integer that every
	// JSON reader reads exactly.
	MaxAmount money.Cents = 1<<53 - 1
	firstYear             = 1900
	lastYear              = 2999
)

// facts checks one set of facts; the first problem stays.
type facts struct{ problem *Problem }

func (c *facts) err() error {
	if c.problem == nil {
		return nil
	}
	return *c.problem
}

func (c *facts) check(ok bool, code Code, field string) {
	if !ok && c.problem == nil {
		c.problem = &Problem{code, field}
	}
}

func (c *facts) amount(a money.Cents, field string) {
	c.check(a >= 0 && a <= MaxAmount, Invalid, field)
}

func (c *facts) date(d civil.Date, field string) {
	c.check(!d.IsZero() && d.Year() >= firstYear && d.Year() <= lastYear, Invalid, field)
}

func (c *facts) optionalDate(d civil.Date, field string) {
	if !d.IsZero() {
		c.date(d, field)
	}
}

// circumstances are checked for what the sections of the policy that answer need of them.
func (c *facts) circumstances(t Terms, f *Circumstances, sections ...string) {
	c.optionalDate(f.StartsOn, "starts_on")
	c.optionalDate(f.InvoicedOn, "invoiced_on")
	c.optionalDate(f.InvoiceDueOn, "invoice_due_on")
	c.amount(f.Invoice, "invoice")
	c.check(f.Nights >= 0, Invalid, "nights")
	c.check(f.Rank >= 0, Invalid, "rank")
	for _, section := range sections {
		for _, a := range t.c.invoiceDays[section] {
			c.check(a != invoice || !f.InvoicedOn.IsZero(), Invalid, "invoiced_on")
			c.check(a != invoiceDue || !f.InvoiceDueOn.IsZero(), Invalid, "invoice_due_on")
		}
	}
}

// CheckQuote says why there is no quote for f; nil when there is. The error is a Problem.
func (t Terms) CheckQuote(f QuoteFacts) error {
	var c facts
	c.check(f.Trip.Valid(), Invalid, "trip")
	c.date(f.BookedOn, "booked_on")
	c.date(f.DepartsOn, "departs_on")
	c.amount(f.BasePrice, "base_price")
	c.amount(f.Price, "price")
	c.check(f.Price <= f.BasePrice, Invalid, "price")
	c.amount(f.Extras, "extras")
	c.circumstances(t, &f.Circumstances, "deposit", "payment", "insurance")
	if c.problem != nil {
		return *c.problem
	}
	c.check(!f.BookedOn.After(f.DepartsOn), Departed, "booked_on")
	if c.problem == nil {
		var p plan
		q := t.c.quote(&f, &p)
		c.check(!f.Insurance || q.InsuranceAvailable, InsuranceClosed, "insurance")
		c.check(f.Instalments >= 1 && f.Instalments <= t.c.maxInstalments(), InstalmentsRange, "instalments")
		c.check(f.Instalments <= q.MaxInstalments, InstalmentsTooLate, "instalments")
	}
	return c.err()
}

// CheckCancel says why there is no cancellation for f; nil when there is. The error is a Problem.
func (t Terms) CheckCancel(f CancelFacts) error {
	var c facts
	c.check(f.Trip.Valid(), Invalid, "trip")
	c.date(f.BookedOn, "booked_on")
	c.date(f.DepartsOn, "departs_on")
	c.date(f.On, "on")
	c.optionalDate(f.ReceivedOn, "received_on")
	c.check(f.By.Valid(), Invalid, "by")
	c.amount(f.BasePrice, "base_price")
	c.amount(f.Price, "price")
	c.check(f.Price <= f.BasePrice, Invalid, "price")
	c.amount(f.Paid, "paid")
	c.amount(f.Costs, "costs")
	c.amount(f.Extras, "extras")
	if f.Asked != nil {
		c.amount(*f.Asked, "deposit_asked")
	}
	c.circumstances(t, &f.Circumstances, "cancellation", "compensation")
	c.check(!f.On.Before(f.BookedOn), BeforeBooking, "on")
	return c.err()
}

// CheckRebook says why there is no rebooking for f; nil when there is. The error is a Problem.
func (t Terms) CheckRebook(f RebookFacts) error {
	var c facts
	c.check(f.Trip.Valid(), Invalid, "trip")
	c.date(f.BookedOn, "booked_on")
	c.date(f.DepartsOn, "departs_on")
	c.date(f.On, "on")
	c.amount(f.Price, "price")
	c.check(f.New.Trip.Valid(), Invalid, "new.trip")
	c.date(f.New.DepartsOn, "new.departs_on")
	c.amount(f.New.Price, "new.price")
	if f.Asked != nil {
		c.amount(*f.Asked, "deposit_asked")
	}
	c.circumstances(t, &f.Circumstances, "cancellation", "rebooking")
	c.check(!f.On.Before(f.BookedOn), BeforeBooking, "on")
	c.check(!f.On.After(f.DepartsOn), Departed, "on")
	c.check(!f.On.After(f.New.DepartsOn), Departed, "new.departs_on")
	return c.err()
}

// CheckPriceRise says why there is no answer about a rise; nil when there is. The error is a Problem.
func (t Terms) CheckPriceRise(f PriceRiseFacts) error {
	var c facts
	c.check(f.Regime == Package || f.Regime == NoPackage, Invalid, "legal_regime")
	c.amount(f.PriceAtBooking, "price_at_booking")
	c.date(f.DepartsOn, "departs_on")
	var total money.Cents
	for i, r := range f.Rises {
		c.date(r.NotifiedOn, "rises["+strconv.Itoa(i)+"].notified_on")
		c.amount(r.Amount, "rises["+strconv.Itoa(i)+"].amount")
		total += min(max(r.Amount, 0), MaxAmount)
		c.check(total <= MaxAmount, Invalid, "rises")
		total = min(total, MaxAmount)
	}
	return c.err()
}
