package dossier

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

func insertNote(ctx context.Context, q sqlx.ExecerContext, by id.Staff, n Note, now time.Time) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO order_note (order_id, guardian_id, text, pinned, staff_id, at) VALUES (nullif($1::bigint, 0), nullif($2::bigint, 0), $3, $4, $5, $6)`,
		int64(n.Order), int64(n.Guardian), n.Text, n.Pinned, by, now)
	if err != nil {
		return fmt.Errorf("dossier: note on order %d or family %d: %w", n.Order, n.Guardian, err)
	}
	return nil
}

// ofOrder are the notes that an order shows: its own and its family's. $1 is the order, $2 the family of a family's page.
const ofOrder = `(n.order_id = $1 OR n.guardian_id = $2 OR n.guardian_id = (SELECT o.guardian_id FROM dossier_order o WHERE o.order_id = $1))`

// pinNote leaves a trace only when something changed: pressing twice is one change.
func pinNote(ctx context.Context, q sqlx.QueryerContext, by id.Staff, order id.Order, guardian id.Guardian, note int64, pinned bool, now time.Time) error {
	var there bool
	err := sqlx.GetContext(ctx, q, &there, `
		WITH there AS (SELECT n.id FROM order_note n WHERE n.id = $3 AND `+ofOrder+`),
		changed AS (UPDATE order_note SET pinned = $4 WHERE id IN (SELECT id FROM there) AND pinned <> $4 RETURNING id),
		trace AS (INSERT INTO order_note_pin (note_id, pinned, staff_id, at) SELECT id, $4, $5, $6 FROM changed)
		SELECT EXISTS (SELECT 1 FROM there)`, int64(order), int64(guardian), note, pinned, by, now)
	if err != nil {
		return fmt.Errorf("dossier: pin note %d: %w", note, err)
	}
	if !there {
		return ErrNoNote
	}
	return nil
}

func notesOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Note, error) {
	return noteRows(ctx, q, order, 0)
}

func familyNotes(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian) ([]Note, error) {
	return noteRows(ctx, q, 0, guardian)
}

func noteRows(ctx context.Context, q sqlx.QueryerContext, order id.Order, guardian id.Guardian) ([]Note, error) {
	var all []Note
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT n.id, coalesce(n.order_id, 0) AS order_id, coalesce(n.guardian_id, 0) AS guardian_id, n.text, n.pinned, n.staff_name, n.at FROM dossier_note n
		WHERE `+ofOrder+` ORDER BY n.pinned DESC, n.id DESC`, int64(order), int64(guardian))
	if err != nil {
		return nil, fmt.Errorf("dossier: notes of order %d or family %d: %w", order, guardian, err)
	}
	return all, nil
}

func pinsOf(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]Pin, error) {
	var all []Pin
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT n.text, p.pinned, p.staff_name, p.at FROM dossier_pin p JOIN order_note n ON n.id = p.note_id WHERE `+ofOrder+` ORDER BY p.id DESC`, int64(order), int64(0))
	if err != nil {
		return nil, fmt.Errorf("dossier: pins of order %d: %w", order, err)
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

// emptied is what stands in the place of a note that was forgotten.
const emptied = "–"

func emptyNotes(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, orders []id.Order) error {
	keys := make(pq.Int64Array, len(orders))
	for i, o := range orders {
		keys[i] = int64(o)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE order_note SET text = $3, pinned = false WHERE guardian_id = $1 OR order_id = ANY ($2)`, guardian, keys, emptied); err != nil {
		return fmt.Errorf("dossier: forget the notes of family %d: %w", guardian, err)
	}
	return nil
}
