package reader_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

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
