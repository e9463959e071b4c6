package main

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

const longestFile = 600 // lines, written by hand

// emptyNames say nothing about what is inside.
var emptyNames = []string{"util", "utils", "helper", "helpers", "common", "models", "types", "manager", "impl", "misc", "base", "lib"}

// machinePath is where a file lay on the machine of whoever wrote the code.
var machinePath = regexp.MustCompile(`(^|["'\x60 (=])/(work|home/[a-z]+|Users/[A-Za-z]+|root/go)/`)

func named(_ context.Context, r *repository) ([]finding, error) {
	var found []finding
	for _, name := range r.files {
		if strings.Contains(name, "testdata/") {
			continue
		}
		base, _, _ := strings.Cut(path.Base(name), ".")
		for _, part := range append(strings.Split(path.Dir(name), "/"), base) {
			// templ's own layout file and assets are no Go packages: a base.templ is the base of all pages.
			if slices.Contains(emptyNames, part) && (strings.HasSuffix(name, ".go") && part != "base") {
				found = append(found, finding{name, 0, fmt.Sprintf("%q says nothing; name it after what is in it", part)})
			}
		}
		if !isText(name) {
			continue
		}
		text, err := r.read(name)
		if err != nil {
			return nil, err
		}
		if n := bytes.Count(text, []byte("\n")); n > longestFile && !generatedMark.Match(text) {
			found = append(found, finding{name, n, fmt.Sprintf("%d lines; split it, at most %d", n, longestFile)})
		}
		for i, line := range bytes.Split(text, []byte("\n")) {
			if machinePath.Match(line) && !bytes.Contains(line, []byte("machinePath")) {
				found = append(found, finding{name, i + 1, "names a path of somebody's machine"})
			}
		}
	}
	return found, nil
}

// isText reports whether people write such files here by hand. Catalogues of texts and the dump of the schema may be long.
func isText(name string) bool {
	return slices.Contains([]string{".go", ".templ", ".css", ".js", ".sh"}, path.Ext(name)) ||
		path.Ext(name) == ".sql" && path.Base(name) != "schema.sql"
}
