package command

import (
	"testing"
	"time"

	"joetz/cmd/shop/bench"
	"joetz/cmd/shop/shoptest"
)

// The measurements count what they sold: a run that oversells, or loses an order that was confirmed, is an error. How fast
// it goes is no matter for a test.
func TestBenchSellsExactlyWhatThereIs(t *testing.T) {
	t.Parallel()
	c := shoptest.Config(t)
	c.Bare = true
	p, _ := shoptest.StartOn(t, c, shoptest.NewClock(shoptest.Base(t)).Now)
	figures, err := bench.Run(t.Context(), bench.Shop{Addr: p.Addr(), URL: p.URL(), DB: p.DB.DB, Now: p.Now, Place: benchTarget(p, c).Place},
		bench.Options{Clients: 6, For: 300 * time.Millisecond, Scarce: 12, Baskets: 120, Only: []string{"weight", "pages", "scarce", "spread", "sold-out", "transaction"}, Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	if len(figures) != 9 {
		t.Errorf("%d figures", len(figures))
	}
	for _, f := range figures[:8] { // the last needs a program of PostgreSQL and says so
		if f.Errors != 0 || f.Count == 0 {
			t.Errorf("%s: %d done, %d errors, %s", f.Name, f.Count, f.Errors, f.Note)
		}
	}
	if figures[3].Count != 12 {
		t.Errorf("12 scarce places, %d orders", figures[3].Count)
	}
}
