package medical

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/civil"
	"joetz/terms/id"
)

type ficheRow struct {
	ID            id.Fiche       `db:"id"`
	Participant   id.Participant `db:"participant_id"`
	Departure     id.Departure   `db:"departure_id"`
	Questionnaire int            `db:"questionnaire"`
	ChangedAt     time.Time      `db:"changed_at"`
	SignedAt      sql.NullTime   `db:"signed_at"`
	Wrapped       []byte         `db:"wrapped"` // NULL when shredded
}

const ficheColumns = `f.id, f.participant_id, f.departure_id, f.questionnaire, f.changed_at, f.signed_at, k.wrapped`

// ficheOf finds the living fiche of a child on a departure; ok is false when there is none.
func ficheOf(ctx context.Context, q sqlx.QueryerContext, p id.Participant, d id.Departure) (row ficheRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT `+ficheColumns+` FROM fiche f LEFT JOIN fiche_key k ON k.fiche_id = f.id
		WHERE f.participant_id = $1 AND f.departure_id = $2 AND f.wiped_at IS NULL`, p, d)
	return found(row, err)
}

// fichesOn lists the living fiches of a departure.
func fichesOn(ctx context.Context, q sqlx.QueryerContext, d id.Departure) (rows []ficheRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT `+ficheColumns+` FROM fiche f LEFT JOIN fiche_key k ON k.fiche_id = f.id
		WHERE f.departure_id = $1 AND f.wiped_at IS NULL`, d)
	return rows, err
}

// found turns "no rows" into ok = false.
func found[T any](row T, err error) (T, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, nil
	}
	return row, err == nil, err
}

// openFiche finds the child's fiche on the departure or makes one, and locks it. made tells which; a new one has no key yet.
// ErrNotFound when the fiche is wiped while this waits for it.
func openFiche(ctx context.Context, tx *sqlx.Tx, p id.Participant, d id.Departure, by id.Guardian, questionnaire int, at time.Time) (row ficheRow, made bool, err error) {
	err = tx.GetContext(ctx, &row, `INSERT INTO fiche AS f (participant_id, departure_id, opened_by, questionnaire, created_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (participant_id, departure_id) WHERE wiped_at IS NULL DO NOTHING
		RETURNING f.id, f.participant_id, f.departure_id, f.questionnaire, f.changed_at, f.signed_at`, p, d, by, questionnaire, at)
	if made = err == nil; made {
		return row, made, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return row, false, fmt.Errorf("open fiche: %w", err)
	}
	err = tx.GetContext(ctx, &row, `SELECT `+ficheColumns+` FROM fiche f LEFT JOIN fiche_key k ON k.fiche_id = f.id
		WHERE f.participant_id = $1 AND f.departure_id = $2 AND f.wiped_at IS NULL FOR UPDATE OF f`, p, d)
	if errors.Is(err, sql.ErrNoRows) {
		return row, false, ErrNotFound
	}
	return row, false, err
}

// ficheOn names the living fiche of a child: there is one for each departure.
type ficheOn struct {
	Participant id.Participant `db:"participant_id"`
	Departure   id.Departure   `db:"departure_id"`
}

func (c CareFor) on() ficheOn { return ficheOn{c.Participant, c.Departure} }

// makeFiches makes the fiches that are not there yet, in one order for all who make some, and returns only those. They have no
// key yet.
func makeFiches(ctx context.Context, tx *sqlx.Tx, all []CareFor, questionnaire int, at time.Time) (map[ficheOn]id.Fiche, error) {
	children, departures, guardians := careKeys(all)
	var rows []struct {
		ID id.Fiche `db:"id"`
		ficheOn
	}
	err := tx.SelectContext(ctx, &rows, `
		INSERT INTO fiche (participant_id, departure_id, opened_by, questionnaire, created_at, changed_at)
		SELECT p, d, g, $4, $5, $5 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS c (p, d, g) ORDER BY p, d
		ON CONFLICT (participant_id, departure_id) WHERE wiped_at IS NULL DO NOTHING
		RETURNING id, participant_id, departure_id`, children, departures, guardians, questionnaire, at)
	if err != nil {
		return nil, fmt.Errorf("make %d fiches: %w", len(all), err)
	}
	made := make(map[ficheOn]id.Fiche, len(rows))
	for _, r := range rows {
		made[r.ficheOn] = r.ID
	}
	return made, nil
}

