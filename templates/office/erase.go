package office

import (
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// ErasePage shows what forgetting a family does, before it is done.
type ErasePage struct {
	layout.Page
	Errors  ui.Errors
	Name    string
	Wiped   []string
	Forgot  []string
	Staying []string
	Orders  []string // references that are kept
	Keep    civil.Date
	Blocked bool
	Action  string
}
