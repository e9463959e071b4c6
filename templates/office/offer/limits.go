package offer

import (
	"strconv"
	"strings"

	"joetz/templates/layout"
	"joetz/templates/ui"
)

// LimitRow is one sub-limit as it stands in the form. An empty row is none.
type LimitRow struct {
	Gender, From, To, Boarding, Places string
	Saved                              bool
	Used                               int // by bookings and baskets, of a saved one
}

// LimitsForm is how many of each kind may come.
type LimitsForm struct {
	layout.Page
	Action   string
	Holiday  string
	On       string
	Capacity int
	Unknown  int // booked children of whom the gender is not known
	Was      string
	Rows     []LimitRow
	Theirs   []LimitRow // what a colleague saved meanwhile
	Boarding []ui.Option
	Why      string
	Events   []Event
	Errors   ui.Errors
}

func (p LimitsForm) field(i int, name string) ui.Field {
	r := p.Rows[i]
	value := map[string]string{"gender": r.Gender, "from": r.From, "to": r.To, "boarding": r.Boarding, "places": r.Places}[name]
	full := "limits." + strconv.Itoa(i) + "." + name
	return ui.Field{Name: full, Label: p.T("offer.limit." + name), Value: value, Error: p.Errors.For(full)}
}

func (p LimitsForm) number(i int, name string, length int) ui.Field {
	f := p.field(i, name)
	f.InputMode, f.MaxLength, f.Chars = "numeric", length, 6
	return f
}

func (p LimitsForm) genders() []ui.Option { return genders(p.Page) }

func genders(p layout.Page) []ui.Option {
	return []ui.Option{{Label: p.T("offer.gender.all")}, {Value: "f", Label: p.T("offer.gender.f")}, {Value: "m", Label: p.T("offer.gender.m")}}
}

// hasBoarding reports whether there are boarding places to choose from.
func (p LimitsForm) hasBoarding() bool { return len(p.Boarding) > 1 }

// words are a row that a colleague saved.
func (p LimitsForm) words(r LimitRow) string {
	boarding := ""
	for _, o := range p.Boarding {
		if o.Value == r.Boarding && o.Value != "" {
			boarding = o.Label
		}
	}
	years := r.From
	if r.To != r.From {
		years += "-" + r.To
	}
	return LimitWords(p.Page, r.Gender, years, boarding) + ": " + r.Places
}

// LimitWords says whom a limit is about: "Meisjes, geboren in 2015, opstapplaats Gent".
func LimitWords(p layout.Page, gender, years, boarding string) string {
	if gender == "" {
		gender = "all"
	}
	out := []string{p.T("offer.gender." + gender)}
	if years != "" {
		out = append(out, p.T("offer.limit_born", years))
	}
	if boarding != "" {
		out = append(out, p.T("offer.limit_boarding", boarding))
	}
	return strings.Join(out, ", ")
}
