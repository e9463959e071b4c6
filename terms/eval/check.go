package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
)

// Check answers every line of r and compares with its "want": each key that want has must be in the answer with the same
// value, or the error must have the code that it names. Differences and a closing count go to w.
func (e Evaluator) Check(r io.Reader, w io.Writer) (failed int, err error) {
	lines := 0
	err = eachLine(r, func(line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		lines++
		difference := e.compare(line)
		if difference == "" {
			return nil
		}
		failed++
		_, err := fmt.Fprintf(w, "line %d: %s\n", lines, difference)
		return err
	})
	_, countErr := fmt.Fprintf(w, "%d of %d agree\n", lines-failed, lines)
	return failed, errors.Join(err, countErr)
}

// compare says how the answer differs from what the line wants; "" when it does not.
func (e Evaluator) compare(line []byte) string {
	q, _ := parseQuestion(line)
	id := string(q.id)
	var want map[string]any
	if err := decode(q.want, &want); err != nil || want == nil {
		return id + ": no want to compare with"
	}
	var got struct {
		Out   map[string]any
		Error map[string]any
	}
	if err := decode(e.Line(line), &got); err != nil {
		return id + ": " + err.Error()
	}
	if code, wantsError := want["error"]; wantsError {
		if got.Error["code"] != code {
			return fmt.Sprintf("%s: want error %v, got %v", id, code, orOut(got.Error["code"], got.Out))
		}
		return ""
	}
	if got.Error != nil {
		return fmt.Sprintf("%s: want an answer, got error %v on %v", id, got.Error["code"], got.Error["field"])
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if value, ok := got.Out[key]; !ok || !reflect.DeepEqual(value, want[key]) {
			return fmt.Sprintf("%s: %s: want %v, got %v", id, key, show(want[key]), show(value))
		}
	}
	return ""
}

func orOut(code any, out map[string]any) any {
	if code == nil {
		delete(out, "because")
		return show(out)
	}
	return code
}

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// decode keeps numbers to the letter.
func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}
