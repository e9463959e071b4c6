package public

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"time"

	"joetz/shop/catalogue"
	"joetz/templates/layout"
)

// copies holds the last reading of the catalogue; nil before the first.
type copies struct {
	atomic.Pointer[reading]
	failed atomic.Pointer[time.Time] // when the database did not answer last
}

// reading is the catalogue at a moment. It is never changed.
type reading struct {
	departures []catalogue.Departure
	at         time.Time
	next       time.Time // when the first planned departure appears, where nothing can be booked; zero: nobody knows
	stale      bool      // the database did not answer; this is the reading before
}

const (
	// readFor is how long a reading may take; the callers share it, so none of their own limits counts.
	readFor = 5 * time.Second
	// waitFor is how long somebody waits for a reading who can be shown the one before.
	waitFor = time.Second
	// pause is how long nobody tries again after a reading that failed: each would wait for the same nothing.
	pause = time.Second
)

// upcoming is what can be booked or soon will be, by date. Callers at the same time share one reading. While the database
// is away or slow the last reading is shown, and marked as stale.
func (h *Handlers) upcoming(ctx context.Context) (reading, error) {
	last := h.copies.Load()
	if last != nil && h.Fresh > 0 && h.age(last.at) < h.Fresh {
		return *last, nil
	}
	if failed := h.copies.failed.Load(); last != nil && failed != nil && h.age(*failed) < pause {
		return last.old(), nil
	}
	read := h.reading.DoChan("upcoming", func() (any, error) { return h.read(context.WithoutCancel(ctx)) })
	if last == nil {
		r := <-read
		if r.Err != nil {
			return reading{}, r.Err
		}
		return *r.Val.(*reading), nil
	}
	select {
	case r := <-read:
		if r.Err != nil {
			return last.old(), nil
		}
		return *r.Val.(*reading), nil
	case <-time.After(waitFor):
		return last.old(), nil
	}
}

// age is how long ago something was; after a clock that was set back it is as old as anything.
func (h *Handlers) age(at time.Time) time.Duration {
	if age := h.Now().Sub(at); age >= 0 {
		return age
	}
	return time.Duration(math.MaxInt64)
}

// old is the same, for who could not be shown a fresh one.
func (r *reading) old() reading {
	old := *r
	old.stale = true
	return old
}

// since is from when a stale reading is, as people say it; "" for a fresh one.
func (r reading) since(p layout.Page) string {
	if !r.stale {
		return ""
	}
	return p.Clock(r.at)
}

func (h *Handlers) read(ctx context.Context) (*reading, error) {
	ctx, cancel := context.WithTimeout(ctx, readFor)
	defer cancel()
	at := h.Now()
	shown, err := h.Catalogue.Shown(ctx)
	if err != nil {
		h.copies.failed.Store(&at)
		return nil, err
	}
	fresh := &reading{departures: shown.Departures, next: shown.Next, at: at}
	if !shown.AsOf.IsZero() { // from a replica, while the database is away: the copy that we have may be newer
		h.copies.failed.Store(&at)
		if last := h.copies.Load(); last != nil && !last.at.Before(shown.AsOf) {
			return nil, errAway
		}
		fresh.at, fresh.stale = shown.AsOf, true
	}
	h.copies.Store(fresh)
	return fresh, nil
}

// errAway is why nothing was read where the copy before is the best there is.
var errAway = errors.New("the database is away")
