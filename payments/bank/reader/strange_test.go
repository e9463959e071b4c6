package reader_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"joetz/payments/bank"
	"joetz/payments/bank/reader"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const (
	codaDay = "../coda/testdata/synthetic-01-day.cod"
	camtDay = "../camt/testdata/synthetic-01-day.camt.053.001.08.xml"
)

// strange are files as nobody here has seen them, made of a good one, and the codes of what makes them unfit: none when they
// can be booked all the same.
type strange struct {
	name string
	data []byte
	want string // of the first problem that makes it unfit; "" for fit
}

// codaStrange are CODA files that something happened to.
func codaStrange(t testing.TB) []strange {
	t.Helper()
	lines := strings.Split(strings.TrimRight(string(sample(t, codaDay)), "\r\n"), "\r\n")
	with := func(change func(l []string) []string) []byte {
		return []byte(strings.Join(change(append([]string(nil), lines...)), "\r\n") + "\r\n")
	}
	each := func(id string, change func(string) string) []byte {
		return with(func(l []string) []string {
			for i := range l {
				if strings.HasPrefix(l[i], id) {
					l[i] = change(l[i])
				}
			}
			return l
		})
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(with(func(l []string) []string { return l }))
	if err != nil {
		t.Fatal(err)
	}
	return []strange{
		{"as it came", with(func(l []string) []string { return l }), ""},
		{"saved by an editor as UTF-16", wide, ""},
		{"twice behind each other", bytes.Repeat(with(func(l []string) []string { return l }), 2), ""},
		{"records longer than 128, blank there", each("", func(s string) string { return s + strings.Repeat(" ", 72) }), ""},
		{"records longer than 128, filled", each("", func(s string) string { return s + "XX" }), bank.ProblemLineLength},
		{"ended after the first movement", with(func(l []string) []string { return l[:4] }), bank.ProblemMissingTrailer},
		{"a line of the program that fetched it before it", append([]byte("EXPORT 2026-04-15\r\n"), sample(t, codaDay)...), bank.ProblemUnknownFormat},
		{"a line behind the trailer", append(sample(t, codaDay), "einde\r\n"...), bank.ProblemLineLength},
		{"a record that does not exist", with(func(l []string) []string {
			return append(l[:6:6], append([]string{"7" + strings.Repeat(" ", 127)}, l[6:]...)...)
		}), bank.ProblemSyntax},
		{"a continuation that does not exist", with(func(l []string) []string { return append(l[:6:6], append([]string{"24" + l[5][2:]}, l[6:]...)...) }), bank.ProblemSyntax},
		{"a version to come", each("0", func(s string) string { return s[:127] + "3" }), ""},
		{"an account in dollars", each("1", func(s string) string { return strings.Replace(s, "EUR", "USD", 1) }), ""},
		{"opening below nothing", each("1", func(s string) string { return s[:42] + "1" + s[43:] }), bank.ProblemBalance},
		{"no account", each("1", func(s string) string { return s[:5] + strings.Repeat(" ", 37) + s[42:] }), bank.ProblemMissingAccount},
		{"no days on movements", each("21", func(s string) string { return s[:47] + "000000" + s[53:115] + "000000" + s[121:] }), ""},
		{"no days at all", with(func(l []string) []string {
			for i, s := range l {
				switch s[0] {
				case '0':
					l[i] = s[:5] + "000000" + s[11:]
				case '1':
					l[i] = s[:58] + "000000" + s[64:]
				case '8':
					l[i] = s[:57] + "000000" + s[63:]
				case '2':
					if s[1] == '1' {
						l[i] = s[:47] + "000000" + s[53:115] + "000000" + s[121:]
					}
				}
			}
			return l
		}), bank.ProblemMissingDate},
		{"amounts of hundreds of millions", each("21", func(s string) string { return s[:32] + "999999999999999" + s[47:] }), bank.ProblemAmount},
		{"cut in a movement", sample(t, codaDay)[:3000], bank.ProblemLineLength},
	}
}

// camtStrange are camt files of which something is missing or written otherwise.
func camtStrange(t testing.TB) []strange {
	t.Helper()
	good := string(sample(t, camtDay))
	swap := func(from, to string) []byte {
		return []byte(regexp.MustCompile(`(?s)`+from).ReplaceAllString(good, to))
	}
	latin, err := charmap.Windows1252.NewEncoder().String(strings.Replace(strings.ReplaceAll(good, "</Nm>", "é</Nm>"), "UTF-8", "windows-1252", 1))
	if err != nil {
		t.Fatal(err)
	}
	all := []strange{
		{"as it came", []byte(good), ""},
		{"blank lines before it", []byte("\n\n" + good), ""},
		{"declared as what it is not", []byte(strings.ReplaceAll(latin, "windows-1252", "UTF-8")), ""},
		{"in the letters of Windows", []byte(latin), ""},
		{"in letters that nobody knows", []byte(strings.Replace(good, "UTF-8", "KLINGON-1", 1)), ""},
		{"a prefix on every element", swap(`<(/?)([A-Z])`, `<${1}n:${2}`), ""},
		{"no namespace", swap(` xmlns="[^"]+"`, ""), ""},
		{"amounts with a comma", swap(`(<Amt Ccy="EUR">\d+)\.`, `${1},`), bank.ProblemAmount},
		{"amounts below nothing", swap(`(<Amt Ccy="EUR">)`, `${1}-`), bank.ProblemAmount},
		{"amounts without end", swap(`(<Amt Ccy="EUR">)`, `${1}99999999999999999999`), bank.ProblemAmount},
		{"blanks around amounts", swap(`(<Amt Ccy="EUR">)`, "${1}\n "), ""},
		{"no closing balance", swap(`CLBD`, "CLAV"), bank.ProblemMissingBalance},
		{"no account", swap(`<Acct>.*?</Acct>`, ""), bank.ProblemMissingAccount},
		{"no days on entries", swap(`<(BookgDt|ValDt)>.*?</(BookgDt|ValDt)>`, ""), ""},
		{"no details", swap(`<NtryDtls>.*?</NtryDtls>`, ""), ""},
		{"no statement", swap(`<Stmt>.*</Stmt>`, ""), bank.ProblemEmpty},
		{"cut in the middle", []byte(good[:len(good)/2]), bank.ProblemBalance},
		{"cut at its end", []byte(good[:len(good)-5]), bank.ProblemSyntax},
		{"a payment order", []byte(strings.ReplaceAll(good, "BkToCstmrStmt", "CstmrCdtTrfInitn")), bank.ProblemUnknownFormat},
		{"entities of its own", []byte(strings.Replace(good, "<Document", `<!DOCTYPE x [<!ENTITY a "b">]><Document`, 1)), bank.ProblemHostile},
		{"the first version", []byte(strings.ReplaceAll(good, "camt.053.001.08", "camt.053.001.01")), bank.ProblemVersion},
	}
	for _, v := range []string{"02", "03", "04", "05", "06", "07", "08", "09", "13"} {
		all = append(all, strange{"version " + v, []byte(strings.ReplaceAll(good, "camt.053.001.08", "camt.053.001."+v)), ""})
	}
	return all
}

// Files that nobody here has seen are read, or refused with a line, a code and words: fit exactly when they can be booked.
func TestStrangeFiles(t *testing.T) {
	t.Parallel()
	for _, c := range append(codaStrange(t), camtStrange(t)...) {
		got := reader.Read(c.data)
		first := ""
		for _, p := range got.Problems {
			if p.Code == "" || p.Message == "" || p.Line < 0 {
				t.Errorf("%s: %+v", c.name, p)
			}
			if p.Unfit && first == "" {
				first = p.Code
			}
		}
		if first != c.want || got.Unfit() != (c.want != "") {
			t.Errorf("%s: %q, want %q (%+v)", c.name, first, c.want, got.Problems)
		}
	}
}

// Whatever the bytes: reading ends, and what is fit says of which account and day it is and adds up.
func FuzzRead(f *testing.F) {
	for _, c := range append(codaStrange(f), camtStrange(f)...) {
		f.Add(c.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got := reader.Read(data)
		if got.Unfit() {
			return
		}
		for _, s := range got.Statements {
			credit, debit := s.Sums()
			if s.Account == "" || s.Currency == "" || s.Opening+credit-debit != s.Closing && len(s.Movements) > 0 {
				t.Fatalf("fit: %q in %q, %v + %v - %v is %v", s.Account, s.Currency, s.Opening, credit, debit, s.Closing)
			}
			for _, m := range s.Movements {
				if s.Date.IsZero() && m.BookingDate.IsZero() {
					t.Fatalf("fit, and nothing says when %v was booked", m.Amount)
				}
			}
		}
	})
}
