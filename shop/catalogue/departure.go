package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// DefaultMinimum is from how many children on a boarding place is guaranteed, unless said otherwise.
const DefaultMinimum = 8

// Plan is what the office decides about a departure, prices and places apart.
type Plan struct {
	StartsOn civil.Date
	EndsOn   civil.Date
	OnSaleAt time.Time
	Boarding []BoardingPlace // in the order in which the coach stops; an ID of zero is new
}

func (p Plan) fields() []Change {
	var stops []string
	for _, b := range p.Boarding {
		stops = append(stops, b.Name+" ("+strconv.Itoa(b.MinParticipants)+")")
	}
	return []Change{{Field: "starts_on", To: p.StartsOn.String()}, {Field: "ends_on", To: p.EndsOn.String()},
		{Field: "on_sale_at", To: Instant(p.OnSaleAt)}, {Field: "boarding", To: strings.Join(stops, ", ")}}
}

func (d Date) plan() Plan {
	p := Plan{StartsOn: d.StartsOn, EndsOn: d.EndsOn, OnSaleAt: d.OnSaleAt}
	for _, b := range d.Boarding {
		p.Boarding = append(p.Boarding, b.BoardingPlace)
	}
	return p
}

// differences lists what differs between two lists of the same fields.
func differences(from, to []Change) []Change {
	var out []Change
	for i, c := range to {
		if c.To != from[i].To {
			out = append(out, Change{Field: c.Field, From: from[i].To, To: c.To})
		}
	}
	return out
}

func (p Plan) check(year int) error {
	w := wrong{}
	w.check(!p.StartsOn.IsZero(), "starts_on", "form.required")
	w.check(!p.EndsOn.IsZero(), "ends_on", "form.required")
	w.check(!p.EndsOn.Before(p.StartsOn), "ends_on", "catalogue.ends_first")
	w.check(p.StartsOn.DaysUntil(p.EndsOn) <= 60, "ends_on", "catalogue.too_long")
	w.check(p.StartsOn.IsZero() || p.StartsOn.Year() == year, "starts_on", "catalogue.other_season")
	w.check(!p.OnSaleAt.IsZero(), "on_sale_at", "form.required")
	w.check(p.OnSaleAt.Before(p.StartsOn.Start()), "on_sale_at", "catalogue.sale_after_start")
	names := map[string]bool{}
	for _, b := range p.Boarding {
		w.check(len(b.Name) <= longestLine, "boarding", "catalogue.line_long")
		w.check(b.MinParticipants >= 0 && b.MinParticipants <= 200, "boarding", "catalogue.boarding_minimum")
		key := strings.ToLower(b.Name)
		w.check(!names[key], "boarding", "catalogue.boarding_twice")
		names[key] = true
	}
	return w.err()
}

// AddDeparture adds a draft to a holiday, with its places and maybe its prices.
func (s *Service) AddDeparture(ctx context.Context, by string, holiday id.Holiday, p Plan, prices *Prices, places int) (departure id.Departure, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		o, err := s.lockOfferTx(ctx, tx, holiday)
		if err != nil {
			return err
		}
		if err := p.check(o.Year); err != nil {
			return err
		}
		if places < 0 || places > maxPlaces {
			return fault.Field("places", "catalogue.places")
		}
		if departure, err = s.addDepartureTx(ctx, tx, holiday, p, prices, places); err != nil {
			return err
		}
		return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: holiday, Departure: departure, Kind: "departure_added", Actor: by,
			Changes: differences(Plan{OnSaleAt: p.OnSaleAt}.fields(), p.fields())})
	})
	return departure, named(err)
}

func (s *Service) addDepartureTx(ctx context.Context, tx *sqlx.Tx, holiday id.Holiday, p Plan, prices *Prices, places int) (id.Departure, error) {
	departure, err := insertDeparture(ctx, tx, holiday, p)
	if err != nil {
		return 0, err
	}
	if prices != nil {
		if err := prices.check(); err != nil {
			return 0, err
		}
		if err := insertPrice(ctx, tx, departure, 1, *prices, s.Now()); err != nil {
			return 0, err
		}
	}
	if err := insertBoarding(ctx, tx, departure, p.Boarding); err != nil {
		return 0, err
	}
	return departure, insertPlaces(ctx, tx, departure, places)
}

