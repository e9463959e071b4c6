package terms

import (
	"bytes"
	"reflect"

	"github.com/pelletier/go-toml/v2"
)

// Load makes terms of a policy file. file is only its name, for the errors, which are PolicyErrors.
func Load(data []byte, file string) (Terms, error) {
	p, keys, err := parse(data)
	if err == nil {
		var t Terms
		if t, err = build(p, data); err == nil {
			return t, nil
		}
	}
	return Terms{}, keys.locate(err, file)
}

// Parse reads a policy file without judging what it says: unknown and missing keys, wrong types and impossible values
// are refused, a policy that makes no sense is not. Load does both.
func Parse(data []byte, file string) (Policy, error) {
	p, keys, err := parse(data)
	if err != nil {
		return Policy{}, keys.locate(err, file)
	}
	return p, nil
}

func parse(data []byte) (Policy, keyLines, error) {
	keys, err := indexKeys(data)
	if err != nil {
		return Policy{}, keys, err
	}
	var p Policy
	decoder := toml.NewDecoder(bytes.NewReader(data))
	if err := decoder.DisallowUnknownFields().Decode(&p); err != nil {
		return Policy{}, keys, err
	}
	var r refusals
	keys.missing(&r, reflect.TypeOf(p), "")
	if len(r.errs) > 0 {
		return Policy{}, keys, r.errs
	}
	return p, keys, nil
}
