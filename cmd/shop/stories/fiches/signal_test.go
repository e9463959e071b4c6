package fiches

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// airwaves stand between a browser and the shop, and can be taken away: a phone in a field.
type airwaves struct {
	net.Listener
	to   string
	mu   sync.Mutex
	off  bool
	open map[net.Conn]bool
}

func newAirwaves(t *testing.T, site string) *airwaves {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &airwaves{Listener: l, to: strings.TrimPrefix(strings.TrimSuffix(site, "/"), "http://"), open: map[net.Conn]bool{}}
	t.Cleanup(func() { s.lose(); l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.carry(c)
		}
	}()
	return s
}

func (s *airwaves) site() string { return "http://" + s.Addr().String() }

func (s *airwaves) carry(c net.Conn) {
	defer c.Close()
	up, err := net.Dial("tcp", s.to)
	if err != nil {
		return
	}
	defer up.Close()
	s.mu.Lock()
	if s.off {
		s.mu.Unlock()
		return
	}
	s.open[c], s.open[up] = true, true
	s.mu.Unlock()
	go func() {
		_, _ = io.Copy(up, c) // ends when either side does
		up.Close()
	}()
	_, _ = io.Copy(c, up)
	s.mu.Lock()
	delete(s.open, c)
	delete(s.open, up)
	s.mu.Unlock()
}

// lose takes the signal away, in the middle of what is said.
func (s *airwaves) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off = true
	for c := range s.open {
		c.Close()
	}
}

func (s *airwaves) find() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off = false
}
