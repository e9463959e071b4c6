package booking

import (
	"bytes"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// desk lets the orders that wait at the same moment share a transaction: a crowd that confirms at once costs the database
// little more than one family does. Who comes alone is served at once. It is no lock: another process has a desk of its own.
type desk struct {
	mu      sync.Mutex
	waiting []*placing
	lanes   int // transactions that run now
}

const (
	mostLanes    = 2 // a transaction runs while the next one fills
	mostTogether = 24
	// placeWithin is how long one transaction may take. It is nobody's request, so nobody's patience ends it.
	placeWithin = 30 * time.Second
)

// serve returns when place gave p its outcome. Its own error is that ctx ended before p's turn came: then nothing was done.
func (d *desk) serve(ctx context.Context, p *placing, place func(context.Context, []*placing)) error {
	d.mu.Lock()
	d.waiting = append(d.waiting, p)
	open := d.lanes < mostLanes
	if open {
		d.lanes++
	}
	d.mu.Unlock()
	if open {
		go d.lane(context.WithoutCancel(ctx), place)
	}
	select {
	case <-p.told:
		return nil
	case <-ctx.Done():
	}
	if d.withdraw(p) {
		return ctx.Err()
	}
	<-p.told // it is being placed: what becomes of it is told, whoever still listens
	return nil
}

// lane serves until nobody waits.
func (d *desk) lane(ctx context.Context, place func(context.Context, []*placing)) {
	for {
		together := d.next()
		if together == nil {
			return
		}
		turn(ctx, together, place)
	}
}

func turn(ctx context.Context, together []*placing, place func(context.Context, []*placing)) {
	ctx, cancel := context.WithTimeout(ctx, placeWithin)
	defer cancel()
	defer func() {
		problem := recover()
		for _, p := range together {
			if problem != nil {
				p.placed, p.err = Placed{}, fmt.Errorf("booking: place: panic: %v\n%s", problem, debug.Stack())
			}
			close(p.told)
		}
	}()
	place(ctx, together)
}

// next takes who waits, longest first; nil ends the lane. A basket that was sent twice is served in two turns: the second one
// finds the order of the first.
func (d *desk) next() (together []*placing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var later []*placing
	for _, p := range d.waiting {
		same := func(o *placing) bool { return bytes.Equal(o.token, p.token) }
		if len(together) == mostTogether || slices.ContainsFunc(together, same) {
			later = append(later, p)
		} else {
			together = append(together, p)
		}
	}
	d.waiting = later
	if together == nil {
		d.lanes--
	}
	return together
}

// withdraw takes p from those who wait; false when its turn has come.
func (d *desk) withdraw(p *placing) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.Index(d.waiting, p)
	if i >= 0 {
		d.waiting = slices.Delete(d.waiting, i, i+1)
	}
	return i >= 0
}
