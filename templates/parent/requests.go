package parent

import (
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
)

// RequestsPage lists what a family asked.
type RequestsPage struct {
	layout.Page
	Requests []RequestLine
}

// RequestLine is one request in the list.
type RequestLine struct {
	Href     string
	Number   string
	Kind     string // translated
	About    string // the child and holiday; "" for none
	OpenedAt time.Time
	Status   string // open, answered or closed
	Unread   bool
}

// NewRequestPage asks what it is about.
type NewRequestPage struct {
	layout.Page
	Errors                              ui.Errors
	Kind, Booking, Body                 string
	Kinds, Bookings                     []ui.Option
	Leaves                              ui.DayField
	LeavesTime, FetcherName, FetcherTel string
	AsQuestion                          bool // too late for a complaint: it can still be sent as a question
}

// RequestPage is one request with what was written.
type RequestPage struct {
	layout.Page
	RequestLine
	Errors   ui.Errors
	Body     string
	AnswerBy civil.Date
	Leaves   time.Time
	Fetcher  string
	Agreed   bool
	Messages []MessageBlock
	Action   string
	MayReply bool
	Until    civil.Date // of reopening; zero: not closed
}

// MessageBlock is what one person wrote.
type MessageBlock struct {
	Who   string
	At    time.Time
	Body  string
	Files []layout.Link
	Mine  bool
}
