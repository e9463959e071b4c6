package booking

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/shop/catalogue"
	"joetz/terms/id"
)

// tooFew is how open_checkout says that there were not as many places.
const tooFew = "SP001"

// openCheckout opens a basket and holds its places, as a transaction of its own; false when there are not as many.
func openCheckout(ctx context.Context, db *sqlx.DB, o *starting, now, until time.Time) (held bool, err error) {
	err = pg.Again(ctx, func() error {
		_, err := db.ExecContext(ctx, `SELECT open_checkout($1, $2, $3, $4::int, $5, $6)`, o.token, o.guardian, o.departure, o.children, until, now)
		return err
	})
	switch {
	case pq.As(err, tooFew) != nil:
		return false, nil
	case err != nil:
		return false, fmt.Errorf("booking: open checkout: %w", err)
	}
	return true, nil
}

// openCheckouts opens baskets together, and marks those that it opened; see the function open_checkouts.
func openCheckouts(ctx context.Context, db *sqlx.DB, all []*starting, now, until time.Time) error {
	n := len(all)
	tokens, guardians, departures, children := make(pq.ByteaArray, n), make(pq.Int64Array, n), make(pq.Int64Array, n), make(pq.Int64Array, n)
	for i, o := range all {
		tokens[i], guardians[i], departures[i], children[i] = o.token, int64(o.guardian), int64(o.departure), int64(o.children)
	}
	var opened [][]byte
	err := pg.Again(ctx, func() error {
		opened = nil
		return db.SelectContext(ctx, &opened, `SELECT open_checkouts($1, $2, $3, $4, $5, $6)`, tokens, guardians, departures, children, until, now)
	})
	if err != nil {
		return fmt.Errorf("booking: open %d checkouts: %w", len(all), err)
	}
	for _, o := range all {
		o.held = slices.ContainsFunc(opened, func(token []byte) bool { return bytes.Equal(token, o.token) })
	}
	return nil
}

// claim is a basket that a guardian makes theirs.
type claim struct {
	token    string // its hash
	guardian id.Guardian
}

// claimCheckouts ties running baskets that are nobody's yet, and in which nothing was answered, to guardians; the others are
// left out of its answer.
func claimCheckouts(ctx context.Context, db *sqlx.DB, claims []claim, now time.Time) (map[claim]bool, error) {
	tokens, guardians := make([]string, len(claims)), make(pq.Int64Array, len(claims))
	for i, c := range claims {
		tokens[i], guardians[i] = c.token, int64(c.guardian)
	}
	var rows []struct {
		Token    []byte      `db:"token_hash"`
		Guardian id.Guardian `db:"guardian_id"`
	}
	err := pg.Again(ctx, func() error {
		rows = nil
		return db.SelectContext(ctx, &rows, `
			UPDATE checkout c SET guardian_id = l.guardian FROM unnest($1::bytea[], $2::bigint[]) AS l (token, guardian)
			WHERE c.token_hash = l.token AND c.guardian_id IS NULL AND c.payer_id IS NULL AND c.status = 'open' AND c.held_until > $3 AND NOT c.offered
				AND NOT EXISTS (SELECT 1 FROM checkout_child k WHERE k.checkout_id = c.id AND k.participant_id IS NOT NULL)
			RETURNING c.token_hash, c.guardian_id`, asBytes(tokens), guardians, now)
	})
	if err != nil {
		return nil, fmt.Errorf("booking: guardians of %d checkouts: %w", len(claims), err)
	}
	claimed := make(map[claim]bool, len(rows))
	for _, r := range rows {
		claimed[claim{string(r.Token), r.Guardian}] = true
	}
	return claimed, nil
}

// takePlaces holds n places or none; see the function take_places for how it never sells one twice and never lies.
func takePlaces(ctx context.Context, tx *sqlx.Tx, departure id.Departure, n int, checkout id.Checkout, until, now time.Time) ([]int64, error) {
	var taken pq.Int64Array
	err := tx.GetContext(ctx, &taken, `SELECT take_places($1, $2::int, $3, $4, $5)`, departure, n, checkout, until, now)
	if err != nil {
		return nil, fmt.Errorf("booking: take places on departure %d: %w", departure, err)
	}
	return taken, nil
}

