package catalogue

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// CopyLine is one departure of a season as it would be in the next: what the office checks before it copies.
type CopyLine struct {
	From    id.Departure
	Holiday id.Holiday
	OldCode string
	Old     Date
	Code    string
	Text    Text
	Plan    Plan
	Prices  *Prices // nil where the old one has none
	Places  int
	Taken   bool // the code is in the new season already: copied before
}

// MaxPercent is how much prices can be changed while copying, either way.
const MaxPercent = money.MilliPercent(50_000)

// PlanCopy lists what copying a season to that year would make. Days of the week stay: a year is 52 weeks further, and
// 53 when it would otherwise drift out of its week of the year. Ages stay too, so birth years move with the years.
func (s *Service) PlanCopy(ctx context.Context, from Season, year int, percent money.MilliPercent) ([]CopyLine, error) {
	if year == from.Year || year < from.Year-1 || year > from.Year+5 {
		return nil, fault.Field("year", "catalogue.season_year")
	}
	if percent < -MaxPercent || percent > MaxPercent {
		return nil, fault.Field("percent", "catalogue.percent")
	}
	offers, err := s.Offers(ctx, from.ID)
	if err != nil {
		return nil, err
	}
	codes, err := s.codes(ctx)
	if err != nil {
		return nil, err
	}
	var lines []CopyLine
	for _, o := range offers {
		text := o.Text
		text.Code = codeIn(o.Code, o.Year, year)
		text.BirthYearFrom += year - o.Year
		text.BirthYearTo += year - o.Year
		for _, d := range o.Departures {
			if d.Status == "cancelled" {
				continue
			}
			line := CopyLine{From: d.ID, Holiday: o.ID, OldCode: o.Code, Old: d, Code: text.Code, Text: text, Places: d.Capacity, Plan: d.moved(year - o.Year), Taken: codes[text.Code]}
			if p, ok := d.Price(d.lastMoment()); ok {
				line.Prices = p.changed(percent)
			}
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// lastMoment is a moment at which every version of the price counts.
func (d Date) lastMoment() time.Time {
	if n := len(d.Prices); n > 0 {
		return d.Prices[n-1].ValidFrom
	}
	return d.OnSaleAt
}

func (p Price) changed(percent money.MilliPercent) *Prices {
	out := Prices{Base: Rounded(p.Base, percent)}
	if p.Solidaris != nil {
		c := Rounded(*p.Solidaris, percent)
		out.Solidaris = &c
	}
	if p.VT != nil {
		c := Rounded(*p.VT, percent)
		out.VT = &c
	}
	return &out
}

// moved is the departure the same weeks and days later, on sale at the same time of the clock.
func (d Date) moved(years int) Plan {
	year := d.StartsOn.Year()
	days := WeeksBetween(year, year+years) * 7
	local := d.OnSaleAt.In(civil.Brussels)
	p := d.plan()
	p.StartsOn, p.EndsOn = d.StartsOn.AddDays(days), d.EndsOn.AddDays(days)
	y, m, day := civil.Of(d.OnSaleAt).AddDays(days).YMD()
	p.OnSaleAt = time.Date(y, m, day, local.Hour(), local.Minute(), 0, 0, civil.Brussels)
	p.Boarding = slices.Clone(p.Boarding)
	for i := range p.Boarding {
		p.Boarding[i].ID = 0
	}
	return p
}

// WeeksBetween is how many whole weeks lie between the same week of two years.
func WeeksBetween(from, to int) int {
	days := civil.Must(from, time.July, 1).DaysUntil(civil.Must(to, time.July, 1))
	if days < 0 {
		return (days - 3) / 7
	}
	return (days + 3) / 7
}

var yearInCode = regexp.MustCompile(`\d{2,4}`)

// codeIn is the code of a season in another: BI-27-01 becomes BI-28-01. A code without its year gets the new one behind it.
func codeIn(code string, from, to int) string {
	done := false
	out := yearInCode.ReplaceAllStringFunc(code, func(n string) string {
		switch {
		case done:
			return n
		case n == fmt.Sprintf("%02d", from%100):
			done = true
			return fmt.Sprintf("%02d", to%100)
		case n == strconv.Itoa(from):
			done = true
			return strconv.Itoa(to)
		}
		return n
	})
	if !done {
		out += fmt.Sprintf("-%02d", to%100)
	}
	return out
}

// Copied is what a copy made.
type Copied struct {
	Season     id.Season
	Holidays   int
	Departures int
}

// Copy makes drafts of the chosen departures in the season of that year, all or none. What is there already under the same
// code is left as it is, so that a second press makes nothing twice.
func (s *Service) Copy(ctx context.Context, by string, from Season, year int, percent money.MilliPercent, chosen map[id.Departure]bool) (made Copied, err error) {
	lines, err := s.PlanCopy(ctx, from, year, percent)
	if err != nil {
		return Copied{}, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		made = Copied{}
		season, err := s.seasonTx(ctx, tx, by, year)
		if err != nil {
			return err
		}
		made.Season = season
		holidays := map[id.Holiday]id.Holiday{}
		for _, line := range lines {
			if !chosen[line.From] || line.Taken {
				continue
			}
			holiday, ok := holidays[line.Holiday]
			if !ok {
				if holiday, err = s.addHolidayTx(ctx, tx, by, season, line.Text, "copied"); err != nil {
					return fmt.Errorf("catalogue: copy %s: %w", line.Code, err)
				}
				if err := copyPhotos(ctx, tx, line.Holiday, holiday, s.Now()); err != nil {
					return err
				}
				holidays[line.Holiday] = holiday
				made.Holidays++
			}
			if _, err := s.addDepartureTx(ctx, tx, holiday, line.Plan, line.Prices, line.Places); err != nil {
				return fmt.Errorf("catalogue: copy %s: %w", line.Code, err)
			}
			made.Departures++
		}
		if made.Departures == 0 {
			return fault.New(fault.Conflict, "catalogue.copied_nothing")
		}
		return s.eventTx(ctx, tx, Event{Season: season, Kind: "season_copied", Actor: by, Changes: []Change{
			{Field: "season", To: strconv.Itoa(from.Year)}, {Field: "departures", To: strconv.Itoa(made.Departures)}, {Field: "percent", To: percentText(percent)}}})
	})
	if pg.Constraint(err) == "holiday_code_once" {
		err = ErrChanged // a colleague copies the same season at this moment
	}
	return made, err
}

func percentText(p money.MilliPercent) string {
	return strconv.FormatFloat(float64(p)/1000, 'f', -1, 64)
}
