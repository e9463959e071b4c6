package reader_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"joetz/payments/bank"
	"joetz/payments/bank/reader"
)

func TestRecognises(t *testing.T) {
	t.Parallel()
	read := func(name string) []byte {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	accents := "\uFEFF" + strings.Replace(string(read("../camt/testdata/synthetic-01-day.camt.053.001.08.xml")), "<Document", "<!--"+strings.Repeat("é", 300)+"--><Document", 1)
	for _, c := range []struct {
		name string
		data []byte
		kind bank.Kind
		code string // of the first problem that makes it unfit
	}{
		{"coda", read("../coda/testdata/synthetic-01-day.cod"), bank.KindCODA, ""},
		{"camt", read("../camt/testdata/synthetic-01-day.camt.053.001.02.xml"), bank.KindCamt053, ""},
		{"camt with a mark and accents before it", []byte(accents), bank.KindCamt053, ""},
		{"notification", read("../camt/testdata/moov-camt054-chdd.xml"), bank.KindCamt054, bank.ProblemNotStatement},
		{"nothing", nil, bank.KindUnknown, bank.ProblemEmpty},
		{"blanks", []byte(" \r\n\t"), bank.KindUnknown, bank.ProblemEmpty},
		{"letter", []byte("Beste,\n"), bank.KindUnknown, bank.ProblemUnknownFormat},
		{"zip", []byte("PK\x03\x04abc"), bank.KindUnknown, bank.ProblemUnknownFormat},
		{"web page", []byte("<!DOCTYPE html><html></html>"), bank.KindUnknown, bank.ProblemHostile},
		{"spreadsheet", []byte("datum;bedrag\n01/02/2027;75,00\n"), bank.KindUnknown, bank.ProblemUnknownFormat},
	} {
		got := reader.Read(c.data)
		code := ""
		for _, p := range got.Problems {
			if p.Unfit && code == "" {
				code = p.Code
			}
		}
		if got.Kind != c.kind || code != c.code {
			t.Errorf("%s: %s, %q, want %s, %q", c.name, got.Kind, code, c.kind, c.code)
		}
		out, err := json.Marshal(got)
		if err != nil || strings.Contains(string(out), "null") {
			t.Errorf("%s: %v, a list is null: %.200s", c.name, err, out)
		}
	}
}

// What a bank, a mail program or an editor does to a file on its way changes nothing of what it says.
func TestDressOfAFileDoesNotMatter(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	coda := strings.ReplaceAll(read("../coda/testdata/synthetic-02-multi-globalised-empty.cod"), "\r\n", "\n")
	camt := read("../camt/testdata/synthetic-02-batch-return-fx.camt.053.001.08.xml")
	prefixed := regexp.MustCompile(`<(/?)([A-Za-z])`).ReplaceAllString(camt, "<${1}doc:$2")
	prefixed = strings.Replace(prefixed, `xmlns="`, `xmlns:doc="`, 1)
	latin := func(text string) string {
		out, err := charmap.ISO8859_1.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range []struct{ name, plain, dressed string }{
		{"CODA with CRLF", coda, strings.ReplaceAll(coda, "\n", "\r\n")},
		{"CODA without its last line end", coda, strings.TrimRight(coda, "\n")},
		{"CODA with empty lines behind it", coda, coda + "\r\n\r\n"},
		{"CODA with a mark", coda, "\uFEFF" + coda},
		{"CODA in UTF-8 or Latin", strings.Replace(coda, "JOETZ", "JOËTZ", 1), latin(strings.Replace(coda, "JOETZ", "JOËTZ", 1))},
		{"camt with CRLF", camt, strings.ReplaceAll(strings.ReplaceAll(camt, "\r\n", "\n"), "\n", "\r\n")},
		{"camt on one line", camt, regexp.MustCompile(`>\s+<`).ReplaceAllString(camt, "><")},
		{"camt with a mark", camt, "\uFEFF" + camt},
		{"camt with a prefix", camt, prefixed},
		{"camt with comments", camt, strings.ReplaceAll(camt, "</Ntry>", "</Ntry><!-- einde -->")},
	} {
		plain, dressed := reader.Read([]byte(c.plain)), reader.Read([]byte(c.dressed))
		if len(plain.Statements) == 0 || plain.Unfit() {
			t.Fatalf("%s: the plain file is unfit: %+v", c.name, plain.Problems)
		}
		want, err := json.Marshal(plain.Statements)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(dressed.Statements)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) || dressed.Unfit() {
			t.Errorf("%s: %+v\n%s\n%s", c.name, dressed.Problems, got, want)
		}
	}
}
