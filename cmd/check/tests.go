package main

import (
	"context"
	"strings"
)

// texts runs the catalogue's own tests, which read the whole repository for keys.
func texts(ctx context.Context, r *repository) ([]finding, error) {
	return r.test(ctx, "./templates/messages")
}

// schema runs the test that migrates a database and dumps it.
func schema(ctx context.Context, r *repository) ([]finding, error) {
	args := []string{"-run=^TestSchemaIsFresh$", "./migrations"}
	if r.fix {
		args = append(args, "-update")
	}
	return r.test(ctx, args...)
}

// test runs tests and makes one line of each complaint.
func (r *repository) test(ctx context.Context, args ...string) ([]finding, error) {
	out, err := output(ctx, r.root, "go", append([]string{"test"}, args...)...)
	if err == nil {
		return nil, nil
	}
	var found []finding
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "--- ") || strings.HasPrefix(line, "FAIL") || line == "ok" {
			continue
		}
		found = append(found, finding{text: line})
	}
	if len(found) == 0 {
		return nil, err
	}
	return found, nil
}
