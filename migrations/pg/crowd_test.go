package pg_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"joetz/migrations/pg"
)

// held is a crowd whose turns the test holds open.
type held struct {
	pg.Crowd[*question]
	begun chan []*question
	end   chan struct{}
	all   sync.WaitGroup
}

type question struct {
	text, answer string
	err          error
}

func newHeld() *held {
	h := &held{begun: make(chan []*question), end: make(chan struct{})}
	h.Apart = func(a, b *question) bool { return a.text == b.text }
	return h
}

func (h *held) serve(_ context.Context, together []*question) {
	h.begun <- together
	<-h.end
	for _, q := range together {
		if q.text == "bad" {
			panic("a bug")
		}
		q.answer = q.text
	}
}

func (h *held) come(ctx context.Context, text string) *question {
	q := &question{text: text}
	h.all.Go(func() { q.err = h.Do(ctx, q, h.serve) })
	return q
}

// waits lets the test go on when n wait.
func (h *held) waits(n int) {
	for h.Waiting() != n {
		runtime.Gosched()
	}
}

func texts(together []*question) string {
	var all []string
	for _, q := range together {
		all = append(all, q.text)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// Who comes while others are served shares the next turn; what must be apart has two.
func TestCrowdServesTogetherWhoWaits(t *testing.T) {
	t.Parallel()
	h := newHeld()
	h.Patient()
	h.come(t.Context(), "a")
	if got := texts(<-h.begun); got != "a" {
		t.Errorf("alone begins with %q", got)
	}
	for i, text := range []string{"c", "d", "c", "e"} {
		h.come(t.Context(), text)
		h.waits(i + 1)
	}
	gone, leave := context.WithCancel(t.Context())
	left := h.come(gone, "f")
	h.waits(5)
	leave()
	h.waits(4)
	h.end <- struct{}{}
	if got := texts(<-h.begun); got != "c d e" {
		t.Errorf("together: %q", got)
	}
	h.end <- struct{}{}
	if got := texts(<-h.begun); got != "c" {
		t.Errorf("again: %q", got)
	}
	close(h.end)
	h.all.Wait()
	if !errors.Is(left.err, context.Canceled) || left.answer != "" {
		t.Errorf("who left: %v, %q", left.err, left.answer)
	}
}

// Who waits for long behind those who are stuck is served beside them.
func TestCrowdGoesAroundWhoIsStuck(t *testing.T) {
	t.Parallel()
	h := newHeld()
	h.come(t.Context(), "stuck")
	<-h.begun
	later := h.come(t.Context(), "later")
	<-h.begun // while nothing has ended
	close(h.end)
	h.all.Wait()
	if later.err != nil || later.answer != "later" {
		t.Errorf("%v %q", later.err, later.answer)
	}
}

// A panic is the error of those whom it met, and the crowd goes on.
func TestCrowdOutlivesAPanic(t *testing.T) {
	t.Parallel()
	h := newHeld()
	close(h.end)
	bad := h.come(t.Context(), "bad")
	<-h.begun
	h.all.Wait()
	good := h.come(t.Context(), "good")
	<-h.begun
	h.all.Wait()
	if bad.err == nil || good.err != nil || good.answer != "good" {
		t.Errorf("bad: %v; good: %v %q", bad.err, good.err, good.answer)
	}
}

// Each caller of a lookup gets the row of its own key, or the error of the query.
func TestLookupGivesEachItsOwn(t *testing.T) {
	t.Parallel()
	var rows pg.Lookup[int, string]
	away := errors.New("away")
	var all sync.WaitGroup
	for n := range 60 {
		all.Go(func() {
			text, found, err := rows.Get(t.Context(), n, func(_ context.Context, keys []int) (map[int]string, error) {
				read := map[int]string{}
				for _, key := range keys {
					if key == 13 {
						return nil, away
					}
					if key%2 == 0 {
						read[key] = strings.Repeat("x", key)
					}
				}
				return read, nil
			})
			if err == nil && (found != (n%2 == 0) || found && len(text) != n) || err != nil && !errors.Is(err, away) || n == 13 && err == nil {
				t.Errorf("%d: %q %v %v", n, text, found, err)
			}
		})
	}
	all.Wait()
}
