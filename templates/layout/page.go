// Package layout is the frame of every page: head, header, navigation per role, flash, footer.
//
// Owns: the type Page, which every page struct embeds, and the markup around the main part.
// Tables: none.
// May import: terms, templates/messages, templates/assets, templ.
// Always true: a page works without a script, has one h1 (its own part brings it), and every text comes from the
// catalogue.
package layout

import (
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Page is what every page knows. Page structs embed it: type HolidayPage struct { layout.Page; ... }.
type Page struct {
	Lang        string     // "nl" or "en"
	Title       string     // of the browser's tab, without the organiser's name
	Description string     // for search engines; only public pages have one
	Path        string     // of this request with its query, "/vakanties?kind=flight"
	User        *User      // nil for a visitor
	Flash       *Flash     // nil when there is nothing to say
	RequestID   string     // shown on error pages
	Today       civil.Date // in Belgium
	Now         time.Time
	Test        bool // payments are not real: said on every page
	Organiser   Organiser
	Failed      bool   // a form came back with errors: the tab's title starts with "Fout:"
	Width       Width  // of the main part
	Back        *Link  // above the h1, to the step before
	Private     bool   // not for search engines
	Bare        bool   // no navigation and no footer links: nothing leads away from a half-filled form
	Live        bool   // the page has parts that htmx replaces
	Manifest    string // of the pages that a phone can install; in the head, since browsers look nowhere else
}

// Organiser is who runs the shop, as pages name it.
type Organiser struct {
	Name       string // "JOETZ vzw"
	Brand      string // "JOETZ", in the header
	Street     string
	Postcode   string
	City       string
	Enterprise string // "BE 0123.456.749"
	Email      string
	Phone      string // "02 515 04 02"; empty where there is none
}

// User is the signed-in person.
type User struct {
	Name  string
	Role  Role      // as which somebody with several is on this page
	Other []NavItem // the first pages of the others
}

// Role is a user group.
type Role string

// The user groups. A lead is an animator who leads a departure.
const (
	Parent     Role = "parent"
	Office     Role = "office"
	Animator   Role = "animator"
	Lead       Role = "lead"
	Accounting Role = "accounting"
)

// Width is how wide the main part may grow.
type Width uint8

const (
	// Reading suits text and forms: about 70 letters a line.
	Reading Width = iota
	// Broad suits cards and pages with a side column.
	Broad
	// Full suits tables of staff.
	Full
)

// Tone is what kind of news a flash, badge or notice brings. It is shown by a sign and words, not by colour alone.
type Tone string

// The tones.
const (
	Good    Tone = "good"
	Info    Tone = "info"
	Warning Tone = "warning"
	Bad     Tone = "bad"
	Plain   Tone = "plain"
)

// Flash is one message after a redirect.
type Flash struct {
	Tone Tone
	Text string // translated
	Link *Link  // after it; nil for none
}

// Link is a place to go.
type Link struct {
	Href string
	Text string // translated
}

// T is the text of the key in the page's language.
func (p Page) T(key string, args ...any) string { return messages.T(p.Lang, key, args...) }

// N is the text of the key for n things.
func (p Page) N(key string, n int, args ...any) string { return messages.N(p.Lang, key, n, args...) }

// Date is "maandag 5 juli 2027".
func (p Page) Date(d civil.Date) string { return messages.DateLong(p.Lang, d) }

// DatePlain is "5 juli 2027".
func (p Page) DatePlain(d civil.Date) string { return messages.Date(p.Lang, d) }

// DateShort is "ma 5 juli".
func (p Page) DateShort(d civil.Date) string { return messages.DateShort(p.Lang, d) }

// Range is "5 – 9 juli 2027".
func (p Page) Range(from, to civil.Date) string { return messages.DateRange(p.Lang, from, to) }

// Month is "juli 2027".
func (p Page) Month(d civil.Date) string { return messages.Month(p.Lang, d) }

// Clock is "14:32", in Belgium.
func (p Page) Clock(t time.Time) string { return messages.Clock(p.Lang, t) }

// Instant is "5 juli 2027 om 14:32", in Belgium.
func (p Page) Instant(t time.Time) string { return messages.Instant(p.Lang, t) }

// Money is "€ 215" or "€ 32,50".
func (p Page) Money(c money.Cents) string { return messages.Money(p.Lang, c) }

// MoneyExact is "€ 215,00": for columns and documents, where all amounts have their cents.
func (p Page) MoneyExact(c money.Cents) string { return c.Format(p.Lang) }

// Tab is the title of the browser's tab.
func (p Page) Tab() string {
	title := p.Organiser.Brand
	if p.Title != "" {
		title = p.Title + " – " + title
	}
	if p.Failed {
		title = p.T("layout.failed", title)
	}
	return title
}

// InLanguage is this page's address in another language; the server keeps the choice and answers with the plain address.
func (p Page) InLanguage(lang string) string {
	path, query, _ := strings.Cut(p.Path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{}
	}
	values.Set("lang", lang)
	return path + "?" + values.Encode()
}

// Dutch marks words that the organiser wrote in Dutch, on a page in another language, so that they are read out rightly:
// <p { p.Dutch()... }>.
func (p Page) Dutch() templ.Attributes {
	if p.Lang == "nl" {
		return nil
	}
	return templ.Attributes{"lang": "nl"}
}

// At reports whether the page lies at or below that address, for the navigation.
func (p Page) At(href string) bool {
	path, _, _ := strings.Cut(p.Path, "?")
	return path == href || href != "/" && strings.HasPrefix(path, href+"/")
}