// placesLeft counts what is free (for the public, or for the waiting list first) and what is in baskets.
func placesLeft(ctx context.Context, q sqlx.QueryerContext, departure id.Departure, now time.Time) (d catalogue.Departure, err error) {
	err = sqlx.GetContext(ctx, q, &d, `
		SELECT CASE WHEN w.first THEN 0 ELSE n.free END AS free, CASE WHEN w.first THEN n.free ELSE 0 END AS listed, n.held
		FROM (SELECT count(*) FILTER (WHERE checkout_id IS NULL OR held_until <= $2) AS free, count(*) FILTER (WHERE held_until > $2) AS held
			FROM place WHERE departure_id = $1 AND booking_id IS NULL) n
		CROSS JOIN LATERAL (SELECT n.free > 0 AND EXISTS (SELECT 1 FROM waitlist_entry e WHERE e.departure_id = $1 AND e.status = 'waiting')
			AND waitlist_next($1, n.free::int, $2) IS NOT NULL AS first) w`, departure, now)
	if err != nil {
		return d, fmt.Errorf("booking: places left on departure %d: %w", departure, err)
	}
	return d, nil
}

// releasePlaces returns the departures on which the basket still had places, in the lock order.
func releasePlaces(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout) (freed []id.Departure, err error) {
	err = tx.SelectContext(ctx, &freed, `
		WITH released AS (UPDATE place SET checkout_id = NULL, held_until = NULL WHERE checkout_id = $1 RETURNING departure_id)
		SELECT DISTINCT departure_id FROM released ORDER BY departure_id`, checkout)
	if err != nil {
		return nil, fmt.Errorf("booking: release places of checkout %d: %w", checkout, err)
	}
	return freed, nil
}

