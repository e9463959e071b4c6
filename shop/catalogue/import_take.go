package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Confirm takes an upload, all of it or nothing: new drafts, and updates of drafts. It is done once. mark is that of the
// preview which was confirmed: when somebody changed a draft since, nothing is taken and the preview is to be read again.
func (s *Service) Confirm(ctx context.Context, by string, key int64, mark string) (lines int, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		m, err := s.readImport(ctx, tx, key, true)
		if err != nil {
			return err
		}
		if m.ConfirmedAt != nil {
			return fault.New(fault.Conflict, "catalogue.import_done")
		}
		if err := lockSeason(ctx, tx, m.Season); err != nil {
			return err
		}
		offers, err := s.offers(ctx, tx, offerQuery+`WHERE h.season_id = $1 ORDER BY h.id FOR UPDATE OF h`, m.Season)
		if err != nil {
			return err
		}
		codes, err := codesTx(ctx, tx)
		if err != nil {
			return err
		}
		m.plan(offers, codes)
		if !m.Ready() || m.Mark != mark {
			return fault.New(fault.Conflict, "catalogue.import_outdated")
		}
		lines = len(m.Lines)
		return s.takeTx(ctx, tx, by, m)
	})
	return lines, named(err)
}

func (s *Service) takeTx(ctx context.Context, tx *sqlx.Tx, by string, m Import) (err error) {
	holidays := map[string]id.Holiday{}
	for _, l := range m.Lines {
		holiday, ok := holidays[l.Text.Code]
		switch {
		case ok:
		case l.holiday.ID != 0:
			holiday = l.holiday.ID
			if changes := l.holiday.Diff(l.Text); len(changes) > 0 {
				if err := updateHoliday(ctx, tx, holiday, l.Text); err != nil {
					return err
				}
				if err := s.eventTx(ctx, tx, Event{Season: m.Season, Holiday: holiday, Kind: "imported", Changes: changes, Actor: by}); err != nil {
					return err
				}
			}
		default:
			if holiday, err = s.addHolidayTx(ctx, tx, by, m.Season, l.Text, "imported"); err != nil {
				return err
			}
		}
		holidays[l.Text.Code] = holiday
		if l.departure.ID != 0 {
			if err := s.replaceDraftTx(ctx, tx, by, m, l); err != nil {
				return fmt.Errorf("catalogue: import row %d: %w", l.Row, err)
			}
			continue
		}
		departure, err := s.addDepartureTx(ctx, tx, holiday, l.Plan, l.Prices, l.Places)
		if err == nil && l.holiday.ID != 0 { // of a new holiday the line "imported" says it
			err = s.eventTx(ctx, tx, Event{Season: m.Season, Holiday: holiday, Departure: departure, Kind: "departure_added", Why: m.FileName, Actor: by,
				Changes: differences(Plan{OnSaleAt: l.Plan.OnSaleAt}.fields(), l.Plan.fields())})
		}
		if err != nil {
			return fmt.Errorf("catalogue: import row %d: %w", l.Row, err)
		}
	}
	if err := setConfirmed(ctx, tx, m.ID, s.Now()); err != nil {
		return err
	}
	return s.eventTx(ctx, tx, Event{Season: m.Season, Kind: "season_imported", Actor: by,
		Changes: []Change{{Field: "file", To: m.FileName}, {Field: "departures", To: itoa(len(m.Lines))}}})
}

// fields are what a row says of a departure, for the history.
func (l ImportLine) fields() []Change {
	return append(append(l.Plan.fields(), l.Prices.fields()...), Change{Field: "places", To: strconv.Itoa(l.Places)})
}

// replaceDraftTx makes a draft that nobody saw as the file has it. When it will be published stays, and so do its limits.
func (s *Service) replaceDraftTx(ctx context.Context, tx *sqlx.Tx, by string, m Import, l ImportLine) error {
	d := l.departure
	was := ImportLine{Plan: d.plan(), Prices: &Prices{}, Places: d.Capacity}
	if n := len(d.Prices); n > 0 {
		was.Prices = &d.Prices[n-1].Prices
	}
	changes := differences(was.fields(), l.fields())
	if len(changes) == 0 {
		return nil
	}
	if err := updateDeparture(ctx, tx, d.ID, l.Plan); err != nil {
		return err
	}
	if err := deletePrices(ctx, tx, d.ID); err != nil {
		return err
	}
	if err := insertPrice(ctx, tx, d.ID, 1, *l.Prices, s.Now()); err != nil {
		return err
	}
	for i, b := range l.Plan.Boarding {
		if j := slices.IndexFunc(d.Boarding, func(was Boarding) bool { return strings.EqualFold(was.Name, b.Name) }); j >= 0 {
			l.Plan.Boarding[i].ID = d.Boarding[j].ID
		}
	}
	if err := s.saveBoardingTx(ctx, tx, d, l.Plan.Boarding); err != nil {
		return err
	}
	if l.Places != d.Capacity {
		if err := deletePlaces(ctx, tx, d.ID); err != nil {
			return err
		}
		if err := insertPlaces(ctx, tx, d.ID, l.Places); err != nil {
			return err
		}
	}
	return s.eventTx(ctx, tx, Event{Season: m.Season, Holiday: l.holiday.ID, Departure: d.ID, Kind: "departure", Changes: changes, Why: m.FileName, Actor: by})
}
