package stripefake

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// form is what a caller sent, form-encoded with Stripe's brackets: line_items[0][price_data][unit_amount]=7500. It
// remembers what was read, so that a parameter which nobody knows is refused, as Stripe does.
type form struct {
	values map[string]string
	read   map[string]bool
	bad    *apiError // the first parameter that could not be read
}

// parseForm reads query or body text. "expand[]" without an index gets the next one.
func parseForm(text string) (*form, *apiError) {
	values, err := url.ParseQuery(text)
	if err != nil {
		return nil, invalid("", "", "The request could not be read.")
	}
	f := &form{values: map[string]string{}, read: map[string]bool{}}
	for key, list := range values {
		if base, ok := strings.CutSuffix(key, "[]"); ok {
			for i, v := range list {
				f.values[base+"["+strconv.Itoa(i)+"]"] = v
			}
			continue
		}
		f.values[key] = list[len(list)-1]
	}
	return f, nil
}

// has reports whether a parameter was given; that reads it.
func (f *form) has(key string) bool {
	_, ok := f.values[key]
	f.read[key] = ok
	return ok
}

// text is an optional parameter.
func (f *form) text(key string) *string {
	if !f.has(key) || f.values[key] == "" {
		return nil
	}
	v := f.values[key]
	return &v
}

// need is a required parameter.
func (f *form) need(key string) string {
	v := f.text(key)
	if v == nil {
		f.fail(invalid("parameter_missing", key, "Missing required param: "+key+"."))
		return ""
	}
	return *v
}

// number is an optional whole number; ok says whether it was given.
func (f *form) number(key string) (n int64, ok bool) {
	v := f.text(key)
	if v == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(*v, 10, 64)
	if err != nil {
		f.fail(invalid("parameter_invalid_integer", key, "Invalid integer: "+*v))
	}
	return n, true
}

// keys are the names directly under a prefix: of metadata its keys, of line_items "0", "1", ... in order.
func (f *form) keys(prefix string) []string {
	found := map[string]bool{}
	for key := range f.values {
		if rest, ok := strings.CutPrefix(key, prefix+"["); ok {
			if name, _, ok := strings.Cut(rest, "]"); ok {
				found[name] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b string) int {
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		if errX == nil && errY == nil {
			return x - y
		}
		return strings.Compare(a, b)
	})
}

func (f *form) list(prefix string) []string {
	var all []string
	for _, k := range f.keys(prefix) {
		if v := f.text(prefix + "[" + k + "]"); v != nil {
			all = append(all, *v)
		}
	}
	return all
}

func (f *form) metadata(prefix string) metadata {
	m := metadata{}
	for _, k := range f.keys(prefix) {
		if v := f.text(prefix + "[" + k + "]"); v != nil {
			m[k] = *v
		}
	}
	if len(m) > 50 {
		f.fail(invalid("", prefix, "Metadata may have at most 50 keys."))
	}
	return m
}

func (f *form) fail(e *apiError) {
	if f.bad == nil {
		f.bad = e
	}
}

// check returns what was wrong with the parameters: the first that could not be read, or one that nobody asked for.
func (f *form) check() *apiError {
	if f.bad != nil {
		return f.bad
	}
	for _, key := range slices.Sorted(maps.Keys(f.values)) {
		if !f.read[key] {
			return invalid("parameter_unknown", key, "Received unknown parameter: "+key)
		}
	}
	return nil
}

// canonical is the form in one fixed spelling, for comparing two requests with one idempotency key.
func (f *form) canonical() string {
	v := url.Values{}
	for key, value := range f.values {
		v.Set(key, value)
	}
	return v.Encode()
}
