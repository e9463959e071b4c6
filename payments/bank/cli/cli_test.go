package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/payments/bank/cli"
)

func run(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	status = cli.Run(args, strings.NewReader(stdin), &out, &err)
	return status, out.String(), err.String()
}

// The keys and their order are what other programs read: issue 5 fixes them.
func TestPrintsTheAgreedJSON(t *testing.T) {
	t.Parallel()
	status, out, stderr := run(t, "", "read", "testdata/one-credit.cod")
	want, err := os.ReadFile("testdata/one-credit.json")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), out); d != "" || status != 0 || stderr != "" {
		t.Errorf("status %d, %s%s", status, stderr, d)
	}
}

func TestExitStatus(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]int{
		"../coda/testdata/synthetic-0*.cod": 0, "../coda/testdata/synthetic-dup*.cod": 0,
		"../coda/testdata/synthetic-bad-[mnt]*.cod": 1, "../camt/testdata/synthetic-*.xml": 0, "../camt/testdata/*camt054*.xml": 1,
		"testdata/*.json": 1,
	} {
		names, _ := filepath.Glob(pattern)
		if len(names) == 0 {
			t.Errorf("no file %s", pattern)
		}
		for _, name := range names {
			status, out, stderr := run(t, "", "read", name)
			var doc struct {
				Problems []struct{ Line, Code, Message any }
			}
			if err := json.Unmarshal([]byte(out), &doc); err != nil || status != want || stderr != "" {
				t.Errorf("%s: status %d, want %d; %v %s", name, status, want, err, stderr)
			}
			if want == 1 && len(doc.Problems) == 0 {
				t.Errorf("%s: unfit without a reason", name)
			}
		}
	}
}

func TestReadsStandardInputAndRefusesOtherUse(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/one-credit.cod")
	if err != nil {
		t.Fatal(err)
	}
	if status, out, _ := run(t, string(data), "read", "-"); status != 0 || !strings.Contains(out, `"reference": "260000010173"`) {
		t.Errorf("standard input: status %d, %s", status, out)
	}
	if status, out, _ := run(t, "", "read", "-"); status != 1 || !strings.Contains(out, `"code": "empty"`) || !strings.Contains(out, `"statements": []`) {
		t.Errorf("empty input: status %d, %s", status, out)
	}
	for _, args := range [][]string{{}, {"read"}, {"write", "x"}, {"read", "a", "b"}, {"read", "testdata/none"}} {
		if status, out, stderr := run(t, "", args...); status != 2 || out != "" || stderr == "" {
			t.Errorf("%q: status %d, %q, %q", args, status, out, stderr)
		}
	}
}
