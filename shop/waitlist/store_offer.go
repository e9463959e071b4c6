package waitlist

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/id"
)

func nextEntry(ctx context.Context, tx *sqlx.Tx, departure id.Departure, now time.Time) (entry id.WaitlistEntry, err error) {
	err = tx.GetContext(ctx, &entry, `SELECT coalesce(waitlist_next($1, places_free($1, $2), $2), 0)`, departure, now)
	if err != nil {
		return 0, fmt.Errorf("waitlist: next of departure %d: %w", departure, err)
	}
	return entry, nil
}

// fitting are the children of an entry who can have one of the places that are free now.
func fitting(ctx context.Context, tx *sqlx.Tx, entry id.WaitlistEntry, now time.Time) (children []Child, err error) {
	err = tx.SelectContext(ctx, &children, `
		SELECT c.entry_id, c.position, c.participant_id, coalesce(c.boarding_place_id, 0) AS boarding_place_id
		FROM waitlist_entry e CROSS JOIN LATERAL unnest(waitlist_fit(e, places_free(e.departure_id, $2), $2)) AS f (position)
		JOIN waitlist_child c ON c.entry_id = e.id AND c.position = f.position
		WHERE e.id = $1 ORDER BY c.position`, entry, now)
	if err != nil {
		return nil, fmt.Errorf("waitlist: what fits entry %d: %w", entry, err)
	}
	return children, nil
}

// pickable are the children of an entry who may have a place that is offered to it: not barred, and with no other place on the
// departure. What limits let in shows when one is put on the place.
func pickable(ctx context.Context, q sqlx.QueryerContext, entry id.WaitlistEntry, now time.Time) (children []Child, err error) {
	err = sqlx.SelectContext(ctx, q, &children, `
		SELECT c.entry_id, c.position, c.participant_id, p.first_name, p.last_name, p.born_on
		FROM waitlist_child c JOIN waitlist_entry e ON e.id = c.entry_id JOIN participant p ON p.id = c.participant_id
		WHERE c.entry_id = $1 AND NOT child_barred(c.participant_id, $2) AND NOT EXISTS (SELECT 1 FROM booking b
			WHERE b.participant_id = c.participant_id AND b.departure_id = e.departure_id AND b.status <> 'cancelled')
		ORDER BY c.position`, entry, now)
	if err != nil {
		return nil, fmt.Errorf("waitlist: who may have the offer of entry %d: %w", entry, err)
	}
	return children, nil
}

func insertOffer(ctx context.Context, tx *sqlx.Tx, o Offer) (offer id.WaitlistOffer, err error) {
	err = tx.GetContext(ctx, &offer, `
		INSERT INTO waitlist_offer (entry_id, checkout_id, places, made_at, deadline) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		o.Entry, o.Checkout, o.Places, o.MadeAt, o.Deadline)
	if err != nil {
		return 0, fmt.Errorf("waitlist: offer to entry %d: %w", o.Entry, err)
	}
	return offer, nil
}

// endOffer ends an open offer; false when it was over before.
func endOffer(ctx context.Context, tx *sqlx.Tx, offer id.WaitlistOffer, status string, now time.Time) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE waitlist_offer SET status = $2, ended_at = $3 WHERE id = $1 AND status = 'open'`, offer, status, now)
	if err != nil {
		return false, fmt.Errorf("waitlist: end offer %d: %w", offer, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

const offerColumns = `SELECT id, entry_id, checkout_id, places, status, made_at, deadline FROM waitlist_offer `

func openOffer(ctx context.Context, q sqlx.QueryerContext, entry id.WaitlistEntry) (*Offer, error) {
	return firstOffer(ctx, q, offerColumns+`WHERE entry_id = $1 AND status = 'open'`, entry)
}

func offerOfCheckout(ctx context.Context, q sqlx.QueryerContext, checkout id.Checkout) (*Offer, error) {
	return firstOffer(ctx, q, offerColumns+`WHERE checkout_id = $1`, checkout)
}

func offersOfCheckouts(ctx context.Context, q sqlx.QueryerContext, checkouts []id.Checkout) (map[id.Checkout]Offer, error) {
	keys := make(pq.Int64Array, len(checkouts))
	for i, c := range checkouts {
		keys[i] = int64(c)
	}
	var found []Offer
	if err := sqlx.SelectContext(ctx, q, &found, offerColumns+`WHERE checkout_id = `+pg.AnyKey, keys); err != nil {
		return nil, fmt.Errorf("waitlist: offers: %w", err)
	}
	all := make(map[id.Checkout]Offer, len(found))
	for _, o := range found {
		all[o.Checkout] = o
	}
	return all, nil
}

func firstOffer(ctx context.Context, q sqlx.QueryerContext, query string, key any) (*Offer, error) {
	var found []Offer
	if err := sqlx.SelectContext(ctx, q, &found, query, key); err != nil {
		return nil, fmt.Errorf("waitlist: offer: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

// waitedFor keeps the departures on whose list somebody waits.
func waitedFor(ctx context.Context, q sqlx.QueryerContext, departures []id.Departure) (waited []id.Departure, err error) {
	keys := make([]int64, len(departures))
	for i, d := range departures {
		keys[i] = int64(d)
	}
	err = sqlx.SelectContext(ctx, q, &waited, `
		SELECT DISTINCT departure_id FROM waitlist_entry WHERE departure_id = ANY ($1) AND status = 'waiting' ORDER BY departure_id`, pq.Array(keys))
	if err != nil {
		return nil, fmt.Errorf("waitlist: lists of freed departures: %w", err)
	}
	return waited, nil
}

func listsWithPlaces(ctx context.Context, q sqlx.QueryerContext, now time.Time) (all []id.Departure, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT d FROM (SELECT DISTINCT departure_id AS d FROM waitlist_entry WHERE status = 'waiting') w
		WHERE waitlist_next(d, places_free(d, $1), $1) IS NOT NULL ORDER BY d`, now)
	if err != nil {
		return nil, fmt.Errorf("waitlist: lists with places: %w", err)
	}
	return all, nil
}

// overEntries are those that still wait for a departure that left or was cancelled.
func overEntries(ctx context.Context, q sqlx.QueryerContext, now time.Time) (over []Entry, err error) {
	err = sqlx.SelectContext(ctx, q, &over, `
		SELECT e.id, e.departure_id, e.guardian_id FROM waitlist_entry e JOIN departure d ON d.id = e.departure_id
		WHERE e.status = 'waiting' AND (d.starts_on <= $1 OR d.status = 'cancelled') ORDER BY e.id LIMIT 500`, civil.Of(now))
	if err != nil {
		return nil, fmt.Errorf("waitlist: entries of departures that left: %w", err)
	}
	return over, nil
}

func markReminded(ctx context.Context, tx *sqlx.Tx, now time.Time) (due []Offer, err error) {
	err = tx.SelectContext(ctx, &due, `
		UPDATE waitlist_offer SET reminded_at = $1 WHERE id IN (
			SELECT id FROM waitlist_offer WHERE status = 'open' AND reminded_at IS NULL AND deadline > $1
				AND made_at + (deadline - made_at) * 0.75 <= $1 FOR UPDATE SKIP LOCKED)
		RETURNING id, entry_id, checkout_id, places, status, made_at, deadline`, now)
	if err != nil {
		return nil, fmt.Errorf("waitlist: reminders: %w", err)
	}
	return due, nil
}
