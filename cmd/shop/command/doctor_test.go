package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"joetz/cmd/shop/config"
	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
)

// examine runs the doctor with these settings beside a database.
func examine(t *testing.T, vars ...string) (status int, said string) {
	t.Helper()
	var out, errs bytes.Buffer
	vars = append([]string{"SHOP_DATA_DIR=" + t.TempDir(), "DATABASE_URL=" + pgtest.DSN(t)}, vars...)
	status = Run(t.Context(), Environment{Vars: vars, Out: &out, Err: &errs}, []string{"doctor"})
	return status, out.String() + errs.String()
}

func TestDoctorFindsAHealthyShop(t *testing.T) {
	t.Parallel()
	status, said := examine(t)
	if status != fine {
		t.Errorf("exit %d:\n%s", status, said)
	}
	for _, want := range []string{"ok    database", "ok    clock", "ok    jobs", "look  mail", "look  Stripe"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in:\n%s", want, said)
		}
	}
}

func TestDoctorNamesWhatIsIll(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ setting, want string }{
		{"SHOP_KEYS={}", "bad   keys"},
		{"SMTP_URL=smtp://127.0.0.1:1", "bad   mail "},
		{"SHOP_NOW=2027-06-01T09:00:00+02:00", "look  clock"},
		{"SHOP_ADDR=nowhere", "bad   settings"},
		{"DATABASE_URL=postgres://127.0.0.1:1/shop", "bad   database"},
	} {
		t.Run(test.setting, func(t *testing.T) {
			t.Parallel()
			status, said := examine(t, test.setting)
			if wantStatus := failed; strings.HasPrefix(test.want, "bad") && status != wantStatus || !strings.Contains(said, test.want) {
				t.Errorf("exit %d, no %q in:\n%s", status, test.want, said)
			}
		})
	}
}

// A database that answers and takes no changes looks like a healthy one to who only asks whether it is there.
func TestDoctorOfADatabaseThatIsOnlyRead(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	db, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.MustExec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`)
	status, said := examine(t, "DATABASE_URL="+dsn)
	if status != failed || !strings.Contains(said, "bad   database     answers, and takes no changes") {
		t.Errorf("exit %d: %s", status, said)
	}
}

// What is wrong with secrets and addresses is told without a word of them.
func TestDoctorTellsWhatToDoWithoutSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open := filepath.Join(dir, "secret")
	write(t, open, "whsec_kanarie")
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	if status, said := examine(t, "DATABASE_URL="+pgtest.DSN(t)+" dbname=nowhere"); status != failed || !strings.Contains(said, "CREATE DATABASE") {
		t.Errorf("another database: exit %d\n%s", status, said)
	}
	for _, test := range []struct{ settings, want string }{
		{"DATABASE_URL=postgres://shop:kanarie@%zz/x", "%40"},
		{"SHOP_BAKCUP_DIR=kanarie", "bad   settings     SHOP_BAKCUP_DIR"},
		{"STRIPE_KEY=sk_kanarie", "bad   settings     STRIPE_KEY"},
		{"STRIPE_SECRET_KEY=pk_kanarie STRIPE_WEBHOOK_SECRET=whsec_kanarie DATABASE_URL=postgres://127.0.0.1:1/x", "publishable"},
		{"STRIPE_SECRET_KEY=sk_kanarie STRIPE_WEBHOOK_SECRET=kanarie DATABASE_URL=postgres://127.0.0.1:1/x", "no signing secret"},
		{"STRIPE_SECRET_KEY=sk_kanarie DATABASE_URL=postgres://127.0.0.1:1/x STRIPE_WEBHOOK_SECRET_FILE=" + open, "chmod 600"},
		{"SHOP_BACKUP_RECIPIENTS=kanarie", "bad   backups      none can be made"},
	} {
		status, said := examine(t, strings.Fields(test.settings)...)
		if status != failed || !strings.Contains(said, test.want) || strings.Contains(said, "kanarie") || strings.Contains(said, "goroutine") {
			t.Errorf("%s: exit %d, want %q and no secret in:\n%s", test.settings, status, test.want, said)
		}
	}
}

func TestDoctorLooksForABackupOfToday(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	c := config.Config{BackupRecipients: []string{recipient(t)}, BackupDir: filepath.Join(dir, "none")}
	is := func(state, want string) {
		t.Helper()
		if f := backupsAreMade(c, now); f.state != state || !strings.Contains(f.text, want) {
			t.Errorf("got %v, want %s %q", f, state, want)
		}
	}
	is(bad, "is not there")
	c.BackupDir = dir
	is(bad, "there is none")
	file := filepath.Join(dir, "monday.age")
	put := func(text string, at time.Time) {
		write(t, file, text)
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	put("age-encryption.org/v1\nrest", now.Add(-37*time.Hour))
	is(bad, "does not run each night")
	put("", now.Add(-time.Hour))
	is(bad, "no sealed backup")
	put("age-encryption.org/v1\nrest", now.Add(-time.Hour))
	is(healthy, "monday.age")
	write(t, filepath.Join(dir, ".backup-123"), "in work")
	is(healthy, "monday.age")
	c.BackupDir = file
	is(bad, "cannot be read")
	c.BackupDir = ""
	is(look, "SHOP_BACKUP_DIR")
	c.BackupRecipients = nil
	is(look, "none can be made")
	c.Env = "production"
	is(bad, "none can be made")
}
