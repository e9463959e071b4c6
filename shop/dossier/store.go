package dossier

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

func insertNote(ctx context.Context, q sqlx.ExecerContext, by id.Staff, order id.Order, text string, pinned bool, now time.Time) error {
	if _, err := q.ExecContext(ctx, `INSERT INTO order_note (order_id, text, pinned, staff_id, at) VALUES ($1, $2, $3, $4, $5)`, order, text, pinned, by, now); err != nil {
		return fmt.Errorf("dossier: note on order %d: %w", order, err)
	}
	return nil
}

func pinNote(ctx context.Context, q sqlx.ExecerContext, order id.Order, note int64, pinned bool) error {
	res, err := q.ExecContext(ctx, `UPDATE order_note SET pinned = $3 WHERE id = $2 AND order_id = $1`, order, note, pinned)
	if err != nil {
		return fmt.Errorf("dossier: pin note %d: %w", note, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNoNote)
	}
	return nil
}

func notesOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Note, error) {
	var all []Note
	err := sqlx.SelectContext(ctx, q, &all, `SELECT id, order_id, text, pinned, staff_name, at FROM dossier_note WHERE order_id = $1 ORDER BY pinned DESC, id DESC`, order)
	if err != nil {
		return nil, fmt.Errorf("dossier: notes of order %d: %w", order, err)
	}
	return all, nil
}

func namesOf(ctx context.Context, q sqlx.QueryerContext, actors []string) (map[string]string, error) {
	var staff, guardians pq.Int64Array
	for _, a := range actors {
		kind, number, _ := strings.Cut(a, ":")
		key, err := strconv.ParseInt(number, 10, 64)
		switch {
		case err != nil: // system, and whoever else has no number
		case kind == "staff":
			staff = append(staff, key)
		case kind == "guardian":
			guardians = append(guardians, key)
		}
	}
	var rows []struct {
		Kind string `db:"kind"`
		ID   int64  `db:"id"`
		Name string `db:"name"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT kind, id, name FROM dossier_actor WHERE kind = 'staff' AND id = ANY ($1)
		UNION ALL SELECT kind, id, name FROM dossier_actor WHERE kind = 'guardian' AND id = ANY ($2)`, staff, guardians)
	if err != nil {
		return nil, fmt.Errorf("dossier: names: %w", err)
	}
	names := make(map[string]string, len(rows))
	for _, r := range rows {
		if r.Name != "" {
			names[fmt.Sprintf("%s:%d", r.Kind, r.ID)] = r.Name
		}
	}
	return names, nil
}

func bounced(ctx context.Context, q sqlx.QueryerContext, limit int) ([]bouncedRow, error) {
	var rows []bouncedRow
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT guardian_id, first_name, last_name, email, at, count(*) OVER () AS total FROM bounced_family ORDER BY at, guardian_id LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("dossier: bounced: %w", err)
	}
	return rows, nil
}

func bounceOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian) (why string, err error) {
	err = sqlx.GetContext(ctx, q, &why, `SELECT coalesce(max(why), '') FROM bounced_family WHERE guardian_id = $1`, guardian)
	if err != nil {
		return "", fmt.Errorf("dossier: bounce of %d: %w", guardian, err)
	}
	return why, nil
}