// allAct reports whether each of these adults acts for the child.
func allAct(ctx context.Context, q sqlx.QueryerContext, all []CareFor) (act bool, err error) {
	children, _, guardians := careKeys(all)
	err = sqlx.GetContext(ctx, q, &act, `
		SELECT bool_and(EXISTS (SELECT 1 FROM fiche_guardian f WHERE f.guardian_id = w.g AND f.participant_id = w.p))
		FROM unnest($1::bigint[], $2::bigint[]) AS w (g, p)`, guardians, children)
	return act, err
}

func careKeys(all []CareFor) (children, departures, guardians pq.Int64Array) {
	for _, c := range all {
		children, departures, guardians = append(children, int64(c.Participant)), append(departures, int64(c.Departure)), append(guardians, int64(c.By))
	}
	return children, departures, guardians
}

func insertKey(ctx context.Context, tx *sqlx.Tx, f id.Fiche, keysetKey uint32, wrapped []byte, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_key (fiche_id, keyset_key, wrapped, wrapped_at) VALUES ($1, $2, $3, $4)`,
		f, int64(keysetKey), wrapped, at)
	return err
}

func saveSection(ctx context.Context, tx *sqlx.Tx, f id.Fiche, section string, sealed []byte, by string, at time.Time) error {
	told := section != agreementsSection && section != signatureSection // by the parent
	_, err := tx.ExecContext(ctx, `
		WITH fiche AS (UPDATE fiche SET changed_at = $4 WHERE id = $1 AND $6 AND changed_at <> $4)
		INSERT INTO fiche_section (fiche_id, section, revision, sealed, saved_at, saved_by)
		VALUES ($1, $2, 1, $3, $4, $5)
		ON CONFLICT (fiche_id, section) DO UPDATE SET revision = fiche_section.revision + 1,
			sealed = excluded.sealed, saved_at = excluded.saved_at, saved_by = excluded.saved_by`, f, section, sealed, at, by, told)
	return err
}

type sectionRow struct {
	Fiche   id.Fiche `db:"fiche_id"`
	Section string   `db:"section"`
	Sealed  []byte   `db:"sealed"`
}

// sectionsOf lists the sealed sections of several fiches, all or those that are wanted.
func sectionsOf(ctx context.Context, q sqlx.QueryerContext, fiches []id.Fiche, wanted want) (rows []sectionRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT fiche_id, section, sealed FROM fiche_section
		WHERE fiche_id = ANY ($1) AND ($2 OR section = ANY ($3))`, pq.Array(fiches), wanted.all, pq.Array(wanted.topics))
	return rows, err
}

