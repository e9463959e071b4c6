package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/id"
)

type guardianRow struct {
	ID         id.Guardian `db:"id"`
	Email      string      `db:"email"`
	FirstName  string      `db:"first_name"`
	LastName   string      `db:"last_name"`
	Phone      string      `db:"phone"`
	Street     string      `db:"street"`
	PostalCode string      `db:"postal_code"`
	City       string      `db:"city"`
	Country    string      `db:"country"`
	Lang       string      `db:"lang"`
	Password   bool        `db:"has_password"`
}

const guardianColumns = `g.id, g.email, g.first_name, g.last_name, g.phone, g.street, g.postal_code, g.city, g.country, g.lang,
	g.password_hash IS NOT NULL AS has_password`

func guardianByID(ctx context.Context, q sqlx.QueryerContext, key id.Guardian) (Guardian, error) {
	return oneGuardian(ctx, q, `SELECT `+guardianColumns+` FROM guardian g WHERE g.id = $1`, key)
}

func guardiansByID(ctx context.Context, q sqlx.QueryerContext, guardians []id.Guardian) (map[id.Guardian]Guardian, error) {
	var rows []guardianRow
	if err := sqlx.SelectContext(ctx, q, &rows, `SELECT `+guardianColumns+` FROM guardian g WHERE g.id = `+pg.AnyKey, pg.Keys(guardians)); err != nil {
		return nil, fmt.Errorf("read %d guardians: %w", len(guardians), err)
	}
	found := make(map[id.Guardian]Guardian, len(rows))
	for _, r := range rows {
		found[r.ID] = Guardian(r)
	}
	return found, nil
}

func guardianByEmail(ctx context.Context, q sqlx.QueryerContext, email string) (Guardian, error) {
	return oneGuardian(ctx, q, `SELECT `+guardianColumns+` FROM guardian g WHERE g.email = $1`, email)
}

func oneGuardian(ctx context.Context, q sqlx.QueryerContext, query string, arg any) (Guardian, error) {
	var row guardianRow
	err := sqlx.GetContext(ctx, q, &row, query, arg)
	if errors.Is(err, sql.ErrNoRows) {
		return Guardian{}, ErrNoSuchPerson
	}
	if err != nil {
		return Guardian{}, fmt.Errorf("read guardian: %w", err)
	}
	return Guardian(row), nil
}

func insertGuardian(ctx context.Context, q sqlx.ExecerContext, email, lang string, now time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO guardian (email, lang, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (email) DO NOTHING`, email, lang, now)
	if err != nil {
		return fmt.Errorf("insert guardian: %w", err)
	}
	return nil
}

func updateGuardian(ctx context.Context, q sqlx.ExecerContext, key id.Guardian, in GuardianInput) error {
	done, err := q.ExecContext(ctx, `UPDATE guardian SET first_name = $2, last_name = $3, phone = $4, street = $5,
		postal_code = $6, city = $7, country = $8, lang = CASE WHEN $9 = '' THEN lang ELSE $9 END WHERE id = $1`,
		key, in.FirstName, in.LastName, in.Phone, in.Street, in.PostalCode, in.City, in.Country, in.Lang)
	return oneRow(done, err, "update guardian")
}

// oneRow turns an update that met no row into ErrNoSuchPerson.
func oneRow(done sql.Result, err error, what string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if n == 0 {
		return ErrNoSuchPerson
	}
	return nil
}

func lockGuardian(ctx context.Context, q sqlx.ExecerContext, key id.Guardian) error {
	return lockGuardians(ctx, q, []id.Guardian{key})
}

// lockGuardians locks guardians in order of their keys, so that two who lock several never wait for each other crosswise.
func lockGuardians(ctx context.Context, q sqlx.ExecerContext, all []id.Guardian) error {
	locked, err := q.ExecContext(ctx, `SELECT id FROM guardian WHERE id = `+pg.AnyKey+` ORDER BY id FOR NO KEY UPDATE`, pg.Keys(all))
	if err != nil {
		return fmt.Errorf("lock %d guardians: %w", len(all), err)
	}
	if n, err := locked.RowsAffected(); err != nil || n != int64(len(all)) {
		return errors.Join(ErrNoSuchPerson, err)
	}
	return nil
}

type childRow struct {
	ID        id.Participant `db:"id"`
	FirstName string         `db:"first_name"`
	LastName  string         `db:"last_name"`
	BornOn    civil.Date     `db:"born_on"`
	Gender    string         `db:"gender"`
	SeesFiche bool           `db:"sees_fiche"`
}

func childrenOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian) ([]Child, error) {
	var rows []childRow
	if err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT p.id, p.first_name, p.last_name, p.born_on, coalesce(p.gender, '') AS gender, gs.sees_fiche
		FROM guardianship gs JOIN participant p ON p.id = gs.participant_id
		WHERE gs.guardian_id = $1 ORDER BY p.born_on, p.id`, guardian); err != nil {
		return nil, fmt.Errorf("read children: %w", err)
	}
	children := make([]Child, len(rows))
	for i, row := range rows {
		children[i] = Child(row)
	}
	return children, nil
}

