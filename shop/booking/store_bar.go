package booking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/shop/account"
	"joetz/shop/worklist"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// barredLike finds for each child that is barred, or like one that is, the barred one.
func barredLike(ctx context.Context, q sqlx.QueryerContext, children []account.Child, today civil.Date) (map[id.Participant]id.Participant, error) {
	keys, days := make(pq.Int64Array, len(children)), make(pq.StringArray, len(children))
	firsts, lasts := make(pq.StringArray, len(children)), make(pq.StringArray, len(children))
	for i, c := range children {
		keys[i], days[i], firsts[i], lasts[i] = int64(c.ID), c.BornOn.String(), c.FirstName, c.LastName
	}
	var rows []struct {
		Child  id.Participant `db:"child"`
		Barred id.Participant `db:"participant_id"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT DISTINCT ON (c.child) c.child, b.participant_id
		FROM participant_bar b JOIN participant p ON p.id = b.participant_id
		JOIN unnest($2::bigint[], $3::date[], $4::text[], $5::text[]) AS c (child, born_on, first_name, last_name)
			ON p.id = c.child OR p.born_on = c.born_on AND lower(btrim(p.first_name)) = lower(btrim(c.first_name)) AND lower(btrim(p.last_name)) = lower(btrim(c.last_name))
		WHERE b.ended_at IS NULL AND b.until_on >= $1
		ORDER BY c.child, p.id = c.child DESC, p.id`, today, keys, days, firsts, lasts)
	if err != nil {
		return nil, fmt.Errorf("booking: bars of %d children: %w", len(children), err)
	}
	barred := make(map[id.Participant]id.Participant, len(rows))
	for _, r := range rows {
		barred[r.Child] = r.Barred
	}
	return barred, nil
}

func participantByID(ctx context.Context, q sqlx.QueryerContext, child id.Participant) (c account.Child, err error) {
	var row struct {
		FirstName string     `db:"first_name"`
		LastName  string     `db:"last_name"`
		BornOn    civil.Date `db:"born_on"`
	}
	err = sqlx.GetContext(ctx, q, &row, `SELECT first_name, last_name, born_on FROM participant WHERE id = $1`, child)
	if errors.Is(err, sql.ErrNoRows) {
		return c, ErrNotYourChild
	}
	if err != nil {
		return c, fmt.Errorf("booking: participant %d: %w", child, err)
	}
	return account.Child{ID: child, FirstName: row.FirstName, LastName: row.LastName, BornOn: row.BornOn}, nil
}

func lockParticipant(ctx context.Context, tx *sqlx.Tx, child id.Participant) error {
	var one int64
	err := tx.GetContext(ctx, &one, `SELECT id FROM participant WHERE id = $1 FOR UPDATE`, child)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotYourChild
	}
	if err != nil {
		return fmt.Errorf("booking: lock participant %d: %w", child, err)
	}
	return nil
}

func barsOf(ctx context.Context, q sqlx.QueryerContext, child id.Participant) (all []Bar, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT b.id, b.reason, b.until_on, b.made_at, m.name AS made_by, b.ended_at, coalesce(e.name, '') AS ended_by
		FROM participant_bar b JOIN booking_staff m ON m.id = b.made_by LEFT JOIN booking_staff e ON e.id = b.ended_by
		WHERE b.participant_id = $1 ORDER BY b.id DESC`, child)
	if err != nil {
		return nil, fmt.Errorf("booking: bars of %d: %w", child, err)
	}
	return all, nil
}

func insertBar(ctx context.Context, tx *sqlx.Tx, child id.Participant, reason string, until civil.Date, by id.Staff, now time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO participant_bar (participant_id, reason, until_on, made_at, made_by) VALUES ($1, $2, $3, $4, $5)`, child, reason, until, now, by)
	if err != nil {
		return fmt.Errorf("booking: bar %d: %w", child, err)
	}
	return nil
}

func endBar(ctx context.Context, q sqlx.ExecerContext, child id.Participant, by id.Staff, now time.Time) error {
	if _, err := q.ExecContext(ctx, `UPDATE participant_bar SET ended_at = $2, ended_by = $3 WHERE participant_id = $1 AND ended_at IS NULL`, child, now, by); err != nil {
		return fmt.Errorf("booking: end the bar of %d: %w", child, err)
	}
	return nil
}

