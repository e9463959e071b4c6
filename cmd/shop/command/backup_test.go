package command

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/seal"
	"joetz/migrations"
	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
)

// A fiche is wiped after the backup was made. The backup is put back, whole, and the fiche cannot be read there either.
func TestABackupIsPutBackAndWipedAgain(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.FillIn()
	dir := t.TempDir()
	file, list, key := filepath.Join(dir, "shop.backup"), filepath.Join(dir, "tombstones"), filepath.Join(dir, "key")
	shop := func(dsn string, args ...string) (status int, out, errs string) {
		var o, e strings.Builder
		vars := []string{"DATABASE_URL=" + dsn, "SHOP_DATA_DIR=" + dir, "SHOP_KEYS=" + w.Keyset}
		if public, err := os.ReadFile(key); err == nil {
			first, _, _ := strings.Cut(string(public), "\n")
			vars = append(vars, "SHOP_BACKUP_RECIPIENTS="+first[strings.Index(first, "age1"):])
		}
		status = Run(t.Context(), Environment{Vars: vars, In: strings.NewReader(""), Out: &o, Err: &e}, args)
		return status, o.String(), e.String()
	}
	if status, _, errs := shop(w.DSN, "backup", file); status != misuse || !strings.Contains(errs, "SHOP_BACKUP_RECIPIENTS") {
		t.Fatalf("without a key: %d %q", status, errs)
	}
	_, pair, _ := shop(w.DSN, "backup", "keys")
	write(t, key, pair)
	if status, out, errs := shop(w.DSN, "backup", file); status != fine {
		t.Fatalf("backup: %d %q %q", status, out, errs)
	}
	sealed, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(sealed), "age-encryption.org/v1") || strings.Contains(string(sealed), "PGDMP") {
		t.Fatalf("the backup is not sealed: %v", err)
	}
	if disk := filepath.Join(dir, "disk"); tiny(t, disk) {
		full := filepath.Join(disk, "shop.backup")
		write(t, full, "of yesterday")
		if status, _, errs := shop(w.DSN, "backup", full); status != failed || !strings.Contains(errs, "no room is left in "+disk) || strings.Count(errs, "\n") != 1 {
			t.Errorf("on a full disk: %d %q", status, errs)
		}
		left, err := os.ReadDir(disk)
		if text, readErr := os.ReadFile(full); len(left) != 1 || string(text) != "of yesterday" || err != nil || readErr != nil {
			t.Errorf("what is left on the full disk: %v %v %v", left, err, readErr)
		}
	}
	if _, err := w.Erase(w.Ctx, w.Child); err != nil {
		t.Fatal(err)
	}
	_, tombstones, _ := shop(w.DSN, "fiches", "tombstones")
	write(t, list, tombstones)

	target := pgtest.EmptyDSN(t)
	write(t, file+".cut", string(sealed[:len(sealed)/2]))
	if status, _, errs := shop(target, "restore", "-key", key, "-tombstones", list, file+".cut"); status != failed {
		t.Errorf("half a backup: %d %q", status, errs)
	}
	_, other, _ := shop(w.DSN, "backup", "keys")
	write(t, key+".other", other)
	if status, _, errs := shop(target, "restore", "-key", key+".other", "-tombstones", list, file); status != failed || !strings.Contains(errs, "does not open") {
		t.Errorf("with another key: %d %q", status, errs)
	}
	if status, _, _ := shop(target, "restore", "-key", key, file); status != misuse {
		t.Errorf("without a list of what was wiped: %d", status)
	}
	if status, out, errs := shop(target, "restore", "-key", key, "-tombstones", list, file); status != fine || !strings.Contains(out, "1 of 1 fiches wiped again") {
		t.Fatalf("restore: %d %q %q", status, out, errs)
	}
	// This small world has bookings without money, of which fsck has something to say: of both databases the same.
	_, before, _ := shop(w.DSN, "fsck")
	if _, after, errs := shop(target, "fsck"); after != before || before == "" {
		t.Errorf("fsck of the restored rows: %q, before: %q, %q", after, before, errs)
	}
	db, err := pg.Open(w.Ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	back := &medical.Service{DB: db, Keys: w.Keys, Questions: w.Questions, Settings: w.Settings, Now: w.Now, Log: w.Log}
	if sheet, err := back.Read(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Booking); err == nil && sheet.State != medical.Missing {
		t.Errorf("a fiche that was wiped is read from a restored backup: state %d", sheet.State)
	}
	// Beside other keys nothing sealed opens: the one who puts it back is told at once, and the doctor knows.
	ours := w.Keyset
	if w.Keyset, err = seal.Generate(); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := shop(pgtest.EmptyDSN(t), "restore", "-key", key, "-nothing-was-wiped", file); status != failed || !strings.Contains(errs, "not in SHOP_KEYS") {
		t.Errorf("beside other keys: %d %q", status, errs)
	}
	w.Keyset = ours
	if _, out, _ := shop(target, "doctor"); !strings.Contains(out, "ok    fiche keys") {
		t.Errorf("the doctor of the restored shop: %q", out)
	}
	if status, _, errs := shop(target, "restore", "-key", key, "-tombstones", list, file); status != failed || !strings.Contains(errs, "not empty") {
		t.Errorf("over another database: %d %q", status, errs)
	}
}

