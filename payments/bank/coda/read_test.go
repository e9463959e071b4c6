package coda_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"joetz/payments/bank"
	"joetz/payments/bank/coda"
)

// record is a line of 128 blanks with texts put at positions counted from 1: record(1, "21", 32, "0").
func record(parts ...any) string {
	cells := []rune(strings.Repeat(" ", 128))
	for i := 0; i < len(parts); i += 2 {
		copy(cells[parts[i].(int)-1:], []rune(parts[i+1].(string)))
	}
	return string(cells)
}

const account = "BE68539007547034"

func header() string {
	return record(1, "00000", 6, "150426", 12, "725", 15, "05", 35, "JOETZ VZW", 61, "KREDBEBB", 72, "00123456749", 84, "00000", 128, "2")
}

func opening(amount string) string {
	return record(1, "12071", 6, account, 40, "EUR", 43, "0"+amount, 59, "140426", 65, "JOETZ VZW", 126, "071")
}

func closing(amount string) string {
	return record(1, "8071", 5, account, 39, "EUR", 42, "0"+amount, 58, "150426", 128, "0")
}

func trailer(records, debit, credit string) string {
	return record(1, "9", 17, records, 23, debit, 38, credit, 128, "2")
}

func movement(number, signAmount, code, communication string) string {
	return record(1, "21", 3, number, 11, "REF"+number, 32, signAmount, 48, "150426", 54, code, 62, communication, 116, "150426", 122, "071", 125, "0", 126, "0", 128, "0")
}

// day is a whole file of one credit of 75.00 with the given records in the movement's place.
func day(records ...string) []string {
	return append(append([]string{header(), opening("000000010000000")}, records...),
		closing("000000010075000"), trailer("000003", "000000000000000", "000000000075000"))
}

func credit75(communication string) string {
	return movement("00010000", "0000000000075000", "00150000", communication)
}

func file(lines []string) []byte { return []byte(strings.Join(lines, "\r\n") + "\r\n") }

// unfit gives the codes that forbid booking, warned the others.
func unfit(f bank.File) (refused, warned []string) {
	for _, p := range f.Problems {
		if p.Unfit {
			refused = append(refused, p.Code)
		} else {
			warned = append(warned, p.Code)
		}
	}
	return refused, warned
}

