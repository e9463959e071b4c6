package animator

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
)

// EmergencyPage asks which one fiche has to be opened in an emergency, and why.
type EmergencyPage struct {
	layout.Page
	Action   string
	Chosen   *EmergencyChild  // known already; nil = both names are asked
	Children []EmergencyChild // of one name: one has to be chosen
	First    string
	Last     string
	Reason   string
	Errors   ui.Errors
}

// EmergencyChild is a child whose fiche may be opened.
type EmergencyChild struct {
	Booking int64
	Name    string
	Camp    string
}

// Opened is the banner over a fiche that was opened in an emergency.
type Opened struct {
	Until string // "14:32"
	Close string // address
}
