// Package ui has the parts that pages are built from: fields, choices, buttons, tables, badges, steps.
//
// Owns: their markup and the small values that they take.
// Tables: none.
// May import: terms, templates/layout, templates/messages, templ.
// Always true: every field has a label of its own, its hint and error are tied to it, nothing is preselected unless the
// caller says so, and every part works without a script.
package ui

import (
	"strconv"

	"joetz/templates/layout"
	"joetz/terms/civil"
)

// FieldError is one thing to mend: the field's name and the words to show, translated.
type FieldError struct {
	Field string
	Text  string
}

// Errors is what to mend on a form, in the order of its fields.
type Errors []FieldError

// For is the text beside that field; "" when it is fine.
func (e Errors) For(field string) string {
	for _, f := range e {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}

// Field is one question of a form.
type Field struct {
	Name         string
	Label        string
	Hint         string
	Value        string
	Error        string
	Type         string // of the input: text (default), email, tel, password, search, file
	Autocomplete string // the HTML token, "given-name"
	InputMode    string // numeric, decimal, tel, email
	Suffix       string // after the input: "€", "dagen"
	Chars        int    // how many characters the input is wide; 0 is the whole line
	MaxLength    int
	Lines        int    // of a Textarea
	Optional     bool   // "(niet verplicht)"
	Big          bool   // the label is the page's h1
	Legendless   bool   // the label of a group is for screen readers only
	Accept       string // of a file
	Focus        bool   // takes the focus when the page opens: only where this field is what the page is for
	ElementID    string // in place of the one made of the name, where a page has the same form several times
}

// ID is the id of the control, of a group its first: where the error summary's link leads.
func (f Field) ID() string {
	if f.ElementID != "" {
		return f.ElementID
	}
	return "f-" + f.Name
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// describedBy ties hint and error to the control.
func (f Field) describedBy() string {
	ids := ""
	if f.Hint != "" {
		ids = f.ID() + "-hint"
	}
	if f.Error != "" {
		if ids != "" {
			ids += " "
		}
		ids += f.errorID()
	}
	return ids
}

// errorID is the id of the words that say what is wrong; "" when all is well.
func (f Field) errorID() string {
	if f.Error == "" {
		return ""
	}
	return f.ID() + "-error"
}

func (f Field) widthClass() string {
	switch {
	case f.Chars == 0:
		return ""
	case f.Chars <= 3:
		return "w-3"
	case f.Chars <= 6:
		return "w-6"
	case f.Chars <= 12:
		return "w-12"
	case f.Chars <= 20:
		return "w-20"
	}
	return "w-30"
}

// Option is one answer of a choice.
type Option struct {
	Value    string
	Label    string
	Hint     string
	Side     string // at the right: a price
	Disabled bool
}

// DayField asks a date in three parts, so that no picker stands between a parent and a birthday.
type DayField struct {
	Name             string // the parts are Name-day, Name-month, Name-year
	Label            string
	Hint             string
	Day, Month, Year string
	Error            string
	Birth            bool // autocomplete as a birthday
	Big              bool
}

func (f DayField) field() Field {
	return Field{Name: f.Name, Label: f.Label, Hint: f.Hint, Error: f.Error, Big: f.Big}
}

func (f DayField) autocomplete(part string) string {
	if f.Birth {
		return "bday-" + part
	}
	return "off"
}

// DayParts splits a date over the three parts.
func DayParts(d civil.Date) (day, month, year string) {
	if d.IsZero() {
		return "", "", ""
	}
	y, m, dd := d.YMD()
	return strconv.Itoa(dd), strconv.Itoa(int(m)), strconv.Itoa(y)
}

// Column is one column of a table. On a phone each row becomes a block where the column's name stands before its value.
type Column struct {
	Label  string
	Number bool // right-aligned, digits of one width
	Wide   bool
	Extra  bool // left out on a phone: it stands on the page that the row leads to
}

func tableClass(columns []Column) string {
	if len(columns) <= 2 {
		return "table-small"
	}
	return "table-tall"
}

// Step is one step of a route through several pages.
type Step struct {
	Label string
	Href  string // "" when it cannot be visited (again)
}

// TaskState is how far a task of a list is.
type TaskState uint8

// The states of a task.
const (
	Todo TaskState = iota
	Done
	NotYet // another task comes first
)

// Task is one line of a task list.
type Task struct {
	Label string
	Href  string
	State TaskState
	Note  string
}

func (t Task) tone() layout.Tone {
	switch t.State {
	case Done:
		return layout.Good
	case NotYet:
		return layout.Plain
	}
	return layout.Warning
}

func (t Task) key() string {
	switch t.State {
	case Done:
		return "ui.task.done"
	case NotYet:
		return "ui.task.not_yet"
	}
	return "ui.task.todo"
}

// Pages is where in a long list the reader is.
type Pages struct {
	Current, Last int
	Href          func(page int) string
}

// window lists the page numbers to show; 0 is a gap.
func (p Pages) window() []int {
	var shown []int
	previous := 0
	for n := 1; n <= p.Last; n++ {
		if n != 1 && n != p.Last && (n < p.Current-1 || n > p.Current+1) {
			continue
		}
		if n > previous+1 {
			shown = append(shown, 0)
		}
		shown = append(shown, n)
		previous = n
	}
	return shown
}

// Reason is why an amount is what it is: the words, and the clause they rest on.
type Reason struct{ Text, Clause string }
