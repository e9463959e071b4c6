package shoptest

import (
	"os"
	"sync"
	"testing"
	"time"

	"joetz/terms/civil"
)

// Base is the moment at which stories begin that do not say when: an ordinary Thursday morning in the weeks in which families
// book, whatever day it is outside. SHOP_TEST_BASE moves it, for whoever looks for what hangs on a date:
//
//	SHOP_TEST_BASE=2027-12-31T23:50:00+01:00 go test ./cmd/shop/...
//
// The browser and PostgreSQL's now() stay in the real time.
func Base(t testing.TB) time.Time {
	t.Helper()
	text := os.Getenv("SHOP_TEST_BASE")
	if text == "" {
		return time.Date(2026, time.November, 26, 10, 0, 0, 0, civil.Brussels)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Clock is the time of a shop in a test. It counts microseconds, as the database does.
type Clock struct {
	mu     sync.Mutex
	at     time.Time
	since  time.Time // the real time at which it was at
	stands bool
}

// NewClock is a clock that goes on from at.
func NewClock(at time.Time) *Clock {
	c := &Clock{}
	c.Set(at)
	return c
}

// Now is the time in the shop.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stands {
		return c.at
	}
	return c.at.Add(time.Since(c.since)).Truncate(time.Microsecond)
}

// Set lets it go on from there.
func (c *Clock) Set(at time.Time) { c.put(at, false) }

// Hold lets it stand still there.
func (c *Clock) Hold(at time.Time) { c.put(at, true) }

func (c *Clock) put(at time.Time, stands bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.since, c.stands = at.Truncate(time.Microsecond), time.Now(), stands
}
