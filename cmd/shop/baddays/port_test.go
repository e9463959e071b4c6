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
	if ports.next == 0 {
		ports.next = lowest - 1 - os.Getpid()%8000 // another process of tests begins elsewhere
	}
	for ; ports.next > 1024; ports.next-- {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", ports.next))
		if err != nil {
			continue
		}
		ports.next--
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return l.Addr().String()
	}
	t.Fatal("no port is free")
	return ""
}
