package decision

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/id"
)

type openDecision struct {
	ID        int64        `db:"id"`
	Until     *time.Time   `db:"until"`
	At        time.Time    `db:"at"`
	Count     int          `db:"count"`
	Departure id.Departure `db:"departure_id"`
	Title     string       `db:"title"`
	StartsOn  civil.Date   `db:"starts_on"`
	Total     int          `db:"total"`
}

// openDecisions lists the decisions with items in a state, the one whose time ends first first.
func openDecisions(ctx context.Context, q sqlx.QueryerContext, state string, limit int) (rows []openDecision, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		WITH open AS (SELECT decision_id, count(*) AS count FROM decision_item WHERE state = $1 GROUP BY decision_id)
		SELECT d.id, d.until, d.at, open.count, p.id AS departure_id, h.title, p.starts_on, count(*) OVER () AS total
		FROM open JOIN decision d ON d.id = open.decision_id
		JOIN departure p ON p.id = (SELECT min(x.departure_id) FROM decision_departure x WHERE x.decision_id = d.id AND x.role = 'about')
		JOIN holiday h ON h.id = p.holiday_id
		ORDER BY d.until, d.id LIMIT $2`, state, limit)
	if err != nil {
		return nil, fmt.Errorf("decision: open ones: %w", err)
	}
	return rows, nil
}

// mailsOf says for the orders of a decision how the newest letter about it fares.
func mailsOf(ctx context.Context, q sqlx.QueryerContext, decision int64) (map[id.Order]string, error) {
	var rows []struct {
		Order id.Order `db:"order_id"`
		State string   `db:"state"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT DISTINCT ON (m.order_id) m.order_id, CASE WHEN m.dead_at IS NOT NULL THEN 'dead' WHEN m.sent_at IS NOT NULL THEN 'sent' ELSE 'waiting' END AS state
		FROM mail m JOIN decision d ON d.id = $1
		WHERE m.order_id IN (SELECT i.order_id FROM decision_item i WHERE i.decision_id = d.id) AND m.kind LIKE 'notice_decision_%' AND m.created_at >= d.at
		ORDER BY m.order_id, m.id DESC`, decision)
	if err != nil {
		return nil, fmt.Errorf("decision: mails: %w", err)
	}
	states := make(map[id.Order]string, len(rows))
	for _, r := range rows {
		states[r.Order] = r.State
	}
	return states, nil
}
