package main

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// chapters are what a package's comment tells.
var chapters = []string{"Owns:", "May import:", "Always true:"}

func documented(_ context.Context, r *repository) ([]finding, error) {
	packages, err := r.packages()
	if err != nil {
		return nil, err
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
		if len(missing) > 0 {
			found = append(found, finding{r.folder(p.ImportPath), 0, "the package's comment does not say " + strings.Join(missing, " ")})
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
