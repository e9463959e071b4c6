package parent

import (
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/shop/booking"
	"joetz/templates/fiche"
	"joetz/templates/ui"
	"joetz/terms/id"
)

// topicView builds the form of a topic from the questionnaire and the answers so far.
type topicView struct {
	page     fiche.TopicPage
	form     medical.Form
	booking  booking.Booking
	answers  questionnaire.Answers
	problems []questionnaire.Problem
	blank    string            // question that gets one more empty row
	sure     string            // row whose removal is to be confirmed
	names    map[string]string // of uploads

	asked []questionnaire.Asked
}

func (v *topicView) build(topic string) fiche.TopicPage {
	v.asked, _ = v.form.Version.Ask(v.form.Facts, v.answers)
	if len(v.problems) > 0 {
		v.page.Errors = errorsOf(v.page.Page, v.form.Version, v.booking, v.problems)
	}
	for _, q := range v.form.Version.Questions {
		if q.Section != topic || !v.form.Facts.Asks(q) {
			continue
		}
		if out, ok := v.question(q); ok {
			v.page.Questions = append(v.page.Questions, out)
		}
	}
	return v.page
}

// question builds one question. A question that follows an answer of the same page stands on it hidden, so that a script
// can show it at once; without one it comes when the page is saved.
func (v *topicView) question(q *questionnaire.Question) (out fiche.Question, ok bool) {
	i := slices.IndexFunc(v.asked, func(a questionnaire.Asked) bool { return a.ID == q.ID })
	on, value, follows := q.Follows()
	follows = follows && v.form.Version.Question(on).Section == q.Section
	if i < 0 && !follows {
		return out, false
	}
	out = v.control(q)
	switch {
	case q.Kind == questionnaire.File && i < 0:
		return out, false // a photo of a row that is not there yet
	case q.Kind == questionnaire.File:
		out.Rows = v.uploads(v.asked[i])
		v.page.Multipart = true
	case i >= 0 && q.Per != "":
		out.Rows = v.following(v.asked[i])
	}
	if follows {
		out.When = &fiche.When{Field: on, Value: value, Hidden: i < 0}
	}
	return out, true
}

func (v topicView) control(q *questionnaire.Question) fiche.Question {
	p, given := v.page.Page, v.answers[q.ID]
	field := ui.Field{Name: q.ID, Label: labelOf(p, q, v.booking), Hint: q.Hint.In(p.Lang), Value: given.Text, Optional: !q.Required,
		Error: v.page.Errors.For(q.ID)}
	switch q.Kind {
	case questionnaire.Rows:
		return v.rows(q, field)
	case questionnaire.File:
		return fiche.Question{Control: fiche.Upload, Field: field}
	case questionnaire.Each:
		row, _ := given.Row("each")
		return fiche.Question{Control: fiche.Rows, Field: field, KeysName: questionnaire.KeysName(q.ID),
			Rows: []fiche.Row{{Key: "each", Cells: v.cells(q, "each", row)}}}
	}
	out := v.input(q.Kind, field, q.Options, given, q.MaxLength)
	if q.Type == "int kg" {
		out.Field.Suffix = "kg"
	}
	if q.More.NL != "" {
		name := questionnaire.Name(q.ID, "", "more")
		out.Beside = &ui.Field{Name: name, Label: q.More.In(p.Lang), Value: given.More, Error: v.page.Errors.For(name)}
		if slices.ContainsFunc(q.Options, func(o questionnaire.Option) bool { return o.Value == questionnaire.Other }) {
			out.BesideOn = questionnaire.Other
		} else {
			out.Beside.Optional = true
		}
	}
	return out
}

// manyOptions is from how many on a choice of one is a list to open instead of buttons.
const manyOptions = 6

func (v topicView) input(kind questionnaire.Kind, field ui.Field, options []questionnaire.Option, given questionnaire.Value, longest int) fiche.Question {
	switch kind {
	case questionnaire.YesNo:
		options = v.yesNo("yes", "no")
	case questionnaire.YesNoUnknown:
		options = v.yesNo("yes", "no", "unknown")
	}
	out := fiche.Question{Field: field}
	for _, o := range options {
		out.Options = append(out.Options, ui.Option{Value: o.Value, Label: capital(o.Label(v.page.Lang))})
	}
	switch kind {
	case questionnaire.YesNo, questionnaire.YesNoUnknown:
		out.Control = fiche.Radios
	case questionnaire.One:
		out.Control = fiche.Radios
		if len(options) >= manyOptions {
			out.Control, out.Options = fiche.Select, append([]ui.Option{{}}, out.Options...)
		}
	case questionnaire.Many:
		out.Control, out.Chosen = fiche.Checkboxes, map[string]bool{}
		for _, m := range given.Many {
			out.Chosen[m] = true
		}
	case questionnaire.Area:
		out.Control, out.Field.Lines, out.Field.MaxLength = fiche.Textarea, 4, longest
	case questionnaire.Sign:
		out.Control, out.Field.Optional = fiche.Tick, false
	case questionnaire.Day:
		out.Control, out.Options = fiche.Select, v.days()
	default:
		out.Control = fiche.Input
		shape(kind, &out.Field)
	}
	return out
}

