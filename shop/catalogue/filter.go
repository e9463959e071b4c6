package catalogue

import (
	"slices"
	"strings"

	"joetz/terms/civil"
)

// Filter narrows a list of departures; a zero field does not narrow.
type Filter struct {
	BirthYear int        // children born in that year may come
	Month     civil.Date // leaves in the month of that day
	From      civil.Date // leaves on or after
	Until     civil.Date // is back on or before
	Kind      string     // domestic, abroad, flight or inclusive
	Country   string     // ISO code
	OnlyFree  bool       // with at least one free place
	Text      string     // in title, destination or code
}

// Apply returns the departures that pass, in their order.
func (f Filter) Apply(all []Departure) []Departure {
	kept := make([]Departure, 0, len(all))
	for _, d := range all {
		if f.admits(d) {
			kept = append(kept, d)
		}
	}
	return kept
}

func (f Filter) admits(d Departure) bool {
	text := strings.ToLower(f.Text)
	switch {
	case f.BirthYear != 0 && (f.BirthYear < d.BirthYearFrom || f.BirthYear > d.BirthYearTo),
		!f.Month.IsZero() && MonthOf(d.StartsOn) != MonthOf(f.Month),
		!f.From.IsZero() && d.StartsOn.Before(f.From),
		!f.Until.IsZero() && d.EndsOn.After(f.Until),
		f.Country != "" && f.Country != d.Country,
		f.OnlyFree && d.Free == 0,
		text != "" && !strings.Contains(strings.ToLower(d.Title+" "+d.Destination+" "+d.Code), text):
		return false
	}
	switch f.Kind {
	case "domestic":
		return d.Trip == "domestic"
	case "abroad":
		return d.Trip == "foreign_coach" || d.Trip == "foreign_own"
	case "flight":
		return d.Trip == "flight"
	case "inclusive":
		return d.Inclusive
	}
	return true
}

// MonthOf is the first day of a date's month.
func MonthOf(d civil.Date) civil.Date {
	y, m, _ := d.YMD()
	return civil.Must(y, m, 1)
}

// Countries lists the countries of these departures, for the filter's choices.
func Countries(all []Departure) []string {
	var codes []string
	for _, d := range all {
		if !slices.Contains(codes, d.Country) {
			codes = append(codes, d.Country)
		}
	}
	slices.Sort(codes)
	return codes
}
