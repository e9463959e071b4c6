package waitroom

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

type openingRow struct {
	OpensAt    time.Time  `db:"opens_at"`
	DrawnAt    *time.Time `db:"drawn_at"`
	Last       int        `db:"last_rank"`
	LetIn      int        `db:"let_in"`
	AdvancedAt time.Time  `db:"advanced_at"`
}

// joinEarly keeps the opening's row shared until the commit: the lot waits for everybody who is on the way in.
func joinEarly(ctx context.Context, tx *sqlx.Tx, opensAt time.Time, guardian id.Guardian, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO sale_opening (opens_at, advanced_at) VALUES ($1, $1) ON CONFLICT DO NOTHING`, opensAt)
	if err != nil {
		return fmt.Errorf("waitroom: opening: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		WITH opening AS MATERIALIZED (SELECT opens_at FROM sale_opening WHERE opens_at = $1 AND drawn_at IS NULL FOR SHARE)
		INSERT INTO sale_visitor (opens_at, guardian_id, joined_at) SELECT opens_at, $2, $3 FROM opening ON CONFLICT DO NOTHING`,
		opensAt, guardian, now)
	if err != nil {
		return fmt.Errorf("waitroom: join: %w", err)
	}
	return nil
}

func countWaiting(ctx context.Context, q sqlx.QueryerContext, opensAt time.Time) (n int, err error) {
	if err := sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM sale_visitor WHERE opens_at = $1`, opensAt); err != nil {
		return 0, fmt.Errorf("waitroom: count: %w", err)
	}
	return n, nil
}

func anybodyWaits(ctx context.Context, q sqlx.QueryerContext, opensAt time.Time) (waits bool, err error) {
	err = sqlx.GetContext(ctx, q, &waits, `SELECT EXISTS (SELECT 1 FROM sale_opening WHERE opens_at = $1)`, opensAt)
	if err != nil {
		return false, fmt.Errorf("waitroom: opening: %w", err)
	}
	return waits, nil
}

func anyLine(ctx context.Context, q sqlx.QueryerContext, after, until time.Time) (found bool, err error) {
	err = sqlx.GetContext(ctx, q, &found, `SELECT EXISTS (SELECT 1 FROM sale_opening WHERE opens_at > $1 AND opens_at <= $2)`, after, until)
	if err != nil {
		return false, fmt.Errorf("waitroom: lines: %w", err)
	}
	return found, nil
}

const openingColumns = `opens_at, drawn_at, last_rank, let_in, advanced_at`

// looked is what one query tells of an opening and of one guardian.
type looked struct {
	Exists     bool      `db:"has_line"`
	Drawn      bool      `db:"drawn"`
	Last       int       `db:"last_rank"`
	LetIn      int       `db:"let_in"`
	AdvancedAt time.Time `db:"advanced_at"`
	Joined     bool      `db:"joined"`
	Rank       int       `db:"rank"` // 0 = none yet
}

// least is how much the line is behind before a look moves it on.
const least = 200 * time.Millisecond

// settled reports whether a look says all and nothing has to be written.
func (l looked) settled(now time.Time, rate int) bool {
	switch {
	case !l.Exists:
		return false // to join, or to see under the lock that there is no line
	case !l.Drawn || l.Rank == 0:
		return l.Joined && now.Before(l.AdvancedAt) // before the draw advanced_at is the opening
	case l.Rank <= l.LetIn:
		return true
	}
	behind := now.Sub(l.AdvancedAt)
	return behind < min(least, time.Duration(l.Rank-l.LetIn)*time.Second/time.Duration(rate))
}

func look(ctx context.Context, q sqlx.QueryerContext, opensAt time.Time, guardian id.Guardian) (l looked, err error) {
	err = sqlx.GetContext(ctx, q, &l, `
		SELECT true AS has_line, o.drawn_at IS NOT NULL AS drawn, o.last_rank, o.let_in, o.advanced_at, v.guardian_id IS NOT NULL AS joined,
			coalesce(v.rank, 0) AS rank
		FROM sale_opening o LEFT JOIN sale_visitor v ON v.opens_at = o.opens_at AND v.guardian_id = $2 WHERE o.opens_at = $1`, opensAt, guardian)
	if errors.Is(err, sql.ErrNoRows) {
		return looked{}, nil
	}
	if err != nil {
		return l, fmt.Errorf("waitroom: look: %w", err)
	}
	return l, nil
}

func lockOpening(ctx context.Context, tx *sqlx.Tx, opensAt time.Time) (o openingRow, ok bool, err error) {
	return oneOpening(ctx, tx, `SELECT `+openingColumns+` FROM sale_opening WHERE opens_at = $1 FOR UPDATE`, opensAt)
}

func lockOpeningIfFree(ctx context.Context, tx *sqlx.Tx, opensAt time.Time) (o openingRow, ok bool, err error) {
	return oneOpening(ctx, tx, `SELECT `+openingColumns+` FROM sale_opening WHERE opens_at = $1 FOR UPDATE SKIP LOCKED`, opensAt)
}

func oneOpening(ctx context.Context, tx *sqlx.Tx, query string, opensAt time.Time) (o openingRow, ok bool, err error) {
	err = tx.GetContext(ctx, &o, query, opensAt)
	if errors.Is(err, sql.ErrNoRows) {
		return o, false, nil
	}
	if err != nil {
		return o, false, fmt.Errorf("waitroom: opening: %w", err)
	}
	return o, true, nil
}

// draw gives everybody who waits a rank by lot, once. The seed is made here, after the last of them came in.
func draw(ctx context.Context, tx *sqlx.Tx, opensAt, now time.Time) (o openingRow, err error) {
	_, err = tx.ExecContext(ctx, `
		WITH seed AS MATERIALIZED (SELECT gen_random_uuid()::text || gen_random_uuid()::text AS value),
		opening AS (UPDATE sale_opening SET seed = seed.value, drawn_at = $2, advanced_at = $2,
			last_rank = (SELECT count(*) FROM sale_visitor WHERE opens_at = $1) FROM seed WHERE opens_at = $1),
		lots AS (
			SELECT guardian_id, row_number() OVER (ORDER BY sha256(convert_to(seed.value || guardian_id, 'UTF8'))) AS rank
			FROM sale_visitor, seed WHERE opens_at = $1)
		UPDATE sale_visitor v SET rank = lots.rank FROM lots WHERE v.opens_at = $1 AND v.guardian_id = lots.guardian_id`, opensAt, now)
	if err != nil {
		return o, fmt.Errorf("waitroom: draw: %w", err)
	}
	o, _, err = lockOpening(ctx, tx, opensAt)
	return o, err
}

// rankOf is a guardian's rank, or the end of the line for who comes now. The caller holds the opening's lock.
func rankOf(ctx context.Context, tx *sqlx.Tx, opensAt time.Time, guardian id.Guardian, now time.Time) (rank int, err error) {
	err = tx.GetContext(ctx, &rank, `SELECT rank FROM sale_visitor WHERE opens_at = $1 AND guardian_id = $2`, opensAt, guardian)
	if err == nil {
		return rank, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("waitroom: rank: %w", err)
	}
	err = tx.GetContext(ctx, &rank, `
		WITH opening AS (UPDATE sale_opening SET last_rank = last_rank + 1 WHERE opens_at = $1 RETURNING last_rank)
		INSERT INTO sale_visitor (opens_at, guardian_id, joined_at, rank) SELECT $1, $2, $3, last_rank FROM opening RETURNING rank`,
		opensAt, guardian, now)
	if err != nil {
		return 0, fmt.Errorf("waitroom: end of the line: %w", err)
	}
	return rank, nil
}

// advance lets in who may come since the last look, and reports the highest rank that is in. Time that is too short for one
// person is kept for the next look; nobody is let in ahead of the line's end, so that a quiet hour saves up nothing.
func advance(ctx context.Context, tx *sqlx.Tx, o openingRow, rate int, now time.Time) (let int, err error) {
	each := time.Second / time.Duration(rate)
	more := int(now.Sub(o.AdvancedAt) / each)
	if more <= 0 {
		return o.LetIn, nil
	}
	let, at := o.LetIn+more, o.AdvancedAt.Add(time.Duration(more)*each)
	if let >= o.Last {
		let, at = o.Last, now
	}
	_, err = tx.ExecContext(ctx, `UPDATE sale_opening SET let_in = $2, advanced_at = $3 WHERE opens_at = $1`, o.OpensAt, let, at)
	if err != nil {
		return 0, fmt.Errorf("waitroom: let in: %w", err)
	}
	return let, nil
}
