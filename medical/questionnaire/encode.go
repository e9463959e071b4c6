package questionnaire

import (
	"encoding/json"
	"errors"
)

// wire is a Value as it is kept, inside a seal.
type wire struct {
	Text string    `json:"t,omitempty"`
	More string    `json:"o,omitempty"`
	Many []string  `json:"m,omitempty"`
	Rows []wireRow `json:"r,omitempty"`
}

type wireRow struct {
	Key   string          `json:"k"`
	Cells map[string]wire `json:"c,omitempty"`
}

// Encode gives the answer as it is kept. What it returns is the answer itself: seal it.
func (v Value) Encode() json.RawMessage {
	out, err := json.Marshal(v.wire())
	if err != nil {
		panic("questionnaire: " + err.Error()) // strings, slices and maps of them always marshal
	}
	return out
}

// ErrEncoding is returned by Decode for bytes that Encode did not make. It does not quote them.
var ErrEncoding = errors.New("questionnaire: not an answer")

// Decode reads what Encode wrote.
func Decode(raw json.RawMessage) (Value, error) {
	var w wire
	if json.Unmarshal(raw, &w) != nil {
		return Value{}, ErrEncoding
	}
	return w.value(), nil
}

func (v Value) wire() wire {
	w := wire{Text: v.Text, More: v.More, Many: v.Many}
	for _, r := range v.Rows {
		cells := make(map[string]wire, len(r.Cells))
		for id, c := range r.Cells {
			cells[id] = c.wire()
		}
		w.Rows = append(w.Rows, wireRow{r.Key, cells})
	}
	return w
}

func (w wire) value() Value {
	v := Value{Text: w.Text, More: w.More, Many: w.Many}
	for _, r := range w.Rows {
		cells := make(map[string]Value, len(r.Cells))
		for id, c := range r.Cells {
			cells[id] = c.value()
		}
		v.Rows = append(v.Rows, Row{r.Key, cells})
	}
	return v
}