// The backup before an upgrade is made by the new program, of the database as the old one left it.
func TestABackupChangesNothing(t *testing.T) {
	t.Parallel()
	dsn := pgtest.EmptyDSN(t)
	var out, errs strings.Builder
	run := func(args ...string) int {
		out.Reset()
		return Run(t.Context(), Environment{Vars: []string{"DATABASE_URL=" + dsn, "SHOP_DATA_DIR=" + t.TempDir(),
			"SHOP_BACKUP_RECIPIENTS=" + recipient(t)}, Out: &out, Err: &errs}, args)
	}
	if status := run("backup", filepath.Join(t.TempDir(), "shop.backup")); status != fine {
		t.Fatalf("backup: %d %q", status, errs.String())
	}
	if status := run("doctor"); status != failed || !strings.Contains(out.String(), "shop migrate") {
		t.Errorf("the doctor of a database that was never migrated: %d %q", status, out.String())
	}
	db, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if n, err := countTables(t.Context(), db); err != nil || n != 0 {
		t.Errorf("%d tables were made: %v", n, err)
	}
}

// A backup of an older program is brought to this one's version when it is put back; one of a newer program, or of another, is
// refused with its name before anything is written.
func TestABackupOfAnotherVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	key, file := filepath.Join(dir, "key"), filepath.Join(dir, "shop.backup")
	write(t, key, pair.String())
	run := func(dsn string, args ...string) (status int, said string) {
		var out strings.Builder
		status = Run(t.Context(), Environment{Vars: []string{"DATABASE_URL=" + dsn, "SHOP_DATA_DIR=" + dir,
			"SHOP_BACKUP_RECIPIENTS=" + pair.Recipient().String()}, Out: &out, Err: &out}, args)
		return status, out.String()
	}
	open := func(dsn string) *sqlx.DB {
		db, err := pg.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() }) // it was read from
		return db
	}
	old := pgtest.EmptyDSN(t)
	history, err := goose.NewProvider(goose.DialectPostgres, open(old).DB, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := history.UpTo(t.Context(), 40); err != nil {
		t.Fatal(err)
	}
	back := func() (dsn string, status int, said string) {
		dsn = pgtest.EmptyDSN(t)
		status, said = run(dsn, "restore", "-key", key, "-nothing-was-wiped", file)
		return dsn, status, said
	}
	if status, said := run(old, "backup", file); status != fine {
		t.Fatal(said)
	}
	now, status, said := back()
	if status != fine {
		t.Fatalf("an older one: %s", said)
	}
	remote := pgtest.EmptyDSN(t)
	throughAPipe(t, file, func(pipe string) {
		if status, said := run(remote, "restore", "-key", key, "-nothing-was-wiped", pipe); status != fine {
			t.Errorf("from another machine: %s", said)
		}
	})
	if pending, err := pg.Pending(t.Context(), open(now)); pending || err != nil {
		t.Errorf("an older one is not brought to this version: %v", err)
	}
	for _, c := range []struct{ change, want string }{
		{`INSERT INTO migration_sum VALUES (9999, '9999_later.sql', 'x')`, "9999_later.sql: it was made by a newer program"},
		{`DELETE FROM migration_sum WHERE version = 9999; UPDATE migration_sum SET sha256 = 'x' WHERE version = 41`, "0041_bounce.sql"},
	} {
		open(now).MustExec(c.change)
		if status, said := run(now, "backup", file); status != fine {
			t.Fatal(said)
		}
		dsn, status, said := back()
		if status != failed || !strings.Contains(said, c.want) || !strings.Contains(said, "nothing was written") {
			t.Errorf("want %q: exit %d %s", c.want, status, said)
		}
		if n, err := countTables(t.Context(), open(dsn)); err != nil || n != 0 {
			t.Errorf("%d tables were made: %v", n, err)
		}
	}
}

// throughAPipe hands a file on as what comes from another machine: it can be read once.
func throughAPipe(t *testing.T, file string, use func(pipe string)) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pipe := file + ".pipe"
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() { _ = os.WriteFile(pipe, text, 0o600) }() // who reads less says so
	used := make(chan struct{})
	go func() { use(pipe); close(used) }()
	select {
	case <-used:
	case <-time.After(3 * time.Minute):
		t.Fatal("it is opened a second time")
	}
}

// recipient is a public key for backups.
func recipient(t *testing.T) string {
	t.Helper()
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return pair.Recipient().String()
}

// tiny makes a directory a disk of its own on which no backup finds room, and reports whether that is allowed here.
func tiny(t *testing.T, dir string) bool {
	t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Logf("no disk can be made here: %v", err)
		return false
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return true
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