func barWaits(ctx context.Context, q sqlx.QueryerContext, child id.Participant) (all []BarWait, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT w.departure_id, h.title, d.starts_on FROM child_waits w JOIN departure d ON d.id = w.departure_id JOIN holiday h ON h.id = d.holiday_id
		WHERE w.participant_id = $1 ORDER BY d.starts_on, d.id`, child)
	if err != nil {
		return nil, fmt.Errorf("booking: lists on which %d waits: %w", child, err)
	}
	return all, nil
}

func firstGuardian(ctx context.Context, q sqlx.QueryerContext, child id.Participant) (guardian id.Guardian, err error) {
	err = sqlx.GetContext(ctx, q, &guardian, `SELECT coalesce(min(guardian_id), 0) FROM guardianship WHERE participant_id = $1`, child)
	if err != nil {
		return 0, fmt.Errorf("booking: guardian of %d: %w", child, err)
	}
	return guardian, nil
}

func barredAmong(ctx context.Context, q sqlx.QueryerContext, children []id.Participant, today civil.Date) (map[id.Participant]bool, error) {
	keys := make(pq.Int64Array, len(children))
	for i, c := range children {
		keys[i] = int64(c)
	}
	var rows []id.Participant
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT participant_id FROM participant_bar WHERE participant_id = ANY ($1) AND ended_at IS NULL AND until_on >= $2`, keys, today)
	if err != nil {
		return nil, fmt.Errorf("booking: which children are barred: %w", err)
	}
	barred := make(map[id.Participant]bool, len(rows))
	for _, r := range rows {
		barred[r] = true
	}
	return barred, nil
}

func insertBarTry(ctx context.Context, q sqlx.ExecerContext, child id.Participant, departure id.Departure, guardian id.Guardian, now time.Time) error {
	_, err := q.ExecContext(ctx, `
		INSERT INTO bar_try (participant_id, departure_id, guardian_id, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (participant_id, departure_id) DO UPDATE SET guardian_id = EXCLUDED.guardian_id, at = EXCLUDED.at, handled_at = NULL, handled_by = NULL`,
		child, departure, guardian, now)
	if err != nil {
		return fmt.Errorf("booking: note a try for %d: %w", child, err)
	}
	return nil
}

func barTries(ctx context.Context, q sqlx.QueryerContext, child id.Participant) (all []BarTry, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT h.title, d.starts_on, btrim(g.first_name || ' ' || g.last_name) AS guardian, g.phone, g.email, t.at, t.handled_at
		FROM bar_try t JOIN departure d ON d.id = t.departure_id JOIN holiday h ON h.id = d.holiday_id JOIN guardian g ON g.id = t.guardian_id
		WHERE t.participant_id = $1 ORDER BY t.at DESC LIMIT 50`, child)
	if err != nil {
		return nil, fmt.Errorf("booking: tries for %d: %w", child, err)
	}
	return all, nil
}

func handleBarTries(ctx context.Context, q sqlx.ExecerContext, child id.Participant, by id.Staff, now time.Time) error {
	if _, err := q.ExecContext(ctx, `UPDATE bar_try SET handled_at = $2, handled_by = $3 WHERE participant_id = $1 AND handled_at IS NULL`, child, now, by); err != nil {
		return fmt.Errorf("booking: handle the tries for %d: %w", child, err)
	}
	return nil
}

// BarredTries finds the families that tried to book a barred child: a source of the worklist.
func (s *Service) BarredTries(ctx context.Context, limit int) (worklist.Found, error) {
	var rows []struct {
		Child     id.Participant `db:"participant_id"`
		FirstName string         `db:"first_name"`
		LastName  string         `db:"last_name"`
		Title     string         `db:"title"`
		StartsOn  civil.Date     `db:"starts_on"`
		At        time.Time      `db:"at"`
		Total     int            `db:"total"`
	}
	err := s.DB.SelectContext(ctx, &rows, `
		SELECT t.participant_id, p.first_name, p.last_name, h.title, d.starts_on, t.at, count(*) OVER () AS total
		FROM bar_try t JOIN participant p ON p.id = t.participant_id JOIN departure d ON d.id = t.departure_id JOIN holiday h ON h.id = d.holiday_id
		WHERE t.handled_at IS NULL ORDER BY t.at, t.participant_id LIMIT $1`, limit)
	if err != nil {
		return worklist.Found{}, fmt.Errorf("booking: tries of barred children: %w", err)
	}
	var found worklist.Found
	for _, r := range rows {
		found.Total = r.Total
		found.Items = append(found.Items, worklist.Item{
			Kind: worklist.Barred, Key: fmt.Sprintf("child:%d:%s", r.Child, r.StartsOn), Subject: r.FirstName + " " + r.LastName,
			Detail: fmt.Sprintf("%s, %s", r.Title, r.StartsOn), Since: r.At, Path: fmt.Sprintf("/kantoor/deelnemer/%d/weigeren", r.Child),
		})
	}
	return found, nil
}
