package office

import (
	"fmt"
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// WaitlistRow is one departure with people who wait.
type WaitlistRow struct {
	Href     string
	Title    string
	Code     string
	StartsOn civil.Date
	EndsOn   civil.Date
	Families int
	Children int
	Offers   int
	Free     int
}

// WaitlistsPage lists them.
type WaitlistsPage struct {
	layout.Page
	Rows []WaitlistRow
}

// WaitingRow is one family on a list.
type WaitingRow struct {
	ID       int64
	Position int
	Family   string
	Email    string
	Phone    string
	Children []string      // name, birth year, boarding place
	Barred   []layout.Link // children who get no offer, with where that is decided
	AtLeast  int
	Count    int
	Since    time.Time
	Status   string
	Priority int
	Places   int       // of its offer
	Deadline time.Time // of its offer
}

// WaitEvent is a line of the history.
type WaitEvent struct {
	At     time.Time
	Text   string
	Family string
	Who    string
	Reason string
}

// WaitlistPage is the list of one departure.
type WaitlistPage struct {
	layout.Page
	Row    WaitlistRow
	Limits []string
	Rows   []WaitingRow
	Ended  []WaitingRow
	Events []WaitEvent
	Acted  int64  // the entry on which a step was refused; 0: none
	Reason string // that was typed for it
	Errors ui.Errors
}

func (p WaitlistPage) reasonOf(r WaitingRow) string {
	if r.ID == p.Acted {
		return p.Reason
	}
	return ""
}

func (p WaitlistPage) errorOf(r WaitingRow) string {
	if r.ID == p.Acted {
		return p.Errors.For("reason")
	}
	return ""
}

// reasonID tells the same field of several families apart; the error summary leads to the one that was sent.
func (p WaitlistPage) reasonID(r WaitingRow) string {
	if r.ID == p.Acted {
		return "f-reason"
	}
	return fmt.Sprintf("f-reason-%d", r.ID)
}
