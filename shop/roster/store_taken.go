package roster

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func insertTaken(ctx context.Context, db *sqlx.DB, t Taken) error {
	_, err := db.ExecContext(ctx, `INSERT INTO list_file (taken_at, staff_id, purpose, departure_id, rows) VALUES ($1, $2, $3, nullif($4::bigint, 0), $5)`,
		t.At, t.By, t.Purpose, t.Departure, t.Rows)
	return err
}

func lastTaken(ctx context.Context, db *sqlx.DB, departure id.Departure, families bool) ([]Taken, error) {
	var rows []struct {
		By      id.Staff  `db:"staff_id"`
		Name    string    `db:"name"`
		Purpose string    `db:"purpose"`
		Rows    int       `db:"rows"`
		At      time.Time `db:"taken_at"`
	}
	err := db.SelectContext(ctx, &rows, `SELECT f.staff_id, s.name, f.purpose, f.rows, f.taken_at FROM list_file f JOIN staff s ON s.id = f.staff_id
		WHERE f.departure_id IS NOT DISTINCT FROM nullif($1::bigint, 0) AND (f.purpose = $2) = $3 ORDER BY f.id DESC LIMIT $4`, departure, Families, families, mostTaken)
	all := make([]Taken, 0, len(rows))
	for _, r := range rows {
		all = append(all, Taken{By: r.By, Name: r.Name, Purpose: r.Purpose, Departure: departure, Rows: r.Rows, At: r.At})
	}
	return all, err
}
