package upload

import (
	"sync"
	"testing"
)

// However many come at once, and whatever they need, each gets in and there is room for all of MaxPixels afterwards.
func TestEachGetsRoom(t *testing.T) {
	var all sync.WaitGroup
	for n := range 200 {
		all.Go(func() { enter(n * MaxPixels / 150)() })
	}
	all.Wait()
	for _, c := range []struct{ pixels, taken int }{{0, 1}, {MaxPixels / 5, 1}, {MaxPixels / 3, 2}, {MaxPixels, places}, {2 * MaxPixels, places}} {
		leave := enter(c.pixels)
		if len(room) != c.taken {
			t.Errorf("%d pixels take %d places", c.pixels, len(room))
		}
		if leave(); len(room) != 0 {
			t.Errorf("%d are still taken", len(room))
		}
	}
}
