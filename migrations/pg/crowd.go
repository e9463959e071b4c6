package pg

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Crowd lets callers that wait at the same moment share a query or a transaction: a thousand that come at once cost the
// database little more than a few. Who comes alone is served at once, and nobody gets what was read before they came. It is
// no lock: another process has a crowd of its own.
//
// T is a pointer to a question on which the answer is noted.
type Crowd[T any] struct {
	// Apart says that two must not be served together; nil: any may.
	Apart func(a, b T) bool

	mu       sync.Mutex
	waiting  []*turn[T]
	lanes    int           // that serve now
	patience time.Duration // 0: as the door's
}

type turn[T any] struct {
	question T
	over     chan struct{}
	problem  error // of a panic
}

const (
	// mostLanes is how many may serve at once. Mostly one does, while the next one's fills: two would share the callers between
	// them. Another begins when somebody waited for long: those who are served may be stuck behind a lock.
	mostLanes  = 3
	mostAtOnce = 24
	// serveWithin is how long serving may take. It is nobody's request, so nobody's patience ends it.
	serveWithin = 30 * time.Second
)

// Do returns when serve has seen the question, alone or with others. Its error is that ctx ended while it waited for a turn, and
// then nothing was done, or that serve panicked.
func (c *Crowd[T]) Do(ctx context.Context, question T, serve func(ctx context.Context, together []T)) error {
	t := &turn[T]{question: question, over: make(chan struct{})}
	c.mu.Lock()
	c.waiting = append(c.waiting, t)
	open := c.lanes == 0
	if open {
		c.lanes++
	}
	c.mu.Unlock()
	if open { // who comes alone serves itself: it is the first in its own turn
		if ctx := context.WithoutCancel(ctx); c.serveNext(ctx, serve) && !c.close() {
			go c.lane(ctx, serve)
		}
		<-t.over // at once, unless a lane that was opened beside this one took it along
		return t.problem
	}
	long := time.NewTimer(cmp.Or(c.patience, patience))
	defer long.Stop()
	select {
	case <-t.over:
		return t.problem
	case <-ctx.Done():
	case <-long.C:
		if c.another(t) {
			go c.lane(context.WithoutCancel(ctx), serve)
		}
		select {
		case <-t.over:
			return t.problem
		case <-ctx.Done():
		}
	}
	if c.withdraw(t) {
		return ctx.Err()
	}
	<-t.over // it is being served: what becomes of it is told, whoever still listens
	return t.problem
}

// close ends a lane when nobody waits.
func (c *Crowd[T]) close() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) > 0 {
		return false
	}
	c.lanes--
	return true
}

// lane serves until nobody waits.
func (c *Crowd[T]) lane(ctx context.Context, serve func(context.Context, []T)) {
	for c.serveNext(ctx, serve) {
	}
}

// serveNext waits until the door lets it in, and serves those who wait by then; false when there is nobody, and the lane ended.
func (c *Crowd[T]) serveNext(ctx context.Context, serve func(context.Context, []T)) bool {
	defer enter()()
	together := c.next()
	if together == nil {
		return false
	}
	serveTurns(ctx, together, serve)
	return true
}

func serveTurns[T any](ctx context.Context, together []*turn[T], serve func(context.Context, []T)) {
	ctx, cancel := context.WithTimeout(ctx, serveWithin)
	defer cancel()
	questions := make([]T, len(together))
	for i, t := range together {
		questions[i] = t.question
	}
	defer func() {
		p := recover()
		for _, t := range together {
			if p != nil {
				t.problem = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
			close(t.over)
		}
	}()
	serve(ctx, questions)
}

// next takes who waits, longest first; nil ends the lane.
func (c *Crowd[T]) next() (together []*turn[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var later []*turn[T]
	for _, t := range c.waiting {
		if len(together) == mostAtOnce || c.apart(together, t) {
			later = append(later, t)
		} else {
			together = append(together, t)
		}
	}
	c.waiting = later
	if together == nil {
		c.lanes--
	}
	return together
}

func (c *Crowd[T]) apart(together []*turn[T], t *turn[T]) bool {
	for _, other := range together {
		if c.Apart != nil && c.Apart(other.question, t.question) {
			return true
		}
	}
	return false
}

// another opens a lane for t and those who wait with it; false when its turn has come, or there are lanes enough.
func (c *Crowd[T]) another(t *turn[T]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lanes >= mostLanes || !slices.Contains(c.waiting, t) {
		return false
	}
	c.lanes++
	return true
}

// withdraw takes t from those who wait; false when its turn has come.
func (c *Crowd[T]) withdraw(t *turn[T]) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.waiting, t)
	if i < 0 {
		return false
	}
	c.waiting = slices.Delete(c.waiting, i, i+1)
	return true
}

// Lookup reads rows by their keys, those of many callers in one query (see Crowd).
type Lookup[K comparable, V any] struct {
	crowd Crowd[*lookup[K, V]]
}

type lookup[K comparable, V any] struct {
	key   K
	value V
	found bool
	err   error
}

// Get is what read gives for key; found is false when it gives nothing.
func (l *Lookup[K, V]) Get(ctx context.Context, key K, read func(ctx context.Context, keys []K) (map[K]V, error)) (value V, found bool, err error) {
	one := &lookup[K, V]{key: key}
	err = l.crowd.Do(ctx, one, func(ctx context.Context, together []*lookup[K, V]) {
		keys := make([]K, len(together))
		for i, o := range together {
			keys[i] = o.key
		}
		values, err := read(ctx, keys)
		for _, o := range together {
			o.value, o.found = values[o.key]
			o.err = err
		}
	})
	if err == nil {
		err = one.err
	}
	return one.value, one.found, err
}
