package seed

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"joetz/shop/catalogue"
	"joetz/terms/civil"
	"joetz/terms/money"
)

//go:embed catalogue.json
var brochure []byte

// entry is a holiday in catalogue.json; prices are in euro, dates and birth years those of season 2027.
type entry struct {
	Code          string     `json:"code"`
	Title         string     `json:"title"`
	Trip          string     `json:"trip"`
	LegalRegime   string     `json:"legal_regime"`
	Country       string     `json:"country"`
	Destination   string     `json:"destination"`
	Accommodation string     `json:"accommodation"`
	StartDate     civil.Date `json:"start_date"`
	EndDate       civil.Date `json:"end_date"`
	BirthYearFrom int        `json:"birth_year_from"`
	BirthYearTo   int        `json:"birth_year_to"`
	Base          int64      `json:"base_price_eur"`
	Solidaris     *int64     `json:"solidaris_price_eur"`
	VT            *int64     `json:"vt_price_eur"`
	Boarding      []struct {
		Name string `json:"name"`
		Min  int    `json:"min_participants"`
	} `json:"boarding_places"`
	Transport   string   `json:"transport"`
	Included    []string `json:"included"`
	NotIncluded []string `json:"not_included"`
	Description string   `json:"description"`
	TargetGroup string   `json:"target_group"`
	Inclusive   bool     `json:"inclusive"`
	Capacity    int      `json:"capacity"`
}

// catalogueYear is the season that catalogue.json was written for.
const catalogueYear = 2027

// seasonOf is the season that a shop which opens that day sells: from August on the next year's, because the summer is over
// and prices are published in autumn.
func seasonOf(today civil.Date) int {
	y, m, _ := today.YMD()
	if m >= time.August {
		return y + 1
	}
	return y
}

// season reads the brochure, moved by whole years to that season. Days of the week stay: a year is moved by 52 weeks, and
// by 53 when it would otherwise drift out of its week of the year.
func season(year int, onSale time.Time) ([]catalogue.NewHoliday, error) {
	var entries []entry
	if err := json.Unmarshal(brochure, &entries); err != nil {
		return nil, fmt.Errorf("seed: catalogue.json: %w", err)
	}
	years := year - catalogueYear
	days := catalogue.WeeksBetween(catalogueYear, year) * 7
	holidays := make([]catalogue.NewHoliday, len(entries))
	for i, e := range entries {
		holidays[i] = e.holiday(years, days, onSale)
	}
	return holidays, nil
}

func (e entry) holiday(years, days int, onSale time.Time) catalogue.NewHoliday {
	h := catalogue.NewHoliday{
		Code: strings.Replace(e.Code, "-27-", fmt.Sprintf("-%02d-", (catalogueYear+years)%100), 1), Title: e.Title, Description: e.Description,
		Trip: e.Trip, LegalRegime: e.LegalRegime, Country: e.Country, Destination: e.Destination, Accommodation: e.Accommodation, Transport: e.Transport,
		Included: e.Included, NotIncluded: e.NotIncluded, TargetGroup: e.TargetGroup, Inclusive: e.Inclusive,
		BirthYearFrom: e.BirthYearFrom + years, BirthYearTo: e.BirthYearTo + years, StartsOn: e.StartDate.AddDays(days), EndsOn: e.EndDate.AddDays(days),
		OnSaleAt: onSale, Base: euro(e.Base), Solidaris: euros(e.Solidaris), VT: euros(e.VT), Capacity: e.Capacity,
	}
	h.Slug = catalogue.Slug(h.Title) + "-" + strings.ToLower(h.Code)
	for _, b := range e.Boarding {
		h.BoardingPlaces = append(h.BoardingPlaces, catalogue.BoardingPlace{Name: b.Name, MinParticipants: b.Min})
	}
	return h
}

// groups are the target groups of the brochure with the extra questions of each: what its camps need to know.
var groups = map[string][]string{
	"kinderen en jongeren met een fysieke beperking": {"incl.water", "incl.move", "incl.equip", "incl.transport", "incl.wash", "incl.incont", "incl.gender", "incl.eat",
		"incl.seizure", "incl.night", "incl.fun", "incl.recent", "incl.support", "incl.goal"},
	"kinderen en jongeren met een diagnose autisme en een normale begaafdheid": {"incl.comm", "incl.comm_yes", "incl.understand", "incl.day", "incl.sense", "incl.crisis",
		"incl.restraint", "incl.run", "incl.danger", "incl.night", "incl.body", "incl.fun", "incl.recent", "incl.support", "incl.goal"},
}

func euro(n int64) money.Cents { return money.Cents(n * 100) }

func euros(n *int64) *money.Cents {
	if n == nil {
		return nil
	}
	c := euro(*n)
	return &c
}
