package lint

import (
	"slices"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// deposits looks for deposits above the price.
func (l *linter) deposits() {
	if l.p.Deposit == nil {
		return
	}
	for _, trip := range terms.Trips {
		for _, price := range slices.Backward(l.prices()) {
			departs := civil.Must(2027, 7, 31)
			asked := l.t.DepositAsked(terms.QuoteFacts{Trip: trip, BookedOn: departs.AddDays(-longBefore), DepartsOn: departs,
				BasePrice: price, Price: price, Circumstances: circumstances(departs.AddDays(-longBefore))})
			if asked > price {
				l.find(Deposits, "", []string{l.p.Deposit.Clause}, "lint.deposit_above_price", terms.Word("trip", trip.String()),
					terms.Money("price", price), terms.Money("amount", asked))
				break
			}
		}
	}
}

// crossing is a run of booking days on which the deposit falls due after the balance.
type crossing struct{ first, last int }

// dueDates looks for payment days out of order.
func (l *linter) dueDates() {
	var inverted crossing
	var on civil.Date
	for _, departs := range l.departures() {
		for lead := range 201 {
			f := terms.QuoteFacts{Trip: terms.Domestic, BookedOn: departs.AddDays(-lead), DepartsOn: departs, BasePrice: example,
				Price: example, Instalments: 12, Circumstances: circumstances(departs.AddDays(-lead))}
			q := l.t.Quote(f)
			if q.Inverted {
				if inverted == (crossing{}) || lead < inverted.last {
					inverted.last = lead
				}
				if lead > inverted.first {
					inverted.first, on = lead, departs
				}
			}
			if l.outOfOrder(q.Schedule, lead, departs) {
				return
			}
		}
	}
	if inverted == (crossing{}) {
		return
	}
	settled := ""
	if l.p.Decisions.ScheduleInversion != nil {
		settled = "schedule_inversion"
	}
	clauses := []string{l.p.Payment.Clause}
	if l.p.Deposit != nil {
		clauses = append([]string{l.p.Deposit.DueClause}, clauses...)
	}
	l.find(DueDates, settled, clauses, "lint.inverted", terms.Count("first", inverted.first), terms.Count("last", inverted.last), terms.On("departs", on))
}

// outOfOrder tells whether a later part of the balance, or a stage, falls due before an earlier one.
func (l *linter) outOfOrder(schedule []terms.Due, lead int, departs civil.Date) bool {
	for i := 1; i < len(schedule); i++ {
		a, b := schedule[i-1], schedule[i]
		if a.Kind != terms.KindDeposit && b.Due.Before(a.Due) {
			l.find(DueDates, "", []string{l.p.Payment.Clause}, "lint.out_of_order", terms.Count("first", lead), terms.On("departs", departs),
				terms.On("earlier", a.Due), terms.On("later", b.Due), terms.Money("amount", b.Amount))
			return true
		}
	}
	return false
}

// rebooking looks for the detour: move to a later holiday, and cancel that one.
func (l *linter) rebooking() {
	if l.p.Rebooking == nil {
		return
	}
	settled := ""
	if approval := l.p.Decisions.RebookingNeedsApproval; approval != nil && approval.Choice {
		settled = "rebooking_needs_approval"
	}
	departs := civil.Must(2027, 7, 31)
	for _, trip := range terms.Trips {
		if best, on := l.detour(trip, departs); best.saved > 0 {
			f := cancelFacts(trip, departs.AddDays(-longBefore), departs, example)
			l.find(Rebooking, settled, l.clauseOn(f, on), "lint.detour", terms.Word("trip", trip.String()),
				terms.Count("first", on.DaysUntil(departs)), terms.Money("price", example), terms.Money("cancel", best.cancel),
				terms.Money("rebook", best.rebook), terms.Money("then", best.then), terms.Money("amount", best.saved))
		}
	}
}

type detour struct{ cancel, rebook, then, saved money.Cents }

// detour is the most that moving first can save, and the first day on which it does.
func (l *linter) detour(trip terms.Trip, departs civil.Date) (detour, civil.Date) {
	var best detour
	var on civil.Date
	booked := departs.AddDays(-longBefore)
	f := cancelFacts(trip, booked, departs, example)
	for _, step := range l.t.Timeline(f) {
		if step.From.After(departs) {
			break
		}
		later := departs.AddDays(longBefore)
		r := l.t.Rebook(terms.RebookFacts{Trip: trip, BookedOn: booked, DepartsOn: departs, On: step.From, Price: example,
			New: terms.NewHoliday{Trip: trip, DepartsOn: later, Price: example}, Circumstances: circumstances(booked)})
		if r.Refused {
			continue
		}
		then := l.t.Cancel(cancelFacts(trip, step.From, later, example)).Fee
		if saved := step.Fee - r.Fee - then; saved > best.saved {
			best, on = detour{step.Fee, r.Fee, then, saved}, step.From
		}
	}
	return best, on
}
