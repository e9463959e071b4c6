package command

import (
	"strings"
	"testing"

	"joetz/medical/medicaltest"
)

// A backup that was put back cannot be read where the fiche had been wiped: the list that was kept beside it wipes again.
func TestRestoredFichesAreWipedAgain(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.FillIn()
	shop := func(in string, args ...string) (status int, out, errs string) {
		var o, e strings.Builder
		vars := []string{"DATABASE_URL=" + w.DSN, "SHOP_DATA_DIR=" + t.TempDir(), "SHOP_KEYS=" + w.Keyset}
		status = Run(t.Context(), Environment{Vars: vars, In: strings.NewReader(in), Out: &o, Err: &e}, append([]string{"fiches"}, args...))
		return status, o.String(), e.String()
	}
	if status, out, errs := shop("", "plan"); status != fine || !strings.Contains(out, "fiche 1") {
		t.Fatalf("plan: %d %q %q", status, out, errs)
	}
	// The list says that fiche 1 was wiped; the database, as from before that, still has it.
	list := `{"Fiche":1,"WipedAt":"2027-09-08T03:10:00Z","Because":"retention"}` + "\n"
	if status, _, errs := shop(list+"nonsense\n", "reapply"); status != failed || !strings.Contains(errs, "line 2") || w.Insert(`SELECT count(*) FROM fiche_key`) != 1 {
		t.Fatalf("a damaged list: %d %q", status, errs)
	}
	if status, out, errs := shop(list, "reapply"); status != fine || out != "1 of 1 fiches wiped again\n" {
		t.Fatalf("reapply: %d %q %q", status, out, errs)
	}
	if n := w.Insert(`SELECT (SELECT count(*) FROM fiche_key) + (SELECT count(*) FROM fiche_section)`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if status, out, _ := shop(list, "reapply"); status != fine || out != "0 of 1 fiches wiped again\n" {
		t.Errorf("twice: %d %q", status, out)
	}
	if status, out, _ := shop("", "tombstones"); status != fine || !strings.Contains(out, `"Fiche":1`) {
		t.Errorf("tombstones: %d %q", status, out)
	}
}
