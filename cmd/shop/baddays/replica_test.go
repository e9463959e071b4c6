package baddays

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// standby makes a streaming replica of a server, and starts it.
func (s *server) standby() *server {
	s.t.Helper()
	r := &server{t: s.t, dir: roomyDir(s.t), port: s.port}
	r.own(r.dir)
	s.run("pg_basebackup", "--host="+s.dir, "--port="+s.port, "--username=shop", "--pgdata="+r.data(), "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync")
	if err := os.Chmod(r.data(), 0o700); err != nil {
		s.t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(r.data(), "standby.signal")); err != nil {
		s.t.Fatal(err)
	}
	r.configure("unix_socket_directories = '"+r.dir+"'", "hot_standby = on", "wal_retrieve_retry_interval = 200ms")
	r.start()
	s.t.Cleanup(func() { r.halt("immediate") })
	return r
}

var places = regexp.MustCompile(`Nog (\d+) plaats`)

// seen is how many places a page says are free, -1 for none; stale when it says that it is old.
func seen(t *testing.T, site string) (free int, stale bool) {
	t.Helper()
	code, body, _ := status(site, "/vakanties/town-0")
	if code != http.StatusOK {
		t.Fatalf("the page: %d %.200s", code, title(body))
	}
	m := places.FindStringSubmatch(body)
	if m == nil {
		return -1, strings.Contains(body, staleNotice)
	}
	free, _ = strconv.Atoi(m[1])
	return free, strings.Contains(body, staleNotice)
}

// Pages for everybody are read from a streaming replica. It lags, dies, comes back, is left alone when the database is
// away, and is made a database of its own: free places are never old without saying so.
func TestReplica(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	dsn := s.migrated()
	w := townOn(t, dsn, 1, 8)
	r := s.standby()
	primary, copied := newWire(t, dsn), newWire(t, r.dsn("shop"))
	w.vars[0] = "DATABASE_URL=" + primary.dsn()
	w.vars = append(w.vars, "DATABASE_REPLICA_URL="+copied.dsn())
	shop := start(t, "127.0.0.1:0", w.vars...)
	free := 8
	// book takes a place, after which the page comes to say so, and that it is as of now.
	book := func(when string) {
		t.Helper()
		free--
		w.db.MustExec(`UPDATE place SET held_until = now() + interval '1 hour', checkout_id = (SELECT max(id) FROM checkout) WHERE number = (SELECT min(number) FROM place WHERE checkout_id IS NULL)`)
		taken := time.Now()
		waitFor(t, when+": the place to be seen as taken", func() bool {
			n, stale := seen(t, shop.url())
			return n == free && !stale // a machine that reads for longer than a second shows the page of before, and says so
		})
		t.Logf("%s: seen after %v", when, time.Since(taken).Round(time.Millisecond))
	}
	// follows waits until pages are read from the replica.
	follows := func(when string) {
		t.Helper()
		before := copied.answered()
		waitFor(t, when+": the replica to be asked", func() bool { seen(t, shop.url()); return copied.answered() > before+6 })
	}
	w.db.MustExec(`INSERT INTO checkout (token_hash, held_until, created_at) VALUES ('x', now() + interval '1 hour', now())`)
	if n, _ := seen(t, shop.url()); n != free {
		t.Fatalf("%d places at first", n)
	}
	follows("at first")
	book("while it follows")

	exec := func(server *server, statement string) {
		t.Helper()
		s.run("psql", "--host="+server.dir, "--username=shop", "--dbname=shop", "--quiet", "--command="+statement)
	}
	exec(r, `SELECT pg_wal_replay_pause()`)
	book("while it lags")
	if said, ok := command(t, w.vars, "doctor"); !ok || !strings.Contains(said, "replica") {
		t.Errorf("doctor while it lags: %s", said)
	}
	exec(r, `SELECT pg_wal_replay_resume()`)
	follows("caught up")

	r.halt("immediate")
	book("while it is dead")
	if said, _ := command(t, w.vars, "doctor"); !strings.Contains(said, "DATABASE_REPLICA_URL does not answer") {
		t.Errorf("doctor while it is dead: %s", said)
	}
	r.start()
	follows("alive again")
	book("alive again")

	primary.lose()
	waitFor(t, "the page to say that it is old", func() bool { n, stale := seen(t, shop.url()); return stale && n == free })
	primary.find()
	waitFor(t, "the page to be fresh", func() bool { _, stale := seen(t, shop.url()); return !stale })

	s.run("pg_ctl", "promote", "--wait", "--pgdata="+r.data())
	exec(r, `UPDATE place SET held_until = now() + interval '1 hour', checkout_id = 1`) // two databases now, and this one is nobody's
	book("once it is a database of its own")
	if said, ok := command(t, w.vars, "doctor"); ok || !strings.Contains(said, "no replica") {
		t.Errorf("doctor of two databases: %s", said)
	}
	if strings.Contains(shop.whole(), "panic") {
		t.Error(shop.said())
	}
}
