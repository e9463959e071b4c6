// Package lint proves things about an organiser's terms, or shows where they fail.
//
// Owns: the checks, and laws.toml, the limits that the law puts on terms.
// Tables: none. May import: terms and below, the standard library, go-toml.
// Always true: a check that finds nothing has looked at every departure of four years, leap day included, and at every
// price where one amount of the policy can begin to exceed another; a finding names the clause, the days and the amounts.
// What a named decision of the owner settles is told, and is no problem.
package lint

import (
	"reflect"
	"slices"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Check is one thing to prove.
type Check string

// The checks, in the order of a report.
const (
	Coverage   Check = "coverage"   // every day of every trip lies in exactly one band
	Monotone   Check = "monotone"   // fees never fall as the departure nears
	Ceiling    Check = "ceiling"    // no fee above the price
	Deposits   Check = "deposits"   // no deposit above the price
	DueDates   Check = "due_dates"  // payment days come in their order
	Rebooking  Check = "rebooking"  // no rebooking undercuts cancelling
	Thresholds Check = "thresholds" // nothing is worse for the customer than the law
)

// Checks are all of them.
var Checks = []Check{Coverage, Monotone, Ceiling, Deposits, DueDates, Rebooking, Thresholds}

// Finding is where a check failed.
type Finding struct {
	Check     Check
	SettledBy string // the owner's decision that settles it; empty for a problem
	Clauses   []terms.Clause
	Reason    terms.Reason // with the first clause
}

// Run checks terms. The findings come in the order of Checks.
func Run(t terms.Terms) []Finding {
	l := &linter{t: t, p: t.Policy()}
	l.coverage()
	l.fees()
	l.deposits()
	l.dueDates()
	l.rebooking()
	l.thresholds()
	return merged(l.findings)
}

// merged makes one finding of those that are the same for all trips.
func merged(findings []Finding) []Finding {
	var out []Finding
	for i, f := range findings {
		same := 0
		first := true
		for j, other := range findings {
			if sameButTrip(f, other) {
				same++
				first = first && j >= i
			}
		}
		switch {
		case same < len(terms.Trips):
			out = append(out, f)
		case first:
			out = append(out, withTrip(f, "any_trip"))
		}
	}
	return out
}

func sameButTrip(a, b Finding) bool {
	return reflect.DeepEqual(withTrip(a, ""), withTrip(b, ""))
}

func withTrip(f Finding, word string) Finding {
	args := slices.Clone(f.Reason.Args)
	for i := range args {
		if args[i].Name == "trip" {
			args[i].Word = word
		}
	}
	f.Reason.Args = args
	return f
}

// Problems counts the findings that no decision settles.
func Problems(findings []Finding) int {
	n := 0
	for _, f := range findings {
		if f.SettledBy == "" {
			n++
		}
	}
	return n
}

type linter struct {
	t        terms.Terms
	p        terms.Policy
	findings []Finding
}

func (l *linter) find(check Check, settledBy string, clauses []string, key string, args ...terms.Arg) {
	f := Finding{Check: check, SettledBy: settledBy}
	for _, name := range clauses {
		f.Clauses = append(f.Clauses, l.t.Clause(name))
	}
	f.Reason = terms.Reason{Key: key, Args: args}
	if len(f.Clauses) > 0 {
		f.Reason.Clause = f.Clauses[0]
	}
	l.findings = append(l.findings, f)
}

// example is the price in findings that are about no price in particular.
const example money.Cents = 400_00

// longBefore is a booking from which no payment day or band is near.
const longBefore = 800

// departures are the days of four years on which holidays leave.
func (l *linter) departures() []civil.Date {
	var out []civil.Date
	for d := civil.Must(2025, 1, 1); d.Before(civil.Must(2029, 1, 1)); d = d.AddDays(1) {
		if l.inSeason(d) {
			out = append(out, d)
		}
	}
	return out
}

// inSeason reports whether holidays leave on that day; a season may run over the new year.
func (l *linter) inSeason(d civil.Date) bool {
	s := l.p.Season
	if s == nil {
		return true
	}
	from, until := s.From.InYear(d.Year()), s.Until.InYear(d.Year())
	if until.Before(from) {
		return !d.Before(from) || !d.After(until)
	}
	return !d.Before(from) && !d.After(until)
}

// circumstances are the facts that every example has: an invoice on the day of booking, due 30 days later.
func circumstances(booked civil.Date) terms.Circumstances {
	return terms.Circumstances{InvoicedOn: booked, InvoiceDueOn: booked.AddDays(30)}
}

func cancelFacts(trip terms.Trip, booked, departs civil.Date, price money.Cents) terms.CancelFacts {
	return terms.CancelFacts{Trip: trip, BookedOn: booked, DepartsOn: departs, On: booked, By: terms.ByCustomer, BasePrice: price,
		Price: price, Paid: price, Circumstances: circumstances(booked)}
}
