package command

import (
	"bytes"
	"strings"
	"testing"

	"joetz/migrations/pg/pgtest"
)

// examine runs the doctor with these settings beside a database.
func examine(t *testing.T, vars ...string) (status int, said string) {
	t.Helper()
	var out, errs bytes.Buffer
	vars = append([]string{"SHOP_DATA_DIR=" + t.TempDir(), "DATABASE_URL=" + pgtest.DSN(t)}, vars...)
	status = Run(t.Context(), Environment{Vars: vars, Out: &out, Err: &errs}, []string{"doctor"})
	return status, out.String() + errs.String()
}

func TestDoctorFindsAHealthyShop(t *testing.T) {
	t.Parallel()
	status, said := examine(t)
	if status != fine {
		t.Errorf("exit %d:\n%s", status, said)
	}
	for _, want := range []string{"ok    database", "ok    clock", "ok    jobs", "look  mail", "look  Stripe"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in:\n%s", want, said)
		}
	}
}

func TestDoctorNamesWhatIsIll(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ setting, want string }{
		{"SHOP_KEYS={}", "bad   keys"},
		{"SMTP_URL=smtp://127.0.0.1:1", "bad   mail "},
		{"SHOP_NOW=2027-06-01T09:00:00+02:00", "look  clock"},
		{"SHOP_ADDR=nowhere", "bad   settings"},
		{"DATABASE_URL=postgres://127.0.0.1:1/shop", "bad   database"},
	} {
		t.Run(test.setting, func(t *testing.T) {
			t.Parallel()
			status, said := examine(t, test.setting)
			if wantStatus := failed; strings.HasPrefix(test.want, "bad") && status != wantStatus || !strings.Contains(said, test.want) {
				t.Errorf("exit %d, no %q in:\n%s", status, test.want, said)
			}
		})
	}
}
