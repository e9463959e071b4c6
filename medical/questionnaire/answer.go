package questionnaire

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
)

// Value is an answer. Which part is used follows from the question's kind; all empty is no answer.
type Value struct {
	Text string   // one choice or a text; dates as YYYY-MM-DD, times as HH:MM, phones as +32...
	More string   // the text beside a choice
	Many []string // choices, or the ids of uploaded files
	Rows []Row
}

// Row is one row. Its key stays the same while the row lives: a pick's value, or a number given once.
type Row struct {
	Key   string
	Cells map[string]Value
}

// Answers are answers by question id.
type Answers map[string]Value

// Empty reports whether nothing was answered.
func (v Value) Empty() bool {
	return v.Text == "" && v.More == "" && len(v.Many) == 0 && len(v.Rows) == 0
}

func (v Value) has(value string) bool { return v.Text == value || slices.Contains(v.Many, value) }

// Row finds a row by its key.
func (v Value) Row(key string) (Row, bool) {
	i := slices.IndexFunc(v.Rows, func(r Row) bool { return r.Key == key })
	if i < 0 {
		return Row{}, false
	}
	return v.Rows[i], true
}

const redacted = "[redacted]"

// String never gives the answer.
func (Value) String() string { return redacted }

// GoString never gives the answer.
func (Value) GoString() string { return redacted }

// Format never gives the answer, whatever the verb.
func (Value) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalJSON never gives the answer: a log handler must not find it either. Encode is the way to keep it.
func (Value) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// LogValue never gives the answer.
func (Value) LogValue() slog.Value { return slog.StringValue(redacted) }

// Format never gives the answers, nor which questions have one.
func (Answers) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String never gives the answers.
func (Answers) String() string { return redacted }

// MarshalJSON never gives the answers: a log handler must not find them either. Encode is the way to keep one.
func (Answers) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// LogValue never gives the answers.
func (Answers) LogValue() slog.Value { return slog.StringValue(redacted) }

// Format never gives the row.
func (Row) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalJSON never gives the row.
func (Row) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// LogValue never gives the row.
func (Row) LogValue() slog.Value { return slog.StringValue(redacted) }
