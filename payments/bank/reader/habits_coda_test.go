package reader_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"joetz/payments/bank"
	"joetz/payments/bank/reader"
)

// The habits of Belgian banks within CODA 2.6, each as a file written here position by position from the standard, so that nothing of
// the reader judges itself.

// rec lays fields "position:text" on 128 blanks.
func rec(fields ...any) string {
	cells := []rune(strings.Repeat(" ", 128))
	for i := 0; i < len(fields); i += 2 {
		copy(cells[fields[i].(int)-1:], []rune(fields[i+1].(string)))
	}
	return string(cells)
}

// cod is one part: header, old balance, movements, new balance, trailer with its sums.
type cod struct {
	account  string // record 1 from position 2 up to 42
	bic      string
	opening  int64 // thousandths
	body     []string
	noEnd    bool // an empty file may have neither record 8 nor anything else
	notices  []string
	last     bool
	dupl     bool
	sequence string
}

func signed(t int64) string {
	if t < 0 {
		return fmt.Sprintf("1%015d", -t)
	}
	return fmt.Sprintf("0%015d", t)
}

func (c cod) lines() []string {
	closing, debit, credit := c.opening, int64(0), int64(0)
	for _, l := range c.body {
		if l[:2] != "21" || l[6:10] != "0000" {
			continue
		}
		var n int64
		fmt.Sscan(strings.TrimLeft(l[32:47], "0")+"", &n)
		if l[31] == '1' {
			debit, closing = debit+n, closing-n
		} else {
			credit, closing = credit+n, closing+n
		}
	}
	head := rec(1, "0000019112600005", 25, "A1B2C3", 35, "JOETZ VZW", 61, c.bic, 72, "00123456749", 84, "00000", 128, "2")
	if c.dupl {
		head = head[:16] + "D" + head[17:]
	}
	number := c.sequence
	if number == "" {
		number = "123"
	}
	out := []string{head, rec(1, "1", 2, c.account, 43, signed(c.opening), 59, "181126", 65, "JOETZ VZW", 91, "ZICHTREKENING", 126, number)}
	out = append(out, c.body...)
	if !c.noEnd {
		follow := "0"
		if len(c.notices) > 0 {
			follow = "1"
		}
		out = append(out, rec(1, "8", 2, "123", 5, c.account[4:], 42, signed(closing), 58, "191126", 128, follow))
	}
	count := len(out) - 1
	for i, n := range c.notices {
		out = append(out, rec(1, "4", 3, fmt.Sprintf("%04d", i+1), 7, "0000", 33, n, 128, "0"))
	}
	mark := "1"
	if c.last {
		mark = "2"
	}
	return append(out, rec(1, "9", 17, fmt.Sprintf("%06d", count), 23, fmt.Sprintf("%015d", debit), 38, fmt.Sprintf("%015d", credit), 128, mark))
}

func coded(parts ...cod) string {
	var all []string
	for i, p := range parts {
		p.last = i == len(parts)-1
		all = append(all, p.lines()...)
	}
	return strings.Join(all, "\r\n") + "\r\n"
}

// be is the account of record 1 for a Belgian IBAN: structure, paper number, IBAN, currency.
const be = "2123BE68539007547034                  EUR"

// mv is records 21, 22 and 23: sequence and detail, amount in thousandths, code, communication with its flag, and what else.
func mv(number string, amount int64, code, communication string, more ...string) []string {
	flag, text := communication[:1], communication[1:]+strings.Repeat(" ", 160)
	runes := []rune(text)
	cut := func(from, to int) string { return string(runes[from:to]) }
	x := map[string]string{}
	for _, m := range more {
		k, v, _ := strings.Cut(m, "=")
		x[k] = v
	}
	value := "191126"
	if v, ok := x["value"]; ok {
		value = v
	}
	lines := []string{rec(1, "21", 3, number, 11, "KBC"+number, 32, signed(amount), 48, value, 54, code, 62, flag, 63, cut(0, 53), 116, "191126", 122, "123", 125, x["glob"]+"0"[len(x["glob"]):], 126, "1", 128, "0")}
	if x["22"] != "no" {
		lines = append(lines, rec(1, "22", 3, number, 11, cut(53, 106), 64, x["e2e"], 99, x["bic"], 113, x["r"], 114, x["why"], 126, "1", 128, "0"))
	}
	if x["23"] != "no" {
		lines = append(lines, rec(1, "23", 3, number, 11, x["iban"], 45, "EUR", 48, x["name"], 83, cut(106, 149), 126, "0", 128, "0"))
	}
	return lines
}

