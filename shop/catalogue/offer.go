package catalogue

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// What the office may run into; their keys are what it reads.
var (
	// ErrNoHoliday is returned when there is no such holiday.
	ErrNoHoliday error = fault.New(fault.NotFound, "catalogue.no_holiday")
	// ErrChanged is returned when somebody else saved the same thing meanwhile. Nothing was written.
	ErrChanged error = fault.New(fault.Conflict, "catalogue.changed")
	// ErrNotDraft is returned when something that was published is to be deleted.
	ErrNotDraft error = fault.New(fault.Conflict, "catalogue.not_draft")
	// ErrBooked is returned when a departure with bookings or a running basket is to disappear.
	ErrBooked error = fault.New(fault.Conflict, "catalogue.booked")
	// ErrInUse is returned when a draft is used elsewhere: animators have been assigned to it.
	ErrInUse = fault.New(fault.Conflict, "catalogue.in_use")
	// ErrIncomplete is returned when what is to be published still misses something.
	ErrIncomplete error = fault.New(fault.Conflict, "catalogue.incomplete")
)

// Season is a catalogue year.
type Season struct {
	ID   id.Season `db:"id"`
	Year int       `db:"year"`
}

// Text is everything that the brochure says about a holiday, whatever its dates.
type Text struct {
	Code          string   `db:"code"`
	Title         string   `db:"title"`
	Description   string   `db:"description"`
	Trip          string   `db:"trip"`         // domestic, foreign_coach, foreign_own, flight
	LegalRegime   string   `db:"legal_regime"` // package, none
	Country       string   `db:"country"`      // ISO 3166-1 alpha-2
	Destination   string   `db:"destination"`
	Accommodation string   `db:"accommodation"`
	Transport     string   `db:"transport"`
	Included      []string `db:"-"`
	NotIncluded   []string `db:"-"`
	TargetGroup   string   `db:"target_group"` // "" = for everybody
	Inclusive     bool     `db:"inclusive"`    // parents answer the extra questions for target groups
	BirthYearFrom int      `db:"birth_year_from"`
	BirthYearTo   int      `db:"birth_year_to"`
}

// Offer is a holiday as the office sees it, drafts too.
type Offer struct {
	ID         id.Holiday `db:"id"`
	Season     id.Season  `db:"season_id"`
	Year       int        `db:"year"`
	Slug       string     `db:"slug"`
	Version    int        `db:"version"`
	Photos     int        `db:"photos"`
	Text       `db:""`
	Departures []Date `db:"-"`
}

// Date is one departure of an Offer.
type Date struct {
	ID          id.Departure `db:"id"`
	Holiday     id.Holiday   `db:"holiday_id"`
	StartsOn    civil.Date   `db:"starts_on"`
	EndsOn      civil.Date   `db:"ends_on"`
	Status      string       `db:"status"` // draft, published, cancelled
	Version     int          `db:"version"`
	PublishAt   *time.Time   `db:"publish_at"`   // when a draft will be published by itself
	PublishedAt *time.Time   `db:"published_at"` // the first time; nil for what nobody saw
	OnSaleAt    time.Time    `db:"on_sale_at"`
	Capacity    int          `db:"capacity"`
	Free        int          `db:"free"`
	Held        int          `db:"held"`
	Sold        int          `db:"sold"`
	Bookings    int          `db:"bookings"` // ended ones too
	Prices      []Price      `db:"-"`        // by version
	Boarding    []Boarding   `db:"-"`
	Limits      []Limit      `db:"-"`
}

// Price is one version of a departure's prices.
type Price struct {
	Departure id.Departure `db:"departure_id"`
	Version   int          `db:"version"`
	ValidFrom time.Time    `db:"valid_from"`
	Prices
}

// Boarding is a boarding place with how many children of running bookings get on there.
type Boarding struct {
	BoardingPlace
	Booked int `db:"booked"`
}

// Low reports whether too few children get on, where anybody does or the departure is sold at all.
func (b Boarding) Low() bool { return b.Booked < b.MinParticipants }

