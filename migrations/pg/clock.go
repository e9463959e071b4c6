package pg

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// ClockAhead tells how far the clock now is ahead of the database's, negative when it is behind. The database looked at its clock
// somewhere between question and answer, which lie far apart where it has much to do: the answer is 0 as long as that explains it.
func ClockAhead(ctx context.Context, db *sqlx.DB, now func() time.Time) (time.Duration, error) {
	var theirs time.Time
	asked := now()
	if err := db.GetContext(ctx, &theirs, `SELECT clock_timestamp()`); err != nil {
		return 0, fmt.Errorf("ask the database for the time: %w", err)
	}
	return apart(asked, theirs, now()), nil
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
