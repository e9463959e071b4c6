package seal_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"joetz/medical/seal"
)

type vector struct {
	Why, Keys, Owner, Wrapped, Place, Sealed, Plain string
}

// The vectors were put together with the standard library (testdata/make): they freeze the format, so that what is stored
// today opens in every later version, and what must not open does not.
func TestVectors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("vectors: %v %v", files, err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".json"), func(t *testing.T) {
			t.Parallel()
			v := readVector(t, f)
			got, err := openVector(t, v)
			if strings.HasPrefix(filepath.Base(f), "good_") {
				if err != nil || string(got) != v.Plain {
					t.Fatalf("%s: got %q, %v; want %q", v.Why, got, err, v.Plain)
				}
			} else if !errors.Is(err, seal.ErrUnreadable) || got != nil {
				t.Fatalf("%s: got %q, %v; want it refused", v.Why, got, err)
			}
		})
	}
}

func readVector(t testing.TB, file string) vector {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func openVector(t testing.TB, v vector) ([]byte, error) {
	t.Helper()
	ring, err := seal.Parse(v.Keys)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ring.Key(unhex(t, v.Wrapped), place(t, v.Owner))
	if err != nil {
		return nil, err
	}
	return key.Open(unhex(t, v.Sealed), place(t, v.Place))
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func place(t testing.TB, s string) seal.Place {
	t.Helper()
	parts := strings.Split(s, ":")
	n, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || len(parts) != 3 {
		t.Fatalf("place %q", s)
	}
	return seal.Place{Table: parts[0], ID: n, Column: parts[2]}
}

func newRing(t testing.TB) (*seal.Keyring, string) {
	t.Helper()
	text, err := seal.Generate()
	if err != nil {
		t.Fatal(err)
	}
	ring, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return ring, text
}

var (
	owner = seal.Place{Table: "fiche_key", ID: 1, Column: "wrapped"}
	cell  = seal.Place{Table: "fiche_section", ID: 1, Column: "med"}
)

func TestValueComesBackAndOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	ring, _ := newRing(t)
	key, _, err := ring.NewKey(owner)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 40_000).Draw(t, "plain")
		sealed, err := key.Seal(plain, cell)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := key.Open(sealed, cell); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("does not come back: %v", err)
		}
		other := seal.Place{
			Table:  rapid.SampledFrom([]string{"fiche_section", "fiche_upload"}).Draw(t, "table"),
			ID:     rapid.Int64().Draw(t, "id"),
			Column: rapid.SampledFrom([]string{"med", "food", ""}).Draw(t, "column"),
		}
		if other != cell {
			if _, err := key.Open(sealed, other); !errors.Is(err, seal.ErrUnreadable) {
				t.Fatalf("opened at %v: %v", other, err)
			}
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := key.Open(sealed, cell); !errors.Is(err, seal.ErrUnreadable) {
			t.Fatalf("opened after a bit was changed: %v", err)
		}
	})
}

