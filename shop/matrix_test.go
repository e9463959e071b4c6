package shop_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"joetz/shop"
	"joetz/shop/account"
	"joetz/shop/web/webtest"
)

// crowd is one person of every kind, by the token of their session.
type crowd map[string]account.Identity

func (c crowd) Identify(_ context.Context, token string) (account.Identity, error) {
	return c[token], nil
}

var everybody = crowd{
	"parent":     {GuardianID: 1, Name: "An", Roles: []account.Role{account.Parent}},
	"office":     {StaffID: 1, Name: "Bo", Roles: []account.Role{account.Office}},
	"accounting": {StaffID: 2, Name: "Cis", Roles: []account.Role{account.Accounting}},
	"animator":   {StaffID: 3, Name: "Dirk", Roles: []account.Role{account.Animator}},
	"lead":       {StaffID: 4, Name: "Els", Roles: []account.Role{account.Lead}},
	"pending":    {StaffID: 1, Name: "Bo", Roles: []account.Role{account.Office}, Pending: true},
}

// mayUse is who the reviewed list means by the name of a role.
var mayUse = map[string][]string{
	"parent": {"parent"}, "office": {"office"}, "accounting": {"accounting"}, "animator": {"animator", "lead"}, "lead": {"lead"}, "helper": {"office", "animator", "lead"},
	"staff": {"office", "accounting", "animator", "lead"}, "signed-in": {"parent", "office", "accounting", "animator", "lead"},
}

var parameter = regexp.MustCompile(`:[a-z]+|\*`)

// Every route of the table against every kind of person: who may not use it is sent to sign in, or learns that there is
// no such page; everybody else gets through.
func TestEveryRouteAgainstEverybody(t *testing.T) {
	t.Parallel()
	cfg := config()
	cfg.Web.Sessions = everybody
	app, err := shop.NewHollow(cfg)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, line := range shop.Routes(cfg) {
		method, rest, _ := strings.Cut(line, " ")
		path, role, _ := strings.Cut(rest, " ")
		if role == "anyone" || role == "machine" {
			continue
		}
		allowed, known := mayUse[role]
		if !known {
			t.Errorf("%s: nobody says here who %q is", line, role)
			continue
		}
		for _, token := range []string{"", "parent", "office", "accounting", "animator", "lead", "pending"} {
			b := webtest.New(t, app)
			if token != "" {
				b.SetCookie("sid", token)
			}
			p := b.Do(httptest.NewRequest(method, parameter.ReplaceAllString(path, "1"), nil))
			toSignIn := p.Status == http.StatusSeeOther && strings.Contains(p.Location, "/aanmelden")
			checked++
			switch {
			case slices.Contains(allowed, token):
				if p.Status != http.StatusNoContent {
					t.Errorf("%s: %s is kept out: %d %s", line, token, p.Status, p.Location)
				}
			case token == "" || token == "pending":
				if !toSignIn {
					t.Errorf("%s: %q is not sent to sign in: %d %s", line, token, p.Status, p.Location)
				}
			default:
				if p.Status != http.StatusNotFound {
					t.Errorf("%s: %s learns that the page exists: %d", line, token, p.Status)
				}
			}
		}
	}
	t.Logf("%d combinations", checked)
}
