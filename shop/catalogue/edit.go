package catalogue

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// MaxWhy is how long a reason may be.
const MaxWhy = 500

// AddSeason makes an empty catalogue year. Making it twice is the same season.
func (s *Service) AddSeason(ctx context.Context, by string, year int) (season id.Season, err error) {
	if now := s.Now().Year(); year < now-1 || year > now+3 {
		return 0, fault.Field("year", "catalogue.season_year")
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
		season, err = s.seasonTx(ctx, tx, by, year)
		return err
	})
	return season, err
}

func (s *Service) seasonTx(ctx context.Context, tx *sqlx.Tx, by string, year int) (id.Season, error) {
	season, added, err := insertSeason(ctx, tx, year)
	if err == nil && added {
		err = s.eventTx(ctx, tx, Event{Season: season, Kind: "season_added", Actor: by})
	}
	return season, err
}

// AddHoliday makes a holiday without dates.
func (s *Service) AddHoliday(ctx context.Context, by string, season Season, t Text) (holiday id.Holiday, err error) {
	if err := t.check(season.Year); err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
		holiday, err = s.addHolidayTx(ctx, tx, by, season.ID, t, "holiday_added")
		return err
	})
	return holiday, named(err)
}

func (s *Service) addHolidayTx(ctx context.Context, tx *sqlx.Tx, by string, season id.Season, t Text, kind string) (id.Holiday, error) {
	holiday, err := insertHoliday(ctx, tx, season, Slug(t.Title)+"-"+strings.ToLower(t.Code), t)
	if err != nil {
		return 0, err
	}
	return holiday, s.eventTx(ctx, tx, Event{Season: season, Holiday: holiday, Kind: kind, Actor: by})
}

// named turns a code that is taken into what to mend.
func named(err error) error {
	switch pg.Constraint(err) {
	case "holiday_code_once", "holiday_slug_once":
		return fault.Field("code", "catalogue.code_taken")
	case "departure_once":
		return fault.Field("starts_on", "catalogue.starts_twice")
	case "boarding_place_name_once":
		return fault.Field("boarding", "catalogue.boarding_twice")
	}
	if pqErr := pg.Constraint(err); strings.HasSuffix(pqErr, "_fkey") {
		return ErrInUse.With(err)
	}
	return err
}

// SaveHoliday changes a holiday's text. version is the one that the form was filled from: ErrChanged when somebody saved
// since. With bookings, what they rest on stays, and a reason is asked.
func (s *Service) SaveHoliday(ctx context.Context, by string, holiday id.Holiday, version int, t Text, why string) error {
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		o, err := s.lockOfferTx(ctx, tx, holiday)
		if err != nil {
			return err
		}
		if o.Version != version {
			return ErrChanged
		}
		changes := o.Diff(t)
		if len(changes) == 0 {
			return nil
		}
		if err := o.mayChange(t, changes, why); err != nil {
			return err
		}
		if err := updateHoliday(ctx, tx, holiday, t); err != nil {
			return err
		}
		return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: holiday, Kind: "text", Changes: changes, Why: why, Actor: by})
	})
	return named(err)
}

// mayChange applies what bookings and publication forbid.
func (o Offer) mayChange(t Text, changes []Change, why string) error {
	w := wrong{}
	for _, c := range changes {
		switch {
		case c.Field == "code" && !o.Draft():
			w.check(false, "code", "catalogue.locked_code")
		case !o.Booked():
		case c.Field == "birth_year_from":
			w.check(t.BirthYearFrom <= o.BirthYearFrom, c.Field, "catalogue.locked_years")
		case c.Field == "birth_year_to":
			w.check(t.BirthYearTo >= o.BirthYearTo, c.Field, "catalogue.locked_years")
		case Locked(c.Field):
			w.check(false, c.Field, "catalogue.locked")
		}
	}
	if o.Booked() {
		w.check(why != "", "why", "catalogue.why_booked")
	}
	w.check(len(why) <= MaxWhy, "why", "catalogue.line_long")
	if err := w.err(); err != nil {
		return err
	}
	return t.check(o.Year)
}

// DeleteHoliday removes a holiday that nobody outside ever saw, with its departures. Its history stays.
func (s *Service) DeleteHoliday(ctx context.Context, by string, holiday id.Holiday) error {
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		o, err := s.lockOfferTx(ctx, tx, holiday)
		if err != nil {
			return err
		}
		if !o.Draft() {
			return ErrNotDraft
		}
		for _, d := range o.Departures {
			if d.Bookings > 0 {
				return ErrBooked
			}
			if err := deleteDeparture(ctx, tx, d.ID); err != nil {
				return err
			}
		}
		if err := deleteHoliday(ctx, tx, holiday); err != nil {
			return err
		}
		return s.eventTx(ctx, tx, Event{Season: o.Season, Holiday: holiday, Kind: "holiday_deleted", Changes: []Change{{Field: "title", From: o.Code + " " + o.Title}}, Actor: by})
	})
	return named(err)
}
