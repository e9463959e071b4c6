package pg_test

import (
	"sync"
	"testing"
)

// Crowds that are stuck, as behind a lock that somebody holds, keep nobody else out.
func TestTheDoorOpensAnyway(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	var stuck sync.WaitGroup
	for range 100 { // more than any machine lets in at once
		h := newHeld()
		h.end = end
		stuck.Go(func() { <-h.begun; h.all.Wait() })
		h.come(t.Context(), "stuck")
	}
	other := newHeld()
	q := other.come(t.Context(), "other")
	<-other.begun
	other.end <- struct{}{}
	other.all.Wait()
	if q.err != nil || q.answer != "other" {
		t.Errorf("%v %q", q.err, q.answer)
	}
	close(end)
	stuck.Wait()
}
