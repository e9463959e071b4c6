package parent

import (
	"time"

	"joetz/templates/layout"
)

// RoomPage is the waiting room of a departure that goes on sale.
type RoomPage struct {
	layout.Page
	State    string // none, early, waiting, in_line or in (shop/waitroom)
	Holiday  string
	Href     string // of the holiday's page
	Here     string // of this page
	OpensAt  time.Time
	RoomFrom time.Time
	Waiting  int // families in the room
	Ahead    int // families before this one
	Behind   int
	Minutes  int // at most, until it is this family's turn
	Again    int // seconds after which the page looks again
}

func (p RoomPage) open() bool { return p.State == "none" || p.State == "in" }
