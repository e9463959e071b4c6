package reconcile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/payments/bank"
	"joetz/terms/id"
)

// lockImports makes imports wait for each other, so that two files never bring the same statement at once.
func lockImports(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('payments/reconcile import'))`); err != nil {
		return fmt.Errorf("reconcile: lock imports: %w", err)
	}
	return nil
}

// fileBySum is the file with these bytes, 0 when there is none.
func fileBySum(ctx context.Context, q sqlx.QueryerContext, sum [32]byte) (file id.BankFile, err error) {
	err = sqlx.GetContext(ctx, q, &file, `SELECT id FROM bank_file WHERE sha256 = $1`, sum[:])
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("reconcile: look for a file: %w", err)
	}
	return file, nil
}

func insertFile(ctx context.Context, tx *sqlx.Tx, u Upload, sum [32]byte, f bank.File, now time.Time) (file id.BankFile, err error) {
	warnings, err := encodeProblems(f.Problems)
	if err != nil {
		return 0, fmt.Errorf("reconcile: warnings: %w", err)
	}
	err = tx.GetContext(ctx, &file, `
		INSERT INTO bank_file (sha256, name, kind, content, warnings, imported_at, staff_id)
		VALUES ($1, $2, $3, $4, $5, $6, nullif($7::bigint, 0)) RETURNING id`,
		sum[:], u.Name, f.Kind, u.Data, warnings, now, int64(u.By))
	if err != nil {
		return 0, fmt.Errorf("reconcile: keep file %q: %w", u.Name, err)
	}
	return file, nil
}

// likeness says what was imported before that resembles a statement.
type likeness struct {
	SameIdentity    bool `db:"same_identity"`
	SameContent     bool `db:"same_content"`
	SameFingerprint bool `db:"same_fingerprint"`
	Continues       bool `db:"continues"` // it begins where the newest fitting statement ends, and nothing else does
}

func statementLike(ctx context.Context, q sqlx.QueryerContext, s statement) (l likeness, err error) {
	err = sqlx.GetContext(ctx, q, &l, `
		SELECT coalesce(bool_or(identity = $2), false) AS same_identity,
			coalesce(bool_or(content = $3), false) AS same_content,
			coalesce(bool_or(fingerprint = $4 AND movements > 0), false) AS same_fingerprint,
			EXISTS (SELECT 1 FROM (SELECT b.id, b.closed_on FROM bank_statement b
					WHERE b.account = $1 AND b.closing_cents = $5 AND b.closed_on <= $6 ORDER BY b.closed_on DESC, b.id DESC LIMIT 1) last
				WHERE last.closed_on <= $7 AND NOT EXISTS (SELECT 1 FROM bank_statement x
					WHERE x.account = $1 AND x.movements > 0 AND x.opening_cents = $5 AND (x.closed_on, x.id) > (last.closed_on, last.id))) AS continues
		FROM bank_statement WHERE account = $1 AND (identity = $2 OR content = $3 OR fingerprint = $4)`,
		s.Account, s.identity, s.content[:], s.fingerprint[:], s.Opening, s.Date, s.firstOn)
	if err != nil {
		return l, fmt.Errorf("reconcile: look for statement %s: %w", s.identity, err)
	}
	return l, nil
}

// storedAlready counts the bookings of a statement that another statement of the account brought: in the same format by
// the bank's reference, or by all that is said where the bank gives none; in the other format by day, amount and account.
func storedAlready(ctx context.Context, q sqlx.QueryerContext, s statement) (n int, err error) {
	var days, refs, ibans, names, texts, references []string
	var amounts []int64
	for _, m := range s.movements {
		if m.parent != "" {
			continue
		}
		days, amounts, refs = append(days, m.BookingDate.String()), append(amounts, int64(m.Amount)), append(refs, m.BankRef)
		ibans, names, texts, references = append(ibans, m.Counterparty.IBAN), append(names, m.Counterparty.Name), append(texts, m.Text), append(references, m.Reference)
	}
	err = sqlx.GetContext(ctx, q, &n, `
		WITH near AS (SELECT id, left(identity, 4) = left($2, 4) AS same FROM bank_statement
			WHERE account = $1 AND movements > 0 AND first_on <= $4 AND closed_on >= $3)
		SELECT count(*) FROM unnest($5::date[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
			AS n (booked_on, amount, bank_ref, iban, name, text, reference)
		WHERE EXISTS (SELECT 1 FROM bank_movement m JOIN near ON near.id = m.statement_id
			WHERE m.parent_key IS NULL AND m.booked_on = n.booked_on AND m.amount_cents = n.amount AND CASE
				WHEN NOT near.same THEN m.iban = n.iban
				WHEN n.bank_ref <> '' THEN m.bank_ref = n.bank_ref
				ELSE (m.iban, m.name, m.text, m.reference) = (n.iban, n.name, n.text, n.reference) END)`,
		s.Account, s.identity, s.firstOn, s.Date, pq.Array(days), pq.Array(amounts), pq.Array(refs), pq.Array(ibans), pq.Array(names), pq.Array(texts), pq.Array(references))
	if err != nil {
		return 0, fmt.Errorf("reconcile: compare statement %s: %w", s.identity, err)
	}
	return n, nil
}

// insertStatement stores a statement and its movements, and notes their ids.
func insertStatement(ctx context.Context, tx *sqlx.Tx, file id.BankFile, s statement) error {
	var statement int64
	err := tx.GetContext(ctx, &statement, `
		INSERT INTO bank_statement (file_id, account, identity, content, fingerprint, number, first_on, closed_on, opening_cents, closing_cents, movements)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		file, s.Account, s.identity, s.content[:], s.fingerprint[:], s.Number, s.firstOn, s.Date, s.Opening, s.Closing, len(s.Statement.Movements))
	if err != nil {
		return fmt.Errorf("reconcile: statement %s: %w", s.identity, err)
	}
	return insertMovements(ctx, tx, statement, s.movements)
}
