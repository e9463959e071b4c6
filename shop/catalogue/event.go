package catalogue

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Change is one thing that was changed: the field's name, and what it was and became, as plain text that forms read.
type Change struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// Event is a line of the catalogue's history.
type Event struct {
	ID        int64        `db:"id"`
	Season    id.Season    `db:"season_id"`
	Holiday   id.Holiday   `db:"holiday_id"`
	Departure id.Departure `db:"departure_id"`
	Kind      string       `db:"kind"`
	Changes   []Change     `db:"-"`
	Why       string       `db:"why"`
	Actor     string       `db:"actor"` // staff:ID or system
	Who       string       `db:"who"`   // their name; "" for the shop itself
	At        time.Time    `db:"at"`
}

// textFields are what a text consists of: each field's name in the form, how it reads as plain text, and how it is set from
// that, in the order of the form.
var textFields = []struct {
	name string
	get  func(Text) string
	set  func(*Text, string)
}{
	{"code", func(t Text) string { return t.Code }, func(t *Text, v string) { t.Code = v }},
	{"title", func(t Text) string { return t.Title }, func(t *Text, v string) { t.Title = v }},
	{"description", func(t Text) string { return t.Description }, func(t *Text, v string) { t.Description = v }},
	{"birth_year_from", func(t Text) string { return strconv.Itoa(t.BirthYearFrom) }, func(t *Text, v string) { t.BirthYearFrom = number(v) }},
	{"birth_year_to", func(t Text) string { return strconv.Itoa(t.BirthYearTo) }, func(t *Text, v string) { t.BirthYearTo = number(v) }},
	{"trip", func(t Text) string { return t.Trip }, func(t *Text, v string) { t.Trip = v }},
	{"legal_regime", func(t Text) string { return t.LegalRegime }, func(t *Text, v string) { t.LegalRegime = v }},
	{"country", func(t Text) string { return t.Country }, func(t *Text, v string) { t.Country = v }},
	{"destination", func(t Text) string { return t.Destination }, func(t *Text, v string) { t.Destination = v }},
	{"accommodation", func(t Text) string { return t.Accommodation }, func(t *Text, v string) { t.Accommodation = v }},
	{"transport", func(t Text) string { return t.Transport }, func(t *Text, v string) { t.Transport = v }},
	{"included", func(t Text) string { return strings.Join(t.Included, "\n") }, func(t *Text, v string) { t.Included = Lines(v) }},
	{"not_included", func(t Text) string { return strings.Join(t.NotIncluded, "\n") }, func(t *Text, v string) { t.NotIncluded = Lines(v) }},
	{"target_group", func(t Text) string { return t.TargetGroup }, func(t *Text, v string) { t.TargetGroup = v }},
	{"inclusive", func(t Text) string { return yesNo(t.Inclusive) }, func(t *Text, v string) { t.Inclusive = v == "yes" }},
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// number reads one of a history that we wrote.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// Fields lists a text by the names of the form's fields, in the order of the form.
func (t Text) Fields() []Change {
	all := make([]Change, len(textFields))
	for i, f := range textFields {
		all[i] = Change{Field: f.name, To: f.get(t)}
	}
	return all
}

// Diff lists what a text would change of another.
func (t Text) Diff(to Text) []Change {
	var out []Change
	from := t.Fields()
	for i, f := range to.Fields() {
		if f.To != from[i].To {
			out = append(out, Change{Field: f.Field, From: from[i].To, To: f.To})
		}
	}
	return out
}

// Back is the text as it was before these changes: what a form shows to somebody who wants an earlier text again.
func (t Text) Back(changes []Change) Text {
	for _, f := range textFields {
		for _, c := range changes {
			if c.Field == f.name {
				f.set(&t, c.From)
			}
		}
	}
	return t
}

// Lines splits a text of one thing per line, without empty ones.
func Lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// Instant writes a moment for the history; pages show it in words.
func Instant(t time.Time) string { return t.In(civil.Brussels).Format("2006-01-02 15:04") }

func centsText(c *money.Cents) string {
	if c == nil {
		return ""
	}
	return c.String()
}

func (p Prices) fields() []Change {
	return []Change{{Field: "base", To: p.Base.String()}, {Field: "solidaris", To: centsText(p.Solidaris)}, {Field: "vt", To: centsText(p.VT)}}
}

// locked are the fields of a text that bookings rest on: they are priced, insured and protected by them.
var locked = []string{"code", "trip", "legal_regime", "country", "birth_year_from", "birth_year_to"}

// Locked reports whether a field of the text is fixed as soon as somebody has booked. Birth years may still be widened.
func Locked(field string) bool { return slices.Contains(locked, field) }
