package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/migrations/pg"
)

// beforeDatabase looks at what can be wrong before anything is opened.
func beforeDatabase(c config.Config, vars []string) (all []finding) {
	all = append(all, finding{"settings", healthy, "readable; shop config lists them"})
	if names := config.Strangers(vars); len(names) > 0 {
		all = append(all, finding{"settings", bad, fmt.Sprintf("%s: no setting of the shop, so it does nothing. A typing error? shop config lists the right names; take away what is not needed", strings.Join(names, ", "))})
	}
	if open := config.OpenFiles(vars); len(open) > 0 {
		all = append(all, finding{"secrets", bad, fmt.Sprintf("every account of this machine can read %s: chmod 600, owned by the account of the shop", strings.Join(open, ", "))})
	}
	for _, text := range c.StripeProblems() {
		all = append(all, finding{"Stripe", bad, text})
	}
	if c.Keys != "" { // a shop for trying out makes its own when it is opened
		all = append(all, keysWork(c))
	}
	return append(all, backupsAreMade(c, time.Now()))
}

// backupAge is how old the newest backup may be: one a day, and half a day of patience.
const backupAge = 36 * time.Hour

// backupsAreMade looks for a backup of today.
func backupsAreMade(c config.Config, now time.Time) finding {
	about := func(state, format string, args ...any) finding {
		return finding{"backups", state, fmt.Sprintf(format, args...)}
	}
	if _, err := c.Recipients(); err != nil {
		if len(c.BackupRecipients) == 0 && c.BackupDir == "" && !c.Production() {
			return about(look, "none can be made: %v", err)
		}
		return about(bad, "none can be made: %v", err)
	}
	if c.BackupDir == "" {
		return about(look, "SHOP_BACKUP_DIR names no folder, so nobody knows whether they are made: name where shop backup writes them")
	}
	name, info, err := program.NewestBackup(c.BackupDir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return about(bad, "the folder of SHOP_BACKUP_DIR is not there: make %s, or mount it", c.BackupDir)
	case err != nil:
		return about(bad, "the folder of SHOP_BACKUP_DIR cannot be read: %v. Give the account of the shop the right to read it", err)
	case info == nil:
		return about(bad, "there is none in %s: let shop backup %s run each night", c.BackupDir, filepath.Join(c.BackupDir, "$(date +%F).age"))
	case now.Sub(info.ModTime()) > backupAge:
		return about(bad, "the newest, %s, is of %s: see why shop backup does not run each night", name, info.ModTime().Format(time.DateTime))
	}
	switch whole, err := sealedFile(name); {
	case err != nil:
		return about(bad, "the newest cannot be read: %v", err)
	case !whole:
		return about(bad, "the newest file, %s, is no sealed backup of shop backup: take it out of the folder, and make one", name)
	}
	if free, err := diskFree(c.BackupDir); err == nil && free < 2*info.Size() {
		return about(bad, "%.1f MB are left in %s, and the newest takes %.1f MB: make room, or the next ones fail", float64(free)/1e6, c.BackupDir, float64(info.Size())/1e6)
	}
	return about(healthy, "the newest is %s, of %s; try shop restore into an empty database now and then", name, info.ModTime().Format(time.DateTime))
}

// sealedFile tells whether a file begins as shop backup begins one.
func sealedFile(name string) (bool, error) {
	f, err := os.Open(filepath.Clean(name))
	if err != nil {
		return false, err
	}
	defer f.Close() // only read
	const mark = "age-encryption.org/v1\n"
	head := make([]byte, len(mark))
	if _, err := io.ReadFull(f, head); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	return string(head) == mark, nil
}

// databaseOpens connects to DATABASE_URL, and tells whether its tables are those of this program, without changing any. db is nil
// for the private server, which is opened as the shop opens it.
func databaseOpens(ctx context.Context, c config.Config) (db *program.Database, f finding, ok bool) {
	if c.DatabaseURL == "" {
		return nil, finding{}, true
	}
	db, err := program.ConnectDatabase(ctx, c)
	if err != nil {
		return nil, finding{"database", bad, adviceOn(err)}, false
	}
	pending, err := pg.Pending(ctx, db.DB)
	switch {
	case err == nil && !pending:
		return db, finding{}, true
	case errors.Is(err, pg.ErrEdited):
		f = finding{"database", bad, fmt.Sprintf("was made by another program than this one (%v): run the program that belongs to it", err)}
	case err != nil:
		f = finding{"database", bad, adviceOn(err)}
	default:
		f = finding{"database", bad, "answers, and lacks migrations of this program: make a backup (shop backup), then run shop migrate, which makes the extension pg_trgm too (its owner, or a superuser, may). What needs the tables was not looked at"}
	}
	if err := db.Close(); err != nil {
		f.text += fmt.Sprintf(" (%v)", err)
	}
	return nil, f, false
}

// adviceOn says what to do about a database that does not open.
func adviceOn(err error) string {
	do := "see that PostgreSQL runs, and that host and port of DATABASE_URL are right and reachable from here"
	if strings.Contains(err.Error(), "pgbouncer=true") {
		do = "add it (with ? or & before it in an address that begins with postgres://), and set on the role what the shop otherwise sets itself: README.md, In production, 3"
	} else if errors.Is(err, pq.ErrSSLNotSupported) {
		do = "let the server speak TLS (ssl = on), or, where nobody can listen in between, add sslmode=disable to DATABASE_URL"
	} else if e := pq.As(err); e != nil {
		switch e.Code {
		case pqerror.InvalidPassword, pqerror.InvalidAuthorizationSpecification:
			do = "user or password of DATABASE_URL are not the server's: set the password anew (ALTER ROLE ... PASSWORD), or mend pg_hba.conf"
		case pqerror.InvalidCatalogName:
			do = "make the database (CREATE DATABASE ... OWNER ...), or mend its name in DATABASE_URL"
		case pqerror.TooManyConnections:
			do = "all its connections are in use: raise max_connections, or run fewer shops"
		case pqerror.InsufficientPrivilege:
			do = "give the shop's account the database (ALTER DATABASE ... OWNER TO ...)"
		}
	}
	return fmt.Sprintf("%v. What to do: %s", err, do)
}
