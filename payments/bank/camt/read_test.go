package camt_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"joetz/payments/bank"
	"joetz/payments/bank/camt"
)

// A statement of one credit of 75.00, in pieces that the tests spoil.
const (
	accountXML = `<Acct><Id><IBAN>BE68539007547034</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>JOETZ VZW</Nm></Ownr></Acct>`
	openXML    = `<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-04-15</Dt></Dt></Bal>`
	closeXML   = `<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1075.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-04-15</Dt></Dt></Bal>`
	entryXML   = `<Ntry><Amt Ccy="EUR">75.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-04-15</Dt></BookgDt><ValDt><DtTm>2026-04-15T23:30:00Z</DtTm></ValDt>` +
		`<NtryDtls><TxDtls><Refs><EndToEndId>E2E</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>Lefèvre Zoë</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>kamp</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`
)

func document(parts ...string) string {
	return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S1</Id>` +
		strings.Join(parts, "") + `</Stmt></BkToCstmrStmt></Document>`
}

func good() string { return document(accountXML, openXML, closeXML, entryXML) }

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

func TestReadsEveryEncodingAndPrefix(t *testing.T) {
	t.Parallel()
	decl := func(name string) string { return `<?xml version="1.0" encoding="` + name + `"?>` + "\n" }
	must := func(s string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	prefixed := strings.NewReplacer("</", "</ns2:", "<", "<ns2:").Replace(strings.ReplaceAll(good(), "</", "\x00"))
	prefixed = strings.ReplaceAll(prefixed, "\x00", "</ns2:")
	prefixed = strings.Replace(prefixed, "xmlns=", "xmlns:ns2=", 1)
	for name, text := range map[string]string{
		"UTF-8":                   decl("UTF-8") + good(),
		"none declared":           good(),
		"byte order mark":         "\uFEFF" + decl("utf-8") + good(),
		"blank line first":        "\r\n" + decl("UTF-8") + good(),
		"Latin-1":                 must(charmap.ISO8859_1.NewEncoder().String(decl("ISO-8859-1") + good())),
		"Latin-9":                 must(charmap.ISO8859_15.NewEncoder().String(decl("iso-8859-15") + good())),
		"Windows-1252":            must(charmap.Windows1252.NewEncoder().String(decl("windows-1252") + good())),
		"UTF-16":                  must(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(decl("UTF-16") + good())),
		"Latin-1 that says UTF-8": must(charmap.ISO8859_1.NewEncoder().String(decl("UTF-8") + good())),
		"prefix":                  prefixed,
		"in an envelope":          `<e:Msg xmlns:e="urn:x"><e:Head/>` + good() + `</e:Msg>`,
		"end of file mark":        good() + "\n\x1a",
		"control character":       strings.Replace(good(), "<Ustrd>kamp", "<Ustrd>kamp\x02", 1),
		"no namespace":            strings.Replace(good(), ` xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"`, "", 1),
	} {
		got := camt.Read([]byte(text))
		if refused, _ := unfit(got); len(refused) > 0 || len(got.Statements) != 1 || len(got.Statements[0].Movements) != 1 {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		m := got.Statements[0].Movements[0]
		if m.Amount != 7500 || m.Counterparty.Name != "Lefèvre Zoë" || m.Text != "kamp" || m.ValueDate.String() != "2026-04-15" || m.EndToEndID != "E2E" {
			t.Errorf("%s: %+v", name, m)
		}
		if !camt.Looks([]byte(text)) {
			t.Errorf("%s: not recognised", name)
		}
	}
	two := camt.Read([]byte(good() + "\n" + decl("UTF-8") + strings.Replace(good(), ">S1<", ">S2<", 1)))
	if len(two.Problems) > 0 || len(two.Statements) != 2 || two.Statements[1].ID != "S2" {
		t.Errorf("two messages in one file: %+v", two)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	swap := func(old, new string) string {
		out := strings.Replace(good(), old, new, 1)
		if out == good() {
			t.Fatalf("%q is not in the document", old)
		}
		return out
	}
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>` + good()
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"closing balance", swap("1075.00", "1075.01"), []string{bank.ProblemBalance}},
		{"entry amount", swap(">75.00", ">75.01"), []string{bank.ProblemBalance}},
		{"entry lost", document(accountXML, openXML, closeXML), []string{bank.ProblemBalance}},
		{"entry twice", document(accountXML, openXML, closeXML, entryXML, entryXML), []string{bank.ProblemBalance}},
		{"direction turned", swap("75.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", "75.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>"), []string{bank.ProblemBalance}},
		{"no direction", swap("75.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", "75.00</Amt><Sts>"), []string{bank.ProblemSign, bank.ProblemBalance}},
		{"negative amount", swap(">75.00", ">-75.00"), []string{bank.ProblemAmount, bank.ProblemBalance}},
		{"comma", swap(">75.00", ">75,00"), []string{bank.ProblemAmount, bank.ProblemBalance}},
		{"exponent", swap(">75.00", ">75e0"), []string{bank.ProblemAmount, bank.ProblemBalance}},
		{"no amount", swap(">75.00", ">"), []string{bank.ProblemAmount, bank.ProblemBalance}},
		{"absurd amount", swap(">75.00", ">9999999999999999999.00"), []string{bank.ProblemAmount, bank.ProblemBalance}},
		{"parts of a cent", swap(">75.00", ">75.004"), []string{bank.ProblemAmount}},
		{"entry in dollars", swap(`"EUR">75.00`, `"USD">75.00`), []string{bank.ProblemCurrency}},
		{"balance in dollars", swap(`"EUR">1075.00`, `"USD">1075.00`), []string{bank.ProblemCurrency}},
		{"no opening balance", document(accountXML, closeXML, entryXML), []string{bank.ProblemMissingBalance}},
		{"no closing balance", document(accountXML, openXML, entryXML), []string{bank.ProblemMissingBalance}},
		{"summary", document(accountXML, openXML, closeXML, `<TxsSummry><TtlCdtNtries><Sum>76.00</Sum></TtlCdtNtries></TxsSummry>`, entryXML), []string{bank.ProblemTrailerSum}},
		{"cut off in an entry", good()[:len(good())-150], []string{bank.ProblemBalance, bank.ProblemSyntax}},
		{"cut off after the statement", good()[:len(good())-len("</BkToCstmrStmt></Document>")], []string{bank.ProblemSyntax}},
		{"tags crossed", swap("</BookgDt>", "</Bookg>"), []string{bank.ProblemBalance, bank.ProblemSyntax}},
		{"version 01", swap("053.001.08", "053.001.01"), []string{bank.ProblemVersion}},
		{"notification", strings.NewReplacer("camt.053", "camt.054", "BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn", "Stmt>", "Ntfctn>").Replace(good()), []string{bank.ProblemNotStatement}},
		{"report", strings.NewReplacer("camt.053", "camt.052", "BkToCstmrStmt", "BkToCstmrAcctRpt", "Stmt>", "Rpt>").Replace(good()), []string{bank.ProblemNotStatement}},
		{"no statement", `<Document><BkToCstmrStmt></BkToCstmrStmt></Document>`, []string{bank.ProblemEmpty}},
		{"other XML", `<Document><CstmrCdtTrfInitn/></Document>`, []string{bank.ProblemUnknownFormat}},
		{"entity bomb", bomb, []string{bank.ProblemHostile}},
		{"outside entity", `<!DOCTYPE a SYSTEM "file:///etc/passwd">` + good(), []string{bank.ProblemHostile}},
		{"unknown entity", swap("kamp", "&lol;"), []string{bank.ProblemBalance, bank.ProblemSyntax}},
		{"depth", strings.Repeat("<a>", 100_000), []string{bank.ProblemHostile}},
		{"depth inside", swap("<Refs>", strings.Repeat("<x>", 100)+strings.Repeat("</x>", 100)+"<Refs>"), []string{bank.ProblemBalance, bank.ProblemHostile}},
	} {
		got := camt.Read([]byte(c.text))
		refused, _ := unfit(got)
		if d := cmp.Diff(c.want, refused); d != "" {
			t.Errorf("%s: %s%v", c.name, d, got.Problems)
		}
		for _, p := range got.Problems {
			if p.Message == "" || p.Line < 0 || p.Line > 1+strings.Count(c.text, "\n") {
				t.Errorf("%s: %+v", c.name, p)
			}
		}
	}
	if got := camt.Read([]byte(good())); len(got.Problems) > 0 {
		t.Errorf("the unspoilt file: %v", got.Problems)
	}
	refused, _ := unfit(camt.Read(bytes.Repeat([]byte("<a>"), bank.MaxFileBytes/3+1)))
	if !slices.Equal(refused, []string{bank.ProblemTooLarge}) {
		t.Errorf("too large: refused %v", refused)
	}
}

func TestProblemsNameTheirLine(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(document(accountXML, openXML, closeXML, entryXML, strings.Replace(entryXML, ">75.00", ">75,00", 1)), "<Ntry>", "\n<Ntry>")
	got := camt.Read([]byte(text))
	if len(got.Problems) == 0 || got.Problems[0].Line != 3 {
		t.Errorf("got %v, want a problem in line 3", got.Problems)
	}
}

func TestWarnsAndStaysFit(t *testing.T) {
	t.Parallel()
	refs := func(ref ...string) string {
		var b strings.Builder
		for _, r := range ref {
			fmt.Fprintf(&b, "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>%s</Ref></CdtrRefInf></Strd>", r)
		}
		return strings.Replace(good(), "<Ustrd>kamp</Ustrd>", b.String(), 1)
	}
	part := func(amount string) string { return "<TxDtls><Amt Ccy=\"EUR\">" + amount + "</Amt></TxDtls>" }
	for _, c := range []struct {
		name, text string
		warned     []string
		references []string
	}{
		{"copy", strings.Replace(good(), "<Acct>", "<CpyDplctInd>DUPL</CpyDplctInd><Acct>", 1), []string{bank.ProblemDuplicateCopy}, nil},
		{"version 10", strings.Replace(good(), "053.001.08", "053.001.10", 1), []string{bank.ProblemUntestedVersion}, nil},
		{"OGM in any dress", refs("+++260/0000/10173+++"), nil, []string{"260000010173"}},
		{"RF in groups", refs("rf45 JOET Z260 0042"), nil, []string{"RF45JOETZ2600042"}},
		{"two references", refs("260000010173", "260000020277", "260000010173"), nil, []string{"260000010173", "260000020277"}},
		{"wrong check digits", refs("260000010174"), []string{bank.ProblemReferenceCheck}, []string{"260000010174"}},
		{"Swiss reference", refs("000000000002016030002820804"), nil, nil},
		{"details that add up", strings.Replace(good(), "<TxDtls>", part("50.00")+part("25.00")+"<!--", 1), nil, nil},
		{"details that do not", strings.Replace(good(), "<TxDtls>", part("50.00")+part("20.00")+"<!--", 1), []string{bank.ProblemDetailSum}, nil},
		{"nothing booked, no balance", document(accountXML), []string{bank.ProblemMissingBalance}, nil},
	} {
		text := strings.Replace(c.text, "</TxDtls></NtryDtls>", "--></NtryDtls>", strings.Count(c.text, "<!--"))
		got := camt.Read([]byte(text))
		refused, warned := unfit(got)
		if len(refused) > 0 || !slices.Equal(warned, c.warned) {
			t.Errorf("%s: refused %v, warned %v, want a warning %v: %v", c.name, refused, warned, c.warned, got.Problems)
			continue
		}
		if ms := got.Statements[0].Movements; len(ms) > 0 && !slices.Equal(ms[0].References, c.references) {
			t.Errorf("%s: references %v, want %v", c.name, ms[0].References, c.references)
		}
	}
}

// A page that is not the last closes with an interim balance, the next one opens with it; a month may name every day's.
func TestBalancesOfPagesAndDays(t *testing.T) {
	t.Parallel()
	bal := func(kind, amount, day string) string {
		return `<Bal><Tp><CdOrPrtry><Cd>` + kind + `</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">` + amount + `</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>` + day + `</Dt></Dt></Bal>`
	}
	for name, balances := range map[string]string{
		"first page":         bal("OPBD", "1000.00", "2026-04-15") + bal("ITBD", "1075.00", "2026-04-15"),
		"middle page":        bal("ITBD", "1000.00", "2026-04-15") + bal("ITBD", "1075.00", "2026-04-15"),
		"last page":          bal("ITBD", "1000.00", "2026-04-15") + bal("CLBD", "1075.00", "2026-04-15"),
		"previous closing":   bal("PRCD", "1000.00", "2026-04-14") + bal("CLBD", "1075.00", "2026-04-15"),
		"available first":    bal("CLAV", "1.00", "2026-04-15") + bal("CLBD", "1075.00", "2026-04-15") + bal("FWAV", "1.00", "2026-04-16") + bal("OPBD", "1000.00", "2026-04-15"),
		"every day's":        bal("OPBD", "1075.00", "2026-04-15") + bal("CLBD", "1075.00", "2026-04-15") + bal("OPBD", "1000.00", "2026-04-14") + bal("CLBD", "1075.00", "2026-04-14"),
		"in other money too": strings.ReplaceAll(bal("OPBD", "5.00", "2026-04-01"), "EUR", "USD") + bal("OPBD", "1000.00", "2026-04-15") + bal("CLBD", "1075.00", "2026-04-15"),
	} {
		got := camt.Read([]byte(document(accountXML, balances, entryXML)))
		if s := got.Statements[0]; len(got.Problems) > 0 || s.Opening != 100000 || s.Closing != 107500 || s.Date.String() != "2026-04-15" {
			t.Errorf("%s: %v to %v on %v, %v", name, s.Opening, s.Closing, s.Date, got.Problems)
		}
	}
}