func info(sequence, detail, flag, text string) []string {
	runes := []rune(text + strings.Repeat(" ", 280))
	return []string{rec(1, "31", 3, sequence+detail, 11, "KBC", 32, "00150000", 40, flag, 41, string(runes[:73]), 126, "1", 128, "0"),
		rec(1, "32", 3, sequence+detail, 11, string(runes[73:178]), 126, "1", 128, "0"), rec(1, "33", 3, sequence+detail, 11, string(runes[178:268]), 126, "0", 128, "0")}
}

func join(all ...[]string) (out []string) {
	for _, a := range all {
		out = append(out, a...)
	}
	return out
}

// told writes a file as short lines: a statement, and under it its movements, their details indented.
func told(f bank.File) (out []string) {
	var tell func(indent string, all []bank.Movement)
	tell = func(indent string, all []bank.Movement) {
		for _, m := range all {
			line := fmt.Sprintf("%s%v %s", indent, m.Amount, m.Code)
			for _, s := range []struct{ name, value string }{{"ref", m.Reference}, {"e2e", m.EndToEndID}, {"from", m.Other().Name}, {"at", m.Other().IBAN}, {"text", m.Text}, {"back", m.Return}, {"was", m.Original}, {"mandate", m.Mandate}, {"with", strings.Join(m.Batch, ",")}} {
				if s.value != "" {
					line += " " + s.name + "=" + s.value
				}
			}
			out = append(out, line)
			tell(indent+"  ", m.Details)
		}
	}
	for _, s := range f.Statements {
		out = append(out, fmt.Sprintf("%s %s %s: %v to %v", s.Account, s.Currency, s.Date, s.Opening, s.Closing))
		tell("  ", s.Movements)
	}
	for _, p := range f.Problems {
		unfit := "warn"
		if p.Unfit {
			unfit = "unfit"
		}
		out = append(out, fmt.Sprintf("%s line %d %s", unfit, p.Line, p.Code))
	}
	return out
}

type habit struct {
	name string
	data string
	want []string
}

func check(t *testing.T, all []habit) {
	t.Helper()
	for _, h := range all {
		if diff := cmp.Diff(h.want, told(reader.Read([]byte(h.data)))); diff != "" {
			t.Errorf("%s: %s", h.name, diff)
		}
	}
}

