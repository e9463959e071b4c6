// Package embedded runs a private PostgreSQL for a shop that was given no DATABASE_URL, with the programs of the machine.
//
// Owns: one directory: the cluster (data), its log, its unix socket and the files by which processes find each other.
// May import: nothing of ours.
// Always true: data is never deleted (but for Config.Disposable). The server listens on a unix socket in a directory of mode 0700 and nowhere else.
// It runs as long as one process uses it and stops, cleanly, when the last one leaves or dies, however it dies.
//
// How: every user of the cluster holds the write end of a named pipe open, the kernel closes it at any death, and a small
// shell process (watchdog.go) that reads the other end shuts PostgreSQL down when the last writer is gone. Two locks
// (flock, which the kernel drops too) order the rest: start.lock while somebody starts or joins, users.lock held shared
// by every user, so that the one that leaves last knows and waits for the shutdown.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// Config says which cluster to run, and how.
type Config struct {
	// Dir is the cluster's directory; it is made when it is not there. Nothing else lives in it.
	Dir string
	// Settings are handed to the server, as in {"fsync": "off"}. Who starts the server decides; who joins takes it as it is.
	Settings map[string]string
	// Disposable lets a cluster that does not start, and that nobody else uses, be thrown away and made anew: for tests.
	Disposable bool
}

// Server is one process's use of the cluster.
type Server struct {
	home  home
	users *os.File // users.lock, held shared
	pipe  *os.File // our write end of the watchdog's pipe
	child *child   // the server, when it was this process that started it
}

// stopTime is how long a clean shutdown may take: it writes everything that is still in memory.
const stopTime = 30 * time.Second

// Start joins the cluster in cfg.Dir when it runs, and else starts it, making it first when it was never made. The
// error is one line for the person at the keyboard, with PostgreSQL's own words when it has any.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	h, err := openHome(ctx, cfg.Dir)
	if err != nil {
		return nil, err
	}
	starting, err := h.lock(ctx, "start.lock", exclusive)
	if err != nil {
		return nil, err
	}
	defer starting.Close() // closing drops the lock
	s := &Server{home: h}
	// Waits while the last user before us shuts the server down.
	if s.users, err = h.lock(ctx, "users.lock", shared); err != nil {
		return nil, err
	}
	joined, err := s.join(ctx)
	if err == nil && !joined {
		err = s.startServer(ctx, cfg.Settings)
		if err != nil && cfg.Disposable && ctx.Err() == nil {
			err = s.startAfresh(ctx, cfg.Settings, err)
		}
	}
	if err != nil {
		s.leave() // a server that was half-way up goes down again
		return nil, h.withRoom(err)
	}
	return s, nil
}

func (s *Server) startServer(ctx context.Context, settings map[string]string) error {
	programs, err := findPrograms(ctx, s.home.majorVersion())
	if err != nil {
		return err
	}
	if err := s.home.makeCluster(ctx, programs, settings); err != nil {
		return err
	}
	if err := s.launch(ctx, programs, settings); err != nil {
		return err
	}
	return s.home.makeDatabase(ctx)
}

// startAfresh throws a disposable cluster away and starts a new one; why is the error that it answers with when it may not.
func (s *Server) startAfresh(ctx context.Context, settings map[string]string, why error) error {
	if !tryLock(s.users, exclusive) {
		return why // somebody uses it after all
	}
	if err := os.RemoveAll(s.home.path("data")); err != nil {
		return errors.Join(why, err)
	}
	if !tryLock(s.users, shared) {
		return why
	}
	return s.startServer(ctx, settings)
}

// WithRoom adds to an error of whoever used the server that its disk is full, where it is.
func (s *Server) WithRoom(err error) error { return s.home.withRoom(err) }

// DSN is the address of the shop's own database in the cluster.
func (s *Server) DSN() string { return s.Database(databaseName) }

// Database is the address of a database in the cluster.
func (s *Server) Database(name string) string { return s.home.dsn(name) }

// Tool is the path of another program of the installation that runs the cluster, as pg_dump.
func (s *Server) Tool(ctx context.Context, name string) (string, error) {
	p, err := findPrograms(ctx, s.home.majorVersion())
	if err != nil {
		return "", err
	}
	return exec.LookPath(p.path(name))
}

// Tool is the path of one of PostgreSQL's programs, as pg_dump, in the newest version on this machine: it reads the databases of older
// servers too. A machine whose database is elsewhere may have the client's programs only.
func Tool(ctx context.Context, name string) (string, error) {
	return newestTool(ctx, places, os.Getenv("PATH"), name)
}

// Started reports whether this process started the server, and did not merely join it.
func (s *Server) Started() bool { return s.child != nil }

// Ended is closed when the server that this process started is gone, asked or not. It is nil, and so never ready, when
// the process joined a running one.
func (s *Server) Ended() <-chan struct{} {
	if s.child == nil {
		return nil
	}
	return s.child.ended
}

// Stop ends this process's use. When no other process uses the cluster, Stop returns after PostgreSQL has shut down.
func (s *Server) Stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime) //nolint:forbidigo // what is stopping has no context left
	defer cancel()
	starting, err := s.home.lock(ctx, "start.lock", exclusive) // nobody joins meanwhile
	if err != nil {
		s.leave()
		return err
	}
	defer starting.Close() // closing drops the lock
	last := tryLock(s.users, exclusive)
	_ = s.pipe.Close() // nothing was written that could be lost
	defer s.leave()
	if !last {
		return nil
	}
	if err := s.home.awaitEnd(ctx); err != nil {
		return fmt.Errorf("PostgreSQL did not stop within %v: %w", stopTime, err)
	}
	return nil
}

func (s *Server) leave() {
	for _, f := range []*os.File{s.pipe, s.users} {
		if f != nil {
			_ = f.Close() // nothing was written that could be lost; the pipe may be closed already
		}
	}
}
