package catalogue

import (
	"context"
	"fmt"
	"time"

	"joetz/shop/worklist"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// boardingWarnDays is how long before the departure a boarding place under its minimum is work: earlier it still fills by
// itself, and the contract with the coach company is made about then.
const boardingWarnDays = 60

// LowBoarding finds boarding places of published departures on which too few children get on, the first departure first: a
// source of the worklist. Places where nobody gets on are no family's problem and stay out.
func (s *Service) LowBoarding(ctx context.Context, limit int) (worklist.Found, error) {
	today := civil.Of(s.Now())
	var rows []struct {
		Place     id.BoardingPlace `db:"id"`
		Departure id.Departure     `db:"departure_id"`
		Holiday   id.Holiday       `db:"holiday_id"`
		Name      string           `db:"name"`
		Minimum   int              `db:"min_participants"`
		Booked    int              `db:"booked"`
		Title     string           `db:"title"`
		StartsOn  civil.Date       `db:"starts_on"`
		Total     int              `db:"total"`
	}
	err := s.DB.SelectContext(ctx, &rows, `
		SELECT p.id, p.departure_id, d.holiday_id, p.name, p.min_participants, n.booked, h.title, d.starts_on, count(*) OVER () AS total
		FROM departure d JOIN holiday h ON h.id = d.holiday_id JOIN boarding_place p ON p.departure_id = d.id
		CROSS JOIN LATERAL (
			SELECT count(*) AS booked FROM booking b WHERE b.departure_id = d.id AND b.boarding_place_id = p.id AND b.status <> 'cancelled') n
		WHERE d.status = 'published' AND d.starts_on BETWEEN $1 AND $2 AND n.booked > 0 AND n.booked < p.min_participants
		ORDER BY d.starts_on, p.id LIMIT $3`, today, today.AddDays(boardingWarnDays), limit)
	if err != nil {
		return worklist.Found{}, fmt.Errorf("catalogue: low boarding places: %w", err)
	}
	var found worklist.Found
	for _, r := range rows {
		found.Total = r.Total
		found.Items = append(found.Items, worklist.Item{
			Kind: worklist.Boarding, Key: fmt.Sprintf("boarding:%d", r.Place), Subject: r.Name, Detail: r.Title,
			Args: []any{r.Booked, r.Minimum, r.StartsOn, today.DaysUntil(r.StartsOn)}, Departure: r.Departure,
			Since: since(s.Now(), r.StartsOn), Due: r.StartsOn, Path: fmt.Sprintf("/kantoor/aanbod/vakantie/%d", r.Holiday),
		})
	}
	return found, nil
}

// since is when a boarding place became work.
func since(now time.Time, starts civil.Date) time.Time {
	if at := starts.AddDays(-boardingWarnDays).Start(); at.Before(now) {
		return at
	}
	return now
}

// teamWarnDays is how long before the departure a camp without a team is work: then there is still time to ask around.
const teamWarnDays = 21

// NoTeam finds the departures that leave soon with children and with nobody to look after them, or nobody who leads, the
// first departure first: a source of the worklist. It is there until the camp begins.
func (s *Service) NoTeam(ctx context.Context, limit int) (worklist.Found, error) {
	today := civil.Of(s.Now())
	var rows []struct {
		Departure id.Departure `db:"departure_id"`
		Title     string       `db:"title"`
		StartsOn  civil.Date   `db:"starts_on"`
		Going     int          `db:"going"`
		Members   int          `db:"members"`
		Total     int          `db:"total"`
	}
	err := s.DB.SelectContext(ctx, &rows, `
		SELECT departure_id, title, starts_on, going, members, count(*) OVER () AS total FROM departure_team
		WHERE starts_on BETWEEN $1 AND $2 AND going > 0 AND leads = 0 ORDER BY starts_on, departure_id LIMIT $3`, today, today.AddDays(teamWarnDays), limit)
	if err != nil {
		return worklist.Found{}, fmt.Errorf("catalogue: departures without a team: %w", err)
	}
	var found worklist.Found
	for _, r := range rows {
		found.Total = r.Total
		item := worklist.Item{
			Kind: worklist.Team, Key: fmt.Sprintf("team:%d", r.Departure), Subject: r.Title, Args: []any{r.StartsOn, r.Going}, Departure: r.Departure,
			Since: r.StartsOn.AddDays(-teamWarnDays).Start(), Due: r.StartsOn, Path: fmt.Sprintf("/kantoor/vertrek/%d/begeleiders", r.Departure),
			Note: "worklist.note.team_nobody",
		}
		if r.Members > 0 {
			item.Note = "worklist.note.team_nobody_leads"
		}
		found.Items = append(found.Items, item)
	}
	return found, nil
}
