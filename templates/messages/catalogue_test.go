package messages_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/templates/messages"
)

var placeholder = regexp.MustCompile(`\{\d+\}`)

// Both languages say the same things: same keys, same placeholders, nothing empty.
func TestLanguagesAgree(t *testing.T) {
	t.Parallel()
	want := messages.Keys("nl")
	for _, lang := range messages.Languages {
		if diff := cmp.Diff(want, messages.Keys(lang)); diff != "" {
			t.Errorf("keys of nl (-) and %s (+) differ:\n%s", lang, diff)
		}
		for _, key := range want {
			text, other := messages.T("nl", key), messages.T(lang, key)
			if other == "" {
				t.Errorf("%s: %s is empty", lang, key)
			}
			if strings.Contains(other, `\`) {
				t.Errorf("%s: %s has a backslash, which people would read", lang, key)
			}
			if diff := cmp.Diff(holes(text), holes(other)); diff != "" {
				t.Errorf("%s: placeholders of nl (-) and %s (+) differ:\n%s", key, lang, diff)
			}
		}
	}
}

func holes(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// Every key that a page or a fault names is in the catalogue, and nothing in the catalogue is left over.
func TestKeysAreUsedAndKnown(t *testing.T) {
	t.Parallel()
	named, literals := readRepository(t)
	known := map[string]bool{}
	for _, key := range messages.Keys("nl") {
		known[key] = true
	}
	for _, use := range named {
		if !known[use.key] && !known[use.key+".one"] {
			t.Errorf("%s: no text for %q", use.where, use.key)
		}
		if use.plural && (!known[use.key+".one"] || !known[use.key+".other"]) {
			t.Errorf("%s: %q needs .one and .other", use.where, use.key)
		}
	}
	for key := range known {
		base := strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")
		isDynamic := slices.ContainsFunc(dynamic, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
		if !literals[key] && !literals[base] && !isDynamic {
			t.Errorf("text %q is not used (a key that is put together in code belongs in dynamic_test.go)", key)
		}
	}
}

type keyUse struct {
	key, where string
	plural     bool
}

// readRepository collects the keys in calls of T, N and package fault, and all string literals, of every Go file but
// tests. The generated *_templ.go stand for their templates.
func readRepository(t *testing.T) (named []keyUse, literals map[string]bool) {
	t.Helper()
	literals = map[string]bool{}
	files := token.NewFileSet()
	walk := func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && len(entry.Name()) > 1 || entry.Name() == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text, ok := literal(n); ok {
					literals[text] = true
				}
			case *ast.CallExpr:
				if key, plural := keyOf(n); key != "" {
					named = append(named, keyUse{key, files.Position(n.Pos()).String(), plural})
				}
			}
			return true
		})
		return nil
	}
	if err := filepath.WalkDir(root(t), walk); err != nil {
		t.Fatal(err)
	}
	return named, literals
}

// keyOf is the message key that a call names: x.T("a.b"), messages.N(lang, "a.b", n), fault.New(kind, "a.b"),
// fault.Field("field", "a.b").
func keyOf(call *ast.CallExpr) (key string, plural bool) {
	fn, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	pkg, _ := fn.X.(*ast.Ident)
	isFault := pkg != nil && pkg.Name == "fault" && (fn.Sel.Name == "New" || fn.Sel.Name == "Field")
	if fn.Sel.Name != "T" && fn.Sel.Name != "N" && !isFault {
		return "", false
	}
	at := 0
	if isFault || pkg != nil && pkg.Name == "messages" {
		at = 1
	}
	if len(call.Args) <= at {
		return "", false
	}
	lit, ok := call.Args[at].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	key, _ = literal(lit)
	return key, fn.Sel.Name == "N"
}

func literal(lit *ast.BasicLit) (string, bool) {
	if lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// root is the directory of go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above " + dir)
		}
		dir = filepath.Dir(dir)
	}
}
