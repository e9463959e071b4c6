package booking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/payments"
	"joetz/terms"
	"joetz/terms/id"
	"joetz/terms/money"
)

// savePolicy keeps the terms that an order rests on; there tells that they stood there before this transaction.
func savePolicy(ctx context.Context, tx *sqlx.Tx, t terms.Terms, now time.Time) (there bool, err error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO policy (hash, version, document, first_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		t.Hash(), t.Version(), string(t.Document()), now)
	if err != nil {
		return false, fmt.Errorf("booking: save policy %s: %w", t.Version(), err)
	}
	n, err := res.RowsAffected()
	return n == 0, err
}

func policyDocument(ctx context.Context, q sqlx.QueryerContext, hash string) (version, document string, err error) {
	var row struct {
		Version  string `db:"version"`
		Document string `db:"document"`
	}
	if err := sqlx.GetContext(ctx, q, &row, `SELECT version, document FROM policy WHERE hash = $1`, hash); err != nil {
		return "", "", fmt.Errorf("booking: policy %s: %w", hash, err)
	}
	return row.Version, row.Document, nil
}

func placedBefore(ctx context.Context, q sqlx.QueryerContext, checkout id.Checkout) (Placed, error) {
	var row struct {
		ID        id.Order    `db:"id"`
		Reference string      `db:"reference"`
		Asked     money.Cents `db:"asked"`
	}
	err := sqlx.GetContext(ctx, q, &row, `
		SELECT o.id, o.reference, coalesce((SELECT sum(amount_cents) FROM instalment i
			WHERE i.order_id = o.id AND i.void_at IS NULL AND i.kind IN ('deposit', 'full')), 0) AS asked
		FROM booking_order o WHERE o.checkout_id = $1`, checkout)
	if err != nil {
		return Placed{}, fmt.Errorf("booking: order of checkout %d: %w", checkout, err)
	}
	return Placed{Order: row.ID, Reference: row.Reference, Asked: row.Asked}, nil
}

func insertEvent(ctx context.Context, tx *sqlx.Tx, e Event) error {
	if e.Detail == nil {
		e.Detail = []byte("{}")
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO booking_event (order_id, booking_id, kind, detail, actor, at) VALUES ($1, nullif($2::bigint, 0), $3, $4, $5, $6)`,
		e.Order, int64(e.Booking), e.Kind, string(e.Detail), e.Actor, e.At)
	if err != nil {
		return fmt.Errorf("booking: event %s of order %d: %w", e.Kind, e.Order, err)
	}
	return nil
}

// insertPaidEvents writes one line of history per receipt, in one statement: a bank file brings thousands.
func insertPaidEvents(ctx context.Context, tx *sqlx.Tx, receipts []payments.Receipt, now time.Time) error {
	orders, amounts := make([]int64, len(receipts)), make([]int64, len(receipts))
	for i, r := range receipts {
		orders[i], amounts[i] = int64(r.Order), int64(r.Amount)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO booking_event (order_id, kind, detail, actor, at)
		SELECT r.order_id, 'paid', jsonb_build_object('amount', r.amount), 'system', $3
		FROM unnest($1::bigint[], $2::bigint[]) AS r (order_id, amount)`, pq.Array(orders), pq.Array(amounts), now)
	if err != nil {
		return fmt.Errorf("booking: history of %d payments: %w", len(receipts), err)
	}
	return nil
}

// goes is a child on a departure.
type goes struct {
	Participant id.Participant `db:"participant_id"`
	Departure   id.Departure   `db:"departure_id"`
}

