package parent

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
)

// DataPage says what is held about a family, and takes it along or has it erased.
type DataPage struct {
	layout.Page
	Errors  ui.Errors
	Body    string // what was typed about wiping
	Fresh   bool   // signed in a moment ago
	Erasing string // where an erasure that was asked stands; "" for none
}
