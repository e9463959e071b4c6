// Package htmltest reads a rendered page in a test and lists what a person with a screen reader, a keyboard or a strict
// browser would trip over.
//
// Owns: the rules that hold for every page of the shop.
// Tables: none.
// May import: templates/assets; only tests import it.
// Always true: a rule here is decidable from the markup alone; what needs eyes is looked at in pictures.
package htmltest

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// Page fails the test for each thing that is wrong with a whole page.
func Page(t testing.TB, html string) {
	t.Helper()
	for _, problem := range Problems(html) {
		t.Error(problem)
	}
}

// Problems lists what is wrong with a whole page; nil when all is well.
func Problems(html string) []string {
	r, err := read(html)
	if err != nil {
		return []string{err.Error()}
	}
	problems := r.problems()
	add := func(bad bool, format string, args ...any) {
		if bad {
			problems = append(problems, fmt.Sprintf(format, args...))
		}
	}
	add(!strings.HasPrefix(strings.ToLower(strings.TrimSpace(html)), "<!doctype html>"), "the page has no doctype")
	add(r.count["h1"] != 1, "%d h1, want one", r.count["h1"])
	add(r.count["main"] != 1, "%d main, want one", r.count["main"])
	add(r.count["title"] != 1 || r.title == "", "the page has no title")
	add(r.lang == "", "html has no lang")
	return problems
}

type reader struct {
	count    map[string]int
	ids      map[string]int
	labelled map[string]bool // ids that a label points to
	controls []control
	links    []string // targets inside the page
	refs     []string // ids named by aria-*
	found    []string
	title    string
	lang     string
	heading  int
	worded   bool // there were words since the last element began
}

type control struct{ id, name, tag string }

// read walks the markup. templ writes well-formed elements, so the standard library's lenient XML reader follows it.
func read(html string) (*reader, error) {
	r := &reader{count: map[string]int{}, ids: map[string]int{}, labelled: map[string]bool{}}
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var open []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the markup cannot be read: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			r.element(token, open)
			open = append(open, token.Name.Local)
		case xml.EndElement:
			if open = open[:len(open)-1]; token.Name.Local == "option" && !r.worded {
				r.found = append(r.found, "an option without words")
			}
		case xml.CharData:
			r.text(string(token), open)
		}
	}
}

func (r *reader) text(text string, open []string) {
	r.worded = r.worded || strings.TrimSpace(text) != ""
	if slices.Contains(open, "title") && !slices.Contains(open, "svg") {
		r.title += strings.TrimSpace(text)
	}
	// A text that the catalogue does not have shows as its key in brackets.
	if strings.Contains(text, "[") && !slices.Contains(open, "textarea") {
		if _, rest, ok := strings.Cut(text, "["); ok {
			if key, _, ok := strings.Cut(rest, "]"); ok && strings.Contains(key, ".") && !strings.ContainsAny(key, " /") {
				r.found = append(r.found, "no text for the key "+key)
			}
		}
	}
	if text := strings.TrimSpace(text); strings.Contains(text, "{0}") || strings.Contains(text, "{1}") {
		r.found = append(r.found, "placeholder left in: "+text)
	}
}

func (r *reader) element(e xml.StartElement, open []string) {
	tag := e.Name.Local
	r.worded = false
	attr := map[string]string{}
	for _, a := range e.Attr {
		name := a.Name.Local
		if a.Name.Space != "" {
			name = a.Name.Space + ":" + name
		}
		if _, twice := attr[name]; twice {
			r.found = append(r.found, fmt.Sprintf("<%s> has %s twice", tag, name))
		}
		attr[name] = a.Value
	}
	if tag != "title" || !slices.Contains(open, "svg") {
		r.count[tag]++
	}
	if id, ok := attr["id"]; ok {
		r.ids[id]++
	}
	r.policy(tag, attr)
	r.naming(tag, attr, open)
}

// policy is what the content security policy forbids.
func (r *reader) policy(tag string, attr map[string]string) {
	if _, ok := attr["style"]; ok {
		r.found = append(r.found, fmt.Sprintf("<%s> has a style attribute", tag))
	}
	for name, value := range attr {
		if strings.HasPrefix(name, "on") {
			r.found = append(r.found, fmt.Sprintf("<%s> has the inline handler %s", tag, name))
		}
		if (name == "href" || name == "src" || name == "action") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(value)), "javascript:") {
			r.found = append(r.found, fmt.Sprintf("<%s> runs a script from %s", tag, name))
		}
	}
	if tag == "style" {
		r.found = append(r.found, "a style element")
	}
	if src := attr["src"]; tag == "script" && (src == "" || strings.Contains(src, "//")) {
		r.found = append(r.found, "a script that is inline or from elsewhere")
	}
}

// naming is what assistive technology needs.
func (r *reader) naming(tag string, attr map[string]string, open []string) {
	switch tag {
	case "html":
		r.lang = attr["lang"]
	case "label":
		r.labelled[attr["for"]] = true
	case "input", "select", "textarea":
		if attr["type"] != "hidden" && attr["type"] != "submit" && attr["aria-label"] == "" && !slices.Contains(open, "label") {
			r.controls = append(r.controls, control{attr["id"], attr["name"], tag})
		}
	case "img":
		if _, ok := attr["alt"]; !ok {
			r.found = append(r.found, "an img without alt")
		}
	case "a":
		if target, ok := strings.CutPrefix(attr["href"], "#"); ok {
			r.links = append(r.links, target)
		}
	case "h1", "h2", "h3", "h4":
		level := int(tag[1] - '0')
		if r.heading > 0 && level > r.heading+1 {
			r.found = append(r.found, fmt.Sprintf("h%d after h%d", level, r.heading))
		}
		r.heading = level
	}
	for _, name := range []string{"aria-describedby", "aria-labelledby", "aria-controls"} {
		r.refs = append(r.refs, strings.Fields(attr[name])...)
	}
	if tag == "form" && slices.Contains(open, "form") || (tag == "a" || tag == "button") && (slices.Contains(open, "a") || slices.Contains(open, "button")) {
		r.found = append(r.found, fmt.Sprintf("<%s> inside another control", tag))
	}
}

func (r *reader) problems() []string {
	problems := r.found
	for id, n := range r.ids {
		if n > 1 {
			problems = append(problems, fmt.Sprintf("id %q stands %d times", id, n))
		}
	}
	for _, c := range r.controls {
		if c.id == "" || !r.labelled[c.id] {
			problems = append(problems, fmt.Sprintf("<%s name=%q> has no label", c.tag, c.name))
		}
	}
	for _, target := range slices.Concat(r.links, r.refs) {
		if r.ids[target] == 0 {
			problems = append(problems, fmt.Sprintf("nothing has the id %q that the page names", target))
		}
	}
	slices.Sort(problems)
	return problems
}
