package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"joetz/migrations/pg"
)

// judged is a dump that is read once by two: by whoever loads it, and by whoever looks in it of which program it is. The last byte is
// kept back until that is known, and never given when it is the wrong one: without it nobody can commit, since the last thing in a dump is
// the end of a table's rows. So it may come through a pipe, and a wrong one is not loaded.
type judged struct {
	dump    io.Reader
	look    *io.PipeWriter // who looks reads what was read, until they know
	looked  chan error     // their verdict
	verdict error
	known   bool
	kept    []byte // the last byte, from the first reading on
}

// judge begins to look in a dump that is read through what it returns.
func judge(ctx context.Context, dump io.Reader) *judged {
	in, out := io.Pipe()
	j := &judged{dump: dump, look: out, looked: make(chan error, 1)}
	go func() {
		err := fits(ctx, in)
		_ = in.Close() // what comes after is not for them
		j.looked <- err
	}()
	return j
}

// Read gives what the dump has, one byte late.
func (j *judged) Read(b []byte) (int, error) {
	if len(b) <= len(j.kept) {
		return 0, io.ErrShortBuffer
	}
	if j.know(false); j.verdict != nil {
		return 0, j.verdict
	}
	kept := copy(b, j.kept)
	n, err := j.dump.Read(b[kept:])
	_, _ = j.look.Write(b[kept : kept+n]) // fails when they know already
	n += kept
	if err == nil && n > 0 {
		j.kept = append(j.kept[:0], b[n-1])
		return n - 1, nil
	}
	if err == nil {
		return 0, nil
	}
	_ = j.look.CloseWithError(err) // io.EOF is the dump's end to them too
	if !errors.Is(err, io.EOF) {
		j.know(true)
		j.verdict = err // whatever they made of half a dump
		return 0, err
	}
	if j.know(true); j.verdict != nil {
		return 0, j.verdict
	}
	j.kept = j.kept[:0]
	return n, err
}

// know takes note of the verdict, and waits for it where it has to be there.
func (j *judged) know(wait bool) {
	if j.known {
		return
	}
	if wait {
		j.verdict, j.known = <-j.looked, true
		return
	}
	select {
	case j.verdict = <-j.looked:
		j.known = true
	default:
	}
}

// end tells what was wrong with the dump; whoever read it has read all that they wanted.
func (j *judged) end() error {
	_ = j.look.CloseWithError(io.ErrUnexpectedEOF) // no more comes
	if j.known {
		return j.verdict
	}
	j.know(true) // of what was not read to its end there is no verdict that counts, and whoever loads it says why
	return nil
}

// fits refuses a dump of another program than one that this one came after.
func fits(ctx context.Context, dump io.Reader) error {
	var rows strings.Builder
	if err := runProgram(ctx, nil, bufio.NewReaderSize(dump, 1<<16), &rows, "pg_restore", "--data-only", "--table=migration_sum", "--file=-"); err != nil {
		return err
	}
	for line := range strings.Lines(rows.String()) { // those of COPY: version, name, sha256, with tabs between them
		column := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(column) != 3 {
			continue
		}
		version, err := strconv.ParseInt(column[0], 10, 64)
		if err != nil {
			continue
		}
		switch err := pg.Known(version, column[1], column[2]); {
		case errors.Is(err, pg.ErrNewer):
			return fmt.Errorf("the backup has %w: put it back with that program, or a later one; nothing was written", err)
		case err != nil:
			return fmt.Errorf("the backup is of another program: %w; nothing was written", err)
		}
	}
	return nil
}
