package program

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
)

// door is the listener of the shop. Browsers open connections in advance, on which nothing comes for a while: the server
// takes them for requests that have begun and would wait for them at the end. Closing the door closes those too.
type door struct {
	net.Listener
	mu     sync.Mutex
	closed bool
	silent map[*caller]bool // connections on which nothing was said yet
}

func newDoor(l net.Listener) *door { return &door{Listener: l, silent: map[*caller]bool{}} }

// caller is a connection that came in through the door.
type caller struct {
	net.Conn
	door  *door
	spoke atomic.Bool
}

// Accept waits for the next connection.
func (d *door) Accept() (net.Conn, error) {
	conn, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &caller{Conn: conn, door: d}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errors.Join(net.ErrClosed, conn.Close())
	}
	d.silent[c] = true
	return c, nil
}

// Close lets nobody in any more, and ends the connections on which nothing was said.
func (d *door) Close() error {
	err := d.Listener.Close()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	for c := range d.silent {
		_ = c.Conn.Close() // nobody waits for an answer there
	}
	clear(d.silent)
	return err
}

func (d *door) forget(c *caller) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.silent, c)
}

// Read notices the first word.
func (c *caller) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.spoke.CompareAndSwap(false, true) {
		c.door.forget(c)
	}
	return n, err
}

// Close ends the connection.
func (c *caller) Close() error {
	if !c.spoke.Load() {
		c.door.forget(c)
	}
	return c.Conn.Close()
}