// shred takes the key and the answers away for good and leaves a tombstone.
func shred(ctx context.Context, tx *sqlx.Tx, f id.Fiche, because string, at time.Time) error {
	for _, stmt := range []string{
		`DELETE FROM fiche_key WHERE fiche_id = $1`,
		`DELETE FROM fiche_section WHERE fiche_id = $1`,
		`DELETE FROM fiche_summary WHERE fiche_id = $1`,
		`DELETE FROM fiche_upload WHERE fiche_id = $1`,
		`DELETE FROM fiche_record WHERE fiche_id = $1`, // after the key: before that the table refuses it
		`DELETE FROM care_review WHERE fiche_id = $1`,
		`UPDATE fiche_note SET sealed = NULL WHERE fiche_id = $1`,
	} {
		if _, err := tx.ExecContext(ctx, stmt, f); err != nil {
			return fmt.Errorf("shred fiche %d: %w", f, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE fiche SET wiped_at = $2, wiped_because = $3, signed_at = NULL, signed_by = NULL, keep_until = NULL
		WHERE id = $1 AND wiped_at IS NULL`, f, at, because); err != nil {
		return fmt.Errorf("shred fiche %d: %w", f, err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_tombstone (fiche_id, wiped_at, because) VALUES ($1, $2, $3)
		ON CONFLICT (fiche_id) DO NOTHING`, f, at, because)
	return err
}

// stillWanted reports whether a booking or an open basket needs the child's fiche.
func stillWanted(ctx context.Context, q sqlx.QueryerContext, p id.Participant, d id.Departure) (wanted bool, err error) {
	err = sqlx.GetContext(ctx, q, &wanted, `SELECT EXISTS (SELECT 1 FROM fiche_wanted WHERE participant_id = $1 AND departure_id = $2)`, p, d)
	return wanted, err
}

type reviewRow struct {
	Fiche     id.Fiche       `db:"fiche_id"`
	OpenedAt  time.Time      `db:"opened_at"`
	DecidedAt sql.NullTime   `db:"decided_at"`
	Outcome   sql.NullString `db:"outcome"`
}

func openReview(ctx context.Context, tx *sqlx.Tx, f id.Fiche, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO care_review (fiche_id, opened_at) VALUES ($1, $2)
		ON CONFLICT (fiche_id) WHERE decided_at IS NULL DO NOTHING`, f, at)
	return err
}

// closeReview takes back a review that nobody decided yet.
func closeReview(ctx context.Context, tx *sqlx.Tx, f id.Fiche) (bool, error) {
	res, err := tx.ExecContext(ctx, `DELETE FROM care_review WHERE fiche_id = $1 AND decided_at IS NULL`, f)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// decideReview is guarded: false when there was none to decide.
func decideReview(ctx context.Context, tx *sqlx.Tx, f id.Fiche, by id.Staff, outcome Outcome, at time.Time) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE care_review SET decided_at = $2, decided_by = $3, outcome = $4
		WHERE fiche_id = $1 AND decided_at IS NULL`, f, at, by, string(outcome))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// reviewsOf gives the latest review of each fiche.
func reviewsOf(ctx context.Context, q sqlx.QueryerContext, fiches []id.Fiche) (rows []reviewRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT DISTINCT ON (fiche_id) fiche_id, opened_at, decided_at, outcome FROM care_review
		WHERE fiche_id = ANY ($1) ORDER BY fiche_id, id DESC`, pq.Array(fiches))
	return rows, err
}

// subjectRow is a child on a camp, as the rule and the questionnaire see it. Booking is zero for a basket.
type subjectRow struct {
	Booking       id.Booking     `db:"booking_id"`
	Participant   id.Participant `db:"participant_id"`
	BookingStatus string         `db:"booking_status"`
	BornOn        civil.Date     `db:"born_on"`
	campRow
}

// campRow is a departure, as the rule and the questionnaire see it.
type campRow struct {
	Departure       id.Departure   `db:"departure_id"`
	DepartureStatus string         `db:"departure_status"`
	StartsOn        civil.Date     `db:"starts_on"`
	EndsOn          civil.Date     `db:"ends_on"`
	Inclusive       bool           `db:"inclusive"`
	Extra           pq.StringArray `db:"extra"` // nil = all extra questions
	Abroad          bool           `db:"abroad"`
	Carried         bool           `db:"carried"` // the organiser drives
}

const (
	campColumns    = `d.departure_id, d.departure_status, d.starts_on, d.ends_on, d.inclusive, d.extra, d.abroad, d.carried`
	subjectColumns = `b.booking_id, b.participant_id, b.booking_status, p.born_on, ` + campColumns
	subjectTables  = `fiche_booking b JOIN fiche_departure d ON d.departure_id = b.departure_id
		JOIN fiche_participant p ON p.participant_id = b.participant_id`
)

func campOf(ctx context.Context, q sqlx.QueryerContext, d id.Departure) (row campRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT `+campColumns+` FROM fiche_departure d WHERE d.departure_id = $1`, d)
	return found(row, err)
}

func subjectOf(ctx context.Context, q sqlx.QueryerContext, b id.Booking) (row subjectRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT `+subjectColumns+` FROM `+subjectTables+` WHERE b.booking_id = $1`, b)
	return found(row, err)
}

// draftOf is a child in a basket.
func draftOf(ctx context.Context, q sqlx.QueryerContext, p id.Participant, d id.Departure) (row subjectRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT 0 AS booking_id, p.participant_id, '' AS booking_status, p.born_on, `+campColumns+`
		FROM fiche_departure d, fiche_participant p WHERE p.participant_id = $1 AND d.departure_id = $2`, p, d)
	return found(row, err)
}

