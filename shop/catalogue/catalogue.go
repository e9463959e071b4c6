// Package catalogue has what can be booked: holidays, their departures, prices and boarding places.
//
// Owns: the brochure. Tables: season, holiday, departure, price_list, boarding_place, catalogue_event, holiday_photo,
// holiday_photo_size, catalogue_import, target_group, target_group_event; it makes the first rows
// of table place and counts it and booking, which shop/booking owns.
// May import: terms, medical/upload, migrations/pg, shop/queue, shop/worklist, picture and sheet below it, sqlx.
// Always true: a price that was published is never edited, a new version follows it; a departure's capacity is the number
// of its place rows; what the office changes stands in catalogue_event; what a booking rests on never changes under it.
package catalogue

import (
	"time"

	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrNoDeparture is returned when there is no such departure, or none on sale.
var ErrNoDeparture error = fault.New(fault.NotFound, "catalogue.no_departure")

// ErrNoPrices tells the office that a departure exists as a draft without prices. Nobody else hears of it.
var ErrNoPrices error = fault.New(fault.Conflict, "catalogue.no_prices")

// Category is the price that a participant pays.
type Category string

// The three price categories; proof is asked for all but the base price.
const (
	Base      Category = "base"
	Solidaris Category = "solidaris"
	VT        Category = "vt"
)

// Prices is one version of a departure's prices. A nil price does not exist there: that participant pays the base price.
type Prices struct {
	List      id.PriceList `db:"price_list_id"`
	Base      money.Cents  `db:"base_cents"`
	Solidaris *money.Cents `db:"solidaris_cents"`
	VT        *money.Cents `db:"vt_cents"`
}

// Of is the price in a category; ok is false where the category does not exist on this departure.
func (p Prices) Of(c Category) (price money.Cents, ok bool) {
	switch {
	case c == Base:
		return p.Base, true
	case c == Solidaris && p.Solidaris != nil:
		return *p.Solidaris, true
	case c == VT && p.VT != nil:
		return *p.VT, true
	}
	return 0, false
}

// Has reports whether a category exists on this departure.
func (p Prices) Has(c Category) bool {
	_, ok := p.Of(c)
	return ok
}

// Lowest is the lowest of the prices, for "from".
func (p Prices) Lowest() money.Cents {
	low := p.Base
	for _, c := range []*money.Cents{p.Solidaris, p.VT} {
		if c != nil {
			low = min(low, *c)
		}
	}
	return low
}

// Categories lists the categories that exist on this departure, dearest first.
func (p Prices) Categories() []Category {
	all := []Category{Base}
	if p.Solidaris != nil {
		all = append(all, Solidaris)
	}
	if p.VT != nil {
		all = append(all, VT)
	}
	return all
}

// BoardingPlace is where a coach stops, guaranteed from MinParticipants on.
type BoardingPlace struct {
	ID              id.BoardingPlace `db:"id"`
	Departure       id.Departure     `db:"departure_id"`
	Name            string           `db:"name"`
	MinParticipants int              `db:"min_participants"`
	Position        int              `db:"-"` // among those that are added
}

// Departure is a holiday on its dates, with everything that its pages show.
type Departure struct {
	ID            id.Departure `db:"id"`
	Holiday       id.Holiday   `db:"holiday_id"`
	Code          string       `db:"code"`
	Slug          string       `db:"slug"`
	Title         string       `db:"title"`
	Description   string       `db:"description"`
	Trip          string       `db:"trip"`         // domestic, foreign_coach, foreign_own, flight
	LegalRegime   string       `db:"legal_regime"` // package, none
	Country       string       `db:"country"`      // ISO 3166-1 alpha-2
	Destination   string       `db:"destination"`
	Accommodation string       `db:"accommodation"`
	Transport     string       `db:"transport"`
	Included      []string     `db:"-"`
	NotIncluded   []string     `db:"-"`
	TargetGroup   string       `db:"target_group"` // "" = for everybody
	Inclusive     bool         `db:"inclusive"`
	BirthYearFrom int          `db:"birth_year_from"`
	BirthYearTo   int          `db:"birth_year_to"`
	StartsOn      civil.Date   `db:"starts_on"`
	EndsOn        civil.Date   `db:"ends_on"`
	Status        string       `db:"status"` // draft, published, cancelled
	OnSaleAt      time.Time    `db:"on_sale_at"`
	Prices
	Capacity       int             `db:"capacity"`
	Free           int             `db:"free"`   // for everybody: neither sold, nor in a basket, nor for the waiting list
	Listed         int             `db:"listed"` // free, but an entry of the waiting list fits them and comes first
	Held           int             `db:"held"`   // in somebody's basket: may come free
	BoardingPlaces []BoardingPlace `db:"-"`
	Photos         []Photo         `db:"-"` // the first is the cover
	Limits         []Limit         `db:"-"`
}

// Nights is the number of nights away.
func (d Departure) Nights() int { return d.StartsOn.DaysUntil(d.EndsOn) }

// AgeFrom and AgeTo are the ages that participants have or get in the year of the departure.
func (d Departure) AgeFrom() int { return d.StartsOn.Year() - d.BirthYearTo }

// AgeTo is the oldest age; see AgeFrom.
func (d Departure) AgeTo() int { return d.StartsOn.Year() - d.BirthYearFrom }

// Admits reports whether a child born that day is of the right birth year (edges.md 45).
func (d Departure) Admits(bornOn civil.Date) bool {
	return d.BirthYearFrom <= bornOn.Year() && bornOn.Year() <= d.BirthYearTo
}

// Bookable reports whether the departure can be booked at that moment, places aside.
func (d Departure) Bookable(now time.Time) bool {
	return d.Status == "published" && !now.Before(d.OnSaleAt) && !d.StartsOn.Before(civil.Of(now))
}

// BoardingPlaceByID finds one of the departure's own boarding places.
func (d Departure) BoardingPlaceByID(place id.BoardingPlace) (BoardingPlace, bool) {
	for _, b := range d.BoardingPlaces {
		if b.ID == place {
			return b, true
		}
	}
	return BoardingPlace{}, false
}
