package parent

import (
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// FamilyPage lists the children and who acts for them.
type FamilyPage struct {
	layout.Page
	Children    []ChildBlock
	Invitations []InvitationLine
	Manages     bool // at least one child: may invite
}

// ChildBlock is one child.
type ChildBlock struct {
	Name    string
	First   string
	BornOn  civil.Date
	Edit    string // "" when this guardian may not change it
	Adults  []AdultLine
	Leave   string // where one stops acting for the child; "" for the last one
	Manages bool
}

// AdultLine is an adult who acts for a child.
type AdultLine struct {
	Name   string
	Me     bool
	Rights []string // translated
	Href   string   // where their rights are changed; "" when this guardian may not
}

// InvitationLine is an invitation that waits.
type InvitationLine struct {
	Email    string
	Children string
	Until    time.Time
	Over     bool
	Resend   string
	Revoke   string
}

// InvitePage invites another adult.
type InvitePage struct {
	layout.Page
	Errors   ui.Errors
	Email    string
	Children []ui.Option
	Chosen   map[string]bool
	Rights   map[string]bool
}

// AdultPage changes what another adult may do for a child.
type AdultPage struct {
	layout.Page
	Errors ui.Errors
	Name   string
	Child  string
	Rights map[string]bool
	Action string
	Remove string
}

// EditChildPage corrects a child's details.
type EditChildPage struct {
	layout.Page
	Errors              ui.Errors
	FirstName, LastName string
	Born                ui.DayField
	BornFixed           civil.Date // a booking rests on it: it is not changed here
	Action              string
	Return              string // where a new child was wanted; "" otherwise
}

// InvitedPage asks somebody to accept an invitation.
type InvitedPage struct {
	layout.Page
	Problem  string // why it cannot be accepted; "" when it can
	Inviter  string
	Children string
	Rights   []string
	Action   string
}

// LeavePage asks again before somebody stops acting for a child.
type LeavePage struct {
	layout.Page
	Errors ui.Errors
	Name   string // "" for oneself
	Child  string
	Action string
}

// RightNames are the rights that a guardian can be given, in the order of the form.
var RightNames = []string{"fiche", "pays", "changes", "manages"}

func rightOptions(p layout.Page) []ui.Option {
	options := make([]ui.Option, len(RightNames))
	for i, name := range RightNames {
		options[i] = ui.Option{Value: name, Label: p.T("family.right." + name + ".label"), Hint: p.T("family.right." + name + ".about")}
	}
	return options
}
