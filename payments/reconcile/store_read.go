package reconcile

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/payments/bank"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// ErrNoFile is returned when there is no such file.
var ErrNoFile = fault.New(fault.NotFound, "bank.fault.no_file")

// ErrNoOrder is returned when nothing that a person typed is an order of ours.
var ErrNoOrder = fault.Field("order", "bank.fault.no_order")

// stringArray scans a text[] column.
type stringArray = pq.StringArray

// centsArray scans a bigint[] column of amounts.
type centsArray = pq.Int64Array

// onSuspense is what of movement m has no match.
const onSuspense = `(m.money_cents - coalesce((SELECT sum(x.amount_cents) FROM movement_match x WHERE x.movement_id = m.id), 0))`

// gap is whether no statement before s closes as s opens, though there are some.
const gap = `(NOT EXISTS (SELECT 1 FROM bank_statement b WHERE b.account = s.account AND b.id <> s.id AND b.closing_cents = s.opening_cents AND b.closed_on <= s.closed_on)
	AND EXISTS (SELECT 1 FROM bank_statement b WHERE b.account = s.account AND b.id <> s.id AND b.closed_on < s.first_on))`

// twice is whether s begins as a statement before it did, though none between them brought the balance back there: the same money may
// stand in both.
const twice = `(s.movements > 0 AND EXISTS (SELECT 1 FROM bank_statement b WHERE b.account = s.account AND b.movements > 0 AND b.opening_cents = s.opening_cents
	AND (b.closed_on, b.id) < (s.closed_on, s.id) AND NOT EXISTS (SELECT 1 FROM bank_statement x WHERE x.account = s.account AND x.closing_cents = s.opening_cents
		AND (x.closed_on, x.id) >= (b.closed_on, b.id) AND (x.closed_on, x.id) < (s.closed_on, s.id))))`

func overview(ctx context.Context, q sqlx.QueryerContext) (o Overview, err error) {
	err = sqlx.GetContext(ctx, q, &o, `
		SELECT last.closed_on AS last_on, coalesce(last.closing_cents, 0) AS balance_cents,
			coalesce((SELECT f.opening_cents FROM bank_statement f WHERE f.account = last.account ORDER BY f.first_on, f.id LIMIT 1), 0) AS before_cents, w.waiting, w.in_cents, w.out_cents,
			(SELECT count(*) FROM bank_statement s WHERE `+gap+`) AS gaps, (SELECT count(*) FROM bank_statement s WHERE `+twice+`) AS twice
		FROM (SELECT count(*) FILTER (WHERE l.left_cents <> 0) AS waiting, coalesce(sum(l.left_cents) FILTER (WHERE l.left_cents > 0), 0) AS in_cents,
				coalesce(sum(l.left_cents) FILTER (WHERE l.left_cents < 0), 0) AS out_cents
			FROM (SELECT `+onSuspense+` AS left_cents FROM bank_movement m) l) w
		LEFT JOIN LATERAL (SELECT account, closed_on, closing_cents FROM bank_statement ORDER BY closed_on DESC, id DESC LIMIT 1) last ON true`)
	if err != nil {
		return o, fmt.Errorf("reconcile: overview: %w", err)
	}
	return o, nil
}

const fileColumns = `
	SELECT f.id, f.name, f.kind, f.imported_at, coalesce(t.name, '') AS staff,
		(SELECT count(*) FROM bank_statement s WHERE s.file_id = f.id) AS statements,
		(SELECT coalesce(sum(s.movements), 0) FROM bank_statement s WHERE s.file_id = f.id) AS movements,
		(SELECT count(*) FROM bank_movement m JOIN bank_statement s ON s.id = m.statement_id WHERE s.file_id = f.id AND ` + onSuspense + ` <> 0) AS waiting,
		(SELECT count(*) FROM bank_skip k WHERE k.file_id = f.id) AS skipped
	FROM bank_file f LEFT JOIN staff t ON t.id = f.staff_id `

func files(ctx context.Context, q sqlx.QueryerContext, limit int) (rows []File, err error) {
	if err = sqlx.SelectContext(ctx, q, &rows, fileColumns+`ORDER BY f.id DESC LIMIT $1`, limit); err != nil {
		return nil, fmt.Errorf("reconcile: files: %w", err)
	}
	return rows, nil
}

