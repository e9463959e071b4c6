package account

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"joetz/terms/id"
)

// Role is what somebody may do. A lead is also an animator.
type Role string

// The roles. Everybody who books is a parent; the others are the organiser's.
const (
	Parent     Role = "parent"
	Office     Role = "office"
	Animator   Role = "animator"
	Lead       Role = "lead"
	Accounting Role = "accounting"
)

// Identity is who makes a request, as its session says. The zero Identity is a visitor.
type Identity struct {
	GuardianID     id.Guardian
	StaffID        id.Staff
	Name           string
	Email          string
	Lang           string
	Roles          []Role    // empty while Pending
	SignedInAt     time.Time // when this session began
	SecondFactorAt time.Time // zero for a parent
	Pending        bool      // the password was right; the second factor is still to come
}

// Known reports whether somebody is signed in. Who still owes the second factor is not.
func (i Identity) Known() bool { return !i.Pending && (i.GuardianID != 0 || i.StaffID != 0) }

// Has reports whether i has one of the roles.
func (i Identity) Has(roles ...Role) bool {
	return !i.Pending && slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(i.Roles, r) })
}

// Actor names i in histories and logs: "guardian:7", "staff:3", and "system" for nobody.
func (i Identity) Actor() string {
	switch {
	case i.GuardianID != 0:
		return i.GuardianID.Actor()
	case i.StaffID != 0:
		return i.StaffID.Actor()
	}
	return "system"
}

// mainRoles orders the roles by whose pages somebody with several of them starts on.
var mainRoles = []Role{Office, Accounting, Lead, Animator, Parent}

// Main is the role whose navigation and start page i sees first; "" for a visitor.
func (i Identity) Main() Role {
	for _, r := range mainRoles {
		if i.Has(r) {
			return r
		}
	}
	return ""
}

// starts are the first pages of the groups; below them are their others.
var starts = map[Role]string{Office: "/kantoor", Accounting: "/boekhouding", Lead: "/animator", Animator: "/animator", Parent: "/mijn"}

// Start is the address of i's own first page.
func (i Identity) Start() string { return cmp.Or(starts[i.Main()], "/") }

// At is the role as which i is at an address: the one whose pages are there, of somebody with several, else the main one.
func (i Identity) At(path string) Role {
	for _, r := range mainRoles {
		if i.Has(r) && (path == starts[r] || strings.HasPrefix(path, starts[r]+"/")) {
			return r
		}
	}
	return i.Main()
}

// Elsewhere are the other roles of i that have pages of their own, with their first pages.
func (i Identity) Elsewhere(here Role) []Place {
	var out []Place
	for _, r := range mainRoles {
		if i.Has(r) && starts[r] != starts[here] && !slices.ContainsFunc(out, func(p Place) bool { return p.Start == starts[r] }) {
			out = append(out, Place{r, starts[r]})
		}
	}
	return out
}

// Place is where a role has its pages.
type Place struct {
	Role  Role
	Start string // address of the first
}