// subjectsOn lists the children who are coming to a camp.
func subjectsOn(ctx context.Context, q sqlx.QueryerContext, d id.Departure) (rows []subjectRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT `+subjectColumns+` FROM `+subjectTables+`
		WHERE b.departure_id = $1 AND b.booking_status IN ('placed', 'in_review') AND d.departure_status <> 'cancelled'`, d)
	return rows, err
}

// guardianSees reports whether an adult acts for a child and may read the fiche.
func guardianSees(ctx context.Context, q sqlx.QueryerContext, g id.Guardian, p id.Participant) (sees bool, err error) {
	err = sqlx.GetContext(ctx, q, &sees, `SELECT EXISTS (SELECT 1 FROM fiche_guardian WHERE guardian_id = $1 AND participant_id = $2 AND sees_fiche)`, g, p)
	return sees, err
}

type standing struct {
	HoldsRole bool `db:"holds_role"`
	Assigned  bool `db:"assigned"`
	Leads     bool `db:"leads"`
	TakenOff  bool `db:"taken_off"`
}

// standingOf tells what somebody of the organiser is to a camp, now.
func standingOf(ctx context.Context, q sqlx.QueryerContext, who id.Staff, role Role, d id.Departure) (row standing, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT
		EXISTS (SELECT 1 FROM fiche_staff WHERE staff_id = $1 AND (role = $2 OR $2 = 'animator' AND role = 'lead')) AS holds_role,
		EXISTS (SELECT 1 FROM fiche_assignment WHERE staff_id = $1 AND departure_id = $3) AS assigned,
		EXISTS (SELECT 1 FROM fiche_assignment WHERE staff_id = $1 AND departure_id = $3 AND lead) AS leads,
		EXISTS (SELECT 1 FROM fiche_taken_off WHERE staff_id = $1 AND departure_id = $3) AS taken_off`, who, role.String(), d)
	return row, err
}

// hasReview reports whether care was ever discussed for a child's living fiche.
func hasReview(ctx context.Context, q sqlx.QueryerContext, p id.Participant, d id.Departure) (has bool, err error) {
	err = sqlx.GetContext(ctx, q, &has, `SELECT EXISTS (SELECT 1 FROM care_review r JOIN fiche f ON f.id = r.fiche_id
		WHERE f.participant_id = $1 AND f.departure_id = $2 AND f.wiped_at IS NULL)`, p, d)
	return has, err
}

// revisions tells how often each saved topic of a child's fiche was saved; who was never saved is not in it.
func revisions(ctx context.Context, q sqlx.QueryerContext, p id.Participant, d id.Departure) (map[string]int, error) {
	var rows []struct {
		Section  string `db:"section"`
		Revision int    `db:"revision"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT s.section, s.revision FROM fiche_section s JOIN fiche f ON f.id = s.fiche_id
		WHERE f.participant_id = $1 AND f.departure_id = $2 AND f.wiped_at IS NULL`, p, d)
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.Section] = r.Revision
	}
	return out, err
}

// signFiche notes who signed. keepUntil is the zero date without consent to keep.
func signFiche(ctx context.Context, tx *sqlx.Tx, f id.Fiche, by id.Guardian, at time.Time, keepUntil civil.Date) error {
	_, err := tx.ExecContext(ctx, `UPDATE fiche SET signed_at = $2, signed_by = $3, keep_until = $4 WHERE id = $1`, f, at, by, keepUntil)
	return err
}

// keptDeparture finds the departure of the child's latest signed fiche that may still be kept, other than this one.
func keptDeparture(ctx context.Context, q sqlx.QueryerContext, p id.Participant, not id.Departure, today civil.Date) (d id.Departure, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &d, `SELECT departure_id FROM fiche WHERE participant_id = $1 AND departure_id <> $2
		AND wiped_at IS NULL AND keep_until >= $3 ORDER BY signed_at DESC LIMIT 1`, p, not, today)
	return found(d, err)
}
