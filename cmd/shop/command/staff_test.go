package command

import (
	"bytes"
	"strings"
	"testing"

	"joetz/migrations/pg/pgtest"
)

func TestStaffCommand(t *testing.T) {
	t.Parallel()
	vars := []string{"DATABASE_URL=" + pgtest.DSN(t), "SHOP_DATA_DIR=" + t.TempDir()}
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"help", misuse, "usage: shop staff"},
		{"add bo@example.be office", misuse, "usage: shop staff"},
		{"add bo@example.be boss Bo Baert", failed, "Choose one of the answers."},
		{"add Bo@Example.be office,accounting Bo Baert", fine, "on its way to Bo@Example.be"},
		{"add bo@example.be office Bo Baert", failed, "There already is somebody"},
		{"", fine, "bo@example.be                    Bo Baert                     accounting,office        invited"},
		{"invite bo@example.be", fine, "on its way"},
		{"roles bo@example.be animator", fine, "is now animator"},
		{"reset bo@example.be", fine, "next sign-in"},
		{"stop bo@example.be", fine, "no access"},
		{"list", fine, "stopped"},
		{"invite bo@example.be", failed, "has no access: shop staff start"},
		{"start bo@example.be", fine, "access again"},
		{"start nobody@example.be", failed, "nobody has the address"},
	} {
		var out, err bytes.Buffer
		status := Run(t.Context(), Environment{Vars: vars, Out: &out, Err: &err}, append([]string{"staff"}, strings.Fields(c.args)...))
		if said := out.String() + err.String(); status != c.status || !strings.Contains(said, c.says) {
			t.Errorf("shop staff %s: status %d, want %d: %s", c.args, status, c.status, said)
		}
	}
}
