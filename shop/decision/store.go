package decision

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/shop/booking"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

func insertDecision(ctx context.Context, tx *sqlx.Tx, d Decision) (decision int64, err error) {
	detail := d.Detail
	if len(detail) == 0 {
		detail = []byte("{}")
	}
	err = tx.GetContext(ctx, &decision, `
		INSERT INTO decision (kind, reason, to_departure, until, cause, percent_milli, amount_cents, detail, staff_id, at)
		VALUES ($1, $2, nullif($3::bigint, 0), $4, nullif($5, ''), $6, $7, $8, $9, $10) RETURNING id`,
		d.Kind, d.Reason, int64(d.To), d.Until, d.Cause, d.Percent, d.Amount, string(detail), d.Staff, d.At)
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO decision_departure (decision_id, departure_id, role)
			SELECT $1::bigint, unnest($2::bigint[]), 'about' UNION ALL SELECT $1::bigint, unnest($3::bigint[]), 'other'`, decision, pq.Array(d.About), pq.Array(d.Others))
	}
	if err != nil {
		return 0, fmt.Errorf("decision: %s: %w", d.Kind, err)
	}
	return decision, nil
}

func insertItems(ctx context.Context, tx *sqlx.Tx, decision int64, all []booking.Booking, now time.Time) error {
	keys, orders := make([]id.Booking, len(all)), make([]id.Order, len(all))
	for n, b := range all {
		keys[n], orders[n] = b.ID, b.Order
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO decision_item (decision_id, booking_id, order_id, changed_at)
		SELECT $1, i.booking_id, i.order_id, $4 FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS i (booking_id, order_id, n) ORDER BY i.n`,
		decision, pq.Array(keys), pq.Array(orders), now)
	if err != nil {
		return fmt.Errorf("decision: items of %d: %w", decision, err)
	}
	return nil
}

const itemColumns = `
	SELECT i.id, i.decision_id, d.kind, i.booking_id, i.order_id, i.state, i.outcome, coalesce(i.fresh_id, 0) AS fresh_id, i.amount_cents,
		i.exit_until, i.problem, i.tries, i.changed_at
	FROM decision_item i JOIN decision d ON d.id = i.decision_id `

func items(ctx context.Context, q sqlx.QueryerContext, where string, args ...any) (all []Item, err error) {
	if err := sqlx.SelectContext(ctx, q, &all, itemColumns+where, args...); err != nil {
		return nil, fmt.Errorf("decision: items: %w", err)
	}
	return all, nil
}

func waitingItems(ctx context.Context, q sqlx.QueryerContext, decision int64) ([]Item, error) {
	return items(ctx, q, `WHERE i.decision_id = $1 AND i.state = 'waiting' ORDER BY i.id`, decision)
}

func itemsOf(ctx context.Context, q sqlx.QueryerContext, decision int64) ([]Item, error) {
	return items(ctx, q, `WHERE i.decision_id = $1 ORDER BY i.id`, decision)
}

// lateItems are those whose family did not choose in time.
func lateItems(ctx context.Context, q sqlx.QueryerContext, now time.Time) ([]Item, error) {
	return items(ctx, q, `WHERE i.state = 'asked' AND d.until <= $1 ORDER BY i.id LIMIT 1000`, now)
}

// itemsAbout lists what decisions did to bookings, the newest decision first.
func itemsAbout(ctx context.Context, q sqlx.QueryerContext, bookings []id.Booking) ([]Item, error) {
	return items(ctx, q, `WHERE i.booking_id = ANY ($1) OR i.fresh_id = ANY ($1) ORDER BY i.id DESC`, pq.Array(bookings))
}

func itemByID(ctx context.Context, q sqlx.QueryerContext, item int64) (Item, error) {
	all, err := items(ctx, q, `WHERE i.id = $1`, item)
	if err == nil && len(all) == 0 {
		return Item{}, ErrNoDecision
	}
	if err != nil {
		return Item{}, err
	}
	return all[0], nil
}

func lockItem(ctx context.Context, tx *sqlx.Tx, item int64) (Item, error) {
	all, err := items(ctx, tx, `WHERE i.id = $1 FOR UPDATE OF i`, item)
	if err == nil && len(all) == 0 {
		return Item{}, ErrNoDecision
	}
	if err != nil {
		return Item{}, err
	}
	return all[0], nil
}

