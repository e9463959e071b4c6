package booking

import (
	"context"
	"fmt"
	"time"

	"joetz/shop/worklist"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// CareToDecide finds the bookings whose care question waits for the office, the first departure first: a source of the
// worklist. What the parent wrote is not in it.
func (s *Service) CareToDecide(ctx context.Context, limit int) (worklist.Found, error) {
	var rows []struct {
		Booking   id.Booking   `db:"id"`
		Order     id.Order     `db:"order_id"`
		Departure id.Departure `db:"departure_id"`
		FirstName string       `db:"first_name"`
		LastName  string       `db:"last_name"`
		Title     string       `db:"title"`
		DepartsOn civil.Date   `db:"departs_on"`
		PlacedAt  time.Time    `db:"placed_at"`
		Total     int          `db:"total"`
	}
	err := s.DB.SelectContext(ctx, &rows, `
		SELECT v.id, v.order_id, v.departure_id, v.first_name, v.last_name, v.title, v.departs_on,
			coalesce(b.paused_on::timestamp AT TIME ZONE 'Europe/Brussels', v.placed_at) AS placed_at, count(*) OVER () AS total
		FROM booking_overview v JOIN booking b ON b.id = v.id WHERE v.status = 'in_review' ORDER BY v.departs_on, placed_at, v.id LIMIT $1`, limit)
	if err != nil {
		return worklist.Found{}, fmt.Errorf("booking: care to decide: %w", err)
	}
	var found worklist.Found
	for _, r := range rows {
		found.Total = r.Total
		item := worklist.Item{
			Kind: worklist.Care, Key: fmt.Sprintf("booking:%d", r.Booking), Subject: r.FirstName + " " + r.LastName, Detail: r.Title,
			Args: []any{r.DepartsOn}, Order: r.Order, Departure: r.Departure, Since: r.PlacedAt, Path: fmt.Sprintf("/kantoor/kind/%d/zorg", r.Booking),
		}
		if !s.today().Before(r.DepartsOn.AddDays(-CareSoon)) { // it is never decided by letting the day pass
			item.Due, item.Note = r.DepartsOn.AddDays(-1), "worklist.note.care_departs"
		}
		found.Items = append(found.Items, item)
	}
	return found, nil
}

// CareSoon is how many days before the departure an undecided care question becomes urgent.
const CareSoon = 3

// CareDeparting counts the children whose care is undecided and who leave within CareSoon days, or are on their way already.
func (s *Service) CareDeparting(ctx context.Context) (n int, err error) {
	err = s.DB.GetContext(ctx, &n, `SELECT count(*) FROM booking_overview
		WHERE status = 'in_review' AND departs_on <= $1::date + $2::int AND ends_on >= $1::date`, s.today(), CareSoon)
	if err != nil {
		return 0, fmt.Errorf("booking: care of who leaves soon: %w", err)
	}
	return n, nil
}

// GoodwillToApprove finds goodwill that waits for a second person: a source of the worklist.
func (s *Service) GoodwillToApprove(ctx context.Context, limit int) (worklist.Found, error) {
	var rows []struct {
		ID        int64       `db:"id"`
		Order     id.Order    `db:"order_id"`
		Booking   id.Booking  `db:"booking_id"`
		FirstName string      `db:"first_name"`
		LastName  string      `db:"last_name"`
		Granted   money.Cents `db:"granted_cents"`
		AskedBy   string      `db:"asked_name"`
		AskedAt   time.Time   `db:"asked_at"`
		Total     int         `db:"total"`
	}
	err := s.DB.SelectContext(ctx, &rows, `
		SELECT g.id, g.order_id, g.booking_id, b.first_name, b.last_name, g.granted_cents, s.name AS asked_name, g.asked_at, count(*) OVER () AS total
		FROM goodwill g JOIN booking_overview b ON b.id = g.booking_id JOIN booking_staff s ON s.id = g.asked_by
		WHERE NOT EXISTS (SELECT 1 FROM goodwill_decision d WHERE d.goodwill_id = g.id) ORDER BY g.asked_at, g.id LIMIT $1`, limit)
	if err != nil {
		return worklist.Found{}, fmt.Errorf("booking: goodwill to approve: %w", err)
	}
	var found worklist.Found
	for _, r := range rows {
		found.Total = r.Total
		found.Items = append(found.Items, worklist.Item{
			Kind: worklist.Approval, Key: fmt.Sprintf("goodwill:%d", r.ID), Subject: r.FirstName + " " + r.LastName, Detail: r.AskedBy,
			Args: []any{r.Granted}, Order: r.Order, Amount: r.Granted, Since: r.AskedAt, Path: fmt.Sprintf("/kantoor/kind/%d/tegemoetkoming", r.Booking),
		})
	}
	return found, nil
}
