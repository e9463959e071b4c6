package office

import (
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// RequestsPage lists what families asked.
type RequestsPage struct {
	layout.Page
	Show string // open, answered, closed or "" for all
	Rows []RequestRow
}

// RequestRow is one request.
type RequestRow struct {
	Href     string
	Number   string
	Kind     string // translated
	Who      string
	About    string
	Days     int // that it waits; 0 when it does not
	AnswerBy civil.Date
	Late     bool
	Status   string
}

// RequestPage is one request, to be answered.
type RequestPage struct {
	layout.Page
	RequestRow
	Errors    ui.Errors
	Email     string
	Phone     string
	Order     string // where its booking is; "" for none
	Erase     string // where a request to be forgotten is carried out
	WipeFiche string // where a request to wipe one fiche is carried out
	Leaves    time.Time
	Fetcher   string
	Leaving   bool
	Agreed    bool
	Messages  []RequestMessage
	Body      string
	InMail    bool
	Close     bool
	Agree     string
	Action    string
}

// RequestMessage is what one person wrote.
type RequestMessage struct {
	Who   string
	At    time.Time
	Body  string
	Files []layout.Link
	Ours  bool
}