// On a return the bank repeats the parties of the payment that is undone: we stand where the other side should.
func TestReturnNamesTheOtherSide(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/synthetic-01-day.camt.053.001.08.xml")
	if err != nil {
		t.Fatal(err)
	}
	m := camt.Read(data).Statements[0].Movements[8]
	if m.Return != "AC04" || m.Other() != (bank.Party{Name: "Claes Sofie", IBAN: "BE30001234500711"}) || m.Counterparty.Name != "JOETZ VZW" {
		t.Errorf("got %+v", m)
	}
}

func TestReadsALargeFile(t *testing.T) {
	t.Parallel()
	entries := strings.Repeat(entryXML, 20_000)
	text := strings.Replace(document(accountXML, openXML, closeXML, entries), "1075.00", "1501000.00", 1)
	got := camt.Read([]byte(text))
	if len(got.Problems) > 0 || len(got.Statements[0].Movements) != 20_000 {
		t.Errorf("%v", got.Problems)
	}
}

func FuzzRead(f *testing.F) {
	samples, _ := filepath.Glob("testdata/synthetic-*.xml")
	for _, name := range samples {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(good()))
	f.Fuzz(func(t *testing.T, data []byte) {
		camt.Looks(data)
		got := camt.Read(data)
		if got.Unfit() {
			return
		}
		for _, s := range got.Statements {
			credit, debit := s.Sums()
			if s.Opening+credit-debit != s.Closing && len(s.Movements) > 0 {
				t.Fatalf("fit, and %v + %v - %v is not %v", s.Opening, credit, debit, s.Closing)
			}
		}
	})
}
