package office

import (
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// FichesPage lists what will be wiped, when and why.
type FichesPage struct {
	layout.Page
	Show            string // soon, held, all
	Soon, Held, All int
	Rows            []FicheLine
	Pages           ui.Pages

	Checked time.Time // when the access log was last read for signs of tampering; zero never
	Lines   int
	Broken  int
}

// FicheLine is a fiche that will be wiped.
type FicheLine struct {
	Href     string
	Name     string
	Title    string
	From, To civil.Date
	On       civil.Date
	Because  string     // retention or not_booked
	Keep     civil.Date // with the guardian's consent; zero without
	Held     bool
	Files    []string // the numbers of what holds it
}

// FicheFilePage shows what keeps one fiche.
type FicheFilePage struct {
	layout.Page
	FicheLine
	Holds   []HoldLine
	Request string // number of the family's request to wipe it; "" for none
	Started bool   // the camp has begun
	Over    bool   // the camp is over

	Errors ui.Errors
	Wrong  int64 // the form that the errors are of: a hold, 0 a new one, -1 wiping
	Typed  HoldTyped
}

// HoldTyped is what was typed before something was wrong.
type HoldTyped struct{ Reference, Reason string }

// HoldLine is a file that holds a fiche, or did.
type HoldLine struct {
	ID          int64
	Reference   string
	Incident    bool
	At          time.Time
	By          string
	Why         string
	ReleasedAt  time.Time // zero while it holds
	ReleasedBy  string
	WhyReleased string
}

// OverridePage shows that a fiche was opened in an emergency.
type OverridePage struct {
	layout.Page
	Action    string
	Who       string
	Role      string
	Child     string
	Holiday   string
	Order     string
	At, Until time.Time
	Reason    string // "" when it was wiped with the fiche
	Own       bool   // the reader opened it

	ReviewedAt time.Time
	Reviewer   string
	Justified  bool
	Said       string

	Verdict string
	Note    string
	Errors  ui.Errors
}

// AlertPage shows an unusual reading.
type AlertPage struct {
	layout.Page
	Action string
	Kind   string
	Who    string // "" when it is about a camp or the log
	Figure int
	At     time.Time
	Own    bool
	Lines  []AlertLine // newest first

	HandledAt time.Time
	Handler   string
	Said      string
	Note      string
	Errors    ui.Errors
}

// AlertLine is one line of the access log.
type AlertLine struct {
	At      time.Time
	What    string
	Refused bool
	Child   string // "" = the whole camp
	Holiday string
}

// FicheSettingsPage is how long fiches are kept and what reading is unusual.
type FicheSettingsPage struct {
	layout.Page
	Action   string
	Settings []FicheSetting
	Changes  []SettingChange // newest first
	Errors   ui.Errors
}

// FicheSetting is one number.
type FicheSetting struct {
	Name     string
	Value    string
	Least    int
	Most     int
	Standard int
}

// SettingChange is who set what.
type SettingChange struct {
	Name  string
	Value int
	At    time.Time
	By    string
}
