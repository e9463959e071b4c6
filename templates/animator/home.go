package animator

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
)

// HomePage lists the medicines that go home at the end of a camp.
type HomePage struct {
	layout.Page
	Action   string
	Children []HomeChild // who brought medicines
	Left     int         // of whom nothing was written down yet
	Errors   ui.Errors
}

// HomeChild is a child that brought medicines.
type HomeChild struct {
	Booking   int64
	Name      string
	Medicines []ui.Option
	Done      []RecordLine // what went home before
	Client    string
	To        string
	Rest      string
	Chosen    map[string]bool
	Errors    ui.Errors
}
