package public

import (
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/catalogue"
	"joetz/shop/web"
	"joetz/templates/layout"
	"joetz/templates/public"
	"joetz/templates/ui"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/explain"
	"joetz/terms/fault"
	"joetz/terms/money"
)

// calculatorForm is the question as it stands in the address, so that an answer can be sent to somebody.
type calculatorForm struct {
	Source    string      `form:"bron" validate:"omitempty,oneof=folder zelf"`
	Holiday   string      `form:"vakantie" validate:"max=20"`
	Trip      string      `form:"soort" validate:"max=20"`
	Departs   civil.Date  `form:"vertrek"`
	BasePrice money.Cents `form:"basisprijs" validate:"min=0"`
	Price     money.Cents `form:"prijs" validate:"min=0"`
	Booked    civil.Date  `form:"geboekt"`
	Cancels   civil.Date  `form:"annuleren"`
	Paid      money.Cents `form:"betaald" validate:"min=0"`
	Insured   bool        `form:"verzekering"`
}

// fieldOf is where the form asks for a fact of the terms.
var fieldOf = map[string]string{"trip": "soort", "departs_on": "vertrek", "booked_on": "geboekt", "on": "annuleren",
	"base_price": "basisprijs", "price": "prijs", "paid": "betaald", "insurance": "verzekering"}

// question is the form with everything that it leaves open filled in.
type question struct {
	title   string
	quote   terms.QuoteFacts
	cancel  terms.CancelFacts
	guessed bool
}

// calculator answers "what if I cancel?" for anybody: it reads nothing about anybody's booking.
func (h *Handlers) calculator(c *fiber.Ctx) error {
	now, err := h.upcoming(c.UserContext())
	if err != nil {
		return err
	}
	p := public.CalculatorPage{Page: web.Page(c)}
	p.Title, p.Description = p.T("calculator.title"), p.T("calculator.description")
	in, err := web.Form[calculatorForm](c)
	if in.Source == "zelf" {
		in.Holiday = ""
	}
	asked := in.Source != "" || in.Holiday != "" || in.Trip != "" || !in.Departs.IsZero() || in.BasePrice > 0 || err != nil
	if err == nil && asked {
		var q question
		if q, err = h.question(p.Page, in, now.departures); err == nil {
			p.Outcome = h.outcome(p.Page, q)
		}
	}
	problems := web.Problems(c, err)
	if err != nil && problems == nil {
		return err
	}
	p.Errors, p.Failed = problems, problems != nil
	p.Form = calculatorFields(c, p, in, now.departures)
	if problems != nil {
		return web.RenderAgain(c, public.Calculator(p))
	}
	return web.Render(c, public.Calculator(p))
}

// question reads the form: a holiday of the catalogue, or facts of one's own. The error names the fields.
func (h *Handlers) question(p layout.Page, in calculatorForm, all []catalogue.Departure) (question, error) {
	if in.Booked.IsZero() {
		in.Booked = p.Today
	}
	if in.Cancels.IsZero() {
		in.Cancels = civil.Later(p.Today, in.Booked)
	}
	trip, err := terms.ParseTrip(in.Trip)
	title := p.T("calculator.own")
	switch {
	case in.Holiday != "":
		d, ok := departureOf(in.Holiday, all)
		if !ok {
			return question{}, fault.Field("vakantie", "form.choose")
		}
		if trip, err = terms.ParseTrip(d.Trip); err != nil {
			return question{}, err
		}
		title, in.Departs, in.BasePrice = d.Title, d.StartsOn, d.Base
	case in.Source == "folder":
		return question{}, fault.Field("vakantie", "form.choose")
	default:
		if missing := in.missing(err); len(missing) > 0 {
			f := fault.New(fault.Invalid, "form.invalid")
			f.Fields = missing
			return question{}, f
		}
	}
	if in.Price == 0 {
		in.Price = in.BasePrice
	}
	q := question{title: title,
		quote: terms.QuoteFacts{Trip: trip, BookedOn: in.Booked, DepartsOn: in.Departs, BasePrice: in.BasePrice, Price: in.Price, Insurance: in.Insured, Instalments: 1},
		cancel: terms.CancelFacts{Trip: trip, BookedOn: in.Booked, DepartsOn: in.Departs, On: in.Cancels, By: terms.ByCustomer,
			BasePrice: in.BasePrice, Price: in.Price, Insurance: in.Insured, Claim: in.Insured, Paid: in.Paid}}
	if errors.Is(h.Terms.CheckQuote(q.quote), terms.Problem{Code: terms.InsuranceClosed, Field: "insurance"}) {
		q.quote.Insurance, q.cancel.Insurance, q.cancel.Claim = false, false, false // the page says until when it could be taken
	}
	if err := errors.Join(h.Terms.CheckQuote(q.quote), h.Terms.CheckCancel(q.cancel)); err != nil {
		return question{}, inForm(err)
	}
	first := h.Terms.Quote(q.quote).Schedule[0].Amount
	if in.Paid == 0 {
		q.cancel.Paid, q.guessed = first, true
	}
	q.cancel.DepositPaid = q.cancel.Paid >= first
	return q, nil
}

