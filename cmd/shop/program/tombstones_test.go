package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"joetz/medical/medicaltest"
)

// TestOlderDatabaseIsWipedAtStart: the list outside the database says what was wiped after the backup was made; an older
// database that is put back is wiped again before anything is shown, and a new fiche with a number of old is left alone.
func TestOlderDatabaseIsWipedAtStart(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.FillIn()
	path := filepath.Join(t.TempDir(), "tombstones.jsonl")
	alive := func() int64 { return w.Insert(`SELECT count(*) FROM fiche_key`) }
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := reapplyTombstones(t.Context(), w.Service, path); err != nil || n != 0 || alive() != 1 {
		t.Fatalf("no list yet: %d wiped, %v", n, err)
	}
	write(`{"Fiche":1,"WipedAt":"2020-01-01T00:00:00Z","Because":"retention"}` + "\n")
	if n, err := reapplyTombstones(t.Context(), w.Service, path); err != nil || n != 0 || alive() != 1 {
		t.Fatalf("a number that was used before: %d wiped, %v", n, err)
	}
	write(`{"Fiche":1,"WipedAt":"2027-09-08T03:10:00Z","Because":"retention"}` + "\n{\"Fiche\":")
	if _, err := reapplyTombstones(t.Context(), w.Service, path); err == nil || alive() != 1 {
		t.Fatalf("half a list: %v", err)
	}
	write(`{"Fiche":1,"WipedAt":"2027-09-08T03:10:00Z","Because":"retention"}` + "\n")
	w.At = time.Date(2027, 9, 9, 0, 0, 0, 0, time.UTC)
	if n, err := reapplyTombstones(t.Context(), w.Service, path); err != nil || n != 1 || alive() != 0 {
		t.Fatalf("an older database: %d wiped, %v", n, err)
	}
	if n := w.Insert(`SELECT count(*) FROM fiche_section`); n != 0 {
		t.Errorf("%d topics are left", n)
	}
	kept, err := os.ReadFile(path)
	if err != nil || strings.Count(string(kept), `"Fiche":1`) != 2 || !strings.Contains(string(kept), "2027-09-08T03:10:00Z") {
		t.Errorf("the list forgets or does not grow: %s %v", kept, err)
	}
}
