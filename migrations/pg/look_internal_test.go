package pg

import (
	"testing"
	"time"
)

func TestClocksApart(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return time.Unix(1_800_000_000+int64(seconds), 0) }
	for _, c := range []struct {
		asked, theirs, answered int
		want                    time.Duration
	}{
		{0, 0, 0, 0}, {0, 5, 20, 0}, {10, 7, 11, 3 * time.Second}, {0, 3600, 30, -3570 * time.Second},
	} {
		if got := apart(at(c.asked), at(c.theirs), at(c.answered)); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
