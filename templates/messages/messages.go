// Package messages holds every text that a person reads on a page, in a mail or on paper.
//
// Owns: the catalogues nl/AREA.toml and en/AREA.toml, and how a number, an amount and a date look in a sentence.
// Tables: none.
// May import: terms, go-toml.
// Always true: both languages have the same keys with the same placeholders, every key that the code names exists, no key
// is unused (the tests of this package read the whole repository for it). A missing key never fails a page: it shows as
// the key in brackets.
package messages

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed nl/*.toml en/*.toml
var files embed.FS

// Languages lists the languages of the shop; the first is the one that everything falls back to.
var Languages = []string{"nl", "en"}

// catalogues is language -> key -> text; filled once, read only after that.
var catalogues = mustLoad(files)

func mustLoad(fsys fs.FS) map[string]map[string]string {
	all, err := load(fsys)
	if err != nil {
		panic(err) // the files are compiled in, and the test of this package loads them
	}
	return all
}

func load(fsys fs.FS) (map[string]map[string]string, error) {
	all := make(map[string]map[string]string, len(Languages))
	for _, lang := range Languages {
		texts := map[string]string{}
		names, err := fs.Glob(fsys, lang+"/*.toml")
		if err != nil {
			return nil, fmt.Errorf("messages: %w", err)
		}
		for _, name := range names {
			raw, err := fs.ReadFile(fsys, name)
			if err != nil {
				return nil, fmt.Errorf("messages: %w", err)
			}
			var tree map[string]any
			if err := toml.Unmarshal(raw, &tree); err != nil {
				return nil, fmt.Errorf("messages: %s: %w", name, err)
			}
			if err := flatten(texts, strings.TrimSuffix(path.Base(name), ".toml"), tree); err != nil {
				return nil, fmt.Errorf("messages: %s: %w", name, err)
			}
		}
		all[lang] = texts
	}
	return all, nil
}

// flatten turns nested tables into dotted keys: [places] one = ... in public.toml is public.places.one.
func flatten(into map[string]string, prefix string, tree map[string]any) error {
	for name, v := range tree {
		key := prefix + "." + name
		switch v := v.(type) {
		case string:
			into[key] = strings.TrimSpace(v)
		case map[string]any:
			if err := flatten(into, key, v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s is not a text", key)
		}
	}
	return nil
}

// Known returns lang if the shop speaks it, else the first language.
func Known(lang string) string {
	if _, ok := catalogues[lang]; ok {
		return lang
	}
	return Languages[0]
}

// Has reports whether there is such a text.
func Has(lang, key string) bool {
	_, ok := catalogues[Known(lang)][key]
	return ok
}

// T is the text of that key in that language, {0}, {1}, ... replaced by the arguments as people write them: an amount as
// "€ 1.234,50", a date as "5 juli 2027". An unknown key gives "[key]".
func T(lang, key string, args ...any) string {
	lang = Known(lang)
	text, ok := catalogues[lang][key]
	if !ok {
		return "[" + key + "]"
	}
	return fill(lang, text, args)
}

// N is T for a counted thing: it takes key.one or key.other as the language counts, with n as {0}, its thousands apart, and args
// from {1} on.
func N(lang, key string, n int, args ...any) string {
	return T(lang, key+"."+plural(Known(lang), n), append([]any{Count(lang, n)}, args...)...)
}

// plural is the CLDR category for a whole number, of the two that our languages need.
func plural(lang string, n int) string {
	if n == 1 || n == 0 && lang == "fr" {
		return "one"
	}
	return "other"
}

func fill(lang, text string, args []any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 20*len(args)) // mostly enough
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		number, after, _ := strings.Cut(rest, "}")
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < len(args) {
			b.WriteString(Format(lang, args[n]))
			text = after
		} else { // a brace that is no placeholder
			b.WriteByte('{')
			text = rest
		}
	}
}

// Keys lists all keys of a language in order, for the tests.
func Keys(lang string) []string {
	return slices.Sorted(maps.Keys(catalogues[Known(lang)]))
}
