package questionnaire

import "slices"

// Asked is a question that is asked now. Keys are of the rows that follow from another answer: a pick, or a row
// of the question that it follows; empty for a question of its own.
type Asked struct {
	*Question
	Keys []string
}

// Ask goes through the questionnaire once, in order, and gives what is asked with these facts and answers, and the answers
// cleaned: to asked questions only, in their kind's form. An answer that is no longer asked for is not kept.
func (v *Version) Ask(f Facts, a Answers) (asked []Asked, kept Answers) {
	kept = v.walk(f, a, func(q *Question, keys []string) { asked = append(asked, Asked{q, keys}) })
	return asked, kept
}

// walk tells of each question that is asked, and gives the answers cleaned.
func (v *Version) walk(f Facts, a Answers, each func(q *Question, keys []string)) (kept Answers) {
	kept = Answers{}
	for _, q := range v.Questions {
		if !f.Asks(q) {
			continue
		}
		keys := v.keys(q, f, kept)
		switch {
		case q.Per != "" && len(keys) == 0:
			continue
		case q.Per == "" && q.ShowIf != nil && !q.ShowIf.holds(f, kept, nil):
			continue
		}
		each(q, keys)
		if value := q.tidy(a[q.ID], keys); !value.Empty() {
			kept[q.ID] = value
		}
	}
	return kept
}

// Clean is what Ask keeps.
func (v *Version) Clean(f Facts, a Answers) Answers {
	return v.walk(f, a, func(*Question, []string) {})
}

// keys lists the rows for which a following question is asked.
func (v *Version) keys(q *Question, f Facts, kept Answers) []string {
	if q.Per == "" {
		return nil
	}
	on := kept[q.Per]
	if v.byID[q.Per].Kind == Many {
		if q.ShowIf != nil && !q.ShowIf.holds(f, kept, nil) {
			return nil
		}
		return slices.DeleteFunc(slices.Clone(on.Many), func(m string) bool { return m == None })
	}
	var keys []string
	for i := range on.Rows {
		if q.ShowIf == nil || q.ShowIf.holds(f, kept, &on.Rows[i]) {
			keys = append(keys, on.Rows[i].Key)
		}
	}
	return keys
}

// tidy brings an answer into its kind's form and drops what does not belong. It judges nothing: Check does.
func (q *Question) tidy(v Value, keys []string) Value {
	var out Value
	switch q.Kind {
	case Many:
		out.Many = compact(v.Many)
	case Rows, Each, File:
		if q.Kind == File && q.Per == "" {
			return Value{Many: compact(v.Many)}
		}
		return Value{Rows: q.tidyRows(v.Rows, keys)}
	default:
		out.Text = tidyText(q.Kind, v.Text)
	}
	if q.asksMore(out) {
		out.More = tidyText(Line, v.More)
	}
	return out
}

// asksMore reports whether the text beside the choice is asked for.
func (q *Question) asksMore(v Value) bool {
	return q.More.NL != "" && !v.Empty() && (!hasOption(q.Options, Other) || v.has(Other))
}

func (q *Question) tidyRows(rows []Row, keys []string) []Row {
	var out []Row
	for _, r := range rows {
		follows := q.Per == "" || slices.Contains(keys, r.Key)
		twice := slices.ContainsFunc(out, func(o Row) bool { return o.Key == r.Key })
		if !follows || twice || !rowKey.MatchString(r.Key) {
			continue
		}
		cells := map[string]Value{}
		if q.Kind == File {
			if files := compact(r.Cells[fileCell].Many); len(files) > 0 {
				cells[fileCell] = Value{Many: files}
			}
		}
		for _, f := range q.Fields {
			var c Value
			if f.Kind == Many {
				c.Many = compact(r.Cells[f.ID].Many)
			} else {
				c.Text = tidyText(f.Kind, r.Cells[f.ID].Text)
			}
			if !c.Empty() {
				cells[f.ID] = c
			}
		}
		if len(cells) > 0 {
			out = append(out, Row{r.Key, cells})
		}
	}
	if q.Per != "" { // in the order of what they follow
		slices.SortStableFunc(out, func(a, b Row) int { return slices.Index(keys, a.Key) - slices.Index(keys, b.Key) })
	}
	return out
}

// fileCell holds the uploads of a row.
const fileCell = "file"

// compact drops empty and repeated choices and keeps the order.
func compact(choices []string) []string {
	var out []string
	for _, c := range choices {
		if c = cleanText(c); c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