func updateItem(ctx context.Context, tx *sqlx.Tx, i Item, now time.Time) error {
	var exit *civil.Date
	if !i.ExitUntil.IsZero() {
		exit = &i.ExitUntil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE decision_item SET state = $2, outcome = $3, fresh_id = nullif($4::bigint, 0), amount_cents = $5, exit_until = $6, problem = '', changed_at = $7
		WHERE id = $1`, i.ID, i.State, i.Outcome, int64(i.Fresh), i.Amount, exit, now)
	if err != nil {
		return fmt.Errorf("decision: item %d: %w", i.ID, err)
	}
	return nil
}

// markFailed says why an item could not be done, unless somebody did it meanwhile.
func markFailed(ctx context.Context, db *sqlx.DB, item int64, state, problem string, now time.Time) error {
	_, err := db.ExecContext(ctx, `UPDATE decision_item SET state = 'failed', problem = $3, tries = tries + 1, changed_at = $4 WHERE id = $1 AND state = $2`, item, state, problem, now)
	if err != nil {
		return fmt.Errorf("decision: item %d: %w", item, err)
	}
	return nil
}

func retryItems(ctx context.Context, tx *sqlx.Tx, decision int64, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE decision_item SET state = 'waiting', problem = '', changed_at = $2 WHERE decision_id = $1 AND state = 'failed'`, decision, now)
	if err != nil {
		return fmt.Errorf("decision: retry %d: %w", decision, err)
	}
	return nil
}

func unfinished(ctx context.Context, q sqlx.QueryerContext) (left []int64, err error) {
	if err := sqlx.SelectContext(ctx, q, &left, `SELECT DISTINCT decision_id FROM decision_item WHERE state = 'waiting' ORDER BY 1`); err != nil {
		return nil, fmt.Errorf("decision: unfinished: %w", err)
	}
	return left, nil
}

func insertOffer(ctx context.Context, tx *sqlx.Tx, o Offer) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO decision_offer (item_id, departure_id, boarding_place_id, checkout_id) VALUES ($1, $2, nullif($3::bigint, 0), $4)`,
		o.Item, o.Departure, int64(o.Boarding), o.Checkout)
	if err != nil {
		return fmt.Errorf("decision: offer of item %d: %w", o.Item, err)
	}
	return nil
}

func offersOf(ctx context.Context, q sqlx.QueryerContext, item int64) (all []Offer, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT id, item_id, departure_id, coalesce(boarding_place_id, 0) AS boarding_place_id, checkout_id FROM decision_offer WHERE item_id = $1 ORDER BY departure_id`, item)
	if err != nil {
		return nil, fmt.Errorf("decision: offers of item %d: %w", item, err)
	}
	return all, nil
}

const decisionColumns = `
	SELECT d.id, d.kind, d.reason, coalesce(d.to_departure, 0) AS to_departure, d.until, coalesce(d.cause, '') AS cause, d.percent_milli, d.amount_cents,
		d.detail, d.staff_id, s.name AS who, d.at FROM decision d JOIN booking_staff s ON s.id = d.staff_id `

func decisionByID(ctx context.Context, q sqlx.QueryerContext, decision int64) (d Decision, err error) {
	err = sqlx.GetContext(ctx, q, &d, decisionColumns+`WHERE d.id = $1`, decision)
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrNoDecision
	}
	if err != nil {
		return d, fmt.Errorf("decision: %d: %w", decision, err)
	}
	all := []*Decision{&d}
	if err := addDepartures(ctx, q, all); err != nil {
		return d, err
	}
	return d, addCounts(ctx, q, all)
}

func newestDecisions(ctx context.Context, q sqlx.QueryerContext, limit int) (list []Decision, err error) {
	if err := sqlx.SelectContext(ctx, q, &list, decisionColumns+`ORDER BY d.id DESC LIMIT $1`, limit); err != nil {
		return nil, fmt.Errorf("decision: list: %w", err)
	}
	all := make([]*Decision, len(list))
	for n := range list {
		all[n] = &list[n]
	}
	if err := addDepartures(ctx, q, all); err != nil {
		return nil, err
	}
	return list, addCounts(ctx, q, all)
}

func keysOf(all []*Decision) map[int64]*Decision {
	at := make(map[int64]*Decision, len(all))
	for _, d := range all {
		at[d.ID] = d
	}
	return at
}

