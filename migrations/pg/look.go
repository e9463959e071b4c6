package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// ClockPatience is how far a machine's clock may be from the database's before somebody has to look.
const ClockPatience = 2 * time.Second

// Looked is what one look at a database shows of it, asked in one query since it is asked at each look at the figures.
type Looked struct {
	// Writable tells whether it takes changes: a replica does not, nor a server that was failed over from, nor one that its provider has
	// put to reading because its disk is nearly full.
	Writable bool
	// ClockAhead is how far the clock of who looked is ahead of the database's, negative when it is behind. The database looked at its
	// clock somewhere between question and answer, which lie far apart where it has much to do: 0 as long as that explains it.
	ClockAhead time.Duration
}

// Look asks the database what it is at. now is the clock that is compared with its own.
func Look(ctx context.Context, db *sqlx.DB, now func() time.Time) (Looked, error) {
	var row struct {
		Theirs   time.Time `db:"theirs"`
		Writable bool      `db:"writable"`
	}
	asked := now()
	if err := db.GetContext(ctx, &row, `SELECT clock_timestamp() AS theirs, current_setting('transaction_read_only') = 'off' AS writable`); err != nil {
		return Looked{}, fmt.Errorf("ask the database for its time and whether it takes changes: %w", err)
	}
	return Looked{Writable: row.Writable, ClockAhead: apart(asked, row.Theirs, now())}, nil
}

// apart is the least by which a clock that read asked and then answered is ahead of one that read theirs in between.
func apart(asked, theirs, answered time.Time) time.Duration {
	switch {
	case asked.After(theirs):
		return asked.Sub(theirs)
	case theirs.After(answered):
		return answered.Sub(theirs)
	}
	return 0
}
