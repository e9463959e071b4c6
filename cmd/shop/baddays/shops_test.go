package baddays

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // to ask PgBouncer itself

	"joetz/migrations/pg/pgtest"
	"joetz/terms/money"
)

// crowd lets everybody use several shops at once until so many bookings were confirmed, and ends the minute. Half-way
// something happens that leaves these shops.
func (b *busy) crowd(bookings int, meanwhile func() (left []string)) {
	b.t.Helper()
	for n := range buyers {
		b.wait.Go(func() { b.buyer(n) })
	}
	b.wait.Go(b.clerk)
	b.wait.Go(b.office)
	b.wait.Go(b.reader)
	b.sees(bookings / 2)
	left := meanwhile()
	b.sees(bookings - bookings/2)
	b.rest()
	b.sites = left
	b.hurry()
	b.lastPlaces()
	b.settled()
}

// backup makes one while people book, and returns what is needed to put it back.
func (b *busy) backup() (file, key string) {
	b.t.Helper()
	dir := b.t.TempDir()
	file, key = filepath.Join(dir, "shop.backup"), filepath.Join(dir, "key")
	pair, ok := command(b.t, b.vars, "backup", "keys")
	if err := os.WriteFile(key, []byte(pair), 0o600); err != nil || !ok {
		b.t.Fatal(err, pair)
	}
	public, _, _ := strings.Cut(pair[strings.Index(pair, "age1"):], "\n")
	vars := append(slices.Clone(b.vars), "SHOP_BACKUP_RECIPIENTS="+public)
	waitFor(b.t, "a backup during which orders came in", func() bool {
		before := b.told()
		if said, ok := command(b.t, vars, "backup", file); !ok {
			b.t.Fatal(said)
		}
		return b.told() > before
	})
	return file, key
}

// putBack puts a backup into a database of its own, which has to be sound as it stood in the middle of a busy minute.
func (b *busy) putBack(file, key string) {
	b.t.Helper()
	dsn := pgtest.EmptyDSN(b.t)
	vars := append(slices.Clone(b.vars), "DATABASE_URL="+dsn)
	if said, ok := command(b.t, vars, "restore", "-key", key, "-nothing-was-wiped", file); !ok {
		b.t.Errorf("restore: %s", said)
	}
	if said, ok := command(b.t, vars, "fsck"); !ok {
		b.t.Errorf("the backup is not sound: %s", said)
	}
	db, err := sqlx.Open("postgres", dsn)
	if err != nil {
		b.t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.Get(&n, `SELECT count(*) FROM booking`); err != nil || n == 0 || n > b.count(`SELECT count(*) FROM booking`) {
		b.t.Errorf("%d bookings are in the backup: %v", n, err)
	}
	b.t.Logf("%d bookings are in the backup", n)
}

// Four shops, then three and two, on one database, every request to another one: no place is sold twice, no number is
// given twice or left out, no job is done twice. A backup is made, one is killed and one is stopped in the middle.
func TestFourShops(t *testing.T) {
	t.Parallel()
	tool(t, "postgres")
	b := &busy{town: newTown(t, buyers, 12, 2000), over: make(chan struct{}), banked: map[int64]money.Cents{}}
	var shops []*process
	for range 4 {
		p := start(t, "127.0.0.1:0", b.vars...)
		shops, b.sites = append(shops, p), append(b.sites, p.url())
	}
	var file, key string
	b.crowd(40, func() []string {
		file, key = b.backup()
		shops[0].kill()
		b.sees(4)
		shops[1].stop()
		return b.sites[2:]
	})
	b.end(1, shops...)
	if waiting := b.count(`SELECT count(*) FROM invoice i WHERE NOT EXISTS (SELECT 1 FROM invoice_number n WHERE n.invoice_id = i.id)`); waiting > 0 {
		t.Errorf("%d documents got no number", waiting) // fsck says that those given have no gap
	}
	b.putBack(file, key)
}

// bouncer runs a PgBouncer in transaction mode before a database, and returns the database's address through it.
func bouncer(t *testing.T, w *town) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		if _, err = os.Stat("/usr/sbin/pgbouncer"); err == nil { // where an ordinary account does not look
			program = "/usr/sbin/pgbouncer"
		}
	}
	if err != nil {
		if os.Getenv("CI") == "" {
			t.Skip("PgBouncer is not installed: apt install pgbouncer")
		}
		t.Fatal(err)
	}
	dir := roomyDir(t)
	s := &server{t: t, dir: dir}
	s.own(dir)
	_, port, _ := strings.Cut(freePort(t), ":")
	line := newWire(t, w.dsn) // PgBouncer's account may not enter the test cluster's directory
	host, up, _ := strings.Cut(line.Addr().String(), ":")
	config := fmt.Sprintf("[databases]\nshop = host=%s port=%s dbname=%s user=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %s\nauth_type = any\npool_mode = transaction\n"+
		"default_pool_size = 6\nmax_client_conn = 200\nunix_socket_dir =\nlogfile = %s\n", host, up, line.cfg.Database, line.cfg.User, port, filepath.Join(dir, "log"))
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if s.as != nil {
		if err := os.Chown(file, int(s.as.Uid), int(s.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := s.command("postgres")
	cmd.Path, cmd.Args = program, []string{program, "-q", file}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it holds nothing
		_ = cmd.Wait()
	})
	dsn := fmt.Sprintf("host=127.0.0.1 port=%s user=shop dbname=shop sslmode=disable", port)
	waitFor(t, "PgBouncer", func() bool {
		db, err := sqlx.Open("postgres", dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		return db.Ping() == nil
	})
	return dsn
}

// Two shops behind PgBouncer in transaction mode, with fewer connections than they would like: everything works as without
// it. Who forgets to say so in the address is told what to add.
func TestBehindPgBouncer(t *testing.T) {
	t.Parallel()
	b := &busy{town: newTown(t, buyers, 8, 2000), over: make(chan struct{}), banked: map[int64]money.Cents{}}
	dsn := bouncer(t, b.town)
	b.vars[0] = "DATABASE_URL=" + dsn
	if _, err := tryStart(t, "127.0.0.1:0", b.vars...); err == nil || !strings.Contains(err.Error(), "pgbouncer=true") {
		t.Fatalf("without saying so: %v", err)
	}
	if said, ok := command(t, b.vars, "doctor"); ok || !strings.Contains(said, "set on the role") {
		t.Errorf("shop doctor without saying so: %s", said)
	}
	b.vars[0] += " pgbouncer=true"
	if said, ok := command(t, b.vars, "migrate"); !ok {
		t.Errorf("shop migrate: %s", said)
	}
	var shops []*process
	for range 2 {
		p := start(t, "127.0.0.1:0", b.vars...)
		shops, b.sites = append(shops, p), append(b.sites, p.url())
	}
	b.crowd(26, func() []string { return b.sites })
	b.end(0, shops...)
	for _, shop := range shops {
		if log := shop.whole(); strings.Contains(log, "prepared statement") || strings.Contains(log, "level=ERROR") {
			t.Error(shop.said())
		}
	}
	if said, _ := command(t, b.vars, "doctor"); !strings.Contains(said, "ALTER ROLE") { // the time-outs are not set there
		t.Errorf("shop doctor: %s", said)
	}
}
