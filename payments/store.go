package payments

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrNoOrder is returned when there is no such order.
var ErrNoOrder error = fault.New(fault.NotFound, "booking.no_order")

// LockOrderTx takes the lock under which all money of an order moves. Lock order everywhere: order, then its rows.
func LockOrderTx(ctx context.Context, tx *sqlx.Tx, order id.Order) error {
	return lockOrders(ctx, tx, []id.Order{order})
}

// LockOrdersTx is LockOrderTx for several orders at once.
func LockOrdersTx(ctx context.Context, tx *sqlx.Tx, orders []id.Order) error {
	return lockOrders(ctx, tx, slices.Compact(slices.Sorted(slices.Values(orders))))
}

// lockOrders takes the locks of several orders, lowest id first, so that two who want the same orders do not deadlock.
func lockOrders(ctx context.Context, tx *sqlx.Tx, orders []id.Order) error {
	var found []int64
	err := tx.SelectContext(ctx, &found, `SELECT id FROM booking_order WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE`, keys(orders))
	if err != nil {
		return fmt.Errorf("payments: lock orders %v: %w", orders[:min(len(orders), 5)], err)
	}
	if len(found) != len(orders) {
		return ErrNoOrder
	}
	return nil
}

// keys hands ids to = ANY.
func keys[ID ~int64](ids []ID) pq.Int64Array {
	out := make(pq.Int64Array, len(ids))
	for i, v := range ids {
		out[i] = int64(v)
	}
	return out
}

