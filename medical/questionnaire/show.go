package questionnaire

import (
	"fmt"
	"slices"
	"strings"

	"joetz/terms/civil"
)

// Reduce gives what an audience may see of an answer: fields that it may not see are gone, and so are, for the kitchen,
// rows of another kind. Sight other than Whole comes with no value at all.
func (q *Question) Reduce(v Value, a Audience) (Value, Sight) {
	sight := q.View.For(a)
	if sight != Whole {
		return Value{}, sight
	}
	if len(v.Rows) == 0 || len(q.Fields) == 0 {
		return v, Whole
	}
	out := Value{}
	for _, r := range v.Rows {
		if kind := q.View.KitchenKind(); a == Kitchen && kind != "" && !r.Cells["kind"].has(kind) {
			continue
		}
		cells := map[string]Value{}
		for _, f := range q.Fields {
			if c, ok := r.Cells[f.ID]; ok && f.View.For(a) == Whole {
				cells[f.ID] = c
			}
		}
		out.Rows = append(out.Rows, Row{r.Key, cells})
	}
	return out, Whole
}

// Shown is one answer in words: of a row, or of the question when Row is empty.
type Shown struct {
	Key   string // of the row
	Row   string // which row, in words
	Label string // what was asked of the row
	Text  string
}

// Lines puts an answer into words. on is the answer that the question follows, for the names of its rows.
func (v *Version) Lines(q *Question, a Answers, lang string) []Shown {
	value := a[q.ID]
	if q.Kind != Rows && q.Kind != Each {
		text := v.words(q.Kind, q.Options, value, lang)
		if text == "" {
			return nil
		}
		if q.Kind == Int {
			text += q.unit()
		}
		return []Shown{{Text: text}}
	}
	var out []Shown
	for _, r := range value.Rows {
		name := v.RowName(q, a, r, lang)
		for _, f := range q.Fields {
			if text := v.words(f.Kind, f.Options, r.Cells[f.ID], lang); text != "" {
				out = append(out, Shown{r.Key, name, f.Label.In(lang), text})
			}
		}
	}
	return out
}

// unit is in what a number is counted, as it stands behind it: "34 kg". Its type names it after "int".
func (q *Question) unit() string {
	_, unit, ok := strings.Cut(q.Type, " ")
	if !ok {
		return ""
	}
	return "\u00a0" + unit
}

// RowName says which row it is: the pick that it follows, or the first line of text in it.
func (v *Version) RowName(q *Question, a Answers, r Row, lang string) string {
	if q.Kind == Each {
		return ""
	}
	if on := v.byID[q.Per]; on != nil {
		if on.Kind == Many {
			pick := Value{Text: r.Key}
			if r.Key == Other {
				pick.More = a[on.ID].More
			}
			return v.words(One, on.Options, pick, lang)
		}
		parent, _ := a[on.ID].Row(r.Key)
		return v.RowName(on, a, parent, lang)
	}
	for _, f := range q.Fields {
		if f.Kind == Line && r.Cells[f.ID].Text != "" {
			return r.Cells[f.ID].Text
		}
	}
	return ""
}

// words puts one value into words.
func (v *Version) words(kind Kind, options []Option, a Value, lang string) string {
	if kind == YesNo || kind == YesNoUnknown || kind == Sign {
		options = v.YesNo
	}
	var parts []string
	for _, value := range append(slices.Clone(a.Many), a.Text) {
		switch i := slices.IndexFunc(options, func(o Option) bool { return o.Value == value }); {
		case value == "":
		case value == Other && a.More != "":
			parts = append(parts, a.More)
		case i >= 0:
			parts = append(parts, options[i].Label(lang))
		case kind == Day:
			parts = append(parts, readableDay(value))
		case kind == Phone:
			parts = append(parts, Spaced(value))
		case kind != File:
			parts = append(parts, value)
		}
	}
	if a.More != "" && a.Text != Other && !slices.Contains(a.Many, Other) && len(parts) > 0 {
		parts = append(parts, a.More)
	}
	return strings.Join(parts, ", ")
}

func readableDay(s string) string {
	d, err := civil.Parse(s)
	if err != nil {
		return s
	}
	y, m, day := d.YMD()
	return fmt.Sprintf("%d/%d/%d", day, m, y)
}
