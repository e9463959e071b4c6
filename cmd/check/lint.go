package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// linted runs the linters. The first run builds them, which takes a minute; after that they come from Go's cache.
func linted(ctx context.Context, r *repository) ([]finding, error) {
	args := []string{"run", "--config=" + r.abs("cmd/check/golangci.yml"), "--output.json.path=stdout", "--output.text.path=/dev/null",
		"--show-stats=false", "--allow-parallel-runners"}
	if r.fix {
		args = append(args, "--fix")
	}
	out, err := r.tool(ctx, "golangci-lint", append(args, "./...")...)
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct {
				Filename string
				Line     int
			}
		}
	}
	if jsonErr := json.Unmarshal(out, &report); jsonErr != nil {
		return nil, fmt.Errorf("the linters did not run: %w", err)
	}
	var found []finding
	for _, i := range report.Issues {
		found = append(found, finding{i.Pos.Filename, i.Pos.Line, i.FromLinter + ": " + strings.ReplaceAll(i.Text, "\n", " ")})
	}
	if len(found) == 0 && err != nil {
		return nil, err
	}
	return found, nil
}
