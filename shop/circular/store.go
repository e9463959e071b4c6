package circular

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

func insertDraft(ctx context.Context, q sqlx.QueryerContext, by id.Staff, d id.Departure, w Words, a Audience, now time.Time) (letter ID, err error) {
	audience, err := json.Marshal(a)
	if err != nil {
		return 0, err
	}
	err = sqlx.GetContext(ctx, q, &letter, `
		INSERT INTO circular (departure_id, audience, subject_nl, body_nl, subject_en, body_en, staff_id, created_at)
		VALUES (nullif($1::bigint, 0), $2, $3, $4, $5, $6, $7, $8) RETURNING id`, int64(d), string(audience), w.SubjectNL, w.BodyNL, w.SubjectEN, w.BodyEN, by, now)
	if err != nil {
		return 0, fmt.Errorf("circular: draft: %w", err)
	}
	return letter, nil
}

func updateDraft(ctx context.Context, q sqlx.ExecerContext, letter ID, w Words, a Audience) error {
	audience, err := json.Marshal(a)
	if err != nil {
		return err
	}
	res, err := q.ExecContext(ctx, `
		UPDATE circular SET audience = $2, subject_nl = $3, body_nl = $4, subject_en = $5, body_en = $6 WHERE id = $1 AND confirmed_at IS NULL`,
		int64(letter), string(audience), w.SubjectNL, w.BodyNL, w.SubjectEN, w.BodyEN)
	if err != nil {
		return fmt.Errorf("circular: change %d: %w", letter, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrSent)
	}
	return nil
}

const letterColumns = `
	SELECT c.id, coalesce(c.departure_id, 0) AS departure_id, c.audience, c.subject_nl, c.body_nl, c.subject_en, c.body_en, c.created_at, c.confirmed_at, c.done_at,
		coalesce((SELECT a.name FROM dossier_actor a WHERE a.kind = 'staff' AND a.id = c.staff_id), '') AS staff_name
	FROM circular c `

func letterByID(ctx context.Context, q sqlx.QueryerContext, letter ID) (Letter, error) {
	return oneLetter(ctx, q, letterColumns+`WHERE c.id = $1`, letter)
}

func lockLetter(ctx context.Context, tx *sqlx.Tx, letter ID) (Letter, error) {
	return oneLetter(ctx, tx, letterColumns+`WHERE c.id = $1 FOR UPDATE OF c`, letter)
}

func oneLetter(ctx context.Context, q sqlx.QueryerContext, query string, letter ID) (l Letter, err error) {
	err = sqlx.GetContext(ctx, q, &l, query, int64(letter))
	if errors.Is(err, sql.ErrNoRows) {
		return l, ErrUnknown
	}
	if err != nil {
		return l, fmt.Errorf("circular: letter %d: %w", letter, err)
	}
	return l, json.Unmarshal(l.AudienceJSON, &l.Audience)
}

func lettersOf(ctx context.Context, q sqlx.QueryerContext, d id.Departure) ([]Letter, error) {
	var all []Letter
	if err := sqlx.SelectContext(ctx, q, &all, letterColumns+`WHERE c.departure_id IS NOT DISTINCT FROM nullif($1::bigint, 0) ORDER BY c.id DESC LIMIT 100`, int64(d)); err != nil {
		return nil, fmt.Errorf("circular: letters of departure %d: %w", d, err)
	}
	return all, nil
}

type familyRow struct {
	Order     id.Order    `db:"order_id"`
	Reference string      `db:"reference"`
	Name      string      `db:"payer_name"`
	Email     string      `db:"payer_email"`
	Lang      string      `db:"lang"`
	Child     string      `db:"child"`
	Boarding  string      `db:"boarding_name"`
	Title     string      `db:"title"`
	StartsOn  civil.Date  `db:"starts_on"`
	EndsOn    civil.Date  `db:"ends_on"`
	Status    string      `db:"status"`
	Bounce    string      `db:"bounce"`
	Open      money.Cents `db:"open_cents"`
}

const familyColumns = `
	SELECT order_id, reference, payer_name, payer_email, lang, child, boarding_name, title, starts_on, ends_on, status, bounce, open_cents FROM circular_family `

func families(ctx context.Context, q sqlx.QueryerContext, d id.Departure, a Audience) ([]Family, error) {
	if len(a.Orders) > 0 {
		return familiesOf(ctx, q, d, a.Orders, true)
	}
	status := []string{"placed", "in_review"}
	if a.Status != "" {
		status = []string{a.Status}
	}
	var rows []familyRow
	err := sqlx.SelectContext(ctx, q, &rows, familyColumns+`
		WHERE departure_id = $1 AND status = ANY ($2) AND ($3 = '' OR evidence = $3) AND ($4::bigint = 0 OR boarding_place_id = $4) AND (NOT $5 OR open_cents > 0)
		ORDER BY lower(payer_name), order_id, booking_id`, d, pq.Array(status), a.Evidence, int64(a.Boarding), a.Open)
	if err != nil {
		return nil, fmt.Errorf("circular: families of departure %d: %w", d, err)
	}
	return gather(rows), nil
}

