package baddays

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/lib/pq"
)

// wire is the line between shops and their database. It reads what PostgreSQL answers, and can act on the nth thing that
// was committed, before anybody hears of it; and it can be cut.
type wire struct {
	net.Listener
	network, to string
	cfg         pq.Config

	mu      sync.Mutex
	cut     bool
	open    map[net.Conn]bool
	asked   int    // how often the server answered
	commits int    // since arm
	after   int    // on which of them to act; 0: never
	act     func() // is called with nothing of the commit told yet
	acted   bool
}

// newWire lays a line to the database at dsn.
func newWire(t *testing.T, dsn string) *wire {
	t.Helper()
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, network: "tcp", to: fmt.Sprintf("%s:%d", cfg.Host, cfg.Port), cfg: cfg, open: map[net.Conn]bool{}}
	if strings.HasPrefix(cfg.Host, "/") {
		w.network, w.to = "unix", fmt.Sprintf("%s/.s.PGSQL.%d", cfg.Host, cfg.Port)
	}
	t.Cleanup(func() { w.lose(); _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	return w
}

// dsn is the database's address through the wire.
func (w *wire) dsn() string {
	host, port, _ := strings.Cut(w.Addr().String(), ":")
	return fmt.Sprintf("host=%s port=%s user=%s dbname=%s sslmode=disable", host, port, w.cfg.User, w.cfg.Database)
}

func (w *wire) carry(c net.Conn) {
	defer c.Close()
	up, err := net.Dial(w.network, w.to)
	if err != nil {
		return
	}
	defer up.Close()
	w.mu.Lock()
	if w.cut {
		w.mu.Unlock()
		return
	}
	w.open[c], w.open[up] = true, true
	w.mu.Unlock()
	go func() {
		_, _ = io.Copy(up, c) // ends when either side does
		_ = up.Close()
	}()
	w.answers(c, bufio.NewReader(up))
	w.mu.Lock()
	delete(w.open, c)
	delete(w.open, up)
	w.mu.Unlock()
}

// answers passes on what PostgreSQL says, message by message.
func (w *wire) answers(to io.Writer, from *bufio.Reader) {
	wrote := false // something that is committed when the server is ready for the next
	out := bufio.NewWriter(to)
	for {
		head := make([]byte, 5)
		if _, err := io.ReadFull(from, head); err != nil {
			return
		}
		body := make([]byte, int(binary.BigEndian.Uint32(head[1:]))-4)
		if _, err := io.ReadFull(from, body); err != nil {
			return
		}
		switch head[0] {
		case 'C':
			wrote = wrote || changes(string(body[:len(body)-1]))
		case 'Z':
			w.heard()
			if wrote && body[0] == 'I' && w.committed() {
				return // the one that it was for is not told
			}
			if body[0] == 'I' {
				wrote = false
			}
		}
		_, _ = out.Write(head)
		_, _ = out.Write(body)
		if from.Buffered() == 0 {
			if out.Flush() != nil {
				return
			}
		}
	}
}

func (w *wire) heard() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
}

// answered is how often the server behind the wire answered.
func (w *wire) answered() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}

// changes reads a command's tag: whether it may have written something.
func changes(tag string) bool {
	if tag == "COMMIT" {
		return true
	}
	command, rest, _ := strings.Cut(tag, " ")
	return (command == "INSERT" || command == "UPDATE" || command == "DELETE") && !strings.HasSuffix(" "+rest, " 0")
}

// committed counts a commit, and reports whether its answer is lost.
func (w *wire) committed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.commits++
	if w.after == 0 || w.commits < w.after {
		return false
	}
	if !w.acted {
		w.acted = true
		w.act()
	}
	return true
}

// arm acts once the nth commit from now on is there; every later answer is lost as well.
func (w *wire) arm(n int, act func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.commits, w.after, w.act, w.acted = 0, n, act, false
}

// disarm tells how many commits there were since arm, and whether it acted.
func (w *wire) disarm() (commits int, acted bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	commits, acted, w.after = w.commits, w.acted, 0
	return commits, acted
}

// lose cuts every connection, and lets none through.
func (w *wire) lose() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = true
	for c := range w.open {
		_ = c.Close()
	}
}

// find mends the line.
func (w *wire) find() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = false
}
