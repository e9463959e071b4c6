package camp

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
)

type campRow struct {
	Departure     id.Departure `db:"departure_id"`
	Title         string       `db:"title"`
	Destination   string       `db:"destination"`
	Accommodation string       `db:"accommodation"`
	StartsOn      civil.Date   `db:"starts_on"`
	EndsOn        civil.Date   `db:"ends_on"`
	Children      int          `db:"children"`
	Leads         bool         `db:"leads"`
}

const campColumns = `c.departure_id, c.title, c.destination, c.accommodation, c.starts_on, c.ends_on, c.children, a.leads`

func campsOf(ctx context.Context, q sqlx.QueryerContext, who id.Staff) (rows []campRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT `+campColumns+` FROM camp c JOIN camp_assignment a USING (departure_id)
		WHERE a.staff_id = $1 ORDER BY c.starts_on, c.departure_id`, who)
	return rows, err
}

func campOf(ctx context.Context, q sqlx.QueryerContext, who id.Staff, d id.Departure) (row campRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT `+campColumns+` FROM camp c JOIN camp_assignment a USING (departure_id)
		WHERE a.staff_id = $1 AND c.departure_id = $2`, who, d)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	return row, err == nil, err
}

type childRow struct {
	Booking       id.Booking     `db:"booking_id"`
	Participant   id.Participant `db:"participant_id"`
	FirstName     string         `db:"first_name"`
	LastName      string         `db:"last_name"`
	BornOn        civil.Date     `db:"born_on"`
	BoardingPlace string         `db:"boarding_place"`
	PhotoConsent  string         `db:"photo_consent"`
}

// childrenOn lists the children of a camp as a leader looks for them: by first name.
func childrenOn(ctx context.Context, q sqlx.QueryerContext, d id.Departure) (rows []childRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT booking_id, participant_id, first_name, last_name, born_on, boarding_place, photo_consent
		FROM camp_child WHERE departure_id = $1 ORDER BY lower(first_name), lower(last_name), booking_id`, d)
	return rows, err
}

type parentRow struct {
	Participant id.Participant `db:"participant_id"`
	FirstName   string         `db:"first_name"`
	LastName    string         `db:"last_name"`
	Phone       string         `db:"phone"`
}

// parentsOn lists the parents of all children of a camp, those with a telephone first.
func parentsOn(ctx context.Context, q sqlx.QueryerContext, d id.Departure) (rows []parentRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT participant_id, first_name, last_name, phone FROM camp_parent
		WHERE participant_id IN (SELECT participant_id FROM camp_child WHERE departure_id = $1)
		ORDER BY participant_id, phone = '', guardian_id`, d)
	return rows, err
}

// Leaving is when a child goes home early, and with whom.
type Leaving struct {
	At    time.Time `db:"leaves_at"`
	Name  string    `db:"fetcher_name"`
	Phone string    `db:"fetcher_phone"`
}

// leavingOn lists the children of a camp who leave early; of two agreements about a child the newest counts.
func leavingOn(ctx context.Context, q sqlx.QueryerContext, d id.Departure) (map[id.Booking]*Leaving, error) {
	var rows []struct {
		Booking id.Booking `db:"booking_id"`
		Leaving
	}
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT l.booking_id, l.leaves_at, l.fetcher_name, l.fetcher_phone FROM camp_leaving l
		JOIN camp_child c ON c.booking_id = l.booking_id WHERE c.departure_id = $1 ORDER BY l.agreed_at`, d)
	out := make(map[id.Booking]*Leaving, len(rows))
	for i := range rows {
		out[rows[i].Booking] = &rows[i].Leaving
	}
	return out, err
}
