package catalogue_test

import (
	"testing"
	"time"

	"joetz/terms/id"
)

// What is remembered is read anew by the first who asks after half of its time, whether they ask for one departure or for
// several, and by nobody before that.
func TestRecentIsReadAnewInTime(t *testing.T) {
	t.Parallel()
	w := open(t)
	_, d := w.draft("ZE-28-01")
	w.ok(w.Publish(t.Context(), by, []id.Departure{d.ID}, time.Time{}))
	w.Fresh = time.Second
	begun := w.Now()
	one := func() string {
		got, ok, err := w.RecentOne(t.Context(), d.ID)
		w.ok(err)
		if !ok {
			t.Fatal("not found")
		}
		return got.Title
	}
	several := func() string {
		got, err := w.Recent(t.Context(), d.ID, d.ID+1)
		w.ok(err)
		if len(got) != 1 {
			t.Fatalf("%d found", len(got))
		}
		return got[d.ID].Title
	}
	for name, read := range map[string]func() string{"one": one, "several": several} {
		w.at(begun)
		begun = begun.Add(time.Hour)
		w.exec(`UPDATE holiday SET title = 'first'`)
		if got := read(); got != "first" {
			t.Errorf("%s, at first: %q", name, got)
		}
		w.exec(`UPDATE holiday SET title = 'second'`)
		w.at(w.Now().Add(time.Second / 4))
		if got := read(); got != "first" {
			t.Errorf("%s, soon after: %q", name, got)
		}
		w.at(w.Now().Add(time.Second / 4))
		if got := read(); got != "second" {
			t.Errorf("%s, after half of the time: %q", name, got)
		}
	}
	if _, ok, err := w.RecentOne(t.Context(), d.ID+1); ok || err != nil {
		t.Errorf("one that is not there: %v, %v", ok, err)
	}
}

func BenchmarkRecent(b *testing.B) {
	w := open(b)
	_, d := w.draft("ZE-28-01")
	w.ok(w.Publish(b.Context(), by, []id.Departure{d.ID}, time.Time{}))
	w.Fresh = time.Second
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _, err := w.RecentOne(b.Context(), d.ID)
			w.ok(err)
		}
	})
	b.Run("several", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err := w.Recent(b.Context(), d.ID)
			w.ok(err)
		}
	})
}