// missing are the facts of one's own that were not given, or not understood.
func (in calculatorForm) missing(trip error) map[string]string {
	out := map[string]string{}
	if trip != nil {
		out["soort"] = "form.choose"
	}
	if in.Departs.IsZero() {
		out["vertrek"] = "form.required"
	}
	if in.BasePrice == 0 {
		out["basisprijs"] = "form.required"
	}
	return out
}

// inForm turns a problem with facts into one with the field that asked for them.
func inForm(err error) error {
	var p terms.Problem
	if !errors.As(err, &p) {
		return err
	}
	if field, ok := fieldOf[p.Field]; ok {
		p.Field = field
	}
	return p.Fault()
}

func departureOf(key string, all []catalogue.Departure) (catalogue.Departure, bool) {
	for _, d := range all {
		if strconv.FormatInt(int64(d.ID), 10) == key {
			return d, true
		}
	}
	return catalogue.Departure{}, false
}

// outcome asks the terms.
func (h *Handlers) outcome(p layout.Page, q question) *public.CalculatorOutcome {
	quote, cancel := h.Terms.Quote(q.quote), h.Terms.Cancel(q.cancel)
	o := &public.CalculatorOutcome{
		Title: q.title, Departs: q.cancel.DepartsOn, Price: q.cancel.Price, On: q.cancel.On, DaysBefore: cancel.DaysBefore,
		Fee: cancel.Fee, Paid: q.cancel.Paid, Guessed: q.guessed, Refund: cancel.Refund, Outstanding: cancel.Outstanding,
		Because: h.because(p.Lang, h.Terms.ExplainCancel(q.cancel)), Paying: h.because(p.Lang, h.Terms.ExplainQuote(q.quote)),
	}
	if next, ok := h.Terms.NextStep(q.cancel); ok {
		o.NextOn, o.NextFee = next.From, next.Fee
	}
	o.Steps = cancelSteps(h.Terms.Timeline(q.cancel), catalogue.Departure{StartsOn: q.cancel.DepartsOn, Prices: catalogue.Prices{Base: q.cancel.Price}})
	for _, due := range quote.Schedule {
		o.Schedule = append(o.Schedule, public.Due{Kind: due.Kind.String(), On: due.Due, Amount: due.Amount})
	}
	insured := q.quote
	insured.Insurance = true
	o.Insurance = public.CalculatorInsurance{Insurer: h.Insurer, Open: quote.InsuranceAvailable, Taken: q.quote.Insurance,
		Premium: h.Terms.Quote(insured).Premium, Runs: q.cancel.DepositPaid}
	if moment := h.Terms.Policy().Insurance; moment != nil {
		o.Insurance.Until = moment.OfferedUntil.Before(q.quote.DepartsOn)
	}
	return o
}

// because gathers neighbouring reasons that rest on the same clause; its words are quoted once.
func (h *Handlers) because(lang string, reasons []terms.Reason) []public.BecauseClause {
	var out []public.BecauseClause
	var last terms.Clause
	quoted := map[terms.Clause]bool{}
	for _, r := range reasons {
		n := len(out)
		if n == 0 || last != r.Clause {
			clause := public.BecauseClause{Title: r.Clause.Title, Words: r.Clause.Words, Anchor: public.ClauseAnchor(r.Clause.Title)}
			if quoted[r.Clause] {
				clause.Words = ""
			}
			out = append(out, clause)
			last, quoted[r.Clause] = r.Clause, true
			n++
		}
		out[n-1].Sentences = append(out[n-1].Sentences, explain.In(lang).Sentence(r))
	}
	return out
}

// calculatorFields shows the question again as it was typed; days that were left open show what was taken.
func calculatorFields(c *fiber.Ctx, p public.CalculatorPage, in calculatorForm, all []catalogue.Departure) public.CalculatorForm {
	f := public.CalculatorForm{Source: in.Source, Holiday: in.Holiday, Trip: in.Trip, Insured: in.Insured, BasePrice: web.Typed(c, "basisprijs"),
		Price: web.Typed(c, "prijs"), Paid: web.Typed(c, "betaald"),
		Holidays: []ui.Option{{Label: p.T("calculator.none")}}}
	if f.Source == "" && in.Holiday != "" {
		f.Source = "folder" // a link from a holiday names only the holiday
	}
	for _, d := range all {
		f.Holidays = append(f.Holidays, ui.Option{Value: strconv.FormatInt(int64(d.ID), 10), Label: p.T("calculator.option", d.Title, p.Range(d.StartsOn, d.EndsOn))})
	}
	day := func(name, label, hint string, otherwise civil.Date) ui.DayField {
		field := ui.DayField{Name: name, Label: p.T(label), Error: p.Errors.For(name), Day: web.Typed(c, name+"-day"),
			Month: web.Typed(c, name+"-month"), Year: web.Typed(c, name+"-year")}
		if hint != "" {
			field.Hint = p.T(hint)
		}
		if field.Day == "" && field.Month == "" && field.Year == "" {
			field.Day, field.Month, field.Year = ui.DayParts(otherwise)
		}
		return field
	}
	f.Departs = day("vertrek", "calculator.departs", "", civil.Date{})
	f.Booked = day("geboekt", "calculator.booked", "calculator.booked_hint", p.Today)
	f.Cancels = day("annuleren", "calculator.cancels", "", p.Today)
	return f
}
