package waitlist

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// lockList lets everything that happens to one departure's list wait for each other. Buyers and orders never take it.
func lockList(ctx context.Context, tx *sqlx.Tx, departure id.Departure) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('waitlist', $1))`, departure); err != nil {
		return fmt.Errorf("waitlist: lock list of departure %d: %w", departure, err)
	}
	return nil
}

func insertEntry(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, in JoinInput, now time.Time) (entry id.WaitlistEntry, err error) {
	people, boarding := make([]int64, len(in.Children)), make([]int64, len(in.Children))
	for i, c := range in.Children {
		people[i], boarding[i] = int64(c.Participant), int64(c.BoardingPlace)
	}
	err = tx.GetContext(ctx, &entry, `
		WITH added AS (INSERT INTO waitlist_entry (departure_id, guardian_id, at_least, joined_at) VALUES ($1, $2, $3, $4) RETURNING id),
		children AS (INSERT INTO waitlist_child (entry_id, position, participant_id, boarding_place_id)
			SELECT added.id, w.n, w.person, nullif(w.boarding, 0) FROM added, unnest($5::bigint[], $6::bigint[]) WITH ORDINALITY AS w (person, boarding, n))
		SELECT id FROM added`, in.Departure, guardian, in.AtLeast, now, pq.Array(people), pq.Array(boarding))
	if err != nil {
		return 0, fmt.Errorf("waitlist: join departure %d: %w", in.Departure, err)
	}
	return entry, nil
}

func goesOrWaits(ctx context.Context, q sqlx.QueryerContext, participant id.Participant, departure id.Departure) (goes, waits bool, err error) {
	var row struct {
		Goes  bool `db:"goes"`
		Waits bool `db:"waits"`
	}
	err = sqlx.GetContext(ctx, q, &row, `
		SELECT EXISTS (SELECT 1 FROM booking WHERE participant_id = $1 AND departure_id = $2 AND status <> 'cancelled') AS goes,
			EXISTS (SELECT 1 FROM waitlist_child c JOIN waitlist_entry e ON e.id = c.entry_id
				WHERE c.participant_id = $1 AND e.departure_id = $2 AND e.ended_at IS NULL) AS waits`, participant, departure)
	if err != nil {
		return false, false, fmt.Errorf("waitlist: participant %d: %w", participant, err)
	}
	return row.Goes, row.Waits, nil
}

// endEntry moves an entry from a state to a last one; false when it was not in that state any more.
func endEntry(ctx context.Context, tx *sqlx.Tx, entry id.WaitlistEntry, from, to Status, now time.Time) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE waitlist_entry SET status = $3, ended_at = $4 WHERE id = $1 AND status = $2`, entry, string(from), string(to), now)
	if err != nil {
		return false, fmt.Errorf("waitlist: end entry %d: %w", entry, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func markOffered(ctx context.Context, tx *sqlx.Tx, entry id.WaitlistEntry) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE waitlist_entry SET status = 'offered' WHERE id = $1 AND status = 'waiting'`, entry)
	if err != nil {
		return false, fmt.Errorf("waitlist: offer to entry %d: %w", entry, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

type served struct {
	Entry id.WaitlistEntry `db:"entry_id"`
	Order id.Order         `db:"order_id"`
}

// endServed ends the waiting entries of which every child has a booking, looked for by the children of orders.
func endServed(ctx context.Context, tx *sqlx.Tx, orders []id.Order, now time.Time) (ended []served, err error) {
	keys := make(pq.Int64Array, len(orders))
	for i, o := range orders {
		keys[i] = int64(o)
	}
	err = tx.SelectContext(ctx, &ended, `
		UPDATE waitlist_entry e SET status = 'taken', ended_at = $2
		FROM (SELECT c.entry_id, max(b.order_id) AS order_id FROM waitlist_child c JOIN booking b ON b.participant_id = c.participant_id
			WHERE b.order_id = `+pg.AnyKey+` GROUP BY c.entry_id) s
		WHERE e.id = s.entry_id AND e.status = 'waiting'
			AND NOT EXISTS (SELECT 1 FROM waitlist_child c WHERE c.entry_id = e.id AND NOT EXISTS (
				SELECT 1 FROM booking b WHERE b.participant_id = c.participant_id AND b.departure_id = e.departure_id AND b.status <> 'cancelled'))
		RETURNING e.id AS entry_id, s.order_id`, keys, now)
	if err != nil {
		return nil, fmt.Errorf("waitlist: entries served by %d orders: %w", len(orders), err)
	}
	return ended, nil
}

func setPriority(ctx context.Context, tx *sqlx.Tx, entry id.WaitlistEntry, priority int) error {
	if _, err := tx.ExecContext(ctx, `UPDATE waitlist_entry SET priority = $2 WHERE id = $1`, entry, priority); err != nil {
		return fmt.Errorf("waitlist: priority of entry %d: %w", entry, err)
	}
	return nil
}

func insertEvent(ctx context.Context, tx *sqlx.Tx, e Event) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO waitlist_event (entry_id, kind, detail, actor, at) VALUES ($1, $2, $3, $4, $5)`,
		e.Entry, e.Kind, string(e.Detail), e.Actor, e.At)
	if err != nil {
		return fmt.Errorf("waitlist: event %s of entry %d: %w", e.Kind, e.Entry, err)
	}
	return nil
}

// mailed notes that a letter was written; false when it was before. The entry's row is locked, so that of two runs one writes.
func mailed(ctx context.Context, tx *sqlx.Tx, a LetterArgs, now time.Time) (bool, error) {
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM waitlist_entry WHERE id = $1 FOR UPDATE`, a.Entry); err != nil {
		return false, fmt.Errorf("waitlist: lock entry %d: %w", a.Entry, err)
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO waitlist_event (entry_id, kind, detail, actor, at)
		SELECT $1, 'mailed', jsonb_build_object('what', $2::text, 'offer', $3::bigint), 'system', $4
		WHERE NOT EXISTS (SELECT 1 FROM waitlist_event WHERE entry_id = $1 AND kind = 'mailed'
			AND detail = jsonb_build_object('what', $2::text, 'offer', $3::bigint))`, a.Entry, a.What, int64(a.Offer), now)
	if err != nil {
		return false, fmt.Errorf("waitlist: letter %s of entry %d: %w", a.What, a.Entry, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
