package account_test

import (
	"slices"
	"testing"

	"joetz/shop/account"
)

// Somebody with several roles is on each page as who it is for, and has a way to the others.
func TestPagesOfSomebodyWithSeveralRoles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		roles []account.Role
		path  string
		at    account.Role
		other []string
	}{
		{[]account.Role{account.Accounting, account.Office}, "/kantoor/boeking/1", account.Office, []string{"/boekhouding"}},
		{[]account.Role{account.Accounting, account.Office}, "/boekhouding", account.Accounting, []string{"/kantoor"}},
		{[]account.Role{account.Accounting, account.Office}, "/boekhoudingen", account.Office, []string{"/boekhouding"}},
		{[]account.Role{account.Accounting, account.Office}, "/beveiliging", account.Office, []string{"/boekhouding"}},
		{[]account.Role{account.Lead, account.Animator}, "/animator/kamp/1", account.Lead, nil}, // one group of pages
		{[]account.Role{account.Office, account.Animator}, "/animator", account.Animator, []string{"/kantoor"}},
		{[]account.Role{account.Office}, "/boekhouding", account.Office, nil}, // not theirs
		{[]account.Role{account.Parent}, "/mijn", account.Parent, nil},
		{nil, "/vakanties", "", nil},
	} {
		who := account.Identity{StaffID: 1, Roles: c.roles}
		var other []string
		for _, p := range who.Elsewhere(who.At(c.path)) {
			other = append(other, p.Start)
		}
		if at := who.At(c.path); at != c.at || !slices.Equal(other, c.other) {
			t.Errorf("%v at %s: as %q, elsewhere %v; want %q, %v", c.roles, c.path, at, other, c.at, c.other)
		}
	}
}
