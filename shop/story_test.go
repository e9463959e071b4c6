package shop_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"joetz/templates/messages"
)

// eventSources are the packages that write the history of a booking.
var eventSources = []string{"booking", "requests", "waitlist", "change", "extra", "discount", "dunning", "proof"}

// TestEveryEventHasItsWords reads in the source which kinds of events are written, and wants a sentence for each in both
// languages. It follows a kind that is an argument or a variable to where it is written out.
func TestEveryEventHasItsWords(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for _, folder := range eventSources {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		finder := &kindFinder{kinds: kinds, params: map[string]int{}}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range sqlKind.FindAllStringSubmatch(string(source), -1) {
				kinds[m[1]] = true
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
			if err != nil {
				t.Fatal(err)
			}
			finder.files = append(finder.files, f)
		}
		finder.run(folder == "booking")
	}
	for _, known := range []string{"placed", "paid", "rebooked", "renamed", "goodwill_asked", "proof_refused", "proof_late", "dunning_", "request_opened"} {
		if !kinds[known] {
			t.Errorf("the test no longer finds %q; it found %v", known, kinds)
		}
	}
	for kind := range kinds {
		all := []string{kind}
		if kind == "dunning_" {
			all = []string{"dunning_notice", "dunning_reminder", "dunning_second"}
		}
		for _, k := range all {
			for _, lang := range []string{"nl", "en"} {
				if !messages.Has(lang, "office.event."+k) {
					t.Errorf("an event %q is written and office.event.%s has no text in %s", k, k, lang)
				}
			}
		}
	}
}

var sqlKind = regexp.MustCompile(`INSERT INTO booking_event[^;` + "`" + `]*?SELECT [^,]+, '(\w+)'`)

// kindFinder collects the kinds of events in a package. params says which argument of a function is a kind.
type kindFinder struct {
	files  []*ast.File
	kinds  map[string]bool
	params map[string]int
}

func (f *kindFinder) run(own bool) {
	for before := -1; before != len(f.params); { // until no further function passes a kind on
		before = len(f.params)
		for _, file := range f.files {
			for _, d := range file.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					f.function(fn, own)
				}
			}
		}
	}
}

func (f *kindFinder) function(fn *ast.FuncDecl, own bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if !isEvent(n.Type, own) {
				return true
			}
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && name(kv.Key) == "Kind" {
					f.value(fn, kv.Value)
				}
			}
		case *ast.CallExpr:
			if i, ok := f.params[name(n.Fun)]; ok && i < len(n.Args) {
				f.value(fn, n.Args[i])
			}
		}
		return true
	})
}

// isEvent reports whether a literal is a booking's event: Event in the package itself, booking.Event elsewhere.
func isEvent(t ast.Expr, own bool) bool {
	if s, ok := t.(*ast.SelectorExpr); ok {
		return name(s.X) == "booking" && s.Sel.Name == "Event"
	}
	return own && name(t) == "Event"
}

func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// value notes a kind that is written out; a parameter is looked for at the callers, a variable where it is set.
func (f *kindFinder) value(fn *ast.FuncDecl, e ast.Expr) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil {
			f.kinds[s] = true
		}
	case *ast.BinaryExpr:
		f.value(fn, e.X)
	case *ast.Ident:
		i := 0
		for _, p := range fn.Type.Params.List {
			for _, n := range p.Names {
				if n.Name == e.Name {
					f.params[fn.Name.Name] = i
				}
				i++
			}
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
				for i, l := range a.Lhs {
					if lit, ok := a.Rhs[i].(*ast.BasicLit); ok && name(l) == e.Name {
						f.value(fn, lit)
					}
				}
			}
			return true
		})
	}
}
