package baddays

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"joetz/terms/money"
)

// The database crashes and comes back while the shop is in use, and once it is restarted in order. The shop stays up:
// nobody has to restart it, nobody gets another answer than "not now", nothing is lost or sold twice.
func TestDatabaseRestarts(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	b := &busy{town: townOn(t, s.migrated(), buyers, 20, 2000), over: make(chan struct{}), banked: map[int64]money.Cents{}}
	shop := start(t, "127.0.0.1:0", b.vars...)
	b.sites = []string{shop.url()}
	b.db.SetMaxIdleConns(0) // ours too would answer once that the server of before is gone
	for n := range buyers {
		b.wait.Go(func() { b.buyer(n) })
	}
	b.wait.Go(b.clerk)
	b.wait.Go(b.office)
	b.wait.Go(b.reader)
	for _, mode := range []string{"immediate", "fast", "immediate"} {
		b.sees(6)
		s.halt(mode)
		before := b.answers.Load()
		waitFor(t, "people to notice", func() bool { return b.answers.Load() > before+20 })
		s.start()
	}
	b.sees(12)
	b.rest()
	b.hurry() // jobs whose end could not be written down wait for their lease to run out
	b.lastPlaces()
	b.settled()
	b.end(3, shop)
	select {
	case <-shop.gone:
		t.Errorf("the shop ended: %s", shop.said())
	default:
	}
}

// sees waits until people were told of so many more bookings.
func (b *busy) sees(n int) {
	b.t.Helper()
	last := b.told() + n
	waitFor(b.t, "the shop to work again", func() bool { return b.told() >= last })
}

func (b *busy) told() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.confirmed)
}

// The disk of the database fills up while people book, and is then made room on. While it is full, bookings are refused
// plainly and nothing is half written; afterwards all goes on by itself.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	dir := roomyDir(t)
	real := small(t, dir, 200)
	s := newServerIn(t, dir, "max_wal_size = 48MB", "min_wal_size = 32MB", "wal_keep_size = 0", "autovacuum = off")
	b := &busy{town: townOn(t, s.migrated(), buyers, 20, 2000), over: make(chan struct{}), banked: map[int64]money.Cents{}}
	full, room := fill(t, filepath.Join(dir, "ballast"))
	if !real {
		full, room = b.pretend()
	}
	shop := start(t, "127.0.0.1:0", b.vars...)
	b.sites = []string{shop.url()}
	b.db.SetMaxIdleConns(0) // ours too would answer once that the server of before is gone
	for n := range buyers {
		b.wait.Go(func() { b.buyer(n) })
	}
	b.wait.Go(b.clerk)
	b.wait.Go(b.reader)
	b.sees(6)

	var refused atomic.Int64
	v := newVisitor(shop.url, parentSession(0))
	waitFor(t, "the disk to be full", func() bool {
		full()
		err := b.hold(v, b.departures[1], b.children.next())
		if err != nil && strings.Contains(err.Error(), "status 503") {
			refused.Add(1)
		} else if err != nil && !b.unsure(err) {
			t.Errorf("on a full disk: %v", err)
		}
		return refused.Load() >= 5
	})
	room()
	last := b.told() + 6
	waitFor(t, "the shop to work again", func() bool {
		if s.down() { // where the journal itself found no room, PostgreSQL has stopped, and its supervisor starts it again
			t.Log("PostgreSQL stopped: ", s.tryStart())
		}
		return b.told() >= last
	})
	close(b.over)
	b.wait.Wait()
	b.hurry()
	b.sound("at the end")
	b.kept("at the end")
	b.exact("at the end")
	for _, said := range b.wrong {
		t.Error(said)
	}
	if strings.Contains(shop.whole(), "panic") {
		t.Error(shop.said())
	}
	t.Logf("%d bookings confirmed", len(b.confirmed))
}

// down reports whether the server does not run.
func (s *server) down() bool {
	return s.command("pg_ctl", "status", "--pgdata="+s.data()).Run() != nil
}

// small makes a directory a disk of its own of so many megabytes, and reports whether that is allowed here.
func small(t *testing.T, dir string, megabytes int) bool {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		t.Logf("no disk can be made here (%v): the database only says that it is full", err)
		return false
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return true
}

// pretend lets every table answer a write as on a full disk, between full and room. It takes no right of the machine's.
func (w *town) pretend() (full, room func()) {
	w.db.MustExec(`CREATE SCHEMA trouble; CREATE TABLE trouble.disk (is_full boolean NOT NULL); INSERT INTO trouble.disk (is_full) VALUES (false);
		CREATE FUNCTION trouble.written() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF (SELECT is_full FROM trouble.disk) THEN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END IF;
			RETURN NULL;
		END $$;
		DO $$ DECLARE r regclass; BEGIN
			FOR r IN SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace LOOP
				EXECUTE format('CREATE TRIGGER disk BEFORE INSERT OR UPDATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION trouble.written()', r);
			END LOOP;
		END $$`)
	set := func(is bool) func() {
		return func() { w.db.MustExec(`UPDATE trouble.disk SET is_full = $1 WHERE is_full <> $1`, is) }
	}
	return set(true), set(false)
}

// fill takes all the room that there is at a call of full, and what became free since at each further call.
func fill(t *testing.T, path string) (full, room func()) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // it is ballast
	chunk := make([]byte, 64<<10)
	full = func() {
		for err := error(nil); err == nil; {
			_, err = f.Write(chunk)
		}
	}
	return full, func() {
		if err := f.Truncate(0); err != nil {
			t.Fatal(err)
		}
	}
}