func childrenOfAll(ctx context.Context, q sqlx.QueryerContext, guardians []id.Guardian) (map[id.Guardian][]Child, error) {
	var rows []struct {
		Guardian id.Guardian `db:"guardian_id"`
		childRow
	}
	if err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT gs.guardian_id, p.id, p.first_name, p.last_name, p.born_on, coalesce(p.gender, '') AS gender, gs.sees_fiche
		FROM guardianship gs JOIN participant p ON p.id = gs.participant_id
		WHERE gs.guardian_id = `+pg.AnyKey+` ORDER BY p.born_on, p.id`, pg.Keys(guardians)); err != nil {
		return nil, fmt.Errorf("read children of %d guardians: %w", len(guardians), err)
	}
	all := make(map[id.Guardian][]Child, len(guardians))
	for _, r := range rows {
		all[r.Guardian] = append(all[r.Guardian], Child(r.childRow))
	}
	return all, nil
}

func childOf(ctx context.Context, q sqlx.QueryerContext, guardian id.Guardian, child id.Participant) (Child, error) {
	var row childRow
	err := sqlx.GetContext(ctx, q, &row, `
		SELECT p.id, p.first_name, p.last_name, p.born_on, coalesce(p.gender, '') AS gender, gs.sees_fiche
		FROM guardianship gs JOIN participant p ON p.id = gs.participant_id
		WHERE gs.guardian_id = $1 AND gs.participant_id = $2`, guardian, child)
	if errors.Is(err, sql.ErrNoRows) {
		return Child{}, ErrNoSuchPerson
	}
	if err != nil {
		return Child{}, fmt.Errorf("read child: %w", err)
	}
	return Child(row), nil
}

// newChild is a child as insertChildren hands it to the database.
type newChild struct {
	Guardian  id.Guardian `json:"guardian"`
	Actor     string      `json:"actor"`
	FirstName string      `json:"first_name"`
	LastName  string      `json:"last_name"`
	BornOn    civil.Date  `json:"born_on"`
}

// insertChildren adds a child to each of these families, with the first line of its history.
func insertChildren(ctx context.Context, q sqlx.QueryerContext, all map[id.Guardian]ChildInput, now time.Time) (map[id.Guardian]id.Participant, error) {
	if len(all) == 0 {
		return nil, nil
	}
	var rows pg.Rows[newChild]
	for g, in := range all {
		rows = append(rows, newChild{g, g.Actor(), in.FirstName, in.LastName, in.BornOn})
	}
	var made []struct {
		Guardian id.Guardian    `db:"guardian_id"`
		Child    id.Participant `db:"participant_id"`
	}
	err := sqlx.SelectContext(ctx, q, &made, `
		WITH child AS MATERIALIZED (
			SELECT nextval('participant_id_seq') AS id, c.guardian, c.actor, c.first_name, c.last_name, c.born_on FROM json_to_recordset($1::json)
				AS c (guardian bigint, actor text, first_name text, last_name text, born_on date)),
		person AS (
			INSERT INTO participant (id, first_name, last_name, born_on, created_at) OVERRIDING SYSTEM VALUE
			SELECT id, first_name, last_name, born_on, $2 FROM child),
		event AS (INSERT INTO guardianship_event (participant_id, kind, actor, at) SELECT id, 'added', actor, $2 FROM child)
		INSERT INTO guardianship (guardian_id, participant_id) SELECT guardian, id FROM child RETURNING guardian_id, participant_id`, rows, now)
	if err != nil {
		return nil, fmt.Errorf("insert %d children: %w", len(all), err)
	}
	children := make(map[id.Guardian]id.Participant, len(made))
	for _, m := range made {
		children[m.Guardian] = m.Child
	}
	return children, nil
}

func updateChild(ctx context.Context, q sqlx.ExecerContext, guardian id.Guardian, child id.Participant, in ChildInput) error {
	done, err := q.ExecContext(ctx, `UPDATE participant SET first_name = $3, last_name = $4, born_on = $5
		WHERE id = $2 AND EXISTS (SELECT 1 FROM guardianship WHERE guardian_id = $1 AND participant_id = $2 AND changes)`,
		guardian, child, in.FirstName, in.LastName, in.BornOn)
	return oneRow(done, err, "update child")
}
