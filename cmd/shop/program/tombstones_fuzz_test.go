package program

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"joetz/medical"
)

// A list of wiped fiches reads whole or not at all, whatever a disk or an editor made of it; what reads is written again the same.
func FuzzTombstones(f *testing.F) {
	for _, text := range []string{"", `{"fiche":1,"wiped_at":"2027-07-05T10:00:00Z"}`, `{"Fiche":1}`, "{}", "[]", "null", `{"fiche":-1}`, `{"fiche":1`, "\x00"} {
		f.Add(text)
	}
	line, err := json.Marshal(medical.Tombstone{Fiche: 7, WipedAt: time.Date(2027, 7, 5, 10, 0, 0, 0, time.UTC)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(line))
	f.Add(string(line) + "\n" + string(line[:len(line)-3]))
	f.Fuzz(func(t *testing.T, text string) {
		all, err := ReadTombstones(strings.NewReader(text))
		if err != nil {
			if all != nil {
				t.Fatalf("half a list: %d lines, %v", len(all), err)
			}
			return
		}
		var again strings.Builder
		for _, one := range all {
			if one.Fiche <= 0 || one.WipedAt.IsZero() {
				t.Fatalf("a line that wipes nothing: %+v", one)
			}
			if err := json.NewEncoder(&again).Encode(one); err != nil {
				t.Skip("a moment that JSON does not write")
			}
		}
		if same, err := ReadTombstones(strings.NewReader(again.String())); err != nil || len(same) != len(all) {
			t.Fatalf("%d lines of %d: %v", len(same), len(all), err)
		}
	})
}
