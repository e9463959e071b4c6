package catalogue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"joetz/terms/civil"
	"joetz/terms/id"
)

// Limit is a sub-limit of a departure: at most Places participants of a kind. Empty fields cover everybody. shop/booking
// writes them (SetLimits) and guards them.
type Limit struct {
	ID            id.Limit         `db:"id"`
	Departure     id.Departure     `db:"departure_id"`
	Gender        string           `db:"gender"` // f, m or ""
	BirthYearFrom int              `db:"birth_year_from"`
	BirthYearTo   int              `db:"birth_year_to"`
	BoardingPlace id.BoardingPlace `db:"boarding_place_id"`
	BoardingName  string           `db:"boarding_name"`
	Places        int              `db:"places"`
	Used          int              `db:"used"` // by bookings, and by baskets whose hold runs
}

// Full reports whether nobody more of this kind can come.
func (l Limit) Full() bool { return l.Used >= l.Places }

// Covers reports whether a participant counts for the limit; what is not known yet ("", 0) does not.
func (l Limit) Covers(gender string, bornOn civil.Date, boarding id.BoardingPlace) bool {
	return (l.Gender == "" || l.Gender == gender) &&
		(l.BirthYearFrom == 0 || l.BirthYearFrom <= bornOn.Year() && bornOn.Year() <= l.BirthYearTo) &&
		(l.BoardingPlace == 0 || l.BoardingPlace == boarding)
}

// Words is the message that says that the limit is full, and its arguments: catalogue.full.girls_born with "2015", ...
func (l Limit) Words() (key string, args []any) {
	key = map[string]string{"f": "girls", "m": "boys", "": "children"}[l.Gender]
	if l.BirthYearFrom != 0 {
		key += "_born"
	}
	if l.BoardingPlace != 0 {
		key += "_boarding"
	}
	return "catalogue.full." + key, []any{l.Years(), l.BoardingName}
}

// Years is the birth years as people write them: "2015" or "2015-2016"; "" for all.
func (l Limit) Years() string {
	switch {
	case l.BirthYearFrom == 0:
		return ""
	case l.BirthYearFrom == l.BirthYearTo:
		return strconv.Itoa(l.BirthYearFrom)
	}
	return strconv.Itoa(l.BirthYearFrom) + "-" + strconv.Itoa(l.BirthYearTo)
}

// AsksGender reports whether one of the departure's limits goes by gender, so that the question must be asked.
func (d Departure) AsksGender() bool {
	for _, l := range d.Limits {
		if l.Gender != "" {
			return true
		}
	}
	return false
}

// LimitsText tells two sets of limits apart, whatever is used of them.
func LimitsText(all []Limit) string {
	var out []string
	for _, l := range all {
		out = append(out, fmt.Sprintf("%s/%s/%d/%d", l.Gender, l.Years(), l.BoardingPlace, l.Places))
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}
