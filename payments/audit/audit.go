// Package audit recomputes every balance and status of the money from its rows and tells where two of them disagree.
//
// Owns: the rules that must hold between charges, schedule, documents, payments, Stripe, the bank and the books.
// Tables: none; it reads those of payments and of the packages below it.
// May import: terms, payments, migrations/pg, sqlx.
// Always true: it changes nothing; all rules look at one moment; a difference names the rows that disagree.
package audit

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
)

// Difference is one disagreement between rows.
type Difference struct {
	Rule   string // code of the rule, "instalments"
	Object string // what it is about: "booking 12"
	Detail string // what the two sides say; amounts in cents
}

// String is one line for an operator.
func (d Difference) String() string { return d.Rule + ": " + d.Object + ": " + d.Detail }

// Area is a part of the money whose rules can be left out.
type Area string

// The areas. Tests that record money without a bank file, or without a payment at Stripe, leave those out.
const (
	Books  Area = "books"
	Bank   Area = "bank"
	Stripe Area = "stripe"
)

// Rule is one thing that must be true. Its query returns the rows that break it: object and detail, in an order of its own.
// $1 is the moment of the audit.
type Rule struct {
	Code  string
	Area  Area
	Says  string
	Query string
}

// perRule keeps one cause from filling the screen; the rest is counted.
const perRule = 50

// Rules are the rules of all areas.
func Rules() []Rule {
	return slices.Concat(bookRules, differenceRules, periodRules, documentRules, bankRules, stripeRules)
}

// Run holds the rules of all areas but those left out against the rows, and returns every difference.
func Run(ctx context.Context, db *sqlx.DB, now time.Time, without ...Area) ([]Difference, error) {
	var rules []Rule
	for _, r := range Rules() {
		if !slices.Contains(without, r.Area) {
			rules = append(rules, r)
		}
	}
	return Hold(ctx, db, now, rules)
}

// Hold holds rules against the rows as they are at one moment.
func Hold(ctx context.Context, db *sqlx.DB, now time.Time, rules []Rule) ([]Difference, error) {
	tx, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return HoldTx(ctx, tx, now, rules)
}

// HoldTx holds rules against the rows as a transaction sees them.
func HoldTx(ctx context.Context, tx *sqlx.Tx, now time.Time, rules []Rule) (found []Difference, err error) {
	if err := setPatience(ctx, tx); err != nil {
		return nil, err
	}
	for _, r := range rules {
		rows, err := breaking(ctx, tx, r.Query, now)
		if err != nil {
			return nil, fmt.Errorf("audit: rule %s: %w", r.Code, err)
		}
		for i, row := range rows {
			if i == perRule {
				found = append(found, Difference{r.Code, "and more", fmt.Sprintf("%d in all", len(rows))})
				break
			}
			found = append(found, Difference{r.Code, row.Object, row.Detail})
		}
	}
	return found, nil
}