func fileByID(ctx context.Context, q sqlx.QueryerContext, file id.BankFile) (d FileDetail, err error) {
	err = sqlx.GetContext(ctx, q, &d.File, fileColumns+`WHERE f.id = $1`, file)
	if errors.Is(err, sql.ErrNoRows) {
		return d, ErrNoFile
	}
	if err == nil {
		err = sqlx.SelectContext(ctx, q, &d.Rows, `
			SELECT s.id, s.account, s.number, s.closed_on, s.opening_cents, s.closing_cents, s.movements, `+gap+` AS gap, `+twice+` AS twice,
				(SELECT count(*) FROM bank_movement m WHERE m.statement_id = s.id AND `+onSuspense+` <> 0) AS waiting
			FROM bank_statement s WHERE s.file_id = $1 ORDER BY s.id`, file)
	}
	if err == nil {
		err = sqlx.SelectContext(ctx, q, &d.Skips, `SELECT account, number, closed_on, movements, why FROM bank_skip WHERE file_id = $1 ORDER BY position`, file)
	}
	var warnings string
	if err == nil {
		err = sqlx.GetContext(ctx, q, &warnings, `SELECT warnings FROM bank_file WHERE id = $1`, file)
	}
	if err == nil {
		d.Warnings, err = decodeProblems(warnings)
	}
	if err != nil {
		return d, fmt.Errorf("reconcile: file %d: %w", file, err)
	}
	return d, nil
}

func original(ctx context.Context, q sqlx.QueryerContext, file id.BankFile) (name string, content []byte, err error) {
	var row struct {
		Name    string `db:"name"`
		Content []byte `db:"content"`
	}
	err = sqlx.GetContext(ctx, q, &row, `SELECT name, content FROM bank_file WHERE id = $1`, file)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, ErrNoFile
	}
	if err != nil {
		return "", nil, fmt.Errorf("reconcile: original of file %d: %w", file, err)
	}
	return row.Name, row.Content, nil
}

// storedProblem is a warning as a file keeps it: enough to say it again in any language.
type storedProblem struct {
	Line    int      `json:"line"`
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Args    []string `json:"args,omitempty"`
}

func encodeProblems(problems []bank.Problem) (string, error) {
	stored := make([]storedProblem, len(problems))
	for i, p := range problems {
		stored[i] = storedProblem{p.Line, p.Code, p.Message, p.Args}
	}
	out, err := json.Marshal(stored)
	return string(out), err
}

func decodeProblems(text string) ([]bank.Problem, error) {
	var stored []storedProblem
	err := json.Unmarshal([]byte(text), &stored)
	problems := make([]bank.Problem, len(stored))
	for i, p := range stored {
		problems[i] = bank.Problem{Line: p.Line, Code: p.Code, Message: p.Message, Args: p.Args}
	}
	return problems, err
}

const movementColumns = `
	SELECT m.id, m.statement_id, s.number, m.booked_on, m.amount_cents, m.money_cents, ` + onSuspense + ` AS left_cents,
		m.bank_ref, m.reference, m.end_to_end_id, m.name, m.iban, m.text, m.code, m.return_reason, m.found, m.parent_key IS NOT NULL AS detail
	FROM bank_movement m JOIN bank_statement s ON s.id = m.statement_id `

func movements(ctx context.Context, q sqlx.QueryerContext, f Filter) (rows []Movement, total int, err error) {
	const where = `
		WHERE (NOT $1 OR ` + onSuspense + ` <> 0) AND ($2::bigint = 0 OR m.statement_id = $2)
			AND ($3 = '' OR lower(m.name || ' ' || m.text || ' ' || m.iban || ' ' || m.reference || ' ' || m.bank_ref || ' ' || abs(m.amount_cents) / 100.0) LIKE $3)
			AND m.booked_on BETWEEN coalesce($4, '-infinity'::date) AND coalesce($5, 'infinity'::date) `
	search := ""
	if f.Search != "" {
		search = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, `,`, `.`).Replace(strings.ToLower(f.Search)) + "%"
	}
	args := []any{f.Waiting, f.Statement, search, f.From, f.To}
	err = sqlx.GetContext(ctx, q, &total, `SELECT count(*) FROM bank_movement m `+where, args...)
	if err == nil {
		err = sqlx.SelectContext(ctx, q, &rows, movementColumns+where+`ORDER BY m.booked_on DESC, m.id DESC LIMIT $6 OFFSET $7`, append(args, f.Limit, f.Offset)...)
	}
	if err == nil {
		err = withMatches(ctx, q, rows)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("reconcile: movements: %w", err)
	}
	return rows, total, nil
}

func movementByID(ctx context.Context, q sqlx.QueryerContext, movement id.BankMovement) (Movement, error) {
	rows := make([]Movement, 1)
	err := sqlx.GetContext(ctx, q, &rows[0], movementColumns+`WHERE m.id = $1`, movement)
	if errors.Is(err, sql.ErrNoRows) {
		return Movement{}, ErrNoMovement
	}
	if err == nil {
		err = withMatches(ctx, q, rows)
	}
	if err != nil {
		return Movement{}, fmt.Errorf("reconcile: movement %d: %w", movement, err)
	}
	return rows[0], nil
}