func TestReadsHoweverTheLinesEnd(t *testing.T) {
	t.Parallel()
	lines := day(credit75("1101260000010173"))
	for name, text := range map[string]string{
		"CRLF": strings.Join(lines, "\r\n") + "\r\n", "LF": strings.Join(lines, "\n") + "\n", "CR": strings.Join(lines, "\r"),
		"no last line end": strings.Join(lines, "\r\n"), "no line ends": strings.Join(lines, ""),
		"end of file mark": strings.Join(lines, "\r\n") + "\r\n\x1a", "empty lines": strings.Join(lines, "\n\n") + "\n\n",
		"blanks behind": strings.Join(lines, "  \n"), "byte order mark": "\uFEFF" + strings.Join(lines, "\n"),
	} {
		got := coda.Read([]byte(text))
		if len(got.Problems) > 0 || len(got.Statements) != 1 || len(got.Statements[0].Movements) != 1 {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		if m := got.Statements[0].Movements[0]; m.Amount != 7500 || m.Reference != "260000010173" {
			t.Errorf("%s: %+v", name, m)
		}
		if !coda.Looks([]byte(text)) {
			t.Errorf("%s: not recognised", name)
		}
	}
}

func TestReadsAccentsInEveryEncoding(t *testing.T) {
	t.Parallel()
	const text, name = "voorschot Zoë", "Lefèvre François"
	lines := day(record(1, "21", 3, "00010000", 32, "0000000000075000", 48, "150426", 54, "00150000", 62, "0"+text, 116, "150426", 126, "1", 128, "0"),
		record(1, "23", 3, "00010000", 11, "BE50001234501418", 48, name, 126, "0", 128, "0"))
	lines[len(lines)-1] = trailer("000004", "000000000000000", "000000000075000")
	utf8 := string(file(lines))
	counted := strings.NewReplacer(text+"  ", text+" ", name+"   ", name+" ").Replace(utf8) // 128 bytes, not characters
	latin, err1 := charmap.ISO8859_1.NewEncoder().String(utf8)
	dos, err2 := charmap.CodePage850.NewEncoder().String(utf8)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for encoding, data := range map[string]string{"UTF-8": utf8, "UTF-8 counted in bytes": counted, "Latin-1": latin, "code page 850": dos} {
		got := coda.Read([]byte(data))
		if len(got.Problems) > 0 {
			t.Errorf("%s: %v", encoding, got.Problems)
			continue
		}
		if m := got.Statements[0].Movements[0]; m.Text != text || m.Counterparty.Name != name {
			t.Errorf("%s: %q from %q, want %q from %q", encoding, m.Text, m.Counterparty.Name, text, name)
		}
	}
}

// Each case spoils one thing of a good file.
func TestRefuses(t *testing.T) {
	t.Parallel()
	good := func() []string { return day(credit75("0kamp")) }
	for _, c := range []struct {
		name  string
		spoil func([]string) []string
		want  []string
		line  int
	}{
		{"short line", func(l []string) []string { l[2] = l[2][:127]; return l }, []string{bank.ProblemLineLength}, 3},
		{"line cut in its middle", func(l []string) []string { l[2] = l[2][:70] + l[2][71:]; return l }, []string{bank.ProblemLineLength}, 3},
		{"long line", func(l []string) []string { l[2] += "X"; return l }, []string{bank.ProblemLineLength}, 3},
		{"no header", func(l []string) []string { return l[1:] }, []string{"syntax", "syntax", "syntax", "syntax", "empty"}, 1},
		{"no trailer", func(l []string) []string { return l[:4] }, []string{bank.ProblemMissingTrailer}, 4},
		{"cut off", func(l []string) []string { return l[:3] }, []string{bank.ProblemMissingTrailer, bank.ProblemMissingBalance}, 3},
		{"no new balance", func(l []string) []string { return slices.Delete(l, 3, 4) }, []string{bank.ProblemMissingBalance, bank.ProblemTrailerCount}, 2},
		{"movement lost", func(l []string) []string { return slices.Delete(l, 2, 3) }, []string{"balance", "trailer_count", "trailer_sum"}, 2},
		{"movement twice", func(l []string) []string { return slices.Insert(l, 3, l[2]) }, []string{"balance", "trailer_count", "trailer_sum"}, 2},
		{"old balance", func(l []string) []string { l[1] = opening("000000010000010"); return l }, []string{bank.ProblemBalance}, 2},
		{"new balance", func(l []string) []string { l[3] = closing("000000010075010"); return l }, []string{bank.ProblemBalance}, 2},
		{"parts of a cent", func(l []string) []string {
			l[1], l[3] = opening("000000010000001"), closing("000000010075001")
			return l
		}, []string{bank.ProblemAmount, bank.ProblemAmount}, 2},
		{"trailer count", func(l []string) []string { l[4] = trailer("000004", "000000000000000", "000000000075000"); return l }, []string{bank.ProblemTrailerCount}, 5},
		{"trailer debit", func(l []string) []string { l[4] = trailer("000003", "000000000000010", "000000000075000"); return l }, []string{bank.ProblemTrailerSum}, 5},
		{"trailer credit", func(l []string) []string { l[4] = trailer("000003", "000000000000000", "000000000075010"); return l }, []string{bank.ProblemTrailerSum}, 5},
		{"trailer unreadable", func(l []string) []string { l[4] = trailer("00000X", "000000000000000", "000000000075000"); return l }, []string{bank.ProblemAmount}, 5},
		{"amount unreadable", func(l []string) []string { l[2] = strings.Replace(l[2], "75000", "75O00", 1); return l }, []string{"amount", "trailer_sum"}, 3},
		{"absurd amount", func(l []string) []string {
			l[2] = strings.Replace(l[2], "0000000000075000", "0999999999999999", 1)
			return l
		}, []string{"amount", "trailer_sum"}, 3},
		{"sign", func(l []string) []string { l[2] = l[2][:31] + "2" + l[2][32:]; return l }, []string{"sign", "trailer_sum"}, 3},
		{"unknown record", func(l []string) []string { return slices.Insert(l, 3, record(1, "5", 128, "0")) }, []string{"syntax", "trailer_count"}, 4},
		{"continuation of another movement", func(l []string) []string {
			return slices.Insert(l, 3, record(1, "22", 3, "00020000", 126, "0"+" "+"0"))
		}, []string{"orphan", "trailer_count"}, 4},
		{"information of another movement", func(l []string) []string {
			return slices.Insert(l, 3, record(1, "31", 3, "00020001", 128, "0"))
		}, []string{"orphan", "trailer_count"}, 4},
		{"detail without total", func(l []string) []string { l[2] = strings.Replace(l[2], "2100010000", "2100010001", 1); return l }, []string{"balance", "orphan", "trailer_sum"}, 2},
		{"version 1", func(l []string) []string { l[0] = l[0][:127] + "1"; return l }, []string{bank.ProblemVersion}, 1},
		{"separate application", func(l []string) []string { // without balances, as the standard has it
			l[0] = l[0][:83] + "00010" + l[0][88:]
			for i, r := range l {
				switch r[0] {
				case '1':
					l[i] = r[:43] + strings.Repeat("0", 15) + r[58:]
				case '8':
					l[i] = r[:42] + strings.Repeat("0", 15) + r[57:]
				}
			}
			return l
		}, []string{bank.ProblemNotStatement}, 2},
		{"second header before the trailer", func(l []string) []string { return append(l[:4:4], l...) }, []string{bank.ProblemMissingTrailer}, 5},
		{"nothing", func([]string) []string { return nil }, []string{bank.ProblemEmpty}, 0},
	} {
		got := coda.Read(file(c.spoil(good())))
		refused, _ := unfit(got)
		if d := cmp.Diff(c.want, refused); d != "" {
			t.Errorf("%s: %s%v", c.name, d, got.Problems)
			continue
		}
		if p := got.Problems[0]; p.Line != c.line || p.Message == "" {
			t.Errorf("%s: first problem %+v, want line %d", c.name, p, c.line)
		}
	}
	if got := coda.Read(file(good())); len(got.Problems) > 0 {
		t.Errorf("the unspoilt file: %v", got.Problems)
	}
}

func TestWarnsAndStaysFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spoil func([]string)
		want  string
	}{
		{"duplicate", func(l []string) { l[0] = l[0][:16] + "D" + l[0][17:] }, bank.ProblemDuplicateCopy},
		{"unknown version", func(l []string) { l[0] = l[0][:127] + "5" }, bank.ProblemUntestedVersion},
		{"another part announced", func(l []string) { l[4] = l[4][:127] + "1" }, bank.ProblemMoreFollows},
		{"impossible date", func(l []string) { l[2] = strings.Replace(l[2], "150426", "310426", 1) }, bank.ProblemDate},
		{"reference with wrong check", func(l []string) { l[2] = credit75("1101260000010174") }, bank.ProblemReferenceCheck},
		{"new balance of another account", func(l []string) { l[3] = strings.Replace(l[3], account, "BE62510007547061", 1) }, bank.ProblemAccountDiffers},
	} {
		lines := day(credit75("0kamp"))
		c.spoil(lines)
		refused, warned := unfit(coda.Read(file(lines)))
		if len(refused) > 0 || !slices.Equal(warned, []string{c.want}) {
			t.Errorf("%s: refused %v, warned %v, want a warning %s", c.name, refused, warned, c.want)
		}
	}
	lines := day(credit75("0kamp"))
	lines[4] = strings.TrimRight(lines[4][:127], " ") // a trailer may lose its blanks: its sums prove it
	if got := coda.Read(file(lines)); len(got.Problems) > 0 {
		t.Errorf("trailer without its blanks: %v", got.Problems)
	}
}