func TestHabitsOfBelgianBanksInCODA(t *testing.T) {
	t.Parallel()
	const top = "BE68539007547034 EUR 2026-11-19: 100.00 to "
	one := func(body ...[]string) string {
		return coded(cod{account: be, bic: "KREDBEBB", opening: 100_000, body: join(body...)})
	}
	plain := one(mv("00010000", 75_000, "00150000", "1101010806817183", "name=PEETERS JAN", "iban=BE96001234500105"))
	latin, err := charmap.Windows1252.NewEncoder().String(one(mv("00010000", 75_000, "00150000", "0voor Zoë – kamp €", "name=GÉRARD D’HOOGHE")))
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	free := strings.Repeat("abcdefghij", 15)[:149]
	paid := []string{top + "175.00", "  75.00 00150000 ref=010806817183 from=PEETERS JAN at=BE96001234500105"}
	check(t, []habit{
		{"KBC: a structured communication", plain, paid},
		{"line feeds, and none at the end", strings.TrimSuffix(strings.ReplaceAll(plain, "\r\n", "\n"), "\n"), paid},
		{"no line ends at all", strings.ReplaceAll(plain, "\r\n", ""), paid},
		{"UTF-8 with its mark", "\uFEFF" + plain, paid},
		{"UTF-16 without a mark", wide, paid},
		{"the end-of-file mark of old systems", plain + "\x1a", paid},
		{"the letters of Windows", latin, []string{top + "175.00", "  75.00 00150000 from=GÉRARD D’HOOGHE text=voor Zoë – kamp €"}},
		{"free communication over three records", one(mv("00010000", 1_000, "00150000", "0"+free)), []string{top + "101.00", "  1.00 00150000 text=" + free}},
		{"Belfius: the communication in record 31", one(mv("00010000", 1_000, "00150000", "0", "name=MAES"), info("0001", "0001", "0", "kamp van Lotte "+free)),
			[]string{top + "101.00", "  1.00 00150000 from=MAES text=kamp van Lotte " + free}},
		{"BNP: the name in structured information", one(mv("00010000", 1_000, "00150000", "0kamp", "23=no"), info("0001", "0001", "1", "001VAN DEN BROECKE-D'HAENE MARIE-LOUISE")),
			[]string{top + "101.00", "  1.00 00150000 from=VAN DEN BROECKE-D'HAENE MARIE-LOUISE text=kamp"}},
		{"ING: a collective credit with details", one(mv("00010000", 150_000, "10150000", "0VERZAMELCREDIET", "glob=1", "23=no"),
			mv("00010001", 75_000, "50150000", "1101010806817183", "name=AN"), mv("00010002", 75_000, "50150000", "1101090933755493", "name=BO", "glob=1")),
			[]string{top + "250.00", "  150.00 10150000 text=VERZAMELCREDIET", "    75.00 50150000 ref=010806817183 from=AN", "    75.00 50150000 ref=090933755493 from=BO"}},
		{"two levels of totals by the bank", one(mv("00010000", 60_000, "20150000", "0TOTAAL", "glob=1"), mv("00010001", 40_000, "70150000", "0DEEL", "glob=2"),
			mv("00010002", 30_000, "90150000", "0a"), mv("00010003", 10_000, "90150000", "0b", "glob=2"), mv("00010004", 20_000, "60150000", "0c", "glob=1")),
			[]string{top + "160.00", "  60.00 20150000 text=TOTAAL", "    40.00 70150000 text=DEEL", "      30.00 90150000 text=a", "      10.00 90150000 text=b", "    20.00 60150000 text=c"}},
		{"Argenta: a total whose details it kept", one(mv("00010000", 60_000, "10150000", "0TOTAAL", "glob=1")), []string{top + "160.00", "  60.00 10150000 text=TOTAAL"}},
		{"details that miss one", one(mv("00010000", 60_000, "10150000", "0TOTAAL"), mv("00010001", 20_000, "50150000", "0a")),
			[]string{top + "160.00", "  60.00 10150000 text=TOTAAL", "    20.00 50150000 text=a", "warn line 3 detail_sum"}},
		{"costs with VAT details", one(mv("00010000", -3_630, "33537000", "1123", "23=no"), mv("00010001", -3_000, "83537011", "0kosten", "23=no"), mv("00010002", -630, "83537012", "0btw", "23=no")),
			[]string{top + "96.37", "  -3.63 33537000", "    -3.00 83537011 text=kosten", "    -0.63 83537012 text=btw"}},
		{"an amount of nothing", one(mv("00010000", 0, "00150000", "0mededeling van de bank")), []string{top + "100.00", "  0.00 00150000 text=mededeling van de bank"}},
		{"a debit of nothing", one([]string{strings.Replace(mv("00010000", 0, "00135000", "0x")[0], "0000000000000000191126", "1000000000000000191126", 1)}), []string{top + "100.00", "  0.00 00135000 text=x"}},
		{"our refund comes back, with a reason", one(mv("00010000", 50_000, "00154000", "0TERUGSTORTING V1000013", "e2e=JOETZ-R-7", "r=2", "why=AC04", "name=MAES")),
			[]string{top + "150.00", "  50.00 00154000 e2e=JOETZ-R-7 from=MAES text=TERUGSTORTING V1000013 back=AC04"}},
		{"our refund comes back, by its code alone", one(mv("00010000", 50_000, "00154000", "0V1000013", "e2e=NOT PROVIDED")), []string{top + "150.00", "  50.00 00154000 text=V1000013 back=-"}},
		{"a correction by the bank", one(mv("00010000", -75_000, "00149000", "0VERBETERING")), []string{top + "25.00", "  -75.00 00149000 text=VERBETERING"}},
		{"a collection that was not paid", one(mv("00010000", -75_000, "00503000", "1127191126113BE69ZZZ0123456749                  MANDAAT-1"+strings.Repeat(" ", 26)+"kampgeld"+strings.Repeat(" ", 54)+"2MD01")),
			[]string{top + "25.00", "  -75.00 00503000 text=kampgeld back=MD01 mandate=MANDAAT-1"}},
		{"dollars changed into euros", one(mv("00010000", 92_100, "04150000", "1105000000000092100000000000100000000092100000USDkamp Tom    US")),
			[]string{top + "192.10", "  92.10 04150000 text=kamp Tom was=100.000 USD"}},
		{"a European reference", one(mv("00010000", 1_000, "00150000", "1100RF18539007547034")), []string{top + "101.00", "  1.00 00150000 ref=RF18539007547034"}},
		{"a structured reference that cannot be", one(mv("00010000", 1_000, "00150000", "1101010806817180")), []string{top + "101.00", "  1.00 00150000 ref=010806817180", "warn line 3 reference_check"}},
		{"a kind of structure that banks made up", one(mv("00010000", 1_000, "00150000", "1190EIGEN CODE 55")), []string{top + "101.00", "  1.00 00150000 text=EIGEN CODE 55"}},
		{"instant, family 02, value date later", one(mv("00010000", 1_000, "00250000", "0x", "value=201126")), []string{top + "101.00", "  1.00 00250000 text=x"}},
		{"only record 21", one(mv("00010000", 1_000, "00135000", "0interest", "22=no", "23=no")), []string{top + "101.00", "  1.00 00135000 text=interest"}},
		{"three accounts, one empty, one in dollars, one foreign", coded(
			cod{account: be, bic: "KREDBEBB", opening: 100_000, body: mv("00010000", 1_000, "00150000", "0a")},
			cod{account: "2000BE62510007547061                  USD", bic: "BBRUBEBB", opening: -5_000, noEnd: true},
			cod{account: "3000NL91ABNA0417164300                EUR", bic: "ABNANL2A", opening: 0, body: mv("00010000", 2_000, "00150000", "0b"), notices: []string{"Nieuwe tarieven"}}),
			[]string{top + "101.00", "  1.00 00150000 text=a", "BE62510007547061 USD 2026-11-19: -5.00 to -5.00", "NL91ABNA0417164300 EUR 2026-11-19: 0.00 to 2.00", "  2.00 00150000 text=b"}},
		{"two days of one account in one file", coded(cod{account: be, opening: 100_000, sequence: "001", body: mv("00010000", 1_000, "00150000", "0a")}, cod{account: be, opening: 101_000, sequence: "002", body: mv("00010000", 1_000, "00150000", "0b")}),
			[]string{top + "101.00", "  1.00 00150000 text=a", "BE68539007547034 EUR 2026-11-19: 101.00 to 102.00", "  1.00 00150000 text=b"}},
		{"an old number of twelve digits", coded(cod{account: "0123539007547034 EUR0BE                  ", opening: 100_000, body: mv("00010000", 1_000, "00150000", "0a")}), []string{"539007547034 EUR 2026-11-19: 100.00 to 101.00", "  1.00 00150000 text=a"}},
		{"a copy", coded(cod{account: be, opening: 100_000, dupl: true}), []string{top + "100.00", "warn line 2 duplicate_copy"}},
		{"a code of an application over an ordinary statement: its balances prove it", strings.Replace(plain, "00000"+strings.Repeat(" ", 39)+"2\r\n", "00001"+strings.Repeat(" ", 39)+"2\r\n", 1),
			append(slices.Clone(paid), "warn line 2 application")},
		{"a separate application, which has no balances", strings.Replace(coded(cod{account: be, body: mv("00010000", 1_000, "00150000", "0a"), noEnd: true}), "00000"+strings.Repeat(" ", 39)+"2\r\n", "00010"+strings.Repeat(" ", 39)+"2\r\n", 1),
			[]string{"BE68539007547034 EUR 2026-11-19: 0.00 to 1.00", "  1.00 00150000 text=a", "unfit line 2 missing_balance", "unfit line 2 not_statement"}},
		{"another account of twelve digits, with its currency", one(mv("00010000", 1_000, "00150000", "0a", "iban=001548226815 EUR0BE")), []string{top + "101.00", "  1.00 00150000 at=001548226815 text=a"}},
		{"tenths of a cent", one(mv("00010000", 1_005, "00150000", "0a")), []string{top + "101.01", "  1.01 00150000 text=a", "unfit line 3 amount", "unfit line 2 amount"}},
	})
}
