package public

import (
	"context"
	"sync/atomic"
	"time"

	"joetz/shop/catalogue"
)

// copies holds the last reading of the catalogue; nil before the first.
type copies struct{ atomic.Pointer[reading] }

// reading is the catalogue at a moment. It is never changed.
type reading struct {
	departures []catalogue.Departure
	at         time.Time
	next       time.Time // when the first planned departure appears, where nothing can be booked; zero: nobody knows
	stale      bool      // the database did not answer; this is the reading before
}

// readFor is how long a reading may take; the callers share it, so none of their own limits counts.
const readFor = 5 * time.Second

// upcoming is what can be booked or soon will be, by date. Callers at the same time share one reading.
func (h *Handlers) upcoming(ctx context.Context) (reading, error) {
	if last := h.copies.Load(); last != nil && h.Fresh > 0 && h.Now().Sub(last.at) < h.Fresh {
		return *last, nil
	}
	v, err, _ := h.reading.Do("upcoming", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readFor)
		defer cancel()
		at := h.Now()
		all, err := h.Catalogue.Upcoming(ctx)
		if err != nil {
			return nil, err
		}
		fresh := &reading{departures: all, at: at}
		if len(all) == 0 {
			if fresh.next, err = h.Catalogue.NextPublication(ctx); err != nil {
				return nil, err
			}
		}
		h.copies.Store(fresh)
		return fresh, nil
	})
	if err != nil {
		if last := h.copies.Load(); last != nil {
			old := *last
			old.stale = true
			return old, nil
		}
		return reading{}, err
	}
	return *v.(*reading), nil
}