func TestAccountStructures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, field, account, currency string }{
		{"Belgian number", "0071539007547034 EUR0BE", "539007547034", "EUR"},
		{"foreign number", "107112345678901234567890              EUR", "12345678901234567890", "EUR"},
		{"Belgian IBAN", "2071BE68539007547034                  USD", "BE68539007547034", "USD"},
		{"foreign IBAN", "3071FR1420041010050500013M02606       EUR", "FR1420041010050500013M02606", "EUR"},
	} {
		field := c.field
		for len(field) < 41 {
			field += " "
		}
		lines := []string{header(), record(1, "1"+field[:1]+field[1:], 43, "0000000010000000", 59, "140426", 126, "001", 128, "1"),
			trailer("000001", "000000000000000", "000000000000000")}
		got := coda.Read(file(lines))
		if len(got.Problems) > 0 || got.Statements[0].Account != c.account || got.Statements[0].Currency != c.currency {
			t.Errorf("%s: %+v, want %s %s", c.name, got, c.account, c.currency)
		}
	}
}

func TestTotalsKeepTheirDetails(t *testing.T) {
	t.Parallel()
	lines := day(
		movement("00010000", "0000000000075000", "20150000", "0TOTAAL"),
		movement("00010001", "0000000000050000", "70150000", "0deel 1"),
		movement("00010002", "0000000000020000", "90150000", "1101260000010173"),
		movement("00010003", "0000000000030000", "90150000", "1101260000020277"),
		movement("00010004", "0000000000025000", "60150000", "0deel 2"),
	)
	lines[len(lines)-1] = trailer("000007", "000000000000000", "000000000075000")
	got := coda.Read(file(lines))
	if len(got.Problems) > 0 {
		t.Fatal(got.Problems)
	}
	top := got.Statements[0].Movements
	if len(top) != 1 || len(top[0].Details) != 2 || len(top[0].Details[0].Details) != 2 || top[0].Details[0].Details[1].Reference != "260000020277" {
		t.Errorf("got %+v", top)
	}
	lines[6] = movement("00010004", "0000000000025010", "60150000", "0deel 2")
	refused, warned := unfit(coda.Read(file(lines)))
	if len(refused) > 0 || !slices.Equal(warned, []string{bank.ProblemDetailSum}) {
		t.Errorf("details that do not add up: refused %v, warned %v", refused, warned)
	}
}