func reopenCheckout(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, until time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE checkout SET status = 'open', held_until = $2 WHERE id = $1 AND status <> 'placed'`, checkout, until)
	if err != nil {
		return fmt.Errorf("booking: reopen checkout %d: %w", checkout, err)
	}
	return nil
}

const childColumns = `position, departure_id, coalesce(participant_id, 0) AS participant_id, coalesce(category, '') AS category,
	coalesce(boarding_place_id, 0) AS boarding_place_id, insured, care, coalesce(photo_consent, '') AS photo_consent`

const checkoutColumns = `c.id, coalesce(c.guardian_id, 0) AS guardian_id, c.status, c.offered, c.held_until, c.code,
	coalesce(c.payer_id, 0) AS payer_id, ` + childColumns

// anyHash is pg.AnyKey for the hashes by which baskets are found.
const anyHash = `ANY ((SELECT $1::bytea[])::bytea[])`

func asBytes(tokens []string) pq.ByteaArray {
	all := make(pq.ByteaArray, len(tokens))
	for i, t := range tokens {
		all[i] = []byte(t)
	}
	return all
}

// checkoutsByToken reads baskets with their children in one go, by the hash of their tokens.
func checkoutsByToken(ctx context.Context, q sqlx.QueryerContext, tokens []string) (map[string]Checkout, error) {
	return checkoutsBy(ctx, q, `
		SELECT c.token_hash, `+checkoutColumns+` FROM checkout c JOIN checkout_child k ON k.checkout_id = c.id
		WHERE c.token_hash = `+anyHash+` ORDER BY c.id, k.position`, tokens)
}

// checkoutsBy runs a query for the hash of the token, checkoutColumns and, among them, childColumns, in that order.
func checkoutsBy(ctx context.Context, q sqlx.QueryerContext, query string, tokens []string) (map[string]Checkout, error) {
	failed := func(err error) error { return fmt.Errorf("booking: %d checkouts: %w", len(tokens), err) }
	rows, err := q.QueryContext(ctx, query, asBytes(tokens))
	if err != nil {
		return nil, failed(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	found := make(map[string]Checkout, len(tokens))
	for rows.Next() { // by hand: each step of a booking begins here, and most of them read it twice
		var token sql.RawBytes
		var c Checkout
		var k Child
		err := rows.Scan(&token, &c.ID, &c.Guardian, &c.Status, &c.Offered, &c.HeldUntil, &c.Code, &c.Payer,
			&k.Position, &k.Departure, &k.Participant, &k.Category, &k.BoardingPlace, &k.Insured, &k.Care, &k.PhotoConsent)
		if err != nil {
			return nil, failed(err)
		}
		if before, known := found[string(token)]; known {
			c = before
		}
		c.Children = append(c.Children, k)
		found[string(token)] = c
	}
	if err := rows.Err(); err != nil {
		return nil, failed(err)
	}
	return found, nil
}

// lockCheckouts locks baskets, then reads them with their children, by the hash of their tokens.
func lockCheckouts(ctx context.Context, tx *sqlx.Tx, tokens []string) (map[string]Checkout, error) {
	return checkoutsBy(ctx, tx, `
		SELECT token_hash, id, guardian_id, status, offered, held_until, code, payer_id, position, departure_id, participant_id, category,
			boarding_place_id, insured, care, photo_consent FROM locked_checkouts($1)`, tokens)
}

// lockCheckout reads one basket under its lock; ErrNoCheckout.
func lockCheckout(ctx context.Context, tx *sqlx.Tx, tokenHash []byte) (Checkout, error) {
	found, err := lockCheckouts(ctx, tx, []string{string(tokenHash)})
	if err != nil {
		return Checkout{}, err
	}
	c, ok := found[string(tokenHash)]
	if !ok {
		return c, ErrNoCheckout
	}
	return c, nil
}

func setCheckoutGuardian(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, guardian id.Guardian) error {
	// Another guardian on the same device starts with empty children: nobody sees a stranger's.
	_, err := tx.ExecContext(ctx, `
		WITH changed AS (UPDATE checkout SET guardian_id = $2, payer_id = NULL WHERE id = $1 AND guardian_id IS DISTINCT FROM $2 RETURNING id)
		UPDATE checkout_child SET participant_id = NULL, category = NULL, boarding_place_id = NULL, insured = NULL, care = NULL,
			photo_consent = NULL WHERE checkout_id IN (SELECT id FROM changed)`, checkout, guardian)
	if err != nil {
		return fmt.Errorf("booking: guardian of checkout %d: %w", checkout, err)
	}
	return nil
}

// lineRow is a line of a basket as it is handed to the database; 0 and "" are not answered.
type lineRow struct {
	Checkout    id.Checkout        `json:"checkout"`
	Position    int                `json:"position"`
	Participant id.Participant     `json:"participant"`
	Category    catalogue.Category `json:"category"`
	Boarding    id.BoardingPlace   `json:"boarding"`
	Insured     *bool              `json:"insured"`
	Care        *bool              `json:"care"`
	Photo       string             `json:"photo"`
}

func setChildParticipants(ctx context.Context, tx *sqlx.Tx, all []*choosing) error {
	rows := make(pg.Rows[lineRow], len(all))
	for i, c := range all {
		rows[i] = lineRow{Checkout: c.basket.ID, Position: c.position, Participant: c.child.ID}
	}
	// Another child in this place answers the questions anew.
	_, err := tx.ExecContext(ctx, `
		UPDATE checkout_child k SET participant_id = l.participant, category = NULL, boarding_place_id = NULL, insured = NULL, care = NULL, photo_consent = NULL
		FROM json_to_recordset($1::json) AS l (checkout bigint, "position" int, participant bigint)
		WHERE k.checkout_id = l.checkout AND k.position = l.position AND k.participant_id IS DISTINCT FROM l.participant`, rows)
	if pg.Constraint(err) == "checkout_child_once" {
		return ErrTwice
	}
	if err != nil {
		return fmt.Errorf("booking: children of %d checkouts: %w", len(all), err)
	}
	return nil
}

func setChildChoices(ctx context.Context, tx *sqlx.Tx, all []*answering) error {
	rows := make(pg.Rows[lineRow], len(all))
	for i, a := range all {
		c := a.child
		rows[i] = lineRow{a.basket.ID, c.Position, c.Participant, c.Category, c.BoardingPlace, c.Insured, c.Care, c.PhotoConsent}
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE checkout_child k SET category = l.category, boarding_place_id = nullif(l.boarding, 0), insured = l.insured, care = l.care, photo_consent = l.photo
		FROM json_to_recordset($1::json) AS l (checkout bigint, "position" int, category text, boarding bigint, insured boolean, care boolean, photo text)
		WHERE k.checkout_id = l.checkout AND k.position = l.position`, rows)
	if err != nil {
		return fmt.Errorf("booking: choices of %d checkouts: %w", len(all), err)
	}
	return nil
}

func dueCheckouts(ctx context.Context, tx *sqlx.Tx, now time.Time) (due []id.Checkout, err error) {
	err = tx.SelectContext(ctx, &due, `
		SELECT id FROM checkout WHERE status = 'open' AND held_until <= $1 ORDER BY held_until LIMIT 200 FOR UPDATE SKIP LOCKED`, now)
	if err != nil {
		return nil, fmt.Errorf("booking: due checkouts: %w", err)
	}
	return due, nil
}

func expireCheckout(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout) error {
	_, err := tx.ExecContext(ctx, `UPDATE checkout SET status = 'expired' WHERE id = $1 AND status = 'open'`, checkout)
	if err != nil {
		return fmt.Errorf("booking: expire checkout %d: %w", checkout, err)
	}
	return nil
}