// The length of what is stored must not tell a "no" from a story.
func TestLengthTellsNothing(t *testing.T) {
	t.Parallel()
	ring, _ := newRing(t)
	key, _, err := ring.NewKey(owner)
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[int]bool{}
	for n := range 509 { // 512 less the four bytes of the length
		s, err := key.Seal(make([]byte, n), cell)
		if err != nil {
			t.Fatal(err)
		}
		sizes[len(s)] = true
	}
	if len(sizes) != 1 {
		t.Errorf("texts of 0 to 508 bytes have %d lengths, want 1", len(sizes))
	}
	for _, n := range []int{509, 8000, 20_000, 5 << 20} {
		s, err := key.Seal(make([]byte, n), cell)
		if err != nil {
			t.Fatal(err)
		}
		if over := len(s) - n; over > n+64 && over > 16<<10+64 {
			t.Errorf("%d bytes take %d", n, len(s))
		}
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	old, text := newRing(t)
	key, wrapped, err := old.NewKey(owner)
	if err != nil {
		t.Fatal(err)
	}
	value := must(key.Seal([]byte("allergie: noten"), cell))
	secret := must(old.Seal([]byte("JBSWY3DP"), []byte("staff:7:totp_secret")))

	added, id, err := seal.Add(text)
	if err != nil {
		t.Fatal(err)
	}
	if ring := must(seal.Parse(added)); ring.Primary() == id || len(ring.Keys()) != 2 {
		t.Fatalf("an added key seals before it is promoted: %v", ring.Keys())
	}
	promoted := must(seal.Promote(added, id))
	ring := must(seal.Parse(promoted))
	if ring.Primary() != id {
		t.Fatalf("primary is %d, want %d", ring.Primary(), id)
	}
	rewrapped, changed, err := ring.Rewrap(wrapped, owner)
	if err != nil || !changed || seal.KeyOf(rewrapped) != id {
		t.Fatalf("re-wrap: %v %v under %d", err, changed, seal.KeyOf(rewrapped))
	}
	if _, changed, err := ring.Rewrap(rewrapped, owner); err != nil || changed {
		t.Errorf("re-wrapping twice: %v %v", err, changed)
	}
	resealed, changed, err := ring.Reseal(secret, []byte("staff:7:totp_secret"))
	if err != nil || !changed || seal.KeyOf(resealed) != id {
		t.Fatalf("reseal: %v %v", err, changed)
	}

	first := old.Primary()
	if _, err := seal.Retire(promoted, id); err == nil {
		t.Error("the key that seals was retired")
	}
	after := must(seal.Parse(must(seal.Retire(promoted, first))))
	k, err := after.Key(rewrapped, owner)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.Open(value, cell); err != nil || string(got) != "allergie: noten" {
		t.Errorf("after retiring: %q %v", got, err)
	}
	if got, err := after.Open(resealed, []byte("staff:7:totp_secret")); err != nil || string(got) != "JBSWY3DP" {
		t.Errorf("small secret after retiring: %q %v", got, err)
	}
	if _, err := after.Key(wrapped, owner); !errors.Is(err, seal.ErrUnreadable) {
		t.Errorf("the old wrapping still opens: %v", err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestSmallSecretOnlyInItsRow(t *testing.T) {
	t.Parallel()
	ring, _ := newRing(t)
	sealed := must(ring.Seal([]byte("JBSWY3DP"), []byte("staff:7:totp_secret")))
	if _, err := ring.Open(sealed, []byte("staff:8:totp_secret")); !errors.Is(err, seal.ErrUnreadable) {
		t.Errorf("opened in another row: %v", err)
	}
	if _, err := ring.Key(sealed, seal.Place{Table: "staff", ID: 7, Column: "totp_secret"}); !errors.Is(err, seal.ErrUnreadable) {
		t.Errorf("passed for a data key: %v", err)
	}
}

func TestLogSignature(t *testing.T) {
	t.Parallel()
	ring, text := newRing(t)
	sum := must(ring.MAC([]byte("line 1")))
	added, _, err := seal.Add(text)
	if err != nil {
		t.Fatal(err)
	}
	if !must(seal.Parse(added)).CheckMAC(sum, []byte("line 1")) {
		t.Error("a rotation of the sealing key lost the log's")
	}
	other, _ := newRing(t)
	if ring.CheckMAC(sum, []byte("line 2")) || other.CheckMAC(sum, []byte("line 1")) || ring.CheckMAC(nil, []byte("line 1")) {
		t.Error("a wrong signature passes")
	}
}

func TestParseRefusesWithoutTelling(t *testing.T) {
	t.Parallel()
	_, text := newRing(t)
	for name, bad := range map[string]string{
		"empty": "", "no JSON": "geheim-woord", "other format": strings.Replace(text, `"format":1`, `"format":2`, 1),
		"cut": text[:len(text)/2], "more behind": text + text, "no log": strings.Replace(text, `"log"`, `"lag"`, 1),
		"key damaged": strings.Replace(text, "AesGcmKey", "AesGeheim-woord", 1),
	} {
		_, err := seal.Parse(bad)
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "geheim-woord") || len(err.Error()) > 80 {
			t.Errorf("%s: the error quotes the keyset: %v", name, err)
		}
	}
}

func TestNothingPrints(t *testing.T) {
	t.Parallel()
	const canary = "kanariewoord"
	ring, text := newRing(t)
	key, _, err := ring.NewKey(owner)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	in := struct{ Care seal.Text }{canary}
	logger.Info("x", "text", in.Care, "struct", in, "ring", ring, "key", key)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "text", in.Care, "struct", in, "ring", ring, "key", key)
	out := log.String() + fmt.Sprint(in, in.Care) + fmt.Sprintf("%v %+v %#v %s %q %x %d", in, in, in, in.Care, in.Care, in.Care, in.Care) +
		string(must(json.Marshal(in))) + fmt.Sprintf("%v %+v %#v %s %v %#v", ring, ring, ring, ring, key, key)
	if strings.Contains(out, canary) || strings.Contains(out, hex.EncodeToString([]byte(canary))) {
		t.Errorf("the text prints: %s", out)
	}
	for _, secret := range strings.Split(text, `"value":"`)[1:] {
		if s, _, _ := strings.Cut(secret, `"`); strings.Contains(out, s) {
			t.Errorf("a key prints")
		}
	}
	if string(in.Care) != canary {
		t.Error("the text itself is gone")
	}
}

func FuzzOpen(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	v := readVector(f, "testdata/good_value.json")
	for _, file := range files {
		f.Add(unhex(f, readVector(f, file).Sealed))
	}
	ring := must(seal.Parse(v.Keys))
	key := must(ring.Key(unhex(f, v.Wrapped), place(f, v.Owner)))
	at := place(f, v.Place)
	f.Fuzz(func(t *testing.T, sealed []byte) {
		plain, err := key.Open(sealed, at)
		if err != nil && (plain != nil || !errors.Is(err, seal.ErrUnreadable)) {
			t.Fatalf("got %q, %v", plain, err)
		}
		if _, err := ring.Key(sealed, at); err == nil {
			t.Fatal("a data key from nowhere")
		}
	})
}

func BenchmarkOpenFiche(b *testing.B) {
	ring, _ := newRing(b)
	key, wrapped, err := ring.NewKey(owner)
	if err != nil {
		b.Fatal(err)
	}
	sealed := must(key.Seal(make([]byte, 900), cell))
	for b.Loop() {
		k, err := ring.Key(wrapped, owner)
		if err != nil {
			b.Fatal(err)
		}
		for range 10 { // topics of a fiche
			if _, err := k.Open(sealed, cell); err != nil {
				b.Fatal(err)
			}
		}
	}
}
