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
	var p plan
	q := t.c.quote(&f, &p)
	q.Schedule = make([]Due, 0, 1+len(t.c.policy.Payment.Stages)+min(max(f.Instalments, 1), q.MaxInstalments))
	t.c.schedule(&q, &f, &p)
	return q
}

// plan is what a quote finds out on the way: the schedule needs it again.
type plan struct {
	days    days
	bases   bases
	first   civil.Date // the deposit is due
	balance civil.Date
	earlier [maxParts - 1]civil.Date // the parts before the balance, the last but one first
}

// maxParts is the most instalments that a policy may offer.
const maxParts = 12

// quote is everything but the schedule, so that a check allocates nothing.
func (c *compiled) quote(f *QuoteFacts, p *plan) Quote {
	f.Trip = f.Trip.known()
	p.days = c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	p.bases = bases{ofPrice: f.Price, ofBasePrice: f.BasePrice, ofExtras: f.Extras, ofTotal: f.Price + f.Extras}
	q := Quote{DaysBefore: f.BookedOn.DaysUntil(f.DepartsOn), FullPayment: c.atOnce(&p.days), MaxInstalments: 1}
	q.InsuranceAvailable = c.insurable(f.Trip, &p.days, &f.Circumstances, &p.bases)
	if f.Insurance && q.InsuranceAvailable {
		q.Premium = c.policy.Insurance.Premium.of(&p.bases, c.rounding)
	}
	q.Total = f.Price + f.Extras + q.Premium
	if q.FullPayment {
		return q
	}
	q.Deposit = min(c.depositAsked(f.Trip, &p.days, &f.Circumstances, &p.bases), q.Total)
	p.first = c.depositDue(&p.days, q.Deposit)
	if q.Total == q.Deposit {
		return q
	}
	p.balance = c.balanceDue(&p.days, p.first)
	q.Inverted = q.Deposit > 0 && p.first.After(p.balance)
	q.MaxInstalments = c.offered(p)
	return q
}

// schedule appends the due lines; a line of nothing is left out, except that the whole sum at once may be nothing.
func (c *compiled) schedule(q *Quote, f *QuoteFacts, p *plan) {
	if q.FullPayment {
		q.Schedule = append(q.Schedule, Due{KindFull, f.BookedOn, q.Total})
		return
	}
	q.add(KindDeposit, p.first, q.Deposit)
	rest := q.Total - q.Deposit
	p.bases[ofDeposit] = q.Deposit
	for i := range c.policy.Payment.Stages {
		s := &c.policy.Payment.Stages[i]
		if !s.When.onTrip(f.Trip, c.classes[f.Trip]) || !s.When.matches(&p.days, &f.Circumstances, f.Insurance, &p.bases) {
			continue
		}
		part := max(min(s.UpTo.of(&p.bases, c.rounding)-(q.Total-rest), rest), 0)
		q.add(KindStage, c.weekend(&p.days, s.Due.at(&p.days)), part)
		rest -= part
	}
	n := min(max(f.Instalments, 1), q.MaxInstalments)
	each := rest / money.Cents(n)
	for i := n - 2; i >= 0; i-- {
		q.add(KindBalance, p.earlier[i], each)
	}
	q.add(KindBalance, p.balance, rest-each*money.Cents(n-1))
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

// insurable reports whether a booking of that day may take insurance.
func (c *compiled) insurable(trip Trip, d *days, f *Circumstances, b *bases) bool {
	r := c.policy.Insurance
	return r != nil && r.When.onTrip(trip, c.classes[trip]) && r.When.matches(d, f, true, b) && !d.booking.After(r.OfferedUntil.at(d))
}

// premium is what insurance costs, once it was taken.
func (c *compiled) premium(b *bases) money.Cents {
	if c.policy.Insurance == nil {
		return 0
	}
	return c.policy.Insurance.Premium.of(b, c.rounding)
}

// maxInstalments is the most that the policy ever offers.
func (c *compiled) maxInstalments() int {
	if r := c.policy.Payment.Instalments; r != nil {
		return r.Max
	}
	return 1
}

// offered is in how many parts the balance may be paid: a part is offered only if it is due after the deposit.
func (c *compiled) offered(p *plan) int {
	r := c.policy.Payment.Instalments
	if r == nil || r.BookedUntil.IsSet() && p.days.booking.After(r.BookedUntil.at(&p.days)) {
		return 1
	}
	n := 1
	for ; n < r.Max; n++ {
		due := c.weekend(&p.days, r.Earlier[n-1].at(&p.days))
		if !due.After(p.first) {
			break
		}
		p.earlier[n-1] = due
	}
	return n
}
