package questionnaire

import (
	"net/url"
	"slices"
	"strconv"
)

const (
	moreField = "more"
	eachKey   = "each"
	// typedMax bounds what one form field may carry, in bytes; checking says what is too long for the question.
	typedMax = 20_000
	// rowsMax bounds how many rows one form may carry.
	rowsMax = 50
)

// Name is the name of a form field: "sport.swim", "health.list.more", "med.rows.2.dose".
func Name(question, row, field string) string {
	name := question
	if row != "" {
		name += "." + row
	}
	if field != "" {
		name += "." + field
	}
	return name
}

// KeysName is the name of the hidden fields that list the rows on the form.
func KeysName(question string) string { return question + ".key" }

// Decode reads the answers of one section from a form, as typed; Ask and Check judge them. It never fails: what is not in
// the form is unanswered.
func (v *Version) Decode(section string, form url.Values) Answers {
	out := Answers{}
	for _, q := range v.Questions {
		if q.Section != section {
			continue
		}
		var value Value
		switch {
		case q.Kind == Each:
			value.Rows = []Row{decodeRow(q, eachKey, form)}
		case q.Kind == Rows, q.Kind == File && q.Per != "":
			for _, key := range first(form[KeysName(q.ID)], rowsMax) {
				if rowKey.MatchString(key) {
					value.Rows = append(value.Rows, decodeRow(q, key, form))
				}
			}
		case q.Kind == Many, q.Kind == File:
			value.Many = typedList(form, q.ID)
		default:
			value.Text = typed(form, q.ID)
		}
		value.More = typed(form, Name(q.ID, "", moreField))
		if !value.Empty() {
			out[q.ID] = value
		}
	}
	return out
}

func decodeRow(q *Question, key string, form url.Values) Row {
	r := Row{key, map[string]Value{}}
	if q.Kind == File {
		r.Cells[fileCell] = Value{Many: typedList(form, Name(q.ID, key, fileCell))}
	}
	for _, f := range q.Fields {
		name := Name(q.ID, key, f.ID)
		if f.Kind == Many {
			r.Cells[f.ID] = Value{Many: typedList(form, name)}
		} else {
			r.Cells[f.ID] = Value{Text: typed(form, name)}
		}
	}
	return r
}

func typed(form url.Values, name string) string {
	s := form.Get(name)
	return s[:min(len(s), typedMax)]
}

func typedList(form url.Values, name string) []string {
	var out []string
	for _, s := range first(form[name], rowsMax) {
		out = append(out, s[:min(len(s), typedMax)])
	}
	return out
}

func first(s []string, n int) []string { return s[:min(len(s), n)] }

// NextKey is a free key for a row to add.
func NextKey(rows []Row) string {
	highest := 0
	for _, r := range rows {
		if n, err := strconv.Atoi(r.Key); err == nil {
			highest = max(highest, n)
		}
	}
	return strconv.Itoa(highest + 1)
}

// Without gives the rows less one.
func Without(rows []Row, key string) []Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Key == key })
}