func insertCharges(ctx context.Context, tx *sqlx.Tx, order id.Order, booking id.Booking, now time.Time, lines []Line, reason string, by id.Staff) error {
	kinds, amounts := make([]string, 0, len(lines)), make([]int64, 0, len(lines))
	for _, l := range lines {
		if l.Amount != 0 {
			kinds, amounts = append(kinds, l.Kind), append(amounts, int64(l.Amount))
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO charge (order_id, booking_id, kind, amount_cents, reason, staff_id, at)
		SELECT $1, $2, l.kind, l.amount, $5, nullif($6::bigint, 0), $7
		FROM unnest($3::text[], $4::bigint[]) WITH ORDINALITY AS l (kind, amount, line) ORDER BY l.line`,
		order, booking, pq.Array(kinds), pq.Array(amounts), reason, int64(by), now)
	if err != nil {
		return fmt.Errorf("payments: charge booking %d: %w", booking, err)
	}
	return nil
}

// reverseCharges adds the opposite of every charge of the booking that has none yet.
func reverseCharges(ctx context.Context, tx *sqlx.Tx, booking id.Booking, now time.Time, reason string, by id.Staff) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO charge (order_id, booking_id, kind, amount_cents, reverses_id, reason, staff_id, at)
		SELECT c.order_id, c.booking_id, c.kind, -c.amount_cents, c.id, $2, nullif($3::bigint, 0), $4
		FROM charge c LEFT JOIN charge r ON r.reverses_id = c.id
		WHERE c.booking_id = $1 AND c.reverses_id IS NULL AND r.id IS NULL ORDER BY c.id`,
		booking, reason, int64(by), now)
	if err != nil {
		return fmt.Errorf("payments: reverse charges of booking %d: %w", booking, err)
	}
	return nil
}

type instalmentRow struct {
	ID        id.Instalment `db:"id"`
	Order     id.Order      `db:"order_id"`
	Booking   id.Booking    `db:"booking_id"`
	Kind      string        `db:"kind"`
	DueOn     civil.Date    `db:"due_on"`
	Amount    money.Cents   `db:"amount_cents"`
	Allocated money.Cents   `db:"allocated"`
	LetGo     money.Cents   `db:"let_go"` // of it, no money; read by partsOf only
	Invoiced  bool          `db:"invoiced"`
}

func insertInstalments(ctx context.Context, tx *sqlx.Tx, order id.Order, booking id.Booking, now time.Time, dues []Due) ([]id.Instalment, error) {
	kinds, days, amounts := make([]string, len(dues)), make([]string, len(dues)), make([]int64, len(dues))
	for i, d := range dues {
		kinds[i], days[i], amounts[i] = d.Kind, d.On.String(), int64(d.Amount)
	}
	var ids []id.Instalment
	err := tx.SelectContext(ctx, &ids, `
		INSERT INTO instalment (order_id, booking_id, kind, due_on, amount_cents, created_at)
		SELECT $1, $2, l.kind, l.due_on, l.amount, $6
		FROM unnest($3::text[], $4::date[], $5::bigint[]) WITH ORDINALITY AS l (kind, due_on, amount, line)
		ORDER BY l.line RETURNING id`,
		order, booking, pq.Array(kinds), pq.Array(days), pq.Array(amounts), now)
	if err != nil {
		return nil, fmt.Errorf("payments: schedule booking %d: %w", booking, err)
	}
	return ids, nil
}

// insertOpenings writes what new bookings cost and when, in one statement: it is on the path of every order. The ids are those
// of the schedules' parts that are not zero, in their order.
func insertOpenings(ctx context.Context, tx *sqlx.Tx, now time.Time, orders []NewOrder) ([]id.Instalment, error) {
	var chargedTo, charged, scheduledTo, scheduled, charges, amounts []int64
	var what, kinds, days []string
	for _, n := range orders {
		for _, o := range n.Openings {
			for _, l := range o.Lines {
				if l.Amount != 0 {
					chargedTo, charged = append(chargedTo, int64(n.Order)), append(charged, int64(o.Booking))
					what, charges = append(what, l.Kind), append(charges, int64(l.Amount))
				}
			}
			for _, d := range nonZero(o.Schedule) {
				scheduledTo, scheduled, kinds = append(scheduledTo, int64(n.Order)), append(scheduled, int64(o.Booking)), append(kinds, d.Kind)
				days, amounts = append(days, d.On.String()), append(amounts, int64(d.Amount))
			}
		}
	}
	if len(charged)+len(scheduled) == 0 {
		return nil, nil
	}
	var ids []id.Instalment
	err := tx.SelectContext(ctx, &ids, `
		WITH charged AS (
			INSERT INTO charge (order_id, booking_id, kind, amount_cents, reason, at)
			SELECT l.for_order, l.booking, l.kind, l.amount, '', $1
			FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[]) WITH ORDINALITY AS l (for_order, booking, kind, amount, line) ORDER BY l.line)
		INSERT INTO instalment (order_id, booking_id, kind, due_on, amount_cents, created_at)
		SELECT l.for_order, l.booking, l.kind, l.due_on, l.amount, $1
		FROM unnest($6::bigint[], $7::bigint[], $8::text[], $9::date[], $10::bigint[]) WITH ORDINALITY AS l (for_order, booking, kind, due_on, amount, line)
		ORDER BY l.line RETURNING id`,
		now, pq.Array(chargedTo), pq.Array(charged), pq.Array(what), pq.Array(charges), pq.Array(scheduledTo), pq.Array(scheduled), pq.Array(kinds), pq.Array(days), pq.Array(amounts))
	if err != nil {
		return nil, fmt.Errorf("payments: open %d orders: %w", len(orders), err)
	}
	return ids, nil
}

// runningInstalments lists what is still scheduled for an order, oldest due line first, then in booking order (edges.md 34).
func runningInstalments(ctx context.Context, q sqlx.QueryerContext, order id.Order) ([]instalmentRow, error) {
	return runningInstalmentsOf(ctx, q, []id.Order{order})
}

func runningInstalmentsOf(ctx context.Context, q sqlx.QueryerContext, orders []id.Order) ([]instalmentRow, error) {
	var rows []instalmentRow
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT i.id, i.order_id, i.booking_id, i.kind, i.due_on, i.amount_cents,
			coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0) AS allocated,
			EXISTS (SELECT 1 FROM invoice_line l WHERE l.instalment_id = i.id) AS invoiced
		FROM instalment i WHERE i.order_id = ANY ($1) AND i.void_at IS NULL
		ORDER BY i.due_on, i.booking_id, i.id`, keys(orders))
	if err != nil {
		return nil, fmt.Errorf("payments: instalments of %d orders: %w", len(orders), err)
	}
	return rows, nil
}

func voidInstalments(ctx context.Context, tx *sqlx.Tx, booking id.Booking, now time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE instalment SET void_at = $2 WHERE booking_id = $1 AND void_at IS NULL`, booking, now)
	if err != nil {
		return fmt.Errorf("payments: void schedule of booking %d: %w", booking, err)
	}
	return nil
}

