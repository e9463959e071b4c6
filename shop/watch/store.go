package watch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
)

type childRow struct {
	Found
	Order     id.Order     `db:"order_id"`
	Departure id.Departure `db:"departure_id"`
	StartsOn  civil.Date   `db:"starts_on"`
	EndsOn    civil.Date   `db:"ends_on"`
}

const childColumns = `SELECT booking_id, first_name, last_name, title, order_id, departure_id, starts_on, ends_on FROM watch_child `

func childOf(ctx context.Context, q sqlx.QueryerContext, b id.Booking) (row childRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, childColumns+`WHERE booking_id = $1`, b)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	return row, err == nil, err
}

// childrenNamed finds children of that name on camps of these weeks: from a month before to two months after.
func childrenNamed(ctx context.Context, q sqlx.QueryerContext, first, last string, now time.Time) (rows []Found, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT booking_id, first_name, last_name, title FROM watch_child
		WHERE going AND starts_on <= $3::date + 31 AND ends_on >= $3::date - 61
		AND search_fold(first_name) = search_fold($1) AND search_fold(last_name) = search_fold($2) AND search_fold($1) <> '' AND search_fold($2) <> ''
		ORDER BY starts_on, booking_id LIMIT 20`, first, last, civil.Of(now))
	if err != nil {
		return nil, fmt.Errorf("watch: children by name: %w", err)
	}
	return rows, nil
}

func nameOf(ctx context.Context, q sqlx.QueryerContext, who id.Staff) (name string, err error) {
	err = sqlx.GetContext(ctx, q, &name, `SELECT name FROM watch_staff WHERE staff_id = $1`, who)
	return name, err
}

// childrenOf names the children of bookings.
func childrenOf(ctx context.Context, q sqlx.QueryerContext, bookings []id.Booking) (map[id.Booking]childRow, error) {
	var rows []childRow
	if err := sqlx.SelectContext(ctx, q, &rows, childColumns+`WHERE booking_id = ANY ($1)`, pq.Array(bookings)); err != nil {
		return nil, fmt.Errorf("watch: names: %w", err)
	}
	out := make(map[id.Booking]childRow, len(rows))
	for _, r := range rows {
		out[r.Booking] = r
	}
	return out, nil
}

// titles names camps.
func titles(ctx context.Context, q sqlx.QueryerContext, all []id.Departure) (map[id.Departure]string, error) {
	var rows []struct {
		Departure id.Departure `db:"departure_id"`
		Title     string       `db:"title"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT departure_id, title FROM watch_departure WHERE departure_id = ANY ($1)`, pq.Array(all)); err != nil {
		return nil, fmt.Errorf("watch: titles: %w", err)
	}
	out := make(map[id.Departure]string, len(rows))
	for _, r := range rows {
		out[r.Departure] = r.Title
	}
	return out, nil
}

type ficheKey struct {
	Participant id.Participant
	Departure   id.Departure
}

type ficheRow struct {
	Participant id.Participant `db:"participant_id"`
	Departure   id.Departure   `db:"departure_id"`
	FirstName   string         `db:"first_name"`
	LastName    string         `db:"last_name"`
	Title       string         `db:"title"`
	StartsOn    civil.Date     `db:"starts_on"`
	EndsOn      civil.Date     `db:"ends_on"`
}

// fiches names whose fiches these are, and of which camp.
func fiches(ctx context.Context, q sqlx.QueryerContext, all []ficheKey) (map[ficheKey]ficheRow, error) {
	children, camps := make([]id.Participant, len(all)), make([]id.Departure, len(all))
	for i, k := range all {
		children[i], camps[i] = k.Participant, k.Departure
	}
	var rows []ficheRow
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT participant_id, departure_id, first_name, last_name, title, starts_on, ends_on FROM watch_fiche
		WHERE (participant_id, departure_id) IN (SELECT p, d FROM unnest($1::bigint[], $2::bigint[]) AS w (p, d))`, pq.Array(children), pq.Array(camps))
	if err != nil {
		return nil, fmt.Errorf("watch: whose fiches: %w", err)
	}
	out := make(map[ficheKey]ficheRow, len(rows))
	for _, r := range rows {
		out[ficheKey{r.Participant, r.Departure}] = r
	}
	return out, nil
}
