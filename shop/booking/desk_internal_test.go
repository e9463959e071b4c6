package booking

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
)

// counter is a desk whose transactions the test holds open.
type counter struct {
	desk  desk
	begun chan []*placing
	done  chan struct{}
	all   sync.WaitGroup
}

func newCounter() *counter {
	return &counter{begun: make(chan []*placing), done: make(chan struct{})}
}

func (c *counter) place(_ context.Context, together []*placing) {
	c.begun <- together
	<-c.done
	for _, p := range together {
		if string(p.token) == "bad" {
			panic("a bug")
		}
		p.placed.Reference = string(p.token)
	}
}

func (c *counter) come(ctx context.Context, token string) *placing {
	p := &placing{token: []byte(token), told: make(chan struct{})}
	c.all.Go(func() {
		if err := c.desk.serve(ctx, p, c.place); err != nil {
			p.err = err
		}
	})
	return p
}

// waits lets the test go on when n wait.
func (c *counter) waits(n int) {
	for {
		c.desk.mu.Lock()
		there := len(c.desk.waiting)
		c.desk.mu.Unlock()
		if there == n {
			return
		}
	}
}

func tokens(together []*placing) string {
	var all []string
	for _, p := range together {
		all = append(all, string(p.token))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// Who comes while the lanes are busy shares the next transaction; a basket that comes twice has two turns.
func TestDeskServesTogetherWhoWaits(t *testing.T) {
	t.Parallel()
	c := newCounter()
	for _, token := range []string{"a", "b"} {
		c.come(t.Context(), token)
		if got := tokens(<-c.begun); got != token {
			t.Errorf("%q alone begins with %q", token, got)
		}
	}
	for i, token := range []string{"c", "d", "c", "e"} {
		c.come(t.Context(), token)
		c.waits(i + 1)
	}
	gone, leave := context.WithCancel(t.Context())
	p := c.come(gone, "f")
	c.waits(5)
	leave()
	c.waits(4)
	c.done <- struct{}{}
	if got := tokens(<-c.begun); got != "c d e" {
		t.Errorf("together: %q", got)
	}
	c.done <- struct{}{} // the other lane
	if got := tokens(<-c.begun); got != "c" {
		t.Errorf("again: %q", got)
	}
	close(c.done)
	c.all.Wait()
	if !errors.Is(p.err, context.Canceled) || p.placed.Reference != "" {
		t.Errorf("who left: %v, %q", p.err, p.placed.Reference)
	}
}

// A panic is the error of those whom it met, and the desk goes on.
func TestDeskOutlivesAPanic(t *testing.T) {
	t.Parallel()
	c := newCounter()
	close(c.done)
	bad := c.come(t.Context(), "bad")
	<-c.begun
	c.all.Wait()
	good := c.come(t.Context(), "good")
	<-c.begun
	c.all.Wait()
	if bad.err == nil || good.err != nil || good.placed.Reference != "good" {
		t.Errorf("bad: %v; good: %v %q", bad.err, good.err, good.placed.Reference)
	}
}
