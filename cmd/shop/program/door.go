package program

import (
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// door is the listener of the shop. Browsers open connections in advance, on which nothing comes for a while: the server
// takes them for requests that have begun and would wait for them at the end. Closing the door closes those too.
type door struct {
	net.Listener
	mu     sync.Mutex
	closed bool
	silent map[*caller]bool // connections on which nothing was said yet
	talked atomic.Int64     // connections that were answered while they still talked
}

const (
	// mostTalk is how much of what nobody reads any more a connection may still send, and talkTime how long: enough for a film from a
	// phone, sent where a photo was asked.
	mostTalk = 64 << 20
	talkTime = time.Minute
	// mostTalkers of them are heard out at once.
	mostTalkers = 200
)

func newDoor(l net.Listener) *door { return &door{Listener: l, silent: map[*caller]bool{}} }

// caller is a connection that came in through the door.
type caller struct {
	net.Conn
	door  *door
	spoke atomic.Bool
	ended atomic.Bool // it says nothing more, or kept silent for too long
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

// Read notices the first word, and the last.
func (c *caller) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.spoke.CompareAndSwap(false, true) {
		c.door.forget(c)
	}
	if err != nil {
		c.ended.Store(true)
	}
	return n, err
}

// Close ends the connection. Whoever is still sending hears the answer first: on a connection that is closed with something unread in
// it, the other side gets an error and no page, which happens to each body that is too large.
func (c *caller) Close() error {
	if !c.spoke.Load() {
		c.door.forget(c)
		return c.Conn.Close()
	}
	tcp, ok := c.Conn.(*net.TCPConn)
	if !ok || c.ended.Load() || c.door.isClosed() {
		return c.Conn.Close()
	}
	if c.door.talked.Add(1) > mostTalkers || tcp.CloseWrite() != nil || tcp.SetReadDeadline(time.Now().Add(talkTime)) != nil {
		c.door.talked.Add(-1)
		return c.Conn.Close()
	}
	go func() {
		defer c.door.talked.Add(-1)
		_, _ = io.CopyN(io.Discard, tcp, mostTalk) // nobody reads it
		_ = tcp.Close()
	}()
	return nil
}

func (d *door) isClosed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.closed
}
