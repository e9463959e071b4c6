package main

import (
	"context"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// timeless finds reads of the real clock: services get Now, rules get a date, so that demos, tests and jobs can move it.
func timeless(_ context.Context, r *repository) ([]finding, error) {
	files, err := r.sources()
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, f := range files {
		if within(f.name, "cmd") || strings.HasSuffix(path.Dir(f.name), "test") { // test kits wait for browsers and servers
			continue
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Now" && isName(s.X, "time") {
				found = append(found, finding{f.name, f.line(s.Pos()), "time.Now outside cmd: take Now or a date from the caller"})
			}
			return true
		})
	}
	return found, nil
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// Statements in Go are written in capitals here, so that they can be told from sentences.
var (
	statement  = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|MERGE INTO|LOCK TABLE|TRUNCATE)\s`)
	allColumns = regexp.MustCompile(`\bSELECT\s+(\w+\.)?\*`)
)

// contained finds SQL outside the store files of the package that owns the tables.
func contained(_ context.Context, r *repository) ([]finding, error) {
	files, err := r.sources()
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, f := range files {
		if within(f.name, "cmd/check") { // the patterns above
			continue
		}
		// A folder medicaltest is only for tests: it writes the rows that their owners would have written.
		free := within(f.name, "migrations") || strings.HasPrefix(path.Base(f.name), "store") || strings.HasSuffix(path.Dir(f.name), "test")
		ast.Inspect(f.tree, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				return true
			}
			if !free && statement.MatchString(text) {
				found = append(found, finding{f.name, f.line(lit.Pos()), "SQL outside a store*.go of the package that owns the table"})
			}
			if allColumns.MatchString(text) {
				found = append(found, finding{f.name, f.line(lit.Pos()), "SELECT *: name the columns, or a new one breaks this"})
			}
			return true
		})
	}
	return found, nil
}