func insertAllocations(ctx context.Context, tx *sqlx.Tx, shares []share, now time.Time) (ids []int64, err error) {
	orders, instalments := make([]int64, len(shares)), make([]int64, len(shares))
	bookings, amounts := make([]int64, len(shares)), make([]int64, len(shares))
	for i, a := range shares {
		orders[i], instalments[i], bookings[i], amounts[i] = int64(a.Order), int64(a.Instalment), int64(a.Booking), int64(a.Amount)
	}
	err = tx.SelectContext(ctx, &ids, `
		INSERT INTO allocation (order_id, instalment_id, booking_id, amount_cents, at)
		SELECT l.for_order, l.instalment, l.booking, l.amount, $5
		FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS l (for_order, instalment, booking, amount, line)
		ORDER BY l.line RETURNING id`,
		pq.Array(orders), pq.Array(instalments), pq.Array(bookings), pq.Array(amounts), now)
	if err != nil {
		return nil, fmt.Errorf("payments: allocate to instalment %d and %d others: %w", shares[0].Instalment, len(shares)-1, err)
	}
	return ids, nil
}

// credit is the order's money that pays for nothing yet: received, less withdrawn, less given back, less allocated; small differences
// count as they were booked away.
func credit(ctx context.Context, q sqlx.QueryerContext, order id.Order) (money.Cents, error) {
	credits, err := creditsOf(ctx, q, []id.Order{order})
	return credits[order], err
}

func creditsOf(ctx context.Context, q sqlx.QueryerContext, orders []id.Order) (map[id.Order]money.Cents, error) {
	var rows []struct {
		Order  id.Order    `db:"order_id"`
		Credit money.Cents `db:"credit"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT o.order_id, coalesce((SELECT sum(p.amount_cents) FROM payment p WHERE p.order_id = o.order_id), 0)
			- coalesce((SELECT sum(w.amount_cents) FROM payment_withdrawal w WHERE w.order_id = o.order_id), 0)
			- coalesce((SELECT sum(r.amount_cents) FROM refund r WHERE r.order_id = o.order_id
				AND NOT EXISTS (SELECT 1 FROM refund_step s WHERE s.refund_id = r.id AND s.state = 'failed')), 0)
			+ coalesce((SELECT sum(d.amount_cents) FROM small_difference d WHERE d.order_id = o.order_id), 0)
			- coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.order_id = o.order_id), 0) AS credit
		FROM unnest($1::bigint[]) AS o (order_id)`, keys(orders))
	if err != nil {
		return nil, fmt.Errorf("payments: credit of %d orders: %w", len(orders), err)
	}
	credits := make(map[id.Order]money.Cents, len(rows))
	for _, r := range rows {
		credits[r.Order] = r.Credit
	}
	return credits, nil
}