// Price is the version that counts at that moment.
func (d Date) Price(at time.Time) (Price, bool) {
	for _, p := range slices.Backward(d.Prices) {
		if !p.ValidFrom.After(at) {
			return p, true
		}
	}
	return Price{}, false
}

// Seen reports whether somebody outside can have seen the departure: then it is withdrawn, never deleted.
func (d Date) Seen() bool { return d.Status != "draft" || d.PublishedAt != nil }

// Draft reports whether nothing of the holiday was ever published.
func (o Offer) Draft() bool { return !slices.ContainsFunc(o.Departures, Date.Seen) }

// Booked reports whether some departure of the holiday has bookings.
func (o Offer) Booked() bool {
	return slices.ContainsFunc(o.Departures, func(d Date) bool { return d.Bookings > 0 || d.Held > 0 })
}

// Departure finds one of the holiday's own departures.
func (o Offer) Departure(key id.Departure) (Date, bool) {
	i := slices.IndexFunc(o.Departures, func(d Date) bool { return d.ID == key })
	if i < 0 {
		return Date{}, false
	}
	return o.Departures[i], true
}

// wrong gathers the fields of a form that have to change, each with its message key.
type wrong map[string]string

func (w wrong) check(ok bool, field, key string) {
	if _, has := w[field]; !ok && !has {
		w[field] = key
	}
}

func (w wrong) err() error {
	if len(w) == 0 {
		return nil
	}
	f := fault.New(fault.Invalid, "form.invalid")
	f.Fields = w
	return f
}

// Trips are the kinds of trip, as the terms name them.
var Trips = []string{"domestic", "foreign_coach", "foreign_own", "flight"}

const (
	longestLine = 200
	longestText = 4000
	maxPrice    = money.Cents(10_000_00)
	maxPlaces   = 500
)

// codeShape is what a code may be: it stands in addresses, files and on envelopes.
var codeShape = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,19}$`)

// check says what is wrong with a text, by the names of the form's fields.
func (t Text) check(year int) error {
	w := wrong{}
	w.check(codeShape.MatchString(t.Code), "code", "catalogue.code_shape")
	for field, text := range map[string]string{"title": t.Title, "destination": t.Destination, "accommodation": t.Accommodation, "transport": t.Transport} {
		w.check(text != "", field, "form.required")
		w.check(len(text) <= longestLine, field, "catalogue.line_long")
	}
	w.check(t.Description != "", "description", "form.required")
	w.check(len(t.Description) <= longestText, "description", "catalogue.text_long")
	w.check(slices.Contains(Trips, t.Trip), "trip", "form.choose")
	w.check(t.LegalRegime == "package" || t.LegalRegime == "none", "legal_regime", "form.choose")
	w.check(slices.Contains(CountryCodes, t.Country), "country", "form.choose")
	w.check(t.Trip != "domestic" || t.Country == "BE", "country", "catalogue.domestic_abroad")
	w.check(t.BirthYearFrom >= year-25 && t.BirthYearFrom <= year-3, "birth_year_from", "catalogue.birth_year")
	w.check(t.BirthYearTo >= year-25 && t.BirthYearTo <= year-3, "birth_year_to", "catalogue.birth_year")
	w.check(t.BirthYearFrom <= t.BirthYearTo, "birth_year_to", "catalogue.birth_years_turned")
	return w.err()
}

// CountryCodes are the countries that texts have a name for, where holidays go most first.
var CountryCodes = []string{"BE", "FR", "NL", "DE", "IT", "ES", "AT", "CH", "LU", "GB", "CZ", "DK", "GR", "HR", "IE", "MT", "NO", "PL", "PT", "SE", "SI"}

// Slug makes an address of a title.
func Slug(title string) string {
	plain := strings.NewReplacer("é", "e", "è", "e", "ë", "e", "ê", "e", "ï", "i", "î", "i", "ö", "o", "ô", "o", "ü", "u", "û", "u",
		"à", "a", "â", "a", "ä", "a", "ç", "c", "'", "", "’", "").Replace(strings.ToLower(title))
	words := strings.FieldsFunc(plain, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "-")
}
