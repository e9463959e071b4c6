package main

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"regexp"
)

var (
	migrationName = regexp.MustCompile(`^(\d{4})_[a-z][a-z0-9_]*\.sql$`)
	tableMade     = regexp.MustCompile(`(?m)^\s*CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?([a-z_]+)`)
	tableOwned    = regexp.MustCompile(`(?m)^\s*COMMENT ON TABLE ([a-z_]+)\s+IS\s+'owner: ([a-z/]+)`)
)

func numbered(_ context.Context, r *repository) ([]finding, error) {
	packages, err := r.packages()
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, p := range packages {
		known[r.folder(p.ImportPath)] = true
	}
	var found []finding
	next := 1
	owners := map[string]string{}
	made := map[string]string{} // table -> file
	for _, name := range r.match("*.sql") {
		if path.Dir(name) != "migrations" || path.Base(name) == "schema.sql" {
			continue
		}
		if want := fmt.Sprintf("%04d", next); !migrationName.MatchString(path.Base(name)) || path.Base(name)[:4] != want {
			found = append(found, finding{name, 0, "expected number " + want + " here, as 0001_what_it_does.sql"})
		}
		next++
		text, err := r.read(name)
		if err != nil {
			return nil, err
		}
		if first := bytes.TrimPrefix(text, []byte("-- +goose Up\n")); !bytes.HasPrefix(first, []byte("-- ")) || bytes.HasPrefix(first, []byte("-- +")) {
			found = append(found, finding{name, 1, "does not begin with a comment that says why it exists"})
		}
		for _, m := range tableMade.FindAllSubmatch(text, -1) {
			made[string(m[1])] = name
		}
		for _, m := range tableOwned.FindAllSubmatch(text, -1) {
			owners[string(m[1])] = string(m[2])
		}
	}
	for table, file := range made {
		switch owner := owners[table]; {
		case owner == "":
			found = append(found, finding{file, 0, fmt.Sprintf("table %s has no COMMENT ... 'owner: package'", table)})
		case !known[owner]:
			found = append(found, finding{file, 0, fmt.Sprintf("table %s is owned by %s, and there is no such package", table, owner)})
		}
	}
	return found, nil
}
