package shoptest

import (
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/medical/seal"
	"joetz/migrations/pg/pgtest"
)

// demos are the demo's databases that this process made, by the moment at which they were made.
var demos struct {
	sync.Mutex
	made map[int64]*demo
}

type demo struct {
	once sync.Once
	from config.Config
	err  error
}

// Demo is Config for a shop that was opened at that moment and has its demo already: the season and its families are made once
// in a process, and copied.
func Demo(t testing.TB, at time.Time) config.Config {
	t.Helper()
	demos.Lock()
	if demos.made == nil {
		demos.made = map[int64]*demo{}
	}
	d := demos.made[at.UnixMicro()]
	if d == nil {
		d = &demo{}
		demos.made[at.UnixMicro()] = d
	}
	demos.Unlock()
	d.once.Do(func() { d.err = d.fill(t, pgtest.Kept(t), at) })
	if d.err != nil {
		t.Fatalf("the demo at %v: %v", at, d.err)
	}
	c := d.from
	c.DatabaseURL, c.DataDir = config.Secret(pgtest.Copy(t, d.from.DatabaseURL.Reveal())), t.TempDir()
	return c
}

// fill makes the demo, while the clock stands still: nothing in it is later than the shop that has it begins.
func (d *demo) fill(t testing.TB, dsn string, at time.Time) error {
	t.Helper()
	keys, err := seal.Generate()
	if err != nil {
		return err
	}
	d.from = settings(dsn, t.TempDir())
	d.from.Keys, d.from.Secret = config.Secret(keys), "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U="
	clock := NewClock(at)
	clock.Hold(at)
	p, err := program.New(t.Context(), d.from, clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	_, err = p.DB.ExecContext(t.Context(), `VACUUM ANALYZE`) // the tests' server does not by itself
	return errors.Join(err, p.Close())
}