// insertPayments records the receipts that are new and names them by their source.
func insertPayments(ctx context.Context, tx *sqlx.Tx, receipts []Receipt, now time.Time) (map[[2]string]id.Payment, error) {
	orders, amounts := make([]int64, len(receipts)), make([]int64, len(receipts))
	methods, days, systems, sources := make([]string, len(receipts)), make([]string, len(receipts)), make([]string, len(receipts)), make([]string, len(receipts))
	names, ibans := make([]string, len(receipts)), make([]string, len(receipts))
	for i, r := range receipts {
		orders[i], amounts[i], methods[i], days[i] = int64(r.Order), int64(r.Amount), r.Method, r.ReceivedOn.String()
		systems[i], sources[i], names[i], ibans[i] = r.SourceSystem, r.SourceID, r.PayerName, r.PayerIBAN
	}
	var rows []struct {
		ID     id.Payment `db:"id"`
		System string     `db:"source_system"`
		Source string     `db:"source_id"`
	}
	err := tx.SelectContext(ctx, &rows, `
		INSERT INTO payment (order_id, method, amount_cents, received_on, source_system, source_id, payer_name, payer_iban, recorded_at)
		SELECT l.for_order, l.method, l.amount, l.day, l.system, l.source, l.name, l.iban, $9
		FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[])
			WITH ORDINALITY AS l (for_order, method, amount, day, system, source, name, iban, line) ORDER BY l.line
		ON CONFLICT ON CONSTRAINT payment_source_once DO NOTHING RETURNING id, source_system, source_id`,
		pq.Array(orders), pq.Array(methods), pq.Array(amounts), pq.Array(days), pq.Array(systems), pq.Array(sources), pq.Array(names), pq.Array(ibans), now)
	if err != nil {
		return nil, fmt.Errorf("payments: record %d receipts: %w", len(receipts), err)
	}
	recorded := make(map[[2]string]id.Payment, len(rows))
	for _, r := range rows {
		recorded[[2]string{r.System, r.Source}] = r.ID
	}
	return recorded, nil
}

// premiumUnbooked is what of a booking's premium is not yet on the insurer's account. It is booked with the first part
// asked after the deposit (terms, Annulatieverzekering: "opgevraagd via de saldofactuur").
func premiumUnbooked(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (money.Cents, error) {
	var premium money.Cents
	err := sqlx.GetContext(ctx, q, &premium, `
		SELECT coalesce(sum(amount_cents), 0) FROM charge WHERE booking_id = $1 AND kind = 'premium'`, booking)
	if err != nil {
		return 0, fmt.Errorf("payments: premium of booking %d: %w", booking, err)
	}
	balances, err := ledger.BookingBalances(ctx, q, booking)
	return premium + balances[ledger.Insurer], err
}

type chargedRow struct {
	Booking id.Booking  `db:"booking_id"`
	Amount  money.Cents `db:"amount"`
}

// chargedOf sums the charges of each booking that has any.
func chargedOf(ctx context.Context, q sqlx.QueryerContext, bookings []int64) ([]chargedRow, error) {
	var charged []chargedRow
	err := sqlx.SelectContext(ctx, q, &charged, `
		SELECT booking_id, sum(amount_cents) AS amount FROM charge WHERE booking_id = `+pg.AnyKey+` GROUP BY booking_id`, pq.Array(bookings))
	if err != nil {
		return nil, fmt.Errorf("payments: charges: %w", err)
	}
	return charged, nil
}

// partsOf lists the running instalments of bookings, the earliest due first.
func partsOf(ctx context.Context, q sqlx.QueryerContext, bookings []int64) ([]instalmentRow, error) {
	var parts []instalmentRow
	err := sqlx.SelectContext(ctx, q, &parts, `
		SELECT i.id, i.booking_id, i.kind, i.due_on, i.amount_cents,
			coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0) AS allocated,
			coalesce((SELECT sum(d.amount_cents) FROM small_difference d WHERE d.instalment_id = i.id), 0) AS let_go
		FROM instalment i WHERE i.booking_id = `+pg.AnyKey+` AND i.void_at IS NULL ORDER BY i.due_on, i.id`, pq.Array(bookings))
	if err != nil {
		return nil, fmt.Errorf("payments: schedules: %w", err)
	}
	return parts, nil
}

func ordersToInvoice(ctx context.Context, q sqlx.QueryerContext, until civil.Date, limit int) (orders []id.Order, err error) {
	err = sqlx.SelectContext(ctx, q, &orders, `
		SELECT DISTINCT i.order_id FROM instalment i
		WHERE i.void_at IS NULL AND NOT EXISTS (SELECT 1 FROM invoice_line l WHERE l.instalment_id = i.id)
			AND (i.due_on <= $1 OR EXISTS (SELECT 1 FROM allocation a WHERE a.instalment_id = i.id))
		ORDER BY i.order_id LIMIT $2`, until, limit)
	if err != nil {
		return nil, fmt.Errorf("payments: orders to invoice: %w", err)
	}
	return orders, nil
}
