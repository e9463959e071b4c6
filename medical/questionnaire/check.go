package questionnaire

import (
	"strconv"
	"time"
	"unicode/utf8"

	"joetz/terms/civil"
)

// Problem is something that an answer lacks. Key is a message key.
type Problem struct {
	Question, Row, Field string
	Key                  string
	Args                 []any
	Later                bool // a photo or document that may still follow: it does not keep the fiche from being signed
}

// Name is the form field that the problem is about (see Name).
func (p Problem) Name() string { return Name(p.Question, p.Row, p.Field) }

// Check lists what is wrong or missing in the answers of a section ("" = in all), in the order of the questions.
func (v *Version) Check(f Facts, a Answers, section string) []Problem {
	asked, kept := v.Ask(f, a)
	var all []Problem
	for _, q := range asked {
		if section == "" || q.Section == section {
			all = append(all, q.check(f, kept[q.ID])...)
		}
	}
	return all
}

func (q Asked) check(f Facts, v Value) []Problem {
	problem := func(key string, args ...any) []Problem {
		return []Problem{{Question: q.ID, Key: key, Args: args, Later: q.Kind == File}}
	}
	switch {
	case q.Per != "":
		return q.checkFollowing(f, v)
	case q.Kind == Each && (q.Required || !v.Empty()):
		row, _ := v.Row(eachKey)
		return q.checkRow(f, Row{eachKey, row.Cells})
	case v.Empty() && !q.Required:
		return nil
	case v.Empty():
		return problem(missing(q.Kind))
	}
	switch q.Kind {
	case Rows:
		if len(v.Rows) < q.Min {
			return append(problem("questionnaire.rows_min", q.Min), q.checkRows(f, v)...)
		}
		if len(v.Rows) > q.Max {
			return problem("questionnaire.rows_max", q.Max)
		}
		return q.checkRows(f, v)
	}
	if key, args := checkCell(f, cellKind{q.Kind, q.Options, q.Min, q.Max, q.MaxLength}, v); key != "" {
		return problem(key, args...)
	}
	if q.asksMore(v) && v.More == "" && v.has(Other) {
		return []Problem{{Question: q.ID, Field: moreField, Key: "questionnaire.more_needed"}}
	}
	if utf8.RuneCountInString(v.More) > maxLine {
		return []Problem{{Question: q.ID, Field: moreField, Key: "questionnaire.too_long", Args: []any{maxLine}}}
	}
	return nil
}

func missing(kind Kind) string {
	switch kind {
	case Sign:
		return "questionnaire.sign_needed"
	case File:
		return "questionnaire.file_needed"
	case YesNo, YesNoUnknown, One, Many:
		return "questionnaire.choice_needed"
	}
	return "questionnaire.required"
}

// checkFollowing wants an answer for every row that the question follows.
func (q Asked) checkFollowing(f Facts, v Value) []Problem {
	var all []Problem
	for _, key := range q.Keys {
		row, ok := v.Row(key)
		switch {
		case q.Kind == File && !ok && q.Required:
			all = append(all, Problem{Question: q.ID, Row: key, Field: fileCell, Key: missing(File), Later: true})
		case q.Kind == Rows && (ok || q.Required):
			all = append(all, q.checkRow(f, Row{key, row.Cells})...)
		}
	}
	return all
}

func (q Asked) checkRows(f Facts, v Value) []Problem {
	var all []Problem
	for _, r := range v.Rows {
		all = append(all, q.checkRow(f, r)...)
	}
	return all
}

func (q Asked) checkRow(f Facts, r Row) []Problem {
	var all []Problem
	for _, field := range q.Fields {
		c := r.Cells[field.ID]
		key, args := "", []any(nil)
		switch {
		case !c.Empty():
			key, args = checkCell(f, cellKind{field.Kind, field.Options, field.Min, field.Max, lengthOf(field.Kind)}, c)
		case field.Required || field.RequiredIf != nil && field.RequiredIf.holds(f, nil, &r):
			key = missing(field.Kind)
		}
		if key != "" {
			all = append(all, Problem{Question: q.ID, Row: r.Key, Field: field.ID, Key: key, Args: args})
		}
	}
	from, errFrom := civil.Parse(r.Cells["from"].Text)
	to, errTo := civil.Parse(r.Cells["to"].Text)
	if errFrom == nil && errTo == nil && to.Before(from) {
		all = append(all, Problem{Question: q.ID, Row: r.Key, Field: "to", Key: "questionnaire.date_order"})
	}
	return all
}

func lengthOf(kind Kind) int {
	if kind == Area {
		return maxArea
	}
	return maxLine
}

type cellKind struct {
	kind         Kind
	options      []Option
	min, max     int
	longestRunes int
}

// checkCell gives the message for a value that is there but wrong; "" when it is right.
func checkCell(f Facts, k cellKind, v Value) (key string, args []any) {
	ok := true
	switch k.kind {
	case YesNo:
		ok = v.Text == "yes" || v.Text == "no"
	case YesNoUnknown:
		ok = v.Text == "yes" || v.Text == "no" || v.Text == "unknown"
	case Sign:
		ok = v.Text == "yes"
	case One:
		ok = hasOption(k.options, v.Text)
	case Many:
		return checkChoices(k, v)
	case Phone:
		if _, good := Tel(v.Text); !good {
			return "questionnaire.phone", nil
		}
	case Year:
		return checkNumber(v.Text, f.Today.Year()-10, f.Today.Year())
	case Int:
		return checkNumber(v.Text, k.min, k.max)
	case Day:
		if _, err := civil.Parse(v.Text); err != nil {
			return "questionnaire.date", nil
		}
	case Clock:
		if _, err := time.Parse("15:04", v.Text); err != nil {
			return "questionnaire.time", nil
		}
	case Line, Area:
		if utf8.RuneCountInString(v.Text) > k.longestRunes {
			return "questionnaire.too_long", []any{k.longestRunes}
		}
	}
	if !ok {
		return "questionnaire.choice_needed", nil
	}
	return "", nil
}

func checkChoices(k cellKind, v Value) (string, []any) {
	for _, m := range v.Many {
		if !hasOption(k.options, m) {
			return "questionnaire.choice_needed", nil
		}
	}
	if len(v.Many) > 1 && v.has(None) {
		return "questionnaire.none_and_other", nil
	}
	return "", nil
}

func checkNumber(s string, lowest, highest int) (string, []any) {
	if n, err := strconv.Atoi(s); err != nil || n < lowest || n > highest {
		return "questionnaire.number", []any{strconv.Itoa(lowest), strconv.Itoa(highest)}
	}
	return "", nil
}