func addDepartures(ctx context.Context, q sqlx.QueryerContext, all []*Decision) error {
	at := keysOf(all)
	var rows []struct {
		Decision  int64        `db:"decision_id"`
		Departure id.Departure `db:"departure_id"`
		Role      string       `db:"role"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT decision_id, departure_id, role FROM decision_departure WHERE decision_id = ANY ($1) ORDER BY departure_id`, pq.Array(slices.Collect(maps.Keys(at))))
	if err != nil {
		return fmt.Errorf("decision: departures: %w", err)
	}
	for _, r := range rows {
		d := at[r.Decision]
		if r.Role == "about" {
			d.About = append(d.About, r.Departure)
		} else {
			d.Others = append(d.Others, r.Departure)
		}
	}
	return nil
}

func addCounts(ctx context.Context, q sqlx.QueryerContext, all []*Decision) error {
	at := keysOf(all)
	var rows []struct {
		Decision int64 `db:"decision_id"`
		Counts
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT decision_id, count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'asked') AS asked,
			count(*) FILTER (WHERE state = 'done') AS done, count(*) FILTER (WHERE state = 'failed') AS failed
		FROM decision_item WHERE decision_id = ANY ($1) GROUP BY decision_id`, pq.Array(slices.Collect(maps.Keys(at))))
	if err != nil {
		return fmt.Errorf("decision: counts: %w", err)
	}
	for _, r := range rows {
		at[r.Decision].Counts = r.Counts
	}
	return nil
}

func insertRise(ctx context.Context, tx *sqlx.Tx, b id.Booking, decision int64, on civil.Date, amount money.Cents) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO price_rise (booking_id, decision_id, notified_on, amount_cents) VALUES ($1, $2, $3, $4)`, b, decision, on, amount)
	if err != nil {
		return fmt.Errorf("decision: rise of booking %d: %w", b, err)
	}
	return nil
}

// lockKind makes two people who take a decision of one kind at once take turns.
func lockKind(ctx context.Context, tx *sqlx.Tx, kind string) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('shop/decision ' || $1))`, kind); err != nil {
		return fmt.Errorf("decision: lock %s: %w", kind, err)
	}
	return nil
}

// decidedAbout counts the decisions of a kind about any of these departures.
func decidedAbout(ctx context.Context, q sqlx.QueryerContext, kind string, about []id.Departure) (n int, err error) {
	keys := make(pq.Int64Array, len(about))
	for i, d := range about {
		keys[i] = int64(d)
	}
	err = sqlx.GetContext(ctx, q, &n, `
		SELECT count(DISTINCT d.id) FROM decision d JOIN decision_departure x ON x.decision_id = d.id AND x.role = 'about'
		WHERE d.kind = $1 AND x.departure_id = ANY ($2)`, kind, keys)
	if err != nil {
		return 0, fmt.Errorf("decision: %s before: %w", kind, err)
	}
	return n, nil
}

// moving lists the bookings of a departure for which a merge keeps a place that its job has not given yet.
func moving(ctx context.Context, q sqlx.QueryerContext, from id.Departure) (all []id.Booking, err error) {
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT i.booking_id FROM decision_item i JOIN decision d ON d.id = i.decision_id JOIN decision_departure x ON x.decision_id = d.id AND x.role = 'about'
		WHERE d.kind = 'merge' AND i.state = 'waiting' AND x.departure_id = $1`, from)
	if err != nil {
		return nil, fmt.Errorf("decision: merges of departure %d: %w", from, err)
	}
	return all, nil
}

// risesOf lists what families were told of, the first first.
func risesOf(ctx context.Context, q sqlx.QueryerContext, bookings []id.Booking) (map[id.Booking][]terms.Rise, error) {
	var rows []struct {
		Booking id.Booking  `db:"booking_id"`
		On      civil.Date  `db:"notified_on"`
		Amount  money.Cents `db:"amount_cents"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT booking_id, notified_on, amount_cents FROM price_rise WHERE booking_id = ANY ($1) ORDER BY id`, pq.Array(bookings))
	if err != nil {
		return nil, fmt.Errorf("decision: rises: %w", err)
	}
	all := map[id.Booking][]terms.Rise{}
	for _, r := range rows {
		all[r.Booking] = append(all[r.Booking], terms.Rise{NotifiedOn: r.On, Amount: r.Amount})
	}
	return all, nil
}
