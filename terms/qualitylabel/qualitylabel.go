// Package qualitylabel knows what the Keurmerk KinderVakanties costs an organiser, and when it is audited.
//
// Owns: the fee tables, one file per year.
// Tables: none. May import: terms, the standard library, go-toml.
// Always true: no fee stands in Go.
package qualitylabel

import (
	"bytes"
	_ "embed"
	"errors"

	"github.com/pelletier/go-toml/v2"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

//go:embed fees-2018.toml
var fees2018 []byte

// Fees is a year's table. It never changes and is safe for concurrent use.
type Fees struct{ f feeFile }

type feeFile struct {
	Year    int                     `toml:"year"`
	Audit   euros                   `toml:"audit"`
	Rows    []row                   `toml:"rows"`
	Cycle   cycle                   `toml:"cycle"`
	Clauses map[string]terms.Clause `toml:"clauses"`
}

type row struct {
	UpTo    int   `toml:"up_to"` // participants a year, included; only the last row has no end
	Annual  euros `toml:"annual"`
	Licence euros `toml:"licence"`
}

type cycle struct {
	ApplyBy     terms.Moment `toml:"apply_by"`
	OnSiteEvery int          `toml:"on_site_every"`
}

type euros money.Cents

// UnmarshalText reads "335.00".
func (e *euros) UnmarshalText(text []byte) error {
	c, err := money.Parse(string(text))
	*e = euros(c)
	return err
}

// Latest are the fees in force.
var Latest = must(load(fees2018))

func must(f Fees, err error) Fees {
	if err != nil {
		panic(err) // cannot happen: a test loads the embedded file
	}
	return f
}

func load(data []byte) (Fees, error) {
	var f feeFile
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&f); err != nil {
		return Fees{}, err
	}
	last := -1
	for i, r := range f.Rows {
		if open := i == len(f.Rows)-1; open != (r.UpTo == 0) || !open && r.UpTo <= last {
			return Fees{}, errors.New("rows: up_to does not rise to an open end")
		}
		last = r.UpTo
	}
	if len(f.Rows) == 0 || f.Audit <= 0 || f.Cycle.OnSiteEvery < 1 {
		return Fees{}, errors.New("rows, audit and cycle are needed")
	}
	for _, name := range []string{"annual", "licence", "audit", "later"} {
		if f.Clauses[name].Words == "" {
			return Fees{}, errors.New("clauses." + name + ": is missing")
		}
	}
	return Fees{f}, nil
}

// Year is where an organiser stands with the label.
type Year uint8

const (
	// First is the year of the application.
	First Year = iota + 1
	// Later is any year after it.
	Later
	// Reaudit is a later year in which the auditor has to come again.
	Reaudit
)

// ParseYear reads "first", "later" or "reaudit"; zero for anything else.
func ParseYear(s string) Year {
	for i, name := range [...]string{"first", "later", "reaudit"} {
		if name == s {
			return Year(i + 1)
		}
	}
	return 0
}

// Cost is what a year costs.
type Cost struct {
	Annual, Licence, Audit, Total money.Cents
	Because                       []terms.Reason
}

// Negative is the contract's code for a negative number of participants.
const Negative terms.Code = "negative"

// Cost is what the label costs in a year with so many participants. The error is a terms.Problem.
func (f Fees) Cost(participants int, year Year) (Cost, error) {
	if participants < 0 {
		return Cost{}, terms.Problem{Code: Negative, Field: "participants"}
	}
	if year < First || year > Reaudit {
		return Cost{}, terms.Problem{Code: terms.Invalid, Field: "year"}
	}
	r := f.row(participants)
	out := Cost{Annual: money.Cents(r.Annual), Licence: money.Cents(r.Licence)}
	tell := func(clause, key string, args ...terms.Arg) {
		out.Because = append(out.Because, terms.Reason{Clause: f.f.Clauses[clause], Key: key, Args: args})
	}
	tell("annual", "label.annual", terms.Count("participants", participants), terms.Money("amount", out.Annual))
	tell("licence", "label.licence", terms.Money("amount", out.Licence))
	if year == Later {
		tell("later", "label.no_audit")
	} else {
		out.Audit = money.Cents(f.f.Audit)
		tell("audit", "label.audit", terms.Money("amount", out.Audit))
	}
	out.Total = out.Annual + out.Licence + out.Audit
	return out, nil
}

func (f Fees) row(participants int) row {
	for _, r := range f.f.Rows {
		if r.UpTo == 0 || participants <= r.UpTo {
			return r
		}
	}
	return f.f.Rows[len(f.f.Rows)-1]
}

// OnSite reports whether the auditors come to the camp in that year: in the year of the application and every third
// after it; in between they read papers.
func (f Fees) OnSite(applied civil.Date, year int) bool {
	first := f.FirstSeason(applied)
	return year >= first && (year-first)%f.f.Cycle.OnSiteEvery == 0
}

// FirstSeason is the year for which an application of that day counts.
func (f Fees) FirstSeason(applied civil.Date) int {
	if by := f.f.Cycle.ApplyBy.InYear(applied.Year()); applied.After(by) {
		return applied.Year() + 1
	}
	return applied.Year()
}