// SaveDeparture changes dates, the moment of sale and boarding places. Dates that somebody booked stay: another date is
// another departure, to which bookings are moved, or the departure is cancelled.
func (s *Service) SaveDeparture(ctx context.Context, by string, holiday id.Holiday, departure id.Departure, version int, p Plan, why string) error {
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		o, d, err := s.lockDepartureTx(ctx, tx, holiday, departure)
		if err != nil {
			return err
		}
		if d.Version != version {
			return ErrChanged
		}
		changes := differences(d.plan().fields(), p.fields())
		if len(changes) == 0 {
			return nil
		}
		if err := d.mayChange(o, p, changes, why); err != nil {
			return err
		}
		if err := updateDeparture(ctx, tx, departure, p); err != nil {
			return err
		}
		if err := s.saveBoardingTx(ctx, tx, d, p.Boarding); err != nil {
			return err
		}
		return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: holiday, Departure: departure, Kind: "departure", Changes: changes, Why: why, Actor: by})
	})
	return named(err)
}

func (s *Service) lockDepartureTx(ctx context.Context, tx *sqlx.Tx, holiday id.Holiday, departure id.Departure) (Offer, Date, error) {
	o, err := s.lockOfferTx(ctx, tx, holiday)
	if err != nil {
		return Offer{}, Date{}, err
	}
	d, ok := o.Departure(departure)
	if !ok {
		return Offer{}, Date{}, ErrNoDeparture
	}
	return o, d, nil
}

func (d Date) mayChange(o Offer, p Plan, changes []Change, why string) error {
	w := wrong{}
	booked := d.Bookings > 0 || d.Held > 0
	for _, c := range changes {
		if booked && (c.Field == "starts_on" || c.Field == "ends_on") {
			w.check(false, c.Field, "catalogue.locked_dates")
		}
		if booked && c.Field == "on_sale_at" {
			w.check(false, c.Field, "catalogue.locked_sale")
		}
	}
	if d.Status == "cancelled" {
		w.check(false, "starts_on", "catalogue.cancelled")
	}
	for _, b := range d.Boarding {
		kept := slices.ContainsFunc(p.Boarding, func(n BoardingPlace) bool { return n.ID == b.ID })
		w.check(kept || b.Booked == 0, "boarding", "catalogue.boarding_booked")
	}
	// A coach trip on which some already chose where to get on needs a place for everybody: none may be left without.
	w.check(!booked || (len(p.Boarding) == 0) == (len(d.Boarding) == 0), "boarding", "catalogue.boarding_all")
	if booked {
		w.check(why != "", "why", "catalogue.why_booked")
	}
	w.check(len(why) <= MaxWhy, "why", "catalogue.line_long")
	if err := w.err(); err != nil {
		return err
	}
	return p.check(o.Year)
}

func (s *Service) saveBoardingTx(ctx context.Context, tx *sqlx.Tx, d Date, want []BoardingPlace) error {
	for _, b := range d.Boarding {
		if !slices.ContainsFunc(want, func(n BoardingPlace) bool { return n.ID == b.ID }) {
			if err := deleteBoarding(ctx, tx, b.ID); err != nil {
				if pg.Constraint(err) != "" {
					return fault.Field("boarding", "catalogue.boarding_booked") // an ended booking or a basket still names it
				}
				return err
			}
		}
	}
	var added []BoardingPlace
	for i, b := range want {
		if b.ID == 0 {
			b.Position = i + 1
			added = append(added, b)
			continue
		}
		if !slices.ContainsFunc(d.Boarding, func(n Boarding) bool { return n.ID == b.ID }) {
			return ErrChanged // of another departure, or removed meanwhile
		}
		if err := updateBoarding(ctx, tx, b, i+1); err != nil {
			return err
		}
	}
	return insertBoarding(ctx, tx, d.ID, added)
}

