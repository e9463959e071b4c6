// Package offer has the office's pages about what can be booked: seasons, holidays, departures, prices, photos, copies and
// imports.
//
// Owns: the typed page structs of shop/office/offer and their markup.
// May import: terms, templates/layout, templates/ui, templates/messages, templ.
// Always true: what bookings forbid to change is shown as text with the way to do it, never as a field that is refused later;
// a form that comes back has everything that was typed.
package offer

import (
	"strconv"
	"time"

	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Root is the address of the catalogue.
const Root = "/kantoor/aanbod"

// SeasonTab is a season to choose.
type SeasonTab struct {
	Year    int
	Current bool
}

// DateRow is one departure in a list.
type DateRow struct {
	Key       string // of a tick box
	Href      string // its holiday's page
	Code      string
	Title     string
	StartsOn  civil.Date
	EndsOn    civil.Date
	Base      money.Cents // zero: no price yet
	Sold      int
	Held      int
	Capacity  int
	Status    string // draft, planned, published, cancelled, empty: a holiday without dates
	PublishAt *time.Time
	OnSaleAt  time.Time
	Soon      bool // published, not on sale yet
	Missing   []Missing
}

// Blocked reports whether something keeps it from being published.
func (r DateRow) Blocked() bool { return len(r.Missing) > 0 && r.Missing[0].Blocks }

// Missing is a line of a checklist: a message key's end.
type Missing struct {
	Code   string
	Blocks bool
}

// SeasonPage is a season's holidays.
type SeasonPage struct {
	layout.Page
	Tabs    []SeasonTab
	Year    int // zero: there is no season yet
	Next    int // the season to make
	Text    string
	Show    string
	Rows    []DateRow // of this page of the list
	Found   int       // on all pages
	Pages   ui.Pages
	Total   int            // without a filter
	Counts  map[string]int // per status
	Errors  ui.Errors
	Events  []Event
	NewYear string // as typed
}

// Event is a line of the history.
type Event struct {
	At      time.Time
	Who     string
	Kind    string // a message key's end
	Where   string // of which departure; "" for the holiday
	Changes []Change
	Why     string
	Restore string // where an earlier text can be taken back; ""
}

// Change is what was and what became, in words.
type Change struct{ Label, From, To string }

// HolidayForm is everything that the brochure says about a holiday.
type HolidayForm struct {
	layout.Page
	Action    string
	New       bool
	Version   int
	Countries []string // codes, in the order of the list
	Values    map[string]string
	Theirs    map[string]string // what a colleague saved meanwhile, where it differs; nil: nobody
	Locked    map[string]bool   // fields that bookings rest on
	Booked    bool
	Groups    []ui.Option // whom it can be for
	Why       string
	Restore   bool // filled with an earlier text
	Errors    ui.Errors
}

// GroupRow is a target group in the list.
type GroupRow struct {
	Href      string
	Name      string
	Questions int
	Holidays  int
}

// GroupsPage lists the target groups.
type GroupsPage struct {
	layout.Page
	New  string
	Rows []GroupRow
}

// GroupForm is a target group with its extra questions.
type GroupForm struct {
	layout.Page
	New       bool
	Action    string
	Version   int
	Name      string
	Options   []ui.Option
	Chosen    map[string]bool
	OnSale    int // departures online: then questions can only be added
	Deletable bool
	Events    []Event
	Errors    ui.Errors
}

// PriceRow is one version of the prices.
type PriceRow struct {
	From      time.Time
	Base      money.Cents
	Solidaris *money.Cents
	VT        *money.Cents
	State     string // now, coming, past, never: replaced before its moment
}

// StopRow is a boarding place with its bookings.
type StopRow struct {
	Name    string
	Minimum int
	Booked  int
	Low     bool
}

// LimitLine is a limit of a departure with what is used of it.
type LimitLine struct {
	Words        string
	Used, Places int
	Full         bool
}

// DepartureCard is one departure with what the office may do about it.
type DepartureCard struct {
	DateRow
	Days      int // until the departure
	Prices    []PriceRow
	Stops     []StopRow
	Edit      string
	Price     string
	Places    string // "" where their number cannot be changed here
	Limit     string // where its limits are set
	Limits    []LimitLine
	Publish   string // "" when published or cancelled
	Withdraw  string // "" when it cannot be
	CallOff   string // "" when nobody booked, or not online
	Merge     string // as CallOff
	WhyNot    string // why it cannot be withdrawn: a message key
	Delete    string // "" when somebody may have seen it
	Cancelled bool
}

// PhotoRow is a photo with its forms.
type PhotoRow struct {
	ID            int64
	Src           string
	Width, Height int
	AltNL, AltEN  string
	Action        string
	First, Last   bool
	Errors        ui.Errors
}

// HolidayPage is one holiday, whole.
type HolidayPage struct {
	layout.Page
	Code       string
	Name       string
	Facts      []Change // label and value of each field
	Edit       string
	Preview    string
	AddDate    string
	Delete     string // "" when somebody may have seen it
	Departures []DepartureCard
	Photos     []PhotoRow
	PhotoForm  PhotoForm
	Events     []Event
}

// PhotoForm adds a photo.
type PhotoForm struct {
	Action       string
	AltNL, AltEN string
	Full         bool
	Errors       ui.Errors
}

// Stop is a row of the boarding places' form.
type Stop struct{ ID, Name, Minimum string }

// DepartureForm is a departure's dates, moment of sale, boarding places; of a new one also prices and places.
type DepartureForm struct {
	layout.Page
	Action  string
	New     bool
	Holiday string
	Version int
	Values  map[string]string
	Stops   []Stop
	Theirs  []Change // what a colleague saved meanwhile
	Booked  bool
	Why     string
	Errors  ui.Errors
}

// PriceForm is a new version of the prices.
type PriceForm struct {
	layout.Page
	Action  string
	Holiday string
	On      string
	Version int
	Seen    bool // published: the old price stays for who booked
	Booked  int
	Values  map[string]string
	Rows    []PriceRow
	Errors  ui.Errors
}

// PlacesForm is how many children may come.
type PlacesForm struct {
	layout.Page
	Action               string
	Holiday              string
	On                   string
	Capacity, Sold, Held int
	Free                 int
	Value                string
	Why                  string
	Events               []Event
	Errors               ui.Errors
}

// PublishPage publishes drafts, now or at a moment.
type PublishPage struct {
	layout.Page
	Year   int
	Back   string
	Rows   []DateRow
	Chosen map[string]bool
	When   string // now or at
	Day    string
	Clock  string
	Errors ui.Errors
}

// WithdrawPage asks why a departure disappears.
type WithdrawPage struct {
	layout.Page
	Action  string
	Holiday string
	On      string
	Planned bool
	Why     string
	Errors  ui.Errors
}

// CopyRow is a departure of a season as it would be in another.
type CopyRow struct {
	Key           string
	OldCode, Code string
	Title         string
	OldStart      civil.Date
	StartsOn      civil.Date
	EndsOn        civil.Date
	OldBase, Base money.Cents
	Born          string
	OnSaleAt      time.Time
	Places        int
	Taken, Priced bool
	Chosen        bool
}

// CopyPage copies a season.
type CopyPage struct {
	layout.Page
	From    int
	Seasons []ui.Option
	To      string
	Percent string
	Rows    []CopyRow
	Shown   bool // the preview was asked for
	Ready   int  // rows that can be copied
	Errors  ui.Errors
}

// ImportPage takes a spreadsheet.
type ImportPage struct {
	layout.Page
	Year    int
	Seasons []ui.Option
	Errors  ui.Errors
}

// CellProblem is one cell to mend, or to look at.
type CellProblem struct {
	Row    int
	Column string
	Read   string
	Text   string
	Warn   bool
}

// ImportRow is one row of the spreadsheet as it was understood.
type ImportRow struct {
	Row      int
	Act      string
	Code     string
	Title    string
	StartsOn civil.Date
	EndsOn   civil.Date
	Base     money.Cents
	Places   int
	Bad      bool
}

// ImportPreview is a spreadsheet before it is taken.
type ImportPreview struct {
	layout.Page
	Action   string
	Mark     string // of what is shown, sent back with the confirmation
	Year     int
	FileName string
	Done     bool
	Ready    bool
	Mistakes int
	Warnings int
	Problems []CellProblem
	Rows     []ImportRow
	Counts   map[string]int
}

func tone(status string) layout.Tone {
	switch status {
	case "published":
		return layout.Good
	case "planned":
		return layout.Info
	case "cancelled":
		return layout.Bad
	case "draft":
		return layout.Warning
	}
	return layout.Plain
}

// word is "plaatsen: 12 van 24" in a table.
func (r DateRow) sold(p layout.Page) string { return p.T("offer.sold", r.Sold, r.Capacity) }

func year(n int) string { return strconv.Itoa(n) }

func (p HolidayForm) field(name string) ui.Field {
	f := ui.Field{Name: name, Label: p.T("offer.field." + name), Value: p.Values[name], Error: p.Errors.For(name)}
	if hint := p.T("offer.hint." + name); hints[name] {
		f.Hint = hint
	}
	return f
}

// hints are the fields that have one.
var hints = map[string]bool{"code": true, "description": true, "trip": true, "legal_regime": true, "transport": true, "included": true,
	"not_included": true, "target_group": true, "inclusive": true, "birth_year_from": true, "birth_year_to": true}

func (p HolidayForm) small(name string, chars int) ui.Field {
	f := p.field(name)
	f.Chars = chars
	return f
}

func (p HolidayForm) number(name string) ui.Field {
	f := p.small(name, 6)
	f.InputMode, f.MaxLength = "numeric", 4
	return f
}

func (p HolidayForm) lines(name string, n int) ui.Field {
	f := p.field(name)
	f.Lines = n
	return f
}

func (p HolidayForm) optional(f ui.Field) ui.Field { f.Optional = true; return f }

func (p HolidayForm) trips() []ui.Option {
	return choices(p.Page, "offer.trip.", "domestic", "foreign_coach", "foreign_own", "flight")
}

func (p HolidayForm) regimes() []ui.Option {
	return choices(p.Page, "offer.regime.", "package", "none")
}

func (p HolidayForm) countries() []ui.Option {
	out := []ui.Option{{Label: p.T("offer.choose")}}
	for _, code := range p.Countries {
		out = append(out, ui.Option{Value: code, Label: p.T("country." + code)})
	}
	return out
}

func choices(p layout.Page, prefix string, values ...string) []ui.Option {
	var out []ui.Option
	for _, v := range values {
		out = append(out, ui.Option{Value: v, Label: p.T(prefix + v)})
	}
	return out
}

func (p HolidayForm) questions() []ui.Option { return choices(p.Page, "offer.questions.", "no", "yes") }

// Words are a field's value as it is read.
func Words(p layout.Page, field, value string) string {
	switch {
	case value == "":
		return "–"
	case field == "trip":
		return p.T("offer.trip." + value)
	case field == "legal_regime":
		return p.T("offer.regime." + value)
	case field == "country":
		return p.T("country." + value)
	case field == "inclusive":
		return p.T("offer.questions." + value)
	case field == "base" || field == "solidaris" || field == "vt":
		if c, err := money.Parse(value); err == nil {
			return p.Money(c)
		}
	}
	return civil.Replace(value, p.DatePlain)
}

func (p DepartureForm) field(name string) ui.Field {
	f := ui.Field{Name: name, Label: p.T("offer.field." + name), Value: p.Values[name], Error: p.Errors.For(name)}
	return f
}

func (p DepartureForm) day(name string) ui.Field {
	f := p.field(name)
	f.Type, f.Chars = "date", 12
	return f
}

func (p DepartureForm) price(name string) ui.Field {
	f := p.field(name)
	f.InputMode, f.Suffix, f.Chars, f.Optional = "decimal", "€", 12, true
	return f
}

func (p PriceForm) price(name string, optional bool) ui.Field {
	return ui.Field{Name: name, Label: p.T("offer.field." + name), Value: p.Values[name], Error: p.Errors.For(name), InputMode: "decimal", Suffix: "€", Chars: 12, Optional: optional}
}