// capital begins a choice with a capital letter, as it stands by itself; "'s avonds" stays as it is.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// shape gives a line of text the keyboard that fits it.
func shape(kind questionnaire.Kind, f *ui.Field) {
	f.Autocomplete = "off"
	switch kind {
	case questionnaire.Phone:
		f.Type, f.InputMode, f.Chars, f.Value = "tel", "tel", 20, questionnaire.Spaced(f.Value)
	case questionnaire.Year:
		f.InputMode, f.Chars = "numeric", 4
	case questionnaire.Int:
		f.InputMode, f.Chars = "numeric", 3
	case questionnaire.Clock:
		f.Type, f.Chars = "time", 6
	default:
		f.MaxLength = 200
	}
}

func (v topicView) yesNo(values ...string) (out []questionnaire.Option) {
	for _, o := range v.form.Version.YesNo {
		if slices.Contains(values, o.Value) {
			out = append(out, o)
		}
	}
	return out
}

// days are the days of the camp, to choose from.
func (v topicView) days() []ui.Option {
	out := []ui.Option{{}}
	for d := v.booking.DepartsOn; !d.After(v.booking.EndsOn); d = d.AddDays(1) {
		out = append(out, ui.Option{Value: d.String(), Label: v.page.Date(d)})
	}
	return out
}

// rows builds the cards of a repeated question: those that were filled in, as many empty ones as are needed at least, and
// one more when it was asked for.
func (v topicView) rows(q *questionnaire.Question, field ui.Field) fiche.Question {
	out := fiche.Question{Control: fiche.Rows, Field: field, KeysName: questionnaire.KeysName(q.ID)}
	if q.Per != "" {
		return out // its rows follow from another answer
	}
	rows := slices.Clone(v.answers[q.ID].Rows)
	for len(rows) < max(q.Min, 1) && (q.Required || q.Min > 0) || v.blank == q.ID && len(rows) <= len(v.answers[q.ID].Rows) && len(rows) < q.Max {
		rows = append(rows, questionnaire.Row{Key: questionnaire.NextKey(rows)})
	}
	for i, r := range rows {
		card := fiche.Row{Key: r.Key, Title: v.page.T("fiche.row."+field.Name, strconv.Itoa(i+1)), Cells: v.cells(q, r.Key, r)}
		if len(rows) > max(q.Min, 1) || !q.Required {
			card.Remove = questionnaire.Name(q.ID, r.Key, "")
			card.Sure = card.Remove == v.sure
		}
		out.Rows = append(out.Rows, card)
	}
	out.Most = q.Max
	if len(rows) < q.Max {
		out.Add = v.page.T("fiche.add." + field.Name)
	}
	return out
}

// following builds the cards of a question that is asked per pick or per row of another.
func (v topicView) following(q questionnaire.Asked) (out []fiche.Row) {
	for _, key := range q.Keys {
		row, _ := v.answers[q.ID].Row(key)
		row.Key = key
		out = append(out, fiche.Row{Key: key, Title: v.form.Version.RowName(q.Question, v.answers, row, v.page.Lang), Cells: v.cells(q.Question, key, row)})
	}
	return out
}

func (v topicView) cells(q *questionnaire.Question, key string, row questionnaire.Row) (out []fiche.Question) {
	for _, f := range q.Fields {
		given := row.Cells[f.ID]
		name := questionnaire.Name(q.ID, key, f.ID)
		field := ui.Field{Name: name, Label: f.Label.In(v.page.Lang), Value: given.Text, Optional: !f.Required && f.RequiredIf == nil, Error: v.page.Errors.For(name)}
		cell := v.input(f.Kind, field, f.Options, given, 500)
		if on, value, ok := f.Follows(); ok {
			cell.When = &fiche.When{Field: questionnaire.Name(q.ID, key, on), Value: value}
		}
		out = append(out, cell)
	}
	return out
}

// uploads builds a place for photos and documents: one, or one for each row that it follows.
func (v *topicView) uploads(q questionnaire.Asked) (out []fiche.Row) {
	keys := q.Keys
	if q.Per == "" {
		keys = []string{""}
	}
	for _, key := range keys {
		row := fiche.Row{Key: key}
		if key != "" {
			row.Title = v.form.Version.RowName(q.Question, v.answers, questionnaire.Row{Key: key}, v.page.Lang)
		}
		row.Files = files(v.booking.ID, q.ID, v.answers[q.ID].Files(key), v.names)
		name := questionnaire.Name(q.ID, key, "file")
		label := v.page.T("fiche.upload.label")
		if len(row.Files) > 0 {
			label = v.page.T("fiche.upload.another")
		}
		row.Upload = &ui.Field{Name: name, Label: label, Type: "file", Accept: "image/jpeg,image/png,application/pdf", Optional: true, Error: v.page.Errors.For(name)}
		out = append(out, row)
	}
	return out
}

// files links to uploads; one that does not open is not listed.
func files(b id.Booking, question string, keys []string, names map[string]string) (out []fiche.File) {
	for _, key := range keys {
		if name, ok := names[key]; ok {
			out = append(out, fiche.File{Name: name, Href: FichePath(b) + "/bestand/" + key, Remove: question + "." + key})
		}
	}
	return out
}
