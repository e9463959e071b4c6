// Package eval answers questions about terms from lines of JSON: the command shop terms eval, and its check.
//
// Owns: the contract's names, and the reading of facts from JSON.
// Tables: none. May import: terms and below, the standard library.
// Always true: one line out per line in, in order, whatever the line holds; nothing is guessed: a number must be a whole
// number, a date a date, and a key may stand once. Unknown keys are ignored, so that a line may carry notes.
package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"joetz/terms"
	"joetz/terms/explain"
)

// Malformed is the contract's code for a line that is no JSON object.
const Malformed terms.Code = "malformed"

// maxLine bounds the memory that one line takes; a longer one is malformed.
const maxLine = 8 << 20

// Evaluator answers lines by one organiser's terms, in one language.
type Evaluator struct {
	Terms    terms.Terms
	Language explain.Language
}

// Run reads lines from r until its end and writes an answer for each to w.
func (e Evaluator) Run(r io.Reader, w io.Writer) error {
	out := bufio.NewWriter(w)
	err := eachLine(r, func(line []byte) error {
		_, err := out.Write(append(e.Line(line), '\n'))
		return err
	})
	return errors.Join(err, out.Flush())
}

// Line answers one line; the answer has no line end.
func (e Evaluator) Line(line []byte) []byte {
	var reply struct {
		ID    json.RawMessage `json:"id"`
		Out   any             `json:"out,omitempty"`
		Error *fault          `json:"error,omitempty"`
	}
	question, problem := parseQuestion(line)
	reply.ID = question.id
	if problem == nil {
		reply.Out, problem = e.answer(&question)
	}
	if problem != nil {
		reply.Out, reply.Error = nil, &fault{problem.Code, problem.Field, e.Language.Problem(*problem)}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(reply); err != nil {
		panic(err) // cannot happen: the reply is our own, and the id was valid JSON
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

type fault struct {
	Code    terms.Code `json:"code"`
	Field   string     `json:"field"`
	Message string     `json:"message"`
}

// question is a line that was taken apart.
type question struct {
	id   json.RawMessage
	op   string
	in   object
	want json.RawMessage
}

func parseQuestion(line []byte) (question, *terms.Problem) {
	q := question{id: json.RawMessage("null")}
	top, ok := parseObject(line)
	if !ok {
		return q, &terms.Problem{Code: Malformed, Field: "line"}
	}
	if id := top.values["id"]; len(id) > 0 && (id[0] == '"' || id[0] == '-' || id[0] >= '0' && id[0] <= '9') {
		q.id = id
	}
	q.want = top.values["want"]
	q.op = top.text("op")
	in, isObject := parseObject(top.values["in"])
	if top.problem == nil && top.twice == "" && !isObject {
		top.fail("in")
	}
	q.in = in
	if top.twice != "" {
		return q, &terms.Problem{Code: terms.Invalid, Field: top.twice}
	}
	return q, top.problem
}

// eachLine hands out lines without their ends, the first one without a byte order mark. The empty rest after the last
// line end is no line.
func eachLine(r io.Reader, f func([]byte) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for first := true; ; first = false {
		line, err := readLine(in)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err != nil && len(line) == 0 {
			return nil
		}
		if first {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		if lineErr := f(bytes.TrimRight(line, "\r\n")); lineErr != nil {
			return lineErr
		}
		if err != nil {
			return nil
		}
	}
}

// readLine reads up to and with the next line end. Of a line that is too long it keeps enough to be refused.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line) <= maxLine {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// valid reports whether the text is one JSON value in UTF-8 and of bearable size.
func valid(text []byte) bool {
	return len(text) <= maxLine && utf8.Valid(text) && json.Valid(text)
}
