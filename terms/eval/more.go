package eval

import (
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// The ops here are beyond the contract: the shop asks them in Go, and vectors ask them as lines.

// timeline is the cancellation fee as a step function of the day.
func (e Evaluator) timeline(in *object) (any, error) {
	f := terms.CancelFacts{Trip: in.trip("trip"), BookedOn: in.date("booked_on"), DepartsOn: in.date("departs_on"), By: terms.ByCustomer,
		BasePrice: in.cents("price"), Price: in.cents("price"), Asked: asked(in), Circumstances: circumstances(in)}
	f.On = f.BookedOn
	if in.problem != nil {
		return nil, nil
	}
	if err := e.Terms.CheckCancel(f); err != nil {
		return nil, err
	}
	type step struct {
		From civil.Date  `json:"from"`
		To   *civil.Date `json:"to"`
		Band terms.Band  `json:"band"`
		Fee  money.Cents `json:"fee"`
	}
	var steps []step
	for _, s := range e.Terms.Timeline(f) {
		steps = append(steps, step{s.From, date(s.To), s.Band, s.Fee})
	}
	return struct {
		Steps []step `json:"steps"`
	}{steps}, nil
}

// latePayment is from when a due line is late, and from when its booking may be ended.
func (e Evaluator) latePayment(in *object) (any, error) {
	due := in.date("due")
	if in.problem != nil {
		return nil, nil
	}
	late := e.Terms.LatePayment(due)
	return struct {
		LateFrom    civil.Date  `json:"late_from"`
		Reminders   int         `json:"reminders"`
		RemindOn    *civil.Date `json:"remind_on"`
		ReleaseFrom *civil.Date `json:"release_from"`
	}{late.LateFrom, late.Reminders, date(late.RemindOn), date(late.ReleaseFrom)}, nil
}

// inForce is whether these terms apply to a booking of that day.
func (e Evaluator) inForce(in *object) (any, error) {
	booked, departs := in.date("booked_on"), in.date("departs_on")
	if in.problem != nil {
		return nil, nil
	}
	_, ok := terms.InForce([]terms.Terms{e.Terms}, booked, departs)
	return struct {
		InForce bool `json:"in_force"`
	}{ok}, nil
}

// holes are the days before a departure that lie in no band of a scale, or in more than one.
func (e Evaluator) holes(in *object) (any, error) {
	trip, departs := in.trip("trip"), in.date("departs_on")
	if in.problem != nil {
		return nil, nil
	}
	type hole struct {
		Section string `json:"section"`
		First   int    `json:"first"`
		Last    *int   `json:"last"`
		Bands   int    `json:"bands"`
	}
	holes := []hole{}
	booked := departs.AddDays(-800)
	for _, h := range e.Terms.Holes(trip, booked, departs, terms.Circumstances{InvoicedOn: booked, InvoiceDueOn: booked}) {
		this := hole{h.Section, h.From.DaysUntil(departs), nil, h.Bands}
		if !h.To.IsZero() {
			last := h.To.DaysUntil(departs)
			this.Last = &last
		}
		holes = append(holes, this)
	}
	return struct {
		Holes []hole `json:"holes"`
	}{holes}, nil
}
