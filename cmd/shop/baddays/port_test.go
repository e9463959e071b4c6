package baddays

import (
	"fmt"
	"net"
	"os"
	"sync"
	"testing"
)

// ports are those that this process gave out.
var ports struct {
	sync.Mutex
	next int
}

// freePort is an address that nobody listens on, for who has to be found at the same one again. It is not one of those that
// the machine itself hands out, to whoever listens on port 0 or calls somebody: such a one could be gone while the shop that had
// it starts anew.
func freePort(t *testing.T) string {
	t.Helper()
	lowest := 32768 // of those that Linux hands out
	if text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range"); err == nil {
		if _, err := fmt.Sscan(string(text), &lowest); err != nil {
			t.Fatal(err)
		}
	}
	ports.Lock()
	defer ports.Unlock()
	const first = 2048 // those below are known services'
	if ports.next == 0 {
		ports.next = lowest - 1
		if room := lowest - first; room > 200 {
			ports.next -= os.Getpid() % (room - 100) // another process of tests begins elsewhere
		}
	}
	for ; ports.next > first; ports.next-- {
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", ports.next)); err == nil {
			ports.next--
			return closed(t, l)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") // where the machine hands out nearly all of them
	if err != nil {
		t.Fatal(err)
	}
	return closed(t, l)
}

func closed(t *testing.T, l net.Listener) string {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}
