package reconcile

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/payments/ledger"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// lockedMovement is a movement that nobody else matches meanwhile.
type lockedMovement struct {
	Key      string      `db:"key"`
	BookedOn civil.Date  `db:"booked_on"`
	Name     string      `db:"name"`
	IBAN     string      `db:"iban"`
	Left     money.Cents `db:"left_cents"` // on suspense
	Matches  int         `db:"matches"`
}

// lockMovement locks the row first and counts its matches after, so that it sees those of whoever held the lock before.
func lockMovement(ctx context.Context, tx *sqlx.Tx, movement id.BankMovement) (m lockedMovement, err error) {
	var money money.Cents
	err = tx.GetContext(ctx, &money, `SELECT money_cents FROM bank_movement WHERE id = $1 FOR UPDATE`, movement)
	if errors.Is(err, sql.ErrNoRows) {
		return m, ErrNoMovement
	}
	if err == nil {
		err = tx.GetContext(ctx, &m, `
			SELECT m.key, m.booked_on, m.name, m.iban, m.money_cents - coalesce(sum(x.amount_cents), 0) AS left_cents, count(x.id) AS matches
			FROM bank_movement m LEFT JOIN movement_match x ON x.movement_id = m.id WHERE m.id = $1 GROUP BY m.id`, movement)
	}
	if err != nil {
		return m, fmt.Errorf("reconcile: lock movement %d: %w", movement, err)
	}
	return m, nil
}

// lockedMatch is a match that is still in force.
type lockedMatch struct {
	Movement id.BankMovement `db:"movement_id"`
	Target   string          `db:"target"`
	Order    id.Order        `db:"order_id"`
	Payment  id.Payment      `db:"payment_id"`
	Account  ledger.Account  `db:"account"`
	Amount   money.Cents     `db:"amount_cents"`
	How      string          `db:"how"`
}

func lockMatch(ctx context.Context, tx *sqlx.Tx, match id.BankMatch) (m lockedMatch, movement lockedMovement, err error) {
	const read = `
		SELECT movement_id, target, coalesce(order_id, 0) AS order_id, coalesce(payment_id, 0) AS payment_id, coalesce(account, '') AS account, amount_cents, how
		FROM movement_match x WHERE id = $1 AND undoes_id IS NULL AND NOT EXISTS (SELECT 1 FROM movement_match u WHERE u.undoes_id = x.id)`
	for range 2 { // once to find the movement, once more under its lock
		err = tx.GetContext(ctx, &m, read, match)
		if errors.Is(err, sql.ErrNoRows) {
			return m, movement, ErrNoMatch
		}
		if err != nil {
			return m, movement, fmt.Errorf("reconcile: match %d: %w", match, err)
		}
		if movement.Key == "" {
			if movement, err = lockMovement(ctx, tx, m.Movement); err != nil {
				return m, movement, err
			}
		}
	}
	return m, movement, nil
}

func accountExists(ctx context.Context, q sqlx.QueryerContext, account ledger.Account) (known bool, err error) {
	if err = sqlx.GetContext(ctx, q, &known, `SELECT EXISTS (SELECT 1 FROM account WHERE code = $1)`, account); err != nil {
		return false, fmt.Errorf("reconcile: account %s: %w", account, err)
	}
	return known, nil
}
