package parent

import (
	"time"

	"joetz/templates/layout"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// HomePage is a family's first page: what to do next, what is booked, what is owed.
type HomePage struct {
	layout.Page
	FirstName string
	Basket    bool           // a basket is still open
	Elsewhere bool           // one is, in another browser
	Next      *TodoLine      // what comes first; nil when nothing is to do
	Todos     []TodoLine     // the others
	PayAll    money.Cents    // due over several orders; 0 when it is about one
	Seasons   []SeasonBlock  // newest first
	Waiting   []WaitlistCard // entries on waiting lists
	Answers   int            // answers of the office that were not read
}

// TodoLine is one thing to do.
type TodoLine struct {
	Text  string
	About string // for which holiday, or the number of what is paid
	Due   civil.Date
	Late  bool
	Href  string
	Pay   money.Cents // Href is a form that pays this
}

// SeasonBlock is what a family booked in one year.
type SeasonBlock struct {
	Year     int
	Past     bool // all of it is over
	Holidays []HolidayLine
}

// HolidayLine is one child's holiday.
type HolidayLine struct {
	Child    string
	Holiday  string
	StartsOn civil.Date
	EndsOn   civil.Date
	Status   string // placed, in_review or cancelled
	Todos    int
	Href     string     // its order
	InfoOn   civil.Date // of the info letter: the day that it came, or about when it comes
	InfoHref string     // the info letter; "" before it came
	Over     bool
	Shared   bool // another parent booked it
}

// HistoryPage lists what happened, newest first.
type HistoryPage struct {
	layout.Page
	Lines []HistoryLine
}

// HistoryLine is one event in words.
type HistoryLine struct {
	At   time.Time
	Text string
	Who  string
	Href string
}

// DocumentsPage lists a family's info letters, invoices and credit notes.
type DocumentsPage struct {
	layout.Page
	Letters   []LetterLine
	Documents []DocumentLine
}

// LetterLine is an info letter that the family got.
type LetterLine struct {
	Href     string
	Holiday  string
	StartsOn civil.Date
	On       civil.Date // when it came
}

// InfoPage is an info letter as the family got it.
type InfoPage struct {
	layout.Page
	Subject string
	Text    string
	On      civil.Date
	Files   []layout.Link
}

// DocumentLine is one document and the order that it is of.
type DocumentLine struct {
	InvoiceLine
	Reference string
	OrderHref string
}

// PapersPage ticks off what a child needs to travel.
type PapersPage struct {
	layout.Page
	Child   string
	Holiday string
	Action  string
	Papers  []PaperLine
}

// PaperLine is one paper.
type PaperLine struct {
	Key   string
	Name  string
	About string
	Until civil.Date
	Ready bool
}
