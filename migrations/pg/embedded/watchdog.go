package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// watchdog runs the server ("$@") and shuts it down (SIGINT: fast and clean) when the pipe that is its standard input has
// no writer left. A user who joins writes a name into the pipe and waits until the file name.ack is there: then the pipe
// was still read after it was opened, and since its writer is open, the end cannot come before the user's own.
const watchdog = `exec 3<&0
"$@" </dev/null 3<&- & server=$!
(while read -r name; do [ -z "$name" ] || : >"$name.ack"; done <&3; kill -INT $server) & watch=$!
exec 3<&-
wait $server; status=$?
kill $watch 2>/dev/null
exit $status`

// child is a watchdog that this process started, and with it the server.
type child struct {
	ended  chan struct{}
	reason error // how it ended; read after ended is closed
}

// patience is how often a start is tried again before a server that is in the way is taken for an orphan; that is a second or more.
const patience = 30

// launch starts the watchdog and with it the server, and waits until it answers.
func (s *Server) launch(ctx context.Context, p programs, settings map[string]string) error {
	for n := 1; ; n++ {
		told, err := s.spawn(ctx, p, settings)
		if err == nil {
			return nil
		}
		_ = s.pipe.Close() // ends the watchdog, should it still be there
		s.pipe, s.child = nil, nil
		if ctx.Err() != nil || !inTheWay(told) {
			return fmt.Errorf("PostgreSQL does not start on %s: %w: %s", s.home.path("data"), err, lastLines([]byte(told)))
		}
		// The server of a user that was killed is still going down. One whose watchdog was killed too never would.
		if n%patience == 0 {
			s.home.stopOrphan(ctx)
		}
		if err := pause(ctx, 5); err != nil { // each try costs a process
			return fmt.Errorf("PostgreSQL: another server holds %s: %w", s.home.dir, err)
		}
	}
}

// inTheWay reports whether the server gave up because another one of this cluster is not quite gone: its lock file is
// there, or, when it was killed, one of its processes still finishes.
func inTheWay(told string) bool {
	return strings.Contains(told, "already exists") || strings.Contains(told, "pre-existing shared memory block")
}

// spawn is one attempt; told is what the server wrote to its log.
func (s *Server) spawn(ctx context.Context, p programs, settings map[string]string) (told string, err error) {
	read, write, err := s.home.makePipe()
	if err != nil {
		return "", err
	}
	defer read.Close() // the watchdog has its own
	s.pipe = write
	log, offset, err := s.home.openLog()
	if err != nil {
		return "", err
	}
	defer log.Close()
	name := "shop_" + strconv.FormatUint(rand.Uint64(), 36)
	args := []string{"-c", `cd "$1" && shift || exit; ` + watchdog, "sh", s.home.dir,
		p.path("postgres"), "-D", s.home.path("data"), "-k", s.home.dir, "-c", "cluster_name=" + name}
	for name, value := range serverSettings(settings) {
		args = append(args, "-c", name+"="+value)
	}
	// Not bound to ctx: the server outlives the start, and this process when others use it.
	cmd := s.home.command(context.WithoutCancel(ctx), "/bin/sh", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = read, log, log
	if err := cmd.Start(); err != nil {
		return "", err
	}
	c := &child{ended: make(chan struct{})}
	s.child = c
	go func() {
		c.reason = cmd.Wait()
		close(c.ended)
	}()
	if err := s.ready(ctx, name); err != nil {
		return s.home.logSince(offset), err
	}
	return "", nil
}

// ready waits until the server with that name answers: at first it may be another, which holds the socket still.
func (s *Server) ready(ctx context.Context, name string) error {
	for s.home.answering(ctx) != name {
		select {
		case <-s.child.ended:
			return fmt.Errorf("it ended right after its start (%w)", s.child.reason)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

// join makes this process a user of the running server; false when none runs.
func (s *Server) join(ctx context.Context) (joined bool, err error) {
	pipe, err := os.OpenFile(s.home.path("users.pipe"), os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return false, nil // never made, or nobody reads it: there is no server
	}
	if joined, err = s.announce(ctx, pipe); !joined {
		_ = pipe.Close() // nothing of ours is in it
		return false, err
	}
	s.pipe = pipe
	for s.home.answering(ctx) == "" { // it may still be recovering
		if err := pause(ctx, 1); err != nil {
			return false, fmt.Errorf("PostgreSQL does not answer: %w", err)
		}
	}
	return true, nil
}

// announce writes a name into the pipe until the watchdog has answered it; false when the watchdog went.
func (s *Server) announce(ctx context.Context, pipe *os.File) (bool, error) {
	name := "user." + strconv.FormatUint(rand.Uint64(), 36)
	defer os.Remove(s.home.path(name + ".ack"))
	for line := name + "\n"; ; line = "\n" { // the empty lines only find out whether somebody still reads
		if _, err := pipe.WriteString(line); err != nil {
			return false, nil
		}
		if err := pause(ctx, 1); err != nil {
			return false, err
		}
		if _, err := os.Stat(s.home.path(name + ".ack")); err == nil {
			return true, nil
		}
	}
}

// makePipe opens both ends. The read end goes to the watchdog: it never has to wait for a writer, so a death of ours at
// any moment is seen.
func (h home) makePipe() (read, write *os.File, err error) {
	path := h.path("users.pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, nil, fmt.Errorf("data directory: users.pipe: %w", err)
	}
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0) // does not wait for a writer
	if err != nil {
		return nil, nil, fmt.Errorf("data directory: users.pipe: %w", err)
	}
	if write, err = os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
		err = syscall.SetNonblock(fd, false) // the shell's read must wait
	}
	read = os.NewFile(uintptr(fd), path)
	if err != nil {
		_ = read.Close() // nothing was written
		return nil, nil, fmt.Errorf("data directory: users.pipe: %w", err)
	}
	return read, write, nil
}

// stopOrphan shuts down a server of this cluster that no watchdog watches. It is ours to stop only if it answers on our
// own socket: the number in postmaster.pid alone may by now be anybody's process.
func (h home) stopOrphan(ctx context.Context) {
	if h.answering(ctx) == "" {
		return
	}
	if pid := h.serverPID(); pid > 1 {
		_ = syscall.Kill(pid, syscall.SIGINT) // if it just went: all the better
	}
}