// withMatches reads the matches of many movements at once, oldest first.
func withMatches(ctx context.Context, q sqlx.QueryerContext, rows []Movement) error {
	at := make(map[id.BankMovement]int, len(rows))
	keys := make([]int64, len(rows))
	for i, m := range rows {
		at[m.ID], keys[i] = i, int64(m.ID)
	}
	var matches []Match
	err := sqlx.SelectContext(ctx, q, &matches, `
		SELECT x.id, x.movement_id, x.target, coalesce(x.order_id, 0) AS order_id, coalesce(o.reference, '') AS reference, coalesce(o.payer_name, '') AS payer_name,
			coalesce(x.refund_id, 0) AS refund_id, coalesce(x.account, '') AS account, coalesce(a.name, '') AS account_name, x.amount_cents, x.how, x.reason,
			coalesce(t.name, '') AS staff, x.at, coalesce(x.undoes_id, 0) AS undoes_id,
			EXISTS (SELECT 1 FROM movement_match u WHERE u.undoes_id = x.id) AS undone,
			(x.undoes_id IS NOT NULL OR x.target = 'refund' OR x.how = 'payout' OR x.target = 'order' AND x.amount_cents < 0) AS final
		FROM movement_match x LEFT JOIN refund r ON r.id = x.refund_id LEFT JOIN booking_order o ON o.id = coalesce(x.order_id, r.order_id) LEFT JOIN account a ON a.code = x.account LEFT JOIN staff t ON t.id = x.staff_id
		WHERE x.movement_id = ANY ($1) ORDER BY x.id`, pq.Array(keys))
	for _, m := range matches {
		row := &rows[at[m.Movement]]
		row.Matches = append(row.Matches, m)
	}
	return err
}

// openOrders lists every order that has something to pay.
func openOrders(ctx context.Context, q sqlx.QueryerContext) (orders []Order, err error) {
	err = sqlx.SelectContext(ctx, q, &orders, `
		SELECT o.order_id, o.structured_comm, o.reference, o.guardian_id, o.payer_name, o.open_cents, o.children, o.due_cents
		FROM order_open o WHERE o.open_cents > 0 ORDER BY o.order_id`)
	if err != nil {
		return nil, fmt.Errorf("reconcile: open orders: %w", err)
	}
	return orders, nil
}

func guardiansByIBAN(ctx context.Context, q sqlx.QueryerContext, ibans []string) (map[string][]id.Guardian, error) {
	var rows []struct {
		IBAN     string      `db:"payer_iban"`
		Guardian id.Guardian `db:"guardian_id"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT DISTINCT p.payer_iban, o.guardian_id FROM payment p JOIN booking_order o ON o.id = p.order_id
		WHERE p.payer_iban = ANY ($1) AND NOT EXISTS (SELECT 1 FROM payment_withdrawal w WHERE w.payment_id = p.id)`, pq.Array(ibans))
	if err != nil {
		return nil, fmt.Errorf("reconcile: accounts seen before: %w", err)
	}
	seen := make(map[string][]id.Guardian, len(rows))
	for _, r := range rows {
		seen[r.IBAN] = append(seen[r.IBAN], r.Guardian)
	}
	return seen, nil
}

func orderBy(ctx context.Context, q sqlx.QueryerContext, typed string) (o Order, err error) {
	ref := strings.ToUpper(strings.Join(strings.Fields(typed), ""))
	if ogm, err := bank.ParseOGM(typed); err == nil {
		ref = ogm.Digits()
	}
	err = sqlx.GetContext(ctx, q, &o, `
		SELECT order_id, structured_comm, reference, guardian_id, payer_name, open_cents, children FROM order_open
		WHERE reference = $1 OR structured_comm = $1`, ref)
	if errors.Is(err, sql.ErrNoRows) {
		return o, ErrNoOrder
	}
	if err != nil {
		return o, fmt.Errorf("reconcile: order %q: %w", typed, err)
	}
	return o, nil
}

func filesIn(ctx context.Context, q sqlx.QueryerContext, from, to civil.Date) (files []id.BankFile, err error) {
	err = sqlx.SelectContext(ctx, q, &files, `
		SELECT file_id FROM bank_statement WHERE closed_on BETWEEN $1 AND $2 GROUP BY file_id ORDER BY min(closed_on), file_id`, from, to)
	if err != nil {
		return nil, fmt.Errorf("reconcile: files from %v to %v: %w", from, to, err)
	}
	return files, nil
}
