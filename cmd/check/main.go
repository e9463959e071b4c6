// Command check says whether the repository is as it should be: what people would otherwise have to look for in review.
// go run ./cmd/check looks, go run ./cmd/check -fix also mends what can be mended by a machine.
//
// Owns: the rules about the code itself, with the pinned tools (tools.mod) and the linters' settings (golangci.yml).
// Tables: none.
// May import: the standard library and go-toml; it reads the code, it does not use it.
// Always true: a finding is one line with a place and says what to do; nothing outside the repository is written, and
// inside it only with -fix.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"
)

// check is one thing that is looked at.
type check struct {
	name  string
	about string
	run   func(ctx context.Context, r *repository) ([]finding, error)
}

// finding is one thing that is not as it should be.
type finding struct {
	file string // "" when it has no place
	line int
	text string
}

func (f finding) String() string {
	switch {
	case f.file == "":
		return f.text
	case f.line == 0:
		return f.file + ": " + f.text
	}
	return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text)
}

// checks is what is looked at, the quick ones first.
var checks = []check{
	{"format", "gofmt", formatted},
	{"names", "names of files and packages, length of files, no path of somebody's machine", named},
	{"docs", "every package says what it owns, to the table, may import and keeps true", documented},
	{"migrations", "numbered without a gap, explained, every table with its owner", numbered},
	{"generated", "templ's code is that of the templates", fresh},
	{"imports", "the arrows between the packages", pointing},
	{"clock", "the real time only in cmd", timeless},
	{"sql", "SQL only in store files, columns named", contained},
	{"vet", "go vet", vetted},
	{"messages", "every text in Dutch and English, used and known", texts},
	{"schema", "migrations/schema.sql is what the migrations make", schema},
	{"lint", "linters, see cmd/check/golangci.yml", linted},
}

func main() {
	fix := flag.Bool("fix", false, "mend what a machine can mend")
	flag.Usage = usage
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r, err := openRepository(ctx, *fix)
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(2)
	}
	if failed := perform(ctx, r, flag.Args()); failed > 0 {
		os.Exit(1)
	}
}

func usage() {
	out := flag.CommandLine.Output()
	fmt.Fprint(out, "usage: go run ./cmd/check [-fix] [check ...]\n\n")
	for _, c := range checks {
		fmt.Fprintf(out, "  %-11s %s\n", c.name, c.about)
	}
}

// perform runs the checks that are named, or all, and says how it went.
func perform(ctx context.Context, r *repository, only []string) (failed int) {
	passed := 0
	for _, c := range checks {
		if len(only) > 0 && !slices.Contains(only, c.name) {
			continue
		}
		begun := time.Now()
		findings, err := c.run(ctx, r)
		if err != nil {
			findings = append(findings, finding{text: "could not be looked at: " + strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")})
		}
		took := fmt.Sprintf("%.1f s", time.Since(begun).Seconds())
		if len(findings) == 0 {
			passed++
			fmt.Printf("ok    %-11s %s (%s)\n", c.name, c.about, took)
			continue
		}
		failed++
		fmt.Printf("FAIL  %-11s %s (%s)\n", c.name, c.about, took)
		for _, f := range findings {
			fmt.Println("      " + f.String())
		}
	}
	fmt.Printf("check: %d passed, %d failed\n", passed, failed)
	return failed
}
