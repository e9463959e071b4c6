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

// By is a member of staff as an actor.
func By(staff id.Staff) string { return "staff:" + strconv.FormatInt(int64(staff), 10) }

// Fields lists a text by the names of the form's fields, in the order of the form.
func (t Text) Fields() []Change {
	return []Change{
		{Field: "code", To: t.Code}, {Field: "title", To: t.Title}, {Field: "description", To: t.Description},
		{Field: "birth_year_from", To: strconv.Itoa(t.BirthYearFrom)}, {Field: "birth_year_to", To: strconv.Itoa(t.BirthYearTo)},
		{Field: "trip", To: t.Trip}, {Field: "legal_regime", To: t.LegalRegime}, {Field: "country", To: t.Country},
		{Field: "destination", To: t.Destination}, {Field: "accommodation", To: t.Accommodation}, {Field: "transport", To: t.Transport},
		{Field: "included", To: strings.Join(t.Included, "\n")}, {Field: "not_included", To: strings.Join(t.NotIncluded, "\n")},
		{Field: "target_group", To: t.TargetGroup}, {Field: "inclusive", To: yesNo(t.Inclusive)},
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
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
	for _, c := range changes {
		t.set(c.Field, c.From)
	}
	return t
}

func (t *Text) set(field, value string) {
	number, _ := strconv.Atoi(value) // of a history that we wrote
	switch field {
	case "code":
		t.Code = value
	case "title":
		t.Title = value
	case "description":
		t.Description = value
	case "trip":
		t.Trip = value
	case "legal_regime":
		t.LegalRegime = value
	case "country":
		t.Country = value
	case "destination":
		t.Destination = value
	case "accommodation":
		t.Accommodation = value
	case "transport":
		t.Transport = value
	case "included":
		t.Included = Lines(value)
	case "not_included":
		t.NotIncluded = Lines(value)
	case "target_group":
		t.TargetGroup = value
	case "inclusive":
		t.Inclusive = value == "yes"
	case "birth_year_from":
		t.BirthYearFrom = number
	case "birth_year_to":
		t.BirthYearTo = number
	}
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
