package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Args is what a job is about: a struct of ids that JSON can write and read. Kind names the job, "booking.reminder".
type Args interface {
	Kind() string
}

// DefaultAttempts spread over a day and a quarter (see retryAfter): longer than a mail server is ever down.
const DefaultAttempts = 12

// Option changes how a job is inserted.
type Option func(*insertion)

type insertion struct {
	key      *string
	runAt    *time.Time
	attempts int
}

// At keeps the job until that time on the shop's clock.
func At(t time.Time) Option { return func(i *insertion) { i.runAt = &t } }

// Key makes the job the only one of its kind with this key, now and later: a second insert does nothing.
func Key(key string) Option { return func(i *insertion) { i.key = &key } }

// Attempts is how often the job is tried before it is dead.
func Attempts(n int) Option { return func(i *insertion) { i.attempts = n } }

// InsertAllTx is InsertTx for many jobs in one statement.
func InsertAllTx(ctx context.Context, tx *sqlx.Tx, all ...Args) error {
	kinds, texts := make([]string, len(all)), make([]string, len(all))
	for i, args := range all {
		text, err := json.Marshal(args)
		if err != nil {
			return fmt.Errorf("job %s: %w", args.Kind(), err)
		}
		kinds[i], texts[i] = args.Kind(), string(text)
	}
	return insertJobs(ctx, tx, kinds, texts)
}

// InsertTx adds a job to the caller's transaction. It runs soon after the commit, or never when there is none.
func InsertTx(ctx context.Context, tx *sqlx.Tx, args Args, opts ...Option) error {
	i := insertion{attempts: DefaultAttempts}
	for _, o := range opts {
		o(&i)
	}
	text, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("job %s: %w", args.Kind(), err)
	}
	if err := insertJob(ctx, tx, args.Kind(), string(text), i); err != nil {
		return fmt.Errorf("job %s: %w", args.Kind(), err)
	}
	return nil
}
