package main

import (
	"bytes"
	"context"
	"go/format"
	"os"
	"strings"
)

func formatted(_ context.Context, r *repository) ([]finding, error) {
	var found []finding
	for _, name := range r.match("*.go") {
		text, err := r.read(name)
		if err != nil {
			return nil, err
		}
		neat, err := format.Source(text)
		switch {
		case err != nil:
			found = append(found, finding{name, 0, err.Error()})
		case bytes.Equal(text, neat):
		case r.fix:
			if err := os.WriteFile(r.abs(name), neat, 0o644); err != nil {
				return nil, err
			}
		default:
			found = append(found, finding{name, 0, "is not as gofmt writes it (-fix does it)"})
		}
	}
	return found, nil
}

func vetted(ctx context.Context, r *repository) ([]finding, error) {
	_, err := output(ctx, r.root, "go", "vet", "./...")
	if err == nil {
		return nil, nil
	}
	return complaints(err), nil
}

// complaints are the lines of a tool's error that name a place.
func complaints(err error) (found []finding) {
	for line := range strings.Lines(err.Error()) {
		if line = strings.TrimSpace(line); strings.Contains(line, ".go:") {
			found = append(found, finding{text: line})
		}
	}
	if len(found) == 0 {
		found = append(found, finding{text: err.Error()})
	}
	return found
}
