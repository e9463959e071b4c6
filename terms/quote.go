package terms

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Kind says what a due line is for.
type Kind uint8

const (
	// KindDeposit is the deposit.
	KindDeposit Kind = iota + 1
	// KindStage is a part that is due between deposit and balance.
	KindStage
	// KindBalance is the balance, or an instalment of it.
	KindBalance
	// KindFull is the whole sum at once.
	KindFull
)

// String is the kind's name in files and columns.
func (k Kind) String() string { return [...]string{"", "deposit", "stage", "balance", "full"}[k] }

// MarshalText writes the kind's name.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Due is one line of a payment schedule.
type Due struct {
	Kind   Kind
	Due    civil.Date
	Amount money.Cents
}

// Quote is what a booking costs, and when it has to be paid.
type Quote struct {
	DaysBefore         int
	Deposit            money.Cents
	Premium            money.Cents
	Total              money.Cents
	InsuranceAvailable bool
	FullPayment        bool
	MaxInstalments     int
	Inverted           bool // the deposit falls due after the balance
	Schedule           []Due
}

// Quote prices a booking. It is total: for facts that CheckQuote refuses, insurance that is closed is left out and
// instalments are brought within what is offered.
func (t Terms) Quote(f QuoteFacts) Quote {
	q := t.c.quote(&f)
	q.Schedule = make([]Due, 0, 2+len(t.c.policy.Payment.Stages)+max(f.Instalments, 1))
	t.c.schedule(&q, &f)
	return q
}

// quote is everything but the schedule, so that a check allocates nothing.
func (c *compiled) quote(f *QuoteFacts) Quote {
	f.Trip = f.Trip.known()
	d := c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	b := bases{ofPrice: f.Price, ofBasePrice: f.BasePrice, ofExtras: f.Extras, ofTotal: f.Price + f.Extras}
	q := Quote{DaysBefore: f.BookedOn.DaysUntil(f.DepartsOn), FullPayment: c.atOnce(&d), MaxInstalments: 1}
	q.Premium, q.InsuranceAvailable = c.premium(f.Trip, &d, &f.Circumstances, &b)
	if !f.Insurance || !q.InsuranceAvailable {
		q.Premium = 0
	}
	q.Total = f.Price + f.Extras + q.Premium
	q.Deposit = min(c.depositAsked(f.Trip, &d, &f.Circumstances, &b), q.Total)
	if q.FullPayment || q.Total == q.Deposit {
		return q
	}
	first := c.depositDue(&d, q.Deposit)
	q.Inverted = q.Deposit > 0 && first.After(c.balanceDue(&d, first))
	q.MaxInstalments = c.offered(&d, first)
	return q
}

// schedule appends the due lines; a line of nothing is left out, except that the whole sum at once may be nothing.
func (c *compiled) schedule(q *Quote, f *QuoteFacts) {
	d := c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	if q.FullPayment {
		q.Schedule = append(q.Schedule, Due{KindFull, f.BookedOn, q.Total})
		return
	}
	first := c.depositDue(&d, q.Deposit)
	q.add(KindDeposit, first, q.Deposit)
	rest := q.Total - q.Deposit
	b := bases{ofPrice: f.Price, ofBasePrice: f.BasePrice, ofExtras: f.Extras, ofTotal: f.Price + f.Extras, ofDeposit: q.Deposit}
	for i := range c.policy.Payment.Stages {
		s := &c.policy.Payment.Stages[i]
		if !s.When.onTrip(f.Trip, c.classes[f.Trip]) || !s.When.matches(&d, &f.Circumstances, f.Insurance, &b) {
			continue
		}
		part := min(s.UpTo.of(&b, c.rounding)-(q.Total-rest), rest)
		q.add(KindStage, c.weekend(&d, s.Due.at(&d)), part)
		rest -= max(part, 0)
	}
	n := min(max(f.Instalments, 1), q.MaxInstalments)
	each := rest / money.Cents(n)
	for i := n - 2; i >= 0; i-- {
		q.add(KindBalance, c.weekend(&d, c.policy.Payment.Instalments.Earlier[i].at(&d)), each)
	}
	q.add(KindBalance, c.balanceDue(&d, first), rest-each*money.Cents(n-1))
}

func (q *Quote) add(kind Kind, due civil.Date, amount money.Cents) {
	if amount > 0 {
		q.Schedule = append(q.Schedule, Due{kind, due, amount})
	}
}

// depositDue is the day by which the deposit is due; the day of booking where there is none.
func (c *compiled) depositDue(d *days, deposit money.Cents) civil.Date {
	if c.policy.Deposit == nil || deposit == 0 {
		return d.booking
	}
	return c.weekend(d, c.policy.Deposit.Due.at(d))
}

func (c *compiled) balanceDue(d *days, first civil.Date) civil.Date {
	due := c.weekend(d, c.policy.Payment.BalanceDue.at(d))
	if c.laterDate {
		due = civil.Later(due, first)
	}
	return due
}

func (c *compiled) weekend(d *days, on civil.Date) civil.Date {
	if c.policy.Payment.Weekend == "next_working_day" {
		return d.nextWorking(on)
	}
	return on
}

// premium is what insurance costs, and whether a booking of that day may take it.
func (c *compiled) premium(trip Trip, d *days, f *Circumstances, b *bases) (money.Cents, bool) {
	r := c.policy.Insurance
	if r == nil || !r.When.onTrip(trip, c.classes[trip]) || !r.When.matches(d, f, true, b) {
		return 0, false
	}
	return r.Premium.of(b, c.rounding), !d.booking.After(r.OfferedUntil.at(d))
}

// maxInstalments is the most that the policy ever offers.
func (c *compiled) maxInstalments() int {
	if r := c.policy.Payment.Instalments; r != nil {
		return r.Max
	}
	return 1
}

// offered is in how many parts the balance may be paid: a part is offered only if it is due after the deposit.
func (c *compiled) offered(d *days, first civil.Date) int {
	r := c.policy.Payment.Instalments
	if r == nil || r.BookedUntil.IsSet() && d.booking.After(r.BookedUntil.at(d)) {
		return 1
	}
	n := 1
	for n < r.Max && r.Earlier[n-1].at(d).After(first) {
		n++
	}
	return n
}
