package main

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"
)

// chapters are what a package's comment tells, beside the tables that it owns.
var chapters = []string{"Owns:", "May import:", "Always true:"}

func documented(_ context.Context, r *repository) ([]finding, error) {
	packages, err := r.packages()
	if err != nil {
		return nil, err
	}
	schema, err := r.read("migrations/schema.sql")
	if err != nil {
		return nil, err
	}
	tables := map[string][]string{} // of a package
	for _, m := range tableOwned.FindAllSubmatch(schema, -1) {
		tables[string(m[2])] = append(tables[string(m[2])], string(m[1]))
	}
	var found []finding
	for _, p := range packages {
		if len(p.GoFiles) == 0 { // tests only
			continue
		}
		text, err := packageComment(p)
		if err != nil {
			return nil, err
		}
		var missing []string
		for _, c := range chapters {
			if !strings.Contains(text, c) {
				missing = append(missing, c)
			}
		}
		for _, t := range tables[r.folder(p.ImportPath)] {
			if !regexp.MustCompile(`\b` + t + `\b`).MatchString(text) {
				missing = append(missing, "table "+t)
			}
		}
		if len(missing) > 0 {
			found = append(found, finding{r.folder(p.ImportPath), 0, "the package's comment does not say " + strings.Join(missing, ", ")})
		}
	}
	return found, nil
}

func packageComment(p pkg) (string, error) {
	var text strings.Builder
	for _, file := range p.GoFiles {
		tree, err := parser.ParseFile(token.NewFileSet(), p.Dir+"/"+file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			return "", err
		}
		text.WriteString(comment(tree))
	}
	return text.String(), nil
}

func comment(tree *ast.File) string {
	if tree.Doc == nil {
		return ""
	}
	return tree.Doc.Text()
}
