package questionnaire

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"joetz/terms/civil"
)

// Facts is what is known without asking.
type Facts struct {
	Today     civil.Date
	Age       int // on the first day of the holiday
	Abroad    bool
	Transport bool     // the organiser drives
	Inclusive bool     // target-group holiday: extra questions are asked
	Extra     []string // ids of those that its target group has; nil = all
}

// Asks reports whether a holiday with these facts has the question at all, whatever is answered.
func (f Facts) Asks(q *Question) bool {
	return !q.Inclusive || f.Inclusive && (f.Extra == nil || slices.Contains(f.Extra, q.ID))
}

// Condition decides whether a question is asked, from facts and from the answers to earlier questions. row is the row in
// hand for a question that is asked per row, and nil otherwise.
type Condition interface {
	holds(f Facts, a Answers, row *Row) bool
}

type (
	either  []Condition
	camp    string                            // abroad, transport
	ageFrom int                               // age>=N
	equals  struct{ question, value string }  // also: a choice among many
	differs struct{ question, value string }  // true too when unanswered
	filled  string                            // non-empty
	beside  struct{ question, value string }  // has something other than value
	anyRow  struct{ of, field, value string } // a row of that question says so
	thisRow struct{ of, field, value string } // the row in hand says so; any row where none is in hand
	cell    struct{ field, value string }     // inside a row: a field of the same row
)

func (c either) holds(f Facts, a Answers, row *Row) bool {
	return slices.ContainsFunc(c, func(one Condition) bool { return one.holds(f, a, row) })
}
func (c camp) holds(f Facts, _ Answers, _ *Row) bool {
	return c == "abroad" && f.Abroad || c == "transport" && f.Transport
}
func (c ageFrom) holds(f Facts, _ Answers, _ *Row) bool { return f.Age >= int(c) }
func (c equals) holds(_ Facts, a Answers, _ *Row) bool  { return a[c.question].has(c.value) }
func (c differs) holds(_ Facts, a Answers, _ *Row) bool { return !a[c.question].has(c.value) }
func (c filled) holds(_ Facts, a Answers, _ *Row) bool  { return !a[string(c)].Empty() }
func (c beside) holds(_ Facts, a Answers, _ *Row) bool {
	v := a[c.question]
	return v.Text != "" && v.Text != c.value || slices.ContainsFunc(v.Many, func(m string) bool { return m != c.value })
}
func (c anyRow) holds(_ Facts, a Answers, _ *Row) bool {
	return slices.ContainsFunc(a[c.of].Rows, func(r Row) bool { return r.Cells[c.field].has(c.value) })
}
func (c thisRow) holds(f Facts, a Answers, row *Row) bool {
	if row == nil {
		return anyRow(c).holds(f, a, nil)
	}
	return row.Cells[c.field].has(c.value)
}
func (c cell) holds(_ Facts, _ Answers, row *Row) bool {
	return row != nil && row.Cells[c.field].has(c.value)
}

var (
	questionID = `([a-z]+\.[a-z_0-9]+)`
	word       = `([a-z0-9_-]+)`
	patterns   = []struct {
		re    *regexp.Regexp
		build func(m []string, of string) Condition
	}{
		{regexp.MustCompile(`^camp\.(abroad|transport)$`), func(m []string, _ string) Condition { return camp(m[1]) }},
		{regexp.MustCompile(`^age>=(\d{1,2})$`), func(m []string, _ string) Condition {
			n, _ := strconv.Atoi(m[1]) // one or two digits
			return ageFrom(n)
		}},
		{regexp.MustCompile(`^` + questionID + `=` + word + `$`), func(m []string, _ string) Condition { return equals{m[1], m[2]} }},
		{regexp.MustCompile(`^` + questionID + `!=` + word + `$`), func(m []string, _ string) Condition { return differs{m[1], m[2]} }},
		{regexp.MustCompile(`^` + questionID + ` non-empty$`), func(m []string, _ string) Condition { return filled(m[1]) }},
		{regexp.MustCompile(`^` + questionID + ` has other than ` + word + `$`), func(m []string, _ string) Condition { return beside{m[1], m[2]} }},
		{regexp.MustCompile(`^` + questionID + ` has ` + word + `$`), func(m []string, _ string) Condition { return equals{m[1], m[2]} }},
		{regexp.MustCompile(`^any row ` + word + `=` + word + `$`), func(m []string, of string) Condition { return anyRow{of, m[1], m[2]} }},
		{regexp.MustCompile(`^row ` + word + `=` + word + `$`), func(m []string, of string) Condition { return thisRow{of, m[1], m[2]} }},
	}
	inRow = []*regexp.Regexp{regexp.MustCompile(`^` + word + `=` + word + `$`), regexp.MustCompile(`^` + word + ` has ` + word + `$`)}
)

// parseCondition reads the questionnaire's own way of writing conditions. of is the rows question that "row" and "any row"
// speak of. In "row a=1 or b=2" the second half speaks of the row too.
func parseCondition(s, of string) (Condition, error) {
	var all either
	row := ""
	for _, part := range strings.Split(s, " or ") {
		one := matchCondition(part, of)
		if one == nil && row != "" {
			one = matchCondition(row+part, of)
		}
		if one == nil {
			return nil, fmt.Errorf("condition %q is not understood", s)
		}
		switch c := one.(type) {
		case anyRow:
			row = "any row "
			if c.of == "" {
				return nil, fmt.Errorf("condition %q: rows of which question?", s)
			}
		case thisRow:
			row = "row "
			if c.of == "" {
				return nil, fmt.Errorf("condition %q: a row of which question?", s)
			}
		}
		all = append(all, one)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func matchCondition(s, of string) Condition {
	for _, p := range patterns {
		if m := p.re.FindStringSubmatch(s); m != nil {
			return p.build(m, of)
		}
	}
	return nil
}

// parseInRow reads a condition of one field on another of the same row.
func parseInRow(s string) (Condition, error) {
	for _, re := range inRow {
		if m := re.FindStringSubmatch(s); m != nil {
			return cell{m[1], m[2]}, nil
		}
	}
	return nil, fmt.Errorf("condition %q is not understood", s)
}

// Follows tells which answer to which question makes this one asked, when it is as simple as that; a page can then show
// it at once.
func (q *Question) Follows() (question, value string, ok bool) {
	c, ok := q.ShowIf.(equals)
	return c.question, c.value, ok
}

// Follows tells which value of which field of the same row makes this field needed.
func (f Field) Follows() (field, value string, ok bool) {
	c, ok := f.RequiredIf.(cell)
	return c.field, c.value, ok
}
