package dunning

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
)

// owingColumns are what one order owes on one day (d) with every reason that could stop a reminder; $1 is today.
const owingColumns = `d.order_id, d.due_on, d.open_cents, d.open_cents <= small_difference_most() AS small,
			coalesce((SELECT p.until FROM dunning_pause p WHERE p.order_id = d.order_id ORDER BY p.id DESC LIMIT 1) > $1, false) AS paused,
			EXISTS (SELECT 1 FROM booking b WHERE b.order_id = d.order_id AND b.status = 'in_review') AS in_review,
			EXISTS (SELECT 1 FROM booking b JOIN departure x ON x.id = b.departure_id WHERE b.order_id = d.order_id AND b.status = 'placed' AND x.status = 'cancelled') AS off,
			EXISTS (SELECT 1 FROM attempt_share y JOIN payment_attempt a ON a.id = y.attempt_id WHERE y.order_id = d.order_id AND a.status IN ('created', 'open', 'processing', 'held')) AS paying,
			EXISTS (SELECT 1 FROM stripe_dispute s WHERE s.order_id = d.order_id AND s.status NOT IN ('won', 'lost', 'warning_closed')) AS disputed,
			EXISTS (SELECT 1 FROM family_request r WHERE r.guardian_id = o.guardian_id AND r.status = 'open'
				AND (r.booking_id IS NULL OR r.booking_id IN (SELECT b.id FROM booking b WHERE b.order_id = d.order_id))) AS asked,
			EXISTS (SELECT 1 FROM bank_movement m
				WHERE m.money_cents > 0 AND m.money_cents > coalesce((SELECT sum(t.amount_cents) FROM movement_match t WHERE t.movement_id = m.id), 0)
					AND (m.money_cents = d.open_cents OR m.iban <> '' AND m.iban IN (SELECT p.payer_iban FROM payment p JOIN booking_order po ON po.id = p.order_id WHERE po.guardian_id = o.guardian_id))) AS at_bank,
			o.payer_email = '' OR EXISTS (SELECT 1 FROM mail_bounce n WHERE n.address = lower(o.payer_email)) AS unreachable`

// owingNow lists what orders owe by day, as far as it was asked, is due by until, and a step is to be taken: a notice before,
// a reminder after, a second one once the term of the first is over. It goes by the order of the orders; after is where the
// last look ended.
func owingNow(ctx context.Context, q sqlx.QueryerContext, today, until civil.Date, after owing, limit int) (rows []owing, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		WITH due AS (
			SELECT i.order_id, x.due_on, sum(x.open_cents) AS open_cents FROM invoice_open x JOIN invoice i ON i.id = x.invoice_id
			WHERE x.due_on <= $2 AND (i.order_id, x.due_on) > ($3, $4::date)
			GROUP BY i.order_id, x.due_on)
		SELECT `+owingColumns+`, x.stage,
			(SELECT count(*) FROM dunning_step s WHERE s.order_id = d.order_id AND s.due_on = d.due_on AND s.stage = x.stage AND s.outcome = 'sent' AND s.channel = 'mail') AS mailed
		FROM due d JOIN booking_order o ON o.id = d.order_id
		CROSS JOIN LATERAL (SELECT max(v.until) AS until FROM dunning_delivered v WHERE v.order_id = d.order_id AND v.due_on = d.due_on AND v.stage = 'reminder') r
		CROSS JOIN LATERAL (SELECT CASE WHEN d.due_on >= $1 THEN 'notice' WHEN r.until IS NULL THEN 'reminder' ELSE 'second' END AS stage) x
		WHERE NOT (x.stage = 'second' AND r.until >= $1)
			AND NOT EXISTS (SELECT 1 FROM dunning_delivered v WHERE v.order_id = d.order_id AND v.due_on = d.due_on AND v.stage = x.stage)
			AND NOT EXISTS (SELECT 1 FROM dunning_step s WHERE s.order_id = d.order_id AND s.due_on = d.due_on AND s.stage = x.stage AND s.outcome = 'to_post')
		ORDER BY d.order_id, d.due_on LIMIT $5`, today, until, after.Order, dateOrFirst(after.DueOn), limit)
	if err != nil {
		return nil, fmt.Errorf("dunning: what is owed: %w", err)
	}
	return rows, nil
}

// dateOrFirst is a day before all others for the zero date.
func dateOrFirst(d civil.Date) string {
	if d.IsZero() {
		return "-infinity"
	}
	return d.String()
}

// bankFileMissing reports whether the bank's statement of that day was not read in yet; false where no bank file ever was.
func bankFileMissing(ctx context.Context, q sqlx.QueryerContext, day civil.Date) (missing bool, err error) {
	err = sqlx.GetContext(ctx, q, &missing, `SELECT coalesce(max(closed_on) < $1, false) FROM bank_statement`, day)
	if err != nil {
		return false, fmt.Errorf("dunning: newest bank statement: %w", err)
	}
	return missing, nil
}

// insertStep writes a step down; it reports false when it was taken before.
func insertStep(ctx context.Context, tx *sqlx.Tx, s Step, now time.Time) (isNew bool, err error) {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO dunning_step (order_id, stage, due_on, open_cents, outcome, reason, until, at, channel, mail_id, nth, costs_cents)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10::bigint, 0), $11, $12) ON CONFLICT DO NOTHING`,
		s.Order, s.Stage, s.DueOn, s.Open, s.Outcome, s.Reason, s.Until, now, s.Channel, int64(s.Mail), max(1, s.Nth), s.Costs)
	if err != nil {
		return false, fmt.Errorf("dunning: remind order %d: %w", s.Order, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// taken reports whether a step was taken since it was looked for.
func taken(ctx context.Context, tx *sqlx.Tx, s Step) (taken bool, err error) {
	err = tx.GetContext(ctx, &taken, `
		SELECT EXISTS (SELECT 1 FROM dunning_step WHERE order_id = $1 AND stage = $2 AND due_on = $3 AND outcome = 'sent' AND channel = $4 AND nth >= $5)`,
		s.Order, s.Stage, s.DueOn, s.Channel, max(1, s.Nth))
	if err != nil {
		return false, fmt.Errorf("dunning: remind order %d: %w", s.Order, err)
	}
	return taken, nil
}

func steps(ctx context.Context, q sqlx.QueryerContext, limit int) (all []Step, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT s.order_id, o.reference, o.payer_name, s.stage, s.due_on, s.open_cents, s.outcome, s.channel, s.reason, s.until, s.costs_cents, s.at
		FROM dunning_step s JOIN booking_order o ON o.id = s.order_id ORDER BY s.id DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("dunning: reminders: %w", err)
	}
	return all, nil
}
