package command

import (
	"fmt"
	"strings"
	"testing"

	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
)

// A key goes only when nothing lies under it any more: neither a fiche nor a second factor.
func TestKeyInUseIsNotRetired(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	base := []string{"DATABASE_URL=" + dsn, "SHOP_DATA_DIR=" + t.TempDir()}
	keyset := ""
	shop := func(args ...string) (status int, out, errs string) {
		var o, e strings.Builder
		vars := append(append([]string{}, base...), "SHOP_KEYS="+keyset)
		status = Run(t.Context(), Environment{Vars: vars, Out: &o, Err: &e}, append([]string{"keys"}, args...))
		return status, strings.TrimSpace(o.String()), e.String()
	}
	must := func(args ...string) string {
		t.Helper()
		status, out, errs := shop(args...)
		if status != fine {
			t.Fatalf("shop keys %v: %d %s", args, status, errs)
		}
		return out
	}
	keyset = must("new")
	ring, err := seal.Parse(keyset)
	if err != nil {
		t.Fatal(err)
	}
	old := ring.Primary()
	db, err := pg.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var staff int64
	if err := db.Get(&staff, `INSERT INTO staff (email, name, password_hash, created_at) VALUES ('x@joetz.example', 'X', '', now()) RETURNING id`); err != nil {
		t.Fatal(err)
	}
	place := []byte(fmt.Sprintf("staff:%d:totp_secret", staff))
	sealed, err := ring.Seal([]byte("JBSWY3DPEHPK3PXP"), place)
	if err != nil {
		t.Fatal(err)
	}
	db.MustExec(`UPDATE staff SET totp_secret = $2 WHERE id = $1`, staff, sealed)

	text, fresh, err := seal.Add(keyset)
	if err != nil {
		t.Fatal(err)
	}
	keyset = text
	keyset = must("promote", fmt.Sprint(fresh))
	if status, out, errs := shop("retire", fmt.Sprint(old)); status != failed || out != "" || !strings.Contains(errs, "1 second factors") {
		t.Fatalf("a key in use was retired: %d %q %q", status, out, errs)
	}
	if out := must("rewrap"); out != "0 fiches, 1 second factors and 0 proofs brought under the new key" {
		t.Errorf("rewrap: %s", out)
	}
	keyset = must("retire", fmt.Sprint(old))
	if ring, err = seal.Parse(keyset); err != nil {
		t.Fatal(err)
	}
	if err := db.Get(&sealed, `SELECT totp_secret FROM staff WHERE id = $1`, staff); err != nil {
		t.Fatal(err)
	}
	if plain, err := ring.Open(sealed, place); err != nil || string(plain) != "JBSWY3DPEHPK3PXP" {
		t.Errorf("the second factor is lost: %v", err)
	}
}

func TestKeysAreChanged(t *testing.T) {
	t.Parallel()
	vars := []string{"DATABASE_URL=" + pgtest.DSN(t), "SHOP_DATA_DIR=" + t.TempDir()}
	shop := func(args ...string) string {
		t.Helper()
		var out, errs strings.Builder
		if status := Run(t.Context(), Environment{Vars: vars, Out: &out, Err: &errs}, append([]string{"keys"}, args...)); status != fine {
			t.Fatalf("shop keys %v: %d %s", args, status, errs.String())
		}
		return strings.TrimSpace(out.String())
	}
	keys := shop("new")
	use := func(text string) { vars = append(vars[:2], "SHOP_KEYS="+text) }
	use(keys)
	old, _, _ := strings.Cut(shop("list"), " ")
	use(shop("add"))
	fresh := ""
	for line := range strings.Lines(shop("list")) {
		if id, _, _ := strings.Cut(line, " "); id != old {
			fresh = id
		}
	}
	use(shop("promote", fresh))
	if out := shop("rewrap"); !strings.HasPrefix(out, "0 ") {
		t.Errorf("an empty shop has fiches: %s", out)
	}
	use(shop("retire", old))
	if list := shop("list"); strings.Contains(list, old) || !strings.Contains(list, fresh) {
		t.Errorf("%s was to go and %s to stay: %s", old, fresh, list)
	}
	var out, errs strings.Builder
	if status := Run(t.Context(), Environment{Vars: vars, Out: &out, Err: &errs}, []string{"keys", "retire", fresh}); status != failed {
		t.Errorf("the key that seals was retired: %s", out.String())
	}
}
