package terms

import (
	"encoding"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// keyLines are the lines of all keys of a file, with the elements of arrays counted from 0: a.b[1].c.
type keyLines map[string]int

// locate puts file, line and key to an error of parse or build.
func (k keyLines) locate(err error, file string) error {
	var out PolicyErrors
	var strict *toml.StrictMissingError
	var decode *toml.DecodeError
	var found PolicyErrors
	switch {
	case errors.As(err, &strict):
		for i := range strict.Errors {
			e := &strict.Errors[i]
			line, _ := e.Position()
			out = append(out, PolicyError{file, line, strings.Join(e.Key(), "."), "is no key of a policy"})
		}
	case errors.As(err, &decode):
		line, _ := decode.Position()
		key := strings.Join(decode.Key(), ".")
		if at := k.at(line); at != "" {
			key = at
		}
		out = append(out, PolicyError{file, line, key, strings.TrimPrefix(decode.Error(), "toml: ")})
	case errors.As(err, &found):
		for _, e := range found {
			e.File = file
			if e.Line == 0 {
				e.Line = k.line(e.Key)
			}
			out = append(out, e)
		}
	default:
		out = PolicyErrors{{File: file, What: strings.TrimPrefix(err.Error(), "toml: ")}}
	}
	return out
}

// line is where the key stands, or else the nearest table around it; a file's first line at least.
func (k keyLines) line(key string) int {
	for key != "" {
		if n, ok := k[key]; ok {
			return n
		}
		key = key[:max(strings.LastIndexAny(key, ".["), 0)]
	}
	return 1
}

// at is the longest key that stands on that line.
func (k keyLines) at(line int) string {
	var found string
	for key, n := range k {
		if n == line && (len(key) > len(found) || len(key) == len(found) && key < found) {
			found = key
		}
	}
	return found
}

// missing refuses what t requires below prefix and the file does not give.
func (k keyLines) missing(r *refusals, t reflect.Type, prefix string) {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		k.missing(r, t.Elem(), prefix)
	case reflect.Slice:
		for i := 0; k[prefix+"["+strconv.Itoa(i)+"]"] > 0; i++ {
			k.missing(r, t.Elem(), prefix+"["+strconv.Itoa(i)+"]")
		}
	case reflect.Map:
		for _, key := range sortedKeys(k) {
			if name, ok := strings.CutPrefix(key, prefix+"."); ok && !strings.ContainsAny(name, ".[") {
				k.missing(r, t.Elem(), key)
			}
		}
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			name, option, _ := strings.Cut(f.Tag.Get("toml"), ",")
			key := strings.TrimPrefix(prefix+"."+name, ".")
			if _, ok := k[key]; ok {
				k.missing(r, f.Type, key)
			} else if option != "omitempty" {
				r.add(key, "is missing")
			}
		}
	}
}

// indexKeys walks the file's syntax.
func indexKeys(data []byte) (keyLines, error) {
	w := keyWalk{keys: keyLines{}, counts: map[string]int{}}
	w.parser.Reset(data)
	table := ""
	for w.parser.NextExpression() {
		node := w.parser.Expression()
		switch node.Kind {
		case unstable.Table:
			table = w.path("", node.Key(), false)
		case unstable.ArrayTable:
			table = w.path("", node.Key(), true)
		case unstable.KeyValue:
			w.keyValue(table, node)
		}
	}
	if err := w.parser.Error(); err != nil {
		// the decoder says the same with a line
		var p Policy
		return w.keys, errors.Join(toml.Unmarshal(data, &p), err)
	}
	return w.keys, nil
}

type keyWalk struct {
	parser unstable.Parser
	keys   keyLines
	counts map[string]int // elements seen of each array of tables
	line   int
}

// path notes a dotted key below prefix, each part at its line, and returns it in full.
func (w *keyWalk) path(prefix string, parts unstable.Iterator, newElement bool) string {
	for parts.Next() {
		node := parts.Node()
		w.line = w.parser.Shape(node.Raw).Start.Line
		prefix = strings.TrimPrefix(prefix+"."+string(node.Data), ".")
		w.note(prefix)
		if n, isArray := w.counts[prefix]; newElement && parts.IsLast() {
			w.counts[prefix] = n + 1
			prefix += "[" + strconv.Itoa(n) + "]"
			w.note(prefix)
		} else if isArray {
			prefix += "[" + strconv.Itoa(n-1) + "]"
		}
	}
	return prefix
}

func (w *keyWalk) note(key string) {
	if _, ok := w.keys[key]; !ok {
		w.keys[key] = w.line
	}
}

func (w *keyWalk) keyValue(table string, node *unstable.Node) {
	w.value(w.path(table, node.Key(), false), node.Value())
}

// value notes what is inside inline tables and arrays.
func (w *keyWalk) value(key string, node *unstable.Node) {
	children := node.Children()
	switch node.Kind {
	case unstable.InlineTable:
		for children.Next() {
			w.keyValue(key, children.Node())
		}
	case unstable.Array:
		for i := 0; children.Next(); {
			if children.Node().Kind == unstable.Comment {
				continue
			}
			element := key + "[" + strconv.Itoa(i) + "]"
			w.note(element)
			w.value(element, children.Node())
			i++
		}
	}
}
