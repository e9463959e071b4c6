package social

import (
	"errors"
	"fmt"

	"joetz/terms"
	"joetz/terms/money"
)

// incomeTable is one year's limits per month.
type incomeTable struct {
	Year       int         `toml:"year"`
	Source     string      `toml:"source"`
	ExtraAdult euros       `toml:"extra_adult"`
	ExtraChild euros       `toml:"extra_child"`
	Rows       []incomeRow `toml:"rows"`
}

type incomeRow struct {
	Adults   int   `toml:"adults"`
	Children int   `toml:"children"`
	Limit    euros `toml:"limit"`
}

// euros is an amount in a file: "1293.00".
type euros money.Cents

// UnmarshalText reads it.
func (e *euros) UnmarshalText(text []byte) error {
	c, err := money.Parse(string(text))
	*e = euros(c)
	return err
}

// check holds the table to what limit relies on.
func (t *incomeTable) check() error {
	for adults := 1; adults <= mostAdults; adults++ {
		for children := 0; children <= mostChildren; children++ {
			if t.row(adults, children) == nil {
				return fmt.Errorf("rows: no limit for %d adults and %d children", adults, children)
			}
		}
	}
	if t.Year == 0 || t.Source == "" || t.ExtraAdult <= 0 || t.ExtraChild <= 0 {
		return errors.New("year, source, extra_adult and extra_child are needed")
	}
	return nil
}

// Beyond the printed rows a household is counted from the row with at most so many members.
const mostAdults, mostChildren = 2, 2

func (t *incomeTable) row(adults, children int) *incomeRow {
	for i := range t.Rows {
		if t.Rows[i].Adults == adults && t.Rows[i].Children == children {
			return &t.Rows[i]
		}
	}
	return nil
}

// Household is who lives at the address, and what they earn together.
type Household struct {
	Adults   int         // 14 or older on the day of the check
	Children int         // under 14
	Income   money.Cents // of a year, taxable, without child benefit; may be negative
	Year     int         // of the check; 0 is the newest table
}

// Income is whether a household is entitled by its income.
type Income struct {
	LimitMonth money.Cents
	Entitled   bool
	Because    []terms.Reason
}

// The codes of the contract for social facts.
const (
	NoAdult    terms.Code = "no_adult"
	EmptyParty terms.Code = "empty_party"
	BadCode    terms.Code = "bad_code"
	BadNumber  terms.Code = "bad_number"
	Negative   terms.Code = "negative"
)

// MaxPeople bounds head counts, so that no sum overflows.
const MaxPeople = 1_000_000

// Income judges a household. The error is a terms.Problem.
func (r *Rules) Income(h Household) (Income, error) {
	switch {
	case h.Adults < 1:
		return Income{}, terms.Problem{Code: NoAdult, Field: "adults"}
	case h.Children < 0:
		return Income{}, terms.Problem{Code: Negative, Field: "children"}
	case h.Adults > MaxPeople:
		return Income{}, terms.Problem{Code: terms.Invalid, Field: "adults"}
	case h.Children > MaxPeople:
		return Income{}, terms.Problem{Code: terms.Invalid, Field: "children"}
	}
	t := r.table(h.Year)
	adults, children := min(h.Adults, mostAdults), min(h.Children, mostChildren)
	limit := money.Cents(t.row(adults, children).Limit) + money.Cents(t.ExtraAdult)*money.Cents(h.Adults-adults) +
		money.Cents(t.ExtraChild)*money.Cents(h.Children-children)
	out := Income{LimitMonth: limit, Entitled: h.Income <= 12*limit}
	key := "income.not_entitled"
	if out.Entitled {
		key = "income.entitled"
	}
	clause := r.clauses["income"]
	out.Because = []terms.Reason{
		{Clause: clause, Key: "income.limit", Args: []terms.Arg{terms.Count("adults", h.Adults), terms.Count("children", h.Children), terms.Money("amount", limit)}},
		{Clause: clause, Key: key, Args: []terms.Arg{terms.Money("income", h.Income), terms.Money("limit", 12*limit)}},
	}
	return out, nil
}

// table is the newest that counts in that year; before the first one, the first.
func (r *Rules) table(year int) *incomeTable {
	for i := range r.tables {
		if year == 0 || r.tables[i].Year <= year {
			return &r.tables[i]
		}
	}
	return &r.tables[len(r.tables)-1]
}