// SetPrices gives a departure its prices from a moment on. Nobody saw a draft's prices, so they are replaced; a published
// price stays and is followed by a new version, which only counts for bookings made from then on.
func (s *Service) SetPrices(ctx context.Context, by string, holiday id.Holiday, departure id.Departure, version int, prices Prices, from time.Time, why string) error {
	if err := prices.check(); err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		o, d, err := s.lockDepartureTx(ctx, tx, holiday, departure)
		if err != nil {
			return err
		}
		if d.Version != version {
			return ErrChanged
		}
		now := s.Now()
		if from.Before(now) {
			from = now
		}
		next, was := 1, Prices{}
		if n := len(d.Prices); n > 0 {
			next = d.Prices[n-1].Version + 1
		}
		if p, ok := d.Price(now); ok {
			was = p.Prices
		}
		if d.Seen() {
			if why == "" {
				return fault.Field("why", "catalogue.why_price")
			}
			if !from.Before(d.StartsOn.Start()) {
				return fault.Field("from", "catalogue.price_after_start")
			}
		} else {
			from, next = now, 1
			if err := deletePrices(ctx, tx, departure); err != nil {
				return err
			}
		}
		if err := insertPrice(ctx, tx, departure, next, prices, from); err != nil {
			return err
		}
		if err := touchDeparture(ctx, tx, departure); err != nil {
			return err
		}
		changes := append(differences(was.fields(), prices.fields()), Change{Field: "valid_from", To: Instant(from)})
		return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: holiday, Departure: departure, Kind: "price", Changes: changes, Why: why, Actor: by})
	})
}

func (p Prices) check() error {
	w := wrong{}
	w.check(p.Base > 0, "base", "form.required")
	w.check(p.Base <= maxPrice, "base", "catalogue.price_high")
	w.check(p.Solidaris == nil || *p.Solidaris >= 0 && *p.Solidaris <= p.Base, "solidaris", "catalogue.price_above_base")
	w.check(p.VT == nil || *p.VT >= 0 && *p.VT <= p.Base, "vt", "catalogue.price_above_base")
	return w.err()
}

// DeleteDeparture removes a departure that nobody outside ever saw.
func (s *Service) DeleteDeparture(ctx context.Context, by string, holiday id.Holiday, departure id.Departure) error {
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		o, d, err := s.lockDepartureTx(ctx, tx, holiday, departure)
		switch {
		case err != nil:
			return err
		case d.Seen():
			return ErrNotDraft
		case d.Bookings > 0 || d.Held > 0:
			return ErrBooked
		}
		if err := deleteDeparture(ctx, tx, departure); err != nil {
			return err
		}
		return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: holiday, Departure: departure, Kind: "departure_deleted", Actor: by,
			Changes: []Change{{Field: "starts_on", From: d.StartsOn.String()}}})
	})
	return named(err)
}

// MomentOn is a day and a time of the clock in Belgium as a moment. On the night when the clock goes forward an hour does
// not exist: that is refused. When it goes back an hour comes twice: the first is meant.
func MomentOn(day civil.Date, clock string) (time.Time, error) {
	at, err := time.Parse("15:04", strings.Replace(strings.TrimSpace(clock), ".", ":", 1))
	if err != nil {
		return time.Time{}, fmt.Errorf("catalogue: clock: %w", err)
	}
	y, m, d := day.YMD()
	t := time.Date(y, m, d, at.Hour(), at.Minute(), 0, 0, civil.Brussels)
	if t.Hour() != at.Hour() || t.Minute() != at.Minute() {
		return time.Time{}, errNoSuchHour
	}
	if earlier := t.Add(-time.Hour); earlier.Hour() == t.Hour() {
		return earlier, nil
	}
	return t, nil
}

var errNoSuchHour = fault.New(fault.Invalid, "catalogue.no_such_hour")
