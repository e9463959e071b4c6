package cli_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"joetz/terms/cli"
)

func run(in string, args ...string) (status int, out, errs string) {
	var stdout, stderr bytes.Buffer
	c := cli.Command{Stdin: strings.NewReader(in), Stdout: &stdout, Stderr: &stderr, ReadFile: os.ReadFile}
	return c.Run(args), stdout.String(), stderr.String()
}

func TestRun(t *testing.T) {
	t.Parallel()
	const (
		uitpas = `{"id":"a","op":"uitpas","in":{"number":"1823816752711"}}`
		yes    = "../testdata/organisers/yes-events"
	)
	bad := t.TempDir() + "/bad.toml"
	if err := os.WriteFile(bad, []byte("name = 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	differing := t.TempDir() + "/cases.jsonl"
	if err := os.WriteFile(differing, []byte(strings.Replace(uitpas, `}}`, `},"want":{"result":"no"}}`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		in        string
		args      []string
		status    int
		out, errs string
	}{
		"eval":                 {uitpas, []string{"eval"}, 0, "Het voorlaatste cijfer", ""},
		"eval in English":      {uitpas, []string{"eval", "--lang", "en"}, 0, "The second-last digit", ""},
		"eval of nothing":      {"", []string{"eval"}, 0, "", ""},
		"eval of a bad line":   {"x", []string{"eval"}, 0, "malformed", ""},
		"check":                {"", []string{"check", "../testdata/cases.jsonl"}, 0, "600 of 600 agree", ""},
		"check by a policy":    {"", []string{"check", yes + ".jsonl", "--policy", yes + ".toml"}, 0, "9 of 9 agree", ""},
		"check, policy first":  {"", []string{"check", "--policy=" + yes + ".toml", yes + ".jsonl"}, 0, "9 of 9 agree", ""},
		"check that differs":   {"", []string{"check", differing}, 1, `want "no", got "yes"`, ""},
		"check without a file": {"", []string{"check"}, 2, "", "usage"},
		"check of no file":     {"", []string{"check", "nowhere.jsonl"}, 2, "", "nowhere.jsonl"},
		"lint":                 {"", []string{"lint"}, 0, "0 fouten", ""},
		"lint in English":      {"", []string{"lint", "--lang", "en"}, 0, "0 problems", ""},
		"lint that finds":      {"", []string{"lint", yes + ".toml", "--lang", "en"}, 1, "falls from €11.99", ""},
		"lint of a bad policy": {"", []string{"lint", bad}, 1, "", "bad.toml:1: name"},
		"lint of no file":      {"", []string{"lint", "nowhere.toml"}, 2, "", "nowhere.toml"},
		"eval by a bad policy": {uitpas, []string{"eval", "--policy", bad}, 1, "", "bad.toml:1: name"},
		"no verb":              {"", nil, 2, "", "usage"},
		"an unknown verb":      {"", []string{"ask"}, 2, "", "usage"},
		"an unknown flag":      {"", []string{"eval", "--langs", "en"}, 2, "", "usage"},
		"an unknown language":  {"", []string{"eval", "--lang", "fr"}, 2, "", "nl or en"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, out, errs := run(c.in, c.args...)
			if status != c.status || !strings.Contains(out, c.out) || !strings.Contains(errs, c.errs) || c.errs == "" && errs != "" {
				t.Errorf("got %d, %q, %q; want %d, %q, %q", status, out, errs, c.status, c.out, c.errs)
			}
		})
	}
}
