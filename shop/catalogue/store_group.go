package catalogue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
)

// ensureGroup makes a group that an import or the demo's season names for the first time: it asks every extra question until
// somebody chooses.
func ensureGroup(ctx context.Context, tx *sqlx.Tx, name string) error {
	if name == "" {
		return nil
	}
	return run(ctx, tx, "target group", `INSERT INTO target_group (name) VALUES ($1) ON CONFLICT DO NOTHING`, name)
}

func groups(ctx context.Context, q sqlx.QueryerContext, today civil.Date, only id.TargetGroup) ([]Group, error) {
	var rows []struct {
		Group
		Chosen pq.StringArray `db:"questions"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT g.id, g.version, g.name, g.questions,
			(SELECT count(*) FROM holiday h WHERE h.target_group = g.name) AS holidays,
			(SELECT count(*) FROM departure d JOIN holiday h ON h.id = d.holiday_id WHERE h.target_group = g.name AND d.status = 'published' AND d.ends_on >= $1) AS on_sale
		FROM target_group g WHERE ($2::bigint = 0 OR g.id = $2) ORDER BY g.name`, today, int64(only))
	if err != nil {
		return nil, fmt.Errorf("catalogue: target groups: %w", err)
	}
	all := make([]Group, len(rows))
	for i, r := range rows {
		all[i] = r.Group
		all[i].Questions = r.Chosen
	}
	return all, nil
}

func groupQuestions(ctx context.Context, q sqlx.QueryerContext, name string) ([]string, error) {
	var rows []struct {
		Questions pq.StringArray `db:"questions"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT questions FROM target_group WHERE name = $1`, name); err != nil {
		return nil, fmt.Errorf("catalogue: questions of a target group: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return rows[0].Questions, nil
}

func lockGroup(ctx context.Context, tx *sqlx.Tx, group id.TargetGroup) error {
	return run(ctx, tx, "lock target group", `SELECT 1 FROM target_group WHERE id = $1 FOR UPDATE`, group)
}

func insertGroup(ctx context.Context, tx *sqlx.Tx, name string, questions []string, now time.Time) (group id.TargetGroup, err error) {
	err = tx.GetContext(ctx, &group, `INSERT INTO target_group (name, questions, created_at) VALUES ($1, coalesce($2::text[], '{}'), $3) RETURNING id`,
		name, pq.Array(questions), now)
	if err != nil {
		return 0, fmt.Errorf("catalogue: add target group: %w", err)
	}
	return group, nil
}

func updateGroup(ctx context.Context, tx *sqlx.Tx, group id.TargetGroup, name string, questions []string) error {
	return run(ctx, tx, "save target group", `UPDATE target_group SET version = version + 1, name = $2, questions = coalesce($3::text[], '{}') WHERE id = $1`,
		group, name, pq.Array(questions))
}

func deleteGroup(ctx context.Context, tx *sqlx.Tx, group id.TargetGroup) error {
	return run(ctx, tx, "delete target group", `DELETE FROM target_group WHERE id = $1`, group)
}

func insertGroupEvent(ctx context.Context, tx *sqlx.Tx, group id.TargetGroup, changes []Change, by string, now time.Time) error {
	text, err := json.Marshal(changes)
	if err != nil {
		return fmt.Errorf("catalogue: target group event: %w", err)
	}
	return run(ctx, tx, "target group event", `INSERT INTO target_group_event (group_id, changes, actor, at) VALUES ($1, $2, $3, $4)`, group, string(text), by, now)
}

func groupEvents(ctx context.Context, q sqlx.QueryerContext, group id.TargetGroup) ([]GroupEvent, error) {
	var rows []struct {
		Changes []byte    `db:"changes"`
		Who     string    `db:"who"`
		At      time.Time `db:"at"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT e.changes, e.at, coalesce(s.name, '') AS who FROM target_group_event e LEFT JOIN staff s ON e.actor = 'staff:' || s.id
		WHERE e.group_id = $1 ORDER BY e.id DESC LIMIT 50`, group)
	if err != nil {
		return nil, fmt.Errorf("catalogue: history of target group %d: %w", group, err)
	}
	all := make([]GroupEvent, len(rows))
	for i, r := range rows {
		all[i] = GroupEvent{Who: r.Who, At: r.At}
		if err := json.Unmarshal(r.Changes, &all[i].Changes); err != nil {
			return nil, fmt.Errorf("catalogue: history of target group %d: %w", group, err)
		}
	}
	return all, nil
}
