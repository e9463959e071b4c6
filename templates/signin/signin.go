// Package signin has the pages on which people prove who they are.
//
// Owns: the pages of signing in for parents and for the organiser's people, of setting up a second factor, and of an
// invitation.
// Tables: none.
// May import: terms, templates/layout, templates/ui, templ.
// Always true: no page tells whether an address is known; passwords are never filled in again; codes may be pasted.
package signin

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// Return is the address that a sign-in leads on to, kept through its steps; "" for the group's own first page.
type Return string

// link is path with the return address.
func (r Return) link(path string) templ.SafeURL {
	if r == "" {
		return templ.SafeURL(path)
	}
	return templ.SafeURL(path + "?" + url.Values{"verder": {string(r)}}.Encode())
}

// DemoAccount is a sign-in that a shop for trying out shows.
type DemoAccount struct {
	Role, Email string
	Password    string // "" for a parent, who gets a code
}

func (a DemoAccount) action() string {
	if a.Password == "" {
		return "/aanmelden"
	}
	return "/medewerkers/aanmelden"
}

// EmailPage asks a parent's address.
type EmailPage struct {
	layout.Page
	Email    string
	Problems ui.Errors
	Return   Return
	Demo     []DemoAccount // none but in a shop for trying out
}

// CodePage asks the code that was mailed.
type CodePage struct {
	layout.Page
	Email    string
	Until    time.Time
	Problems ui.Errors
	Return   Return
	DemoMail string // where a shop for trying out shows its mail; "" elsewhere
}

// PasswordPage asks address and password, of a parent or of the organiser's people.
type PasswordPage struct {
	layout.Page
	Email    string
	Problems ui.Errors
	Return   Return
	Demo     []DemoAccount // none but in a shop for trying out
}

// FactorPage asks the code of the app.
type FactorPage struct {
	layout.Page
	Name     string
	Problems ui.Errors
	Return   Return
	DemoCode string // "" but in a shop for trying out
}

// SetUpPage connects an app.
type SetUpPage struct {
	layout.Page
	Secret   string
	URL      string
	QR       string
	Problems ui.Errors
	Return   Return
	DemoCode string
}

// groups writes the secret in groups of four, so that it can be typed over.
func (p SetUpPage) groups() string {
	var groups []string
	for text := p.Secret; text != ""; {
		n := min(4, len(text))
		groups, text = append(groups, text[:n]), text[n:]
	}
	return strings.Join(groups, " ")
}

// RecoveryPage shows the recovery codes, once.
type RecoveryPage struct {
	layout.Page
	Codes []string
	Next  string
}

// InvitationPage asks a new password.
type InvitationPage struct {
	layout.Page
	Name, Email string
	Shortest    int
	Problems    ui.Errors
}

// SessionRow is one of the reader's sessions.
type SessionRow struct {
	Since, Seen civil.Date
	Current     bool
}

// SecurityPage is about one's own sessions and password.
type SecurityPage struct {
	layout.Page
	Email        string
	Sessions     []SessionRow
	Parent       bool // has a password to choose; the organiser's people get theirs by invitation
	HasPassword  bool
	Fresh        bool // signed in a moment ago, and so may change the password
	FreshMinutes int
	Shortest     int
	Problems     ui.Errors
}
