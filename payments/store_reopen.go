package payments

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
	"joetz/terms/money"
)

// chargesBefore lists the charges that were reversed since that moment and stood before it.
func chargesBefore(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, since time.Time) (lines []Line, err error) {
	var rows []struct {
		Kind   string      `db:"kind"`
		Amount money.Cents `db:"amount_cents"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT c.kind, c.amount_cents FROM charge c JOIN charge r ON r.reverses_id = c.id
		WHERE c.booking_id = $1 AND c.reverses_id IS NULL AND c.at < $2 AND r.at >= $2 ORDER BY c.id`, booking, since)
	if err != nil {
		return nil, fmt.Errorf("payments: charges of booking %d before: %w", booking, err)
	}
	for _, r := range rows {
		lines = append(lines, Line{r.Kind, r.Amount})
	}
	return lines, nil
}

// partsBefore lists the schedule that was void since that moment and ran before it.
func partsBefore(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, since time.Time) (dues []Due, err error) {
	var rows []dueRow
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT kind, due_on, amount_cents FROM instalment
		WHERE booking_id = $1 AND created_at < $2 AND void_at >= $2 ORDER BY due_on, id`, booking, since)
	if err != nil {
		return nil, fmt.Errorf("payments: schedule of booking %d before: %w", booking, err)
	}
	for _, r := range rows {
		dues = append(dues, Due(r))
	}
	return dues, nil
}

// runningKinds names the kinds of charges that a booking has now.
func runningKinds(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (kinds []string, err error) {
	err = sqlx.SelectContext(ctx, q, &kinds, `
		SELECT DISTINCT c.kind FROM charge c LEFT JOIN charge r ON r.reverses_id = c.id
		WHERE c.booking_id = $1 AND c.reverses_id IS NULL AND r.id IS NULL ORDER BY c.kind`, booking)
	if err != nil {
		return nil, fmt.Errorf("payments: charges of booking %d: %w", booking, err)
	}
	return kinds, nil
}

const sinceClosing = ` FROM refund r WHERE r.booking_id = $1 AND r.requested_at >= $2
	AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')`

const notLeft = ` r.method = 'transfer' AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id)`

// refundsToCallOff lists a booking's refunds by bank that were promised since and have not left.
func refundsToCallOff(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, since time.Time) (refunds []id.Refund, err error) {
	err = sqlx.SelectContext(ctx, q, &refunds, `SELECT r.id`+sinceClosing+` AND`+notLeft+` ORDER BY r.id`, booking, since)
	if err != nil {
		return nil, fmt.Errorf("payments: refunds of booking %d: %w", booking, err)
	}
	return refunds, nil
}

func refundsSince(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, since time.Time) (waiting, sent money.Cents, err error) {
	var row struct {
		Waiting money.Cents `db:"waiting"`
		Total   money.Cents `db:"total"`
	}
	err = sqlx.GetContext(ctx, q, &row, `SELECT coalesce(sum(r.amount_cents) FILTER (WHERE`+notLeft+`), 0) AS waiting,
		coalesce(sum(r.amount_cents), 0) AS total`+sinceClosing, booking, since)
	if err != nil {
		return 0, 0, fmt.Errorf("payments: refunds of booking %d: %w", booking, err)
	}
	return row.Waiting, row.Total - row.Waiting, nil
}

// RunningOf is what a booking is charged of one kind.
func (s *Service) RunningOf(ctx context.Context, q sqlx.QueryerContext, booking id.Booking, kind string) (sum money.Cents, err error) {
	err = sqlx.GetContext(ctx, q, &sum, `SELECT coalesce(sum(amount_cents), 0) FROM charge WHERE booking_id = $1 AND kind = $2`, booking, kind)
	if err != nil {
		return 0, fmt.Errorf("payments: %s of booking %d: %w", kind, booking, err)
	}
	return sum, nil
}