// goAlready finds which of these children have a booking on that departure.
func goAlready(ctx context.Context, q sqlx.QueryerContext, all []goes) (map[goes]bool, error) {
	children, departures := make(pq.Int64Array, len(all)), make(pq.Int64Array, len(all))
	for i, g := range all {
		children[i], departures[i] = int64(g.Participant), int64(g.Departure)
	}
	var rows []goes
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT b.participant_id, b.departure_id FROM unnest($1::bigint[], $2::bigint[]) AS w (p, d)
		JOIN booking b ON b.participant_id = w.p AND b.departure_id = w.d AND b.status <> 'cancelled'`, children, departures)
	if err != nil {
		return nil, fmt.Errorf("booking: whether %d children go already: %w", len(all), err)
	}
	already := make(map[goes]bool, len(rows))
	for _, r := range rows {
		already[r] = true
	}
	return already, nil
}

func participantGoes(ctx context.Context, q sqlx.QueryerContext, participant id.Participant, departure id.Departure) (bool, error) {
	one := goes{participant, departure}
	already, err := goAlready(ctx, q, []goes{one})
	return already[one], err
}

// careAnswered lists the children of a basket whose care question was answered and who have no booking on that departure.
func careAnswered(ctx context.Context, q sqlx.QueryerContext, checkout id.Checkout) (children []Child, err error) {
	err = sqlx.SelectContext(ctx, q, &children, `
		SELECT c.position, c.departure_id, c.participant_id FROM checkout_child c
		WHERE c.checkout_id = $1 AND c.care IS NOT NULL AND c.participant_id IS NOT NULL AND NOT EXISTS (
			SELECT 1 FROM booking b WHERE b.participant_id = c.participant_id AND b.departure_id = c.departure_id AND b.status <> 'cancelled')`, checkout)
	if err != nil {
		return nil, fmt.Errorf("booking: care answers of checkout %d: %w", checkout, err)
	}
	return children, nil
}

func endBooking(ctx context.Context, tx *sqlx.Tx, booking id.Booking, by string, now time.Time) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE booking SET status = 'cancelled', cancelled_at = $3, cancelled_by = $2 WHERE id = $1 AND status IN ('placed', 'in_review')`,
		booking, by, now)
	if err != nil {
		return fmt.Errorf("booking: end %d: %w", booking, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrEnded)
	}
	return nil
}

// endReview lets a booking go on, with what is asked of it from now on.
func endReview(ctx context.Context, tx *sqlx.Tx, booking id.Booking, deposit, premium money.Cents) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE booking SET status = 'placed', deposit_cents = $2, premium_cents = $3 WHERE id = $1 AND status = 'in_review' AND paused_on IS NULL`, booking, deposit, premium)
	if err != nil {
		return fmt.Errorf("booking: end review of %d: %w", booking, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrOutdated)
	}
	return nil
}

func freePlace(ctx context.Context, tx *sqlx.Tx, booking id.Booking) error {
	if _, err := tx.ExecContext(ctx, `UPDATE place SET booking_id = NULL WHERE booking_id = $1`, booking); err != nil {
		return fmt.Errorf("booking: free the place of %d: %w", booking, err)
	}
	return nil
}

const orderColumns = `
	SELECT id, reference, structured_comm, guardian_id, placed_at, payer_name, payer_email, payer_street, payer_postal_code, payer_city,
		payer_country, payer_phone, instalments, payment_method, policy_hash, terms_accepted_at, lang,
		(SELECT to_jsonb(p) FROM payer p WHERE p.id = payer_id) AS other FROM booking_order `

func orderByID(ctx context.Context, q sqlx.QueryerContext, order id.Order) (o Order, err error) {
	err = sqlx.GetContext(ctx, q, &o, orderColumns+`WHERE id = $1`, order)
	if errors.Is(err, sql.ErrNoRows) {
		return o, ErrNoBooking
	}
	if err != nil {
		return o, fmt.Errorf("booking: order %d: %w", order, err)
	}
	return o, nil
}

const overviewColumns = `
	SELECT id, order_id, participant_id, departure_id, status, category, evidence, boarding_place_id, photo_consent, insured, policy_hash,
		trip, legal_regime, booked_on, departs_on, base_price_cents, price_cents, discount_cents, extras_cents, premium_cents, deposit_cents, placed_at,
		cancelled_at, cancelled_by, first_name, last_name, born_on, code, slug, title, destination, ends_on, boarding_name, departure_status,
		(SELECT coalesce(x.rebooked_from, 0) FROM booking x WHERE x.id = booking_overview.id) AS rebooked_from,
		(SELECT x.covered FROM booking x WHERE x.id = booking_overview.id) AS covered,
		(SELECT x.paused_on FROM booking x WHERE x.id = booking_overview.id) AS paused_on,
		coalesce((SELECT x.id FROM booking x WHERE x.rebooked_from = booking_overview.id), 0) AS rebooked_to FROM booking_overview `

func bookings(ctx context.Context, q sqlx.QueryerContext, where string, args ...any) ([]Booking, error) {
	var rows []Booking
	if err := sqlx.SelectContext(ctx, q, &rows, overviewColumns+where, args...); err != nil {
		return nil, fmt.Errorf("booking: bookings: %w", err)
	}
	return rows, nil
}
