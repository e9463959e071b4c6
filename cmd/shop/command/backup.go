package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"filippo.io/age"

	"joetz/cmd/shop/config"
	"joetz/cmd/shop/program"
	"joetz/migrations/pg/embedded"
)

const backupUsage = `usage: shop backup keys | FILE

keys  print a new pair: the public line goes into SHOP_BACKUP_RECIPIENTS of every shop, the secret one into a safe
FILE  write the whole database to FILE, sealed for SHOP_BACKUP_RECIPIENTS; the shop may be open meanwhile

A backup holds names, money and sealed medical answers. Without SHOP_KEYS, which are not in it, no answer can be read.
`

// backup writes the database to a file that only the holder of a secret key can read.
func backup(ctx context.Context, env Environment, args []string) int {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") {
		fmt.Fprint(env.Err, backupUsage)
		return misuse
	}
	if args[0] == "keys" {
		return newBackupKeys(env)
	}
	c, err := config.Read(env.Vars)
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	recipients, err := c.Recipients()
	if err != nil {
		fmt.Fprintln(env.Err, "shop:", err)
		return misuse
	}
	db, err := program.ConnectDatabase(ctx, c) // as it is: the backup before an upgrade is made by the new program too
	if err != nil {
		return complain(env, err)
	}
	size, err := dumpTo(ctx, db.DSN, args[0], recipients)
	if err := errors.Join(err, db.Close()); err != nil {
		return complain(env, err)
	}
	fmt.Fprintf(env.Out, "%s: %d bytes. Keep the list of wiped fiches beside it: shop fiches tombstones\n", args[0], size)
	return fine
}

func newBackupKeys(env Environment) int {
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		return complain(env, err)
	}
	fmt.Fprintf(env.Out, "# public, for SHOP_BACKUP_RECIPIENTS: %s\n%s\n", pair.Recipient(), pair)
	return fine
}

// dumpTo writes a sealed dump under its name only when it is whole and on the disk.
func dumpTo(ctx context.Context, dsn, name string, recipients []age.Recipient) (size int64, err error) {
	draft, err := os.CreateTemp(filepath.Dir(name), ".backup-*") // mode 0600
	if err != nil {
		return 0, err
	}
	defer os.Remove(draft.Name()) // gone already when all went well
	sealed, err := age.Encrypt(draft, recipients...)
	if err != nil {
		return 0, errors.Join(err, draft.Close())
	}
	// Custom format: compressed, and pg_restore reads it from a pipe. One snapshot, whatever is written meanwhile.
	err = runTool(ctx, dsn, nil, sealed, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=10s")
	err = errors.Join(err, sealed.Close(), draft.Sync())
	info, statErr := draft.Stat()
	err = errors.Join(err, statErr, draft.Close())
	if errors.Is(err, syscall.ENOSPC) { // pg_dump only knows that nobody read on
		return 0, fmt.Errorf("no room is left in %s: make some, or write elsewhere; this backup is not there, and those of before are untouched", filepath.Dir(name))
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), os.Rename(draft.Name(), name)
}

// runTool runs one of PostgreSQL's programs on a database. The address goes through the environment: other accounts of the
// machine read command lines.
func runTool(ctx context.Context, dsn string, in io.Reader, out io.Writer, name string, args ...string) error {
	vars, err := libpqVars(dsn)
	if err != nil {
		return err
	}
	return runProgram(ctx, vars, in, out, name, args...)
}

// runProgram runs one of PostgreSQL's programs with these variables beside our own.
func runProgram(ctx context.Context, vars []string, in io.Reader, out io.Writer, name string, args ...string) error {
	path, err := embedded.Tool(ctx, name)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, path, args...)
	var said strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, &said
	cmd.Env = append(os.Environ(), vars...)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(lastLine(said.String())))
	}
	return nil
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}
