package questionnaire

import "unicode/utf8"

// detail is where a mark finds what it is about: a choice, or one column of the rows of a question, of those rows only in
// which another column has a value.
type detail struct{ question, field, where, is string }

// details says it for the marks that are of use only when one knows of what: a cook who reads "allergy" has to ask. Each
// looks at answers that everybody on the camp may see.
var details = map[string]detail{
	"allergy_life": {"allergy.rows", "what", "severity", "life-threatening"},
	"allergy":      {question: "allergy.rows", field: "what"},
	"health":       {question: "health.list"},
	"diet":         {question: "food.diet"},
	"night":        {question: "sleep.night"},
}

// Detail is what a mark is about, of the answers that raise it; empty when its name says it all.
func (v *Version) Detail(flag string, a Answers) Value {
	d, ok := details[flag]
	if !ok {
		return Value{}
	}
	given := a[d.question]
	if d.field == "" {
		return Value{Many: given.Many, More: given.More}
	}
	var out Value
	for _, r := range given.Rows {
		if text := r.Cells[d.field].Text; text != "" && (d.where == "" || r.Cells[d.where].has(d.is)) {
			out.Many = append(out.Many, shorten(text))
		}
	}
	return out
}

// DetailWords says a Detail in words.
func (v *Version) DetailWords(flag string, of Value, lang string) string {
	q := v.byID[details[flag].question]
	if q == nil {
		return ""
	}
	return v.words(Many, q.Options, of, lang)
}

// detailMax is how many letters of a text stand beside a mark: a list is read in passing.
const detailMax = 60

func shorten(text string) string {
	if utf8.RuneCountInString(text) <= detailMax {
		return text
	}
	return string([]rune(text)[:detailMax-1]) + "…"
}
