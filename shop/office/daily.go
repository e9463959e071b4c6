package office

import (
	"joetz/shop/find"
	"joetz/shop/roster"
)

// Daily is what the pages of the office's daily work stand on.
type Daily struct {
	Find   *find.Service
	Roster *roster.Service
}