func TestStructuredCommunications(t *testing.T) {
	t.Parallel()
	pad := func(s string, n int) string { return s + strings.Repeat(" ", n-len(s)) }
	long := func(text string) []string { // spread over records 21, 22 and 23
		text = pad(text, 150)
		return []string{credit75(text[:54]), record(1, "22", 3, "00010000", 11, text[54:107], 126, "1", 128, "0"), record(1, "23", 3, "00010000", 83, text[107:], 126, "0", 128, "0")}
	}
	debit := "1127" + "150426" + "1" + "1" + "2" + pad("BE90ZZZ0123456749", 35) + pad("MANDAAT-0042", 35) + pad("schijf 2", 62)
	for _, c := range []struct {
		name    string
		records []string
		want    bank.Movement
	}{
		{"102", []string{credit75("1102260000050589")}, bank.Movement{Reference: "260000050589"}},
		{"100", []string{credit75("1100RF45JOETZ2600042")}, bank.Movement{Reference: "RF45JOETZ2600042"}},
		{"101 without digits", []string{credit75("1101")}, bank.Movement{}},
		{"105", []string{credit75("1105" + "000000000075000" + "000000000100000" + "000107500000" + "USD" + "camp deposi")}, bank.Movement{Original: "100.000 USD", Text: "camp"}},
		{"127", long(debit), bank.Movement{Text: "schijf 2", Mandate: "MANDAAT-0042", Return: "-"}},
		{"999, which is nobody's", []string{credit75("1999 iets")}, bank.Movement{Text: "iets"}},
	} {
		lines := day(c.records...)
		lines[len(lines)-1] = trailer("00000"+string(rune('2'+len(c.records))), "000000000000000", "000000000075000")
		got := coda.Read(file(lines))
		if len(got.Problems) > 0 {
			t.Errorf("%s: %v", c.name, got.Problems)
			continue
		}
		m := got.Statements[0].Movements[0]
		if d := cmp.Diff(c.want, bank.Movement{Reference: m.Reference, Text: m.Text, Original: m.Original, Mandate: m.Mandate, Return: m.Return}, cmp.Comparer(same)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func same(a, b bank.Movement) bool {
	return a.Reference == b.Reference && a.Text == b.Text && a.Original == b.Original && a.Mandate == b.Mandate && a.Return == b.Return
}

func TestRefusesTooLargeAFile(t *testing.T) {
	t.Parallel()
	refused, _ := unfit(coda.Read(make([]byte, bank.MaxFileBytes+1)))
	if !slices.Equal(refused, []string{bank.ProblemTooLarge}) {
		t.Errorf("refused %v", refused)
	}
}

// Whatever the bytes, reading ends, and a file that is fit balances in cents too.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"synthetic-01-day.cod", "synthetic-02-multi-globalised-empty.cod", "synthetic-bad-missing-record22.cod"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(file(day(credit75("1101260000010173"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		got := coda.Read(data)
		coda.Looks(data)
		if got.Unfit() {
			return
		}
		for _, s := range got.Statements {
			credit, debit := s.Sums()
			if s.Opening+credit-debit != s.Closing {
				t.Fatalf("fit, and %v + %v - %v is not %v", s.Opening, credit, debit, s.Closing)
			}
		}
	})
}