// familiesOf reads the families of these orders who still have a child on the departure; picked by hand also those who have
// none any more. A letter to several departures (d is 0) tells each family of all that it booked.
func familiesOf(ctx context.Context, q sqlx.QueryerContext, d id.Departure, orders []id.Order, picked bool) ([]Family, error) {
	keys := make([]int64, len(orders))
	for i, o := range orders {
		keys[i] = int64(o)
	}
	var rows []familyRow
	err := sqlx.SelectContext(ctx, q, &rows, familyColumns+`
		WHERE ($1::bigint = 0 OR departure_id = $1) AND order_id = ANY ($2) AND ($3 OR status <> 'cancelled')
		ORDER BY lower(payer_name), order_id, status = 'cancelled', starts_on, booking_id`, int64(d), pq.Array(keys), picked)
	if err != nil {
		return nil, fmt.Errorf("circular: families of %d orders: %w", len(orders), err)
	}
	return gather(rows), nil
}

func gather(rows []familyRow) []Family {
	var all []Family
	goes := false // the family of the row before has a child that goes
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].Order != r.Order {
			f := Family{Order: r.Order, Reference: r.Reference, Name: r.Name, Email: r.Email, Lang: r.Lang, Holiday: r.Title, StartsOn: r.StartsOn, EndsOn: r.EndsOn, Open: max(0, r.Open), LeftOut: r.Bounce}
			if r.Email == "" {
				f.LeftOut = "no_address"
			}
			all, goes = append(all, f), r.Status != "cancelled"
		}
		f := &all[len(all)-1]
		if goes && r.Status == "cancelled" {
			continue
		}
		if !slices.Contains(f.Children, r.Child) {
			f.Children = append(f.Children, r.Child)
		}
		if !slices.Contains(strings.Split(f.Holiday, ", "), r.Title) {
			f.Holiday += ", " + r.Title
		}
		if r.EndsOn.After(f.EndsOn) {
			f.EndsOn = r.EndsOn
		}
		if r.Boarding != "" && !slices.Contains(f.Boardings, r.Boarding) {
			f.Boardings = append(f.Boardings, r.Boarding)
		}
	}
	return all
}

func insertRecipients(ctx context.Context, tx *sqlx.Tx, letter ID, all []Family) error {
	orders, why := make([]int64, len(all)), make([]string, len(all))
	for i, f := range all {
		orders[i], why[i] = int64(f.Order), f.LeftOut
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO circular_recipient (circular_id, order_id, left_out) SELECT $1, o, w FROM unnest($2::bigint[], $3::text[]) AS x (o, w)`,
		int64(letter), pq.Array(orders), pq.Array(why))
	if err != nil {
		return fmt.Errorf("circular: recipients of %d: %w", letter, err)
	}
	return nil
}

// confirmLetter also records which kept letter the words are, when they are one word for word.
func confirmLetter(ctx context.Context, tx *sqlx.Tx, letter ID, recipients int, now time.Time) error {
	return exec(ctx, tx, `
		UPDATE circular c SET confirmed_at = $2, recipients = $3, (template_id, version) = (
			SELECT v.template_id, v.version FROM mail_template_version v
			WHERE (v.subject_nl, v.body_nl, v.subject_en, v.body_en) = (c.subject_nl, c.body_nl, c.subject_en, c.body_en) ORDER BY v.at DESC, v.version DESC LIMIT 1)
		WHERE c.id = $1`, int64(letter), now, recipients)
}

func finishLetter(ctx context.Context, tx *sqlx.Tx, letter ID, now time.Time) error {
	return exec(ctx, tx, `UPDATE circular SET done_at = $2 WHERE id = $1 AND done_at IS NULL`, int64(letter), now)
}

// waiting locks the next families that have not got the letter: two jobs that run at once take different ones.
func waiting(ctx context.Context, tx *sqlx.Tx, letter ID, limit int) ([]id.Order, error) {
	var orders []id.Order
	err := tx.SelectContext(ctx, &orders, `
		SELECT order_id FROM circular_recipient WHERE circular_id = $1 AND mail_id IS NULL AND left_out = '' ORDER BY order_id LIMIT $2 FOR UPDATE`, int64(letter), limit)
	if err != nil {
		return nil, fmt.Errorf("circular: who waits for %d: %w", letter, err)
	}
	return orders, nil
}

func setMail(ctx context.Context, tx *sqlx.Tx, letter ID, order id.Order, key id.Mail) error {
	return exec(ctx, tx, `UPDATE circular_recipient SET mail_id = $3 WHERE circular_id = $1 AND order_id = $2`, int64(letter), order, key)
}

func leaveOut(ctx context.Context, tx *sqlx.Tx, letter ID, order id.Order, why string) error {
	return exec(ctx, tx, `UPDATE circular_recipient SET left_out = $3 WHERE circular_id = $1 AND order_id = $2`, int64(letter), order, why)
}

func dropRecipient(ctx context.Context, tx *sqlx.Tx, letter ID, order id.Order) error {
	return exec(ctx, tx, `DELETE FROM circular_recipient WHERE circular_id = $1 AND order_id = $2 AND mail_id IS NULL`, int64(letter), order)
}

func exec(ctx context.Context, tx *sqlx.Tx, query string, args ...any) error {
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("circular: %w", err)
	}
	return nil
}

func progressOf(ctx context.Context, q sqlx.QueryerContext, letter ID) (p Progress, err error) {
	err = sqlx.GetContext(ctx, q, &p, `
		SELECT count(r.mail_id) AS written, count(m.sent_at) AS sent, count(m.dead_at) AS dead,
			count(*) FILTER (WHERE r.mail_id IS NULL AND r.left_out = '') AS waiting, count(*) FILTER (WHERE r.left_out <> '') AS left_out
		FROM circular_recipient r LEFT JOIN circular_mail m ON m.id = r.mail_id WHERE r.circular_id = $1`, int64(letter))
	if err != nil {
		return p, fmt.Errorf("circular: progress of %d: %w", letter, err)
	}
	return p, nil
}
