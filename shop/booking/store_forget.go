package booking

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
)

func forgetBars(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, children []id.Participant) error {
	keys := make(pq.Int64Array, len(children))
	for i, c := range children {
		keys[i] = int64(c)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM bar_try WHERE guardian_id = $1 OR participant_id = ANY ($2)`, guardian, keys); err != nil {
		return fmt.Errorf("booking: forget the tries of guardian %d: %w", guardian, err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM participant_bar WHERE participant_id = ANY ($1)`, keys); err != nil {
		return fmt.Errorf("booking: forget the bars of guardian %d: %w", guardian, err)
	}
	return nil
}

// forgetEvents takes names and words out of the history; the table lets nothing else be changed.
func forgetEvents(ctx context.Context, tx *sqlx.Tx, orders []id.Order) error {
	keys := make(pq.Int64Array, len(orders))
	for i, o := range orders {
		keys[i] = int64(o)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE booking_event SET detail = booking_event_forgotten(kind, detail)
		WHERE order_id = ANY ($1) AND detail <> booking_event_forgotten(kind, detail)`, keys); err != nil {
		return fmt.Errorf("booking: forget the words in the history of %d orders: %w", len(orders), err)
	}
	return nil
}

const wipe = `UPDATE payer p SET name = '', email = '', street = '', postal_code = '', city = '', enterprise = '', reference = '', wiped_at = `

func wipePayers(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, now time.Time) error {
	_, err := tx.ExecContext(ctx, wipe+`$2 WHERE p.guardian_id = $1 AND p.wiped_at IS NULL AND NOT EXISTS (SELECT 1 FROM booking_order o WHERE o.payer_id = p.id)`, guardian, now)
	if err != nil {
		return fmt.Errorf("booking: wipe the payers of guardian %d: %w", guardian, err)
	}
	return nil
}

// wipeOldPayers wipes who pays no order that is still kept: of the orders that were forgotten, and of no order for as long.
func wipeOldPayers(ctx context.Context, tx *sqlx.Tx, before civil.Date, now time.Time) error {
	_, err := tx.ExecContext(ctx, wipe+`$2 WHERE p.wiped_at IS NULL AND p.created_at < $1
		AND NOT EXISTS (SELECT 1 FROM booking_order o WHERE o.payer_id = p.id AND o.payer_email <> '')`, before.Start(), now)
	if err != nil {
		return fmt.Errorf("booking: wipe old payers: %w", err)
	}
	return nil
}

func forgetOrders(ctx context.Context, tx *sqlx.Tx, before civil.Date, limit int) (int, error) {
	done, err := tx.ExecContext(ctx, `
		UPDATE booking_order SET payer_name = '', payer_email = '', payer_street = '', payer_postal_code = '', payer_city = '', payer_phone = ''
		WHERE id IN (SELECT o.id FROM booking_order o WHERE o.placed_at < $1 AND o.payer_email <> ''
			AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.order_id = o.id AND b.departs_on >= $2) ORDER BY o.id LIMIT $3 FOR UPDATE)`, before.Start(), before, limit)
	if err != nil {
		return 0, fmt.Errorf("booking: forget who paid before %s: %w", before, err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}
