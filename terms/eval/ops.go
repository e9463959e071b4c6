package eval

import (
	"errors"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// reason is a terms.Reason as the contract writes it.
type reason struct {
	Clause string       `json:"clause"`
	Text   string       `json:"text"`
	Amount *money.Cents `json:"amount,omitempty"`
}

// answer looks the op up and answers it.
func (e Evaluator) answer(q *question) (any, *terms.Problem) {
	op, ok := map[string]func(*object) (any, error){
		"quote": e.quote, "cancel": e.cancel, "rebook": e.rebook, "price_rise": e.priceRise, "income": e.income,
		"mutuality": e.mutuality, "uitpas": e.uitpas, "best_price": e.bestPrice,
		"timeline": e.timeline, "late_payment": e.latePayment, "in_force": e.inForce, "holes": e.holes, "party": e.party, "quality_label": e.qualityLabel,
	}[q.op]
	if !ok {
		return nil, &terms.Problem{Code: terms.Invalid, Field: "op"}
	}
	out, err := op(&q.in)
	if q.in.twice != "" {
		q.in.problem = nil
		q.in.fail(q.in.twice)
	}
	if q.in.problem != nil {
		return nil, q.in.problem
	}
	var p terms.Problem
	if errors.As(err, &p) {
		return nil, &p
	}
	return out, nil
}

func (e Evaluator) because(reasons []terms.Reason) []reason {
	out := make([]reason, len(reasons))
	for i, r := range reasons {
		out[i] = reason{Clause: r.Clause.Title + ": “" + r.Clause.Words + "”", Text: e.Language.Sentence(r)}
		if r.Clause.Title == "" {
			out[i].Clause = ""
		}
		if amount, ok := r.Sum(); ok {
			out[i].Amount = &amount
		}
	}
	return out
}

type due struct {
	Kind   terms.Kind  `json:"kind"`
	Due    civil.Date  `json:"due"`
	Amount money.Cents `json:"amount"`
}

func (e Evaluator) quote(in *object) (any, error) {
	f := terms.QuoteFacts{Trip: in.trip("trip"), BookedOn: in.date("booked_on"), DepartsOn: in.date("departs_on"),
		BasePrice: in.cents("base_price"), Price: in.cents("price"), Extras: in.cents("extras"),
		Insurance: in.bool("insurance"), Instalments: in.count("instalments"), Circumstances: circumstances(in)}
	if in.problem != nil {
		return nil, nil
	}
	if err := e.Terms.CheckQuote(f); err != nil {
		return nil, err
	}
	q := e.Terms.Quote(f)
	schedule := make([]due, len(q.Schedule))
	for i, d := range q.Schedule {
		schedule[i] = due(d)
	}
	return struct {
		DaysBefore         int         `json:"days_before"`
		Deposit            money.Cents `json:"deposit"`
		Premium            money.Cents `json:"premium"`
		Total              money.Cents `json:"total"`
		InsuranceAvailable bool        `json:"insurance_available"`
		FullPayment        bool        `json:"full_payment"`
		MaxInstalments     int         `json:"max_instalments"`
		Inverted           bool        `json:"inverted"`
		Schedule           []due       `json:"schedule"`
		Because            []reason    `json:"because"`
	}{q.DaysBefore, q.Deposit, q.Premium, q.Total, q.InsuranceAvailable, q.FullPayment, q.MaxInstalments, q.Inverted,
		schedule, e.because(e.Terms.ExplainQuote(f))}, nil
}

func (e Evaluator) cancel(in *object) (any, error) {
	f := terms.CancelFacts{Trip: in.trip("trip"), BookedOn: in.date("booked_on"), DepartsOn: in.date("departs_on"), On: in.date("on"),
		By: terms.ParseBy(in.text("by")), BasePrice: in.cents("base_price"), Price: in.cents("price"), Insurance: in.bool("insurance"),
		DepositPaid: in.bool("deposit_paid"), Claim: in.bool("claim"), Paid: in.cents("paid"), Costs: in.cents("costs"),
		ReceivedOn: optional(in, "received_on", in.date), Extras: optional(in, "extras", in.cents), Asked: asked(in),
		Circumstances: circumstances(in)}
	if in.problem != nil {
		return nil, nil
	}
	if err := e.Terms.CheckCancel(f); err != nil {
		return nil, err
	}
	c := e.Terms.Cancel(f)
	return struct {
		DaysBefore   int         `json:"days_before"`
		Band         terms.Band  `json:"band"`
		Fee          money.Cents `json:"fee"`
		Premium      money.Cents `json:"premium"`
		Refund       money.Cents `json:"refund"`
		Outstanding  money.Cents `json:"outstanding"`
		Credit       money.Cents `json:"credit,omitempty"`
		CreditUntil  *civil.Date `json:"credit_until,omitempty"`
		Claimable    money.Cents `json:"claimable,omitempty"`
		Compensation money.Cents `json:"compensation,omitempty"`
		Withheld     money.Cents `json:"withheld,omitempty"`
		Because      []reason    `json:"because"`
	}{c.DaysBefore, c.Band, c.Fee, c.Premium, c.Refund, c.Outstanding, c.Credit, date(c.CreditUntil), c.Claimable,
		c.Compensation, c.Withheld, e.because(e.Terms.ExplainCancel(f))}, nil
}

func (e Evaluator) rebook(in *object) (any, error) {
	f := terms.RebookFacts{Trip: in.trip("trip"), BookedOn: in.date("booked_on"), DepartsOn: in.date("departs_on"), On: in.date("on"),
		Price: in.cents("price")}
	fresh := in.object("new")
	f.New = terms.NewHoliday{Trip: fresh.trip("trip"), DepartsOn: fresh.date("departs_on"), Price: fresh.cents("price")}
	in.close(&fresh)
	f.Circumstances = circumstances(in)
	f.Asked = asked(in)
	if in.problem != nil {
		return nil, nil
	}
	if err := e.Terms.CheckRebook(f); err != nil {
		return nil, err
	}
	r := e.Terms.Rebook(f)
	return struct {
		DaysBefore      int         `json:"days_before"`
		Fee             money.Cents `json:"fee"`
		PriceDifference money.Cents `json:"price_difference"`
		DepositTopUp    money.Cents `json:"deposit_top_up"`
		FullPayment     bool        `json:"full_payment"`
		Refused         bool        `json:"refused"`
		NeedsApproval   bool        `json:"needs_approval"`
		Because         []reason    `json:"because"`
	}{r.DaysBefore, r.Fee, r.PriceDifference, r.DepositTopUp, r.FullPayment, r.Refused, r.NeedsApproval,
		e.because(e.Terms.ExplainRebook(f))}, nil
}

func (e Evaluator) priceRise(in *object) (any, error) {
	f := terms.PriceRiseFacts{Regime: terms.ParseRegime(in.text("legal_regime")), PriceAtBooking: in.cents("price_at_booking"),
		DepartsOn: in.date("departs_on")}
	rises := in.list("rises")
	for i := range rises {
		r := &rises[i]
		f.Rises = append(f.Rises, terms.Rise{NotifiedOn: r.date("notified_on"), Amount: r.cents("amount")})
		in.close(r)
	}
	if in.problem != nil {
		return nil, nil
	}
	if err := e.Terms.CheckPriceRise(f); err != nil {
		return nil, err
	}
	r := e.Terms.PriceRise(f)
	return struct {
		Valid     []bool      `json:"valid"`
		TotalRise money.Cents `json:"total_rise"`
		Charged   money.Cents `json:"charged"`
		Exit      bool        `json:"exit"`
		ExitUntil *civil.Date `json:"exit_until"`
		Because   []reason    `json:"because"`
	}{r.Valid, r.Total, r.Charged, r.Exit, date(r.ExitUntil), e.because(e.Terms.ExplainPriceRise(f))}, nil
}

// circumstances reads the facts that only other organisers' terms ask for; each may be absent.
func circumstances(in *object) terms.Circumstances {
	return terms.Circumstances{
		StartsOn: optional(in, "starts_on", in.date), InvoicedOn: optional(in, "invoiced_on", in.date),
		InvoiceDueOn: optional(in, "invoice_due_on", in.date), Invoice: optional(in, "invoice", in.cents),
		Product: optional(in, "product", in.text), Reason: optional(in, "reason", in.text), Choice: optional(in, "choice", in.text),
		Nights: optional(in, "nights", in.count), Rank: optional(in, "rank", in.count),
	}
}

// optional reads a key that may be absent.
func optional[T any](in *object, name string, read func(string) T) T {
	var absent T
	if !in.has(name) {
		return absent
	}
	return read(name)
}

// asked is the deposit that was really asked, where it is not the one that the terms ask at booking.
func asked(in *object) *money.Cents {
	if !in.has("deposit_asked") {
		return nil
	}
	c := in.cents("deposit_asked")
	return &c
}

func date(d civil.Date) *civil.Date {
	if d.IsZero() {
		return nil
	}
	return &d
}
