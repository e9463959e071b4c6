package eval

import (
	"bytes"
	"encoding/json"
	"strconv"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// object is a JSON object that is read key by key. The first problem stays; every later read gives a zero value.
type object struct {
	prefix  string // of field names in problems: "new." or "rises[0]."
	values  map[string]json.RawMessage
	twice   string // a key that stands twice
	problem *terms.Problem
}

// parseObject takes an object apart. Keys are told apart to the letter, unlike encoding/json does with structs.
func parseObject(text []byte) (object, bool) {
	o := object{values: map[string]json.RawMessage{}}
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) == 0 || text[0] != '{' || !valid(text) {
		return o, false
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return o, false
	}
	for decoder.More() {
		token, err := decoder.Token()
		key, isKey := token.(string)
		var value json.RawMessage
		if err != nil || !isKey || decoder.Decode(&value) != nil {
			return o, false
		}
		if _, seen := o.values[key]; seen && o.twice == "" {
			o.twice = key
		}
		o.values[key] = value
	}
	return o, true
}

func (o *object) fail(name string) {
	if o.problem == nil {
		o.problem = &terms.Problem{Code: terms.Invalid, Field: o.prefix + name}
	}
}

// value is the raw value; absent, null or doubled is a problem.
func (o *object) value(name string) json.RawMessage {
	v, ok := o.values[name]
	if !ok || string(v) == "null" || o.twice == name {
		o.fail(name)
		return nil
	}
	return v
}

func (o *object) has(name string) bool {
	v, ok := o.values[name]
	return ok && string(v) != "null"
}

func (o *object) text(name string) string {
	v := o.value(name)
	var s string
	if v != nil && (v[0] != '"' || json.Unmarshal(v, &s) != nil) {
		o.fail(name)
	}
	return s
}

func (o *object) bool(name string) bool {
	switch v := o.value(name); string(v) {
	case "true":
		return true
	case "false", "":
	default:
		o.fail(name)
	}
	return false
}

// whole reads a whole number, written as one: 1.0 and 1e2 are refused.
func (o *object) whole(name string) int64 {
	v := o.value(name)
	if v == nil {
		return 0
	}
	n, err := strconv.ParseInt(string(v), 10, 64)
	if err != nil {
		o.fail(name)
	}
	return n
}

func (o *object) cents(name string) money.Cents { return money.Cents(o.whole(name)) }

// count reads a number of people or parts; beyond int32 it is no such number.
func (o *object) count(name string) int {
	n := o.whole(name)
	if int64(int32(n)) != n {
		o.fail(name)
		return 0
	}
	return int(n)
}

func (o *object) date(name string) civil.Date {
	s := o.text(name)
	d, err := civil.Parse(s)
	if err != nil {
		o.fail(name)
	}
	return d
}

func (o *object) trip(name string) terms.Trip {
	t, err := terms.ParseTrip(o.text(name))
	if err != nil {
		o.fail(name)
	}
	return t
}

// object reads an object inside this one; close takes its problem over.
func (o *object) object(name string) object {
	inner, ok := parseObject(o.value(name))
	if !ok {
		o.fail(name)
	}
	inner.prefix = o.prefix + name + "."
	return inner
}

func (o *object) close(inner *object) {
	if inner.twice != "" {
		inner.fail(inner.twice)
	}
	if o.problem == nil {
		o.problem = inner.problem
	}
}

// list reads an array of objects.
func (o *object) list(name string) []object {
	v := o.value(name)
	var raw []json.RawMessage
	if v == nil || v[0] != '[' || json.Unmarshal(v, &raw) != nil {
		o.fail(name)
		return nil
	}
	out := make([]object, len(raw))
	for i := range raw {
		inner, ok := parseObject(raw[i])
		inner.prefix = o.prefix + name + "[" + strconv.Itoa(i) + "]."
		if !ok {
			o.fail(name + "[" + strconv.Itoa(i) + "]")
		}
		out[i] = inner
	}
	return out
}
