package reader_test

import (
	"runtime"
	"strings"
	"testing"

	"joetz/payments/bank"
	"joetz/payments/bank/reader"
)

// fill is text of about that many bytes: once before, then as often as it fits, then what follows.
func fill(bytes int, before, again, after string) []byte {
	return []byte(before + strings.Repeat(again, (bytes-len(before)-len(after))/len(again)) + after)
}

// bombs are files of a megabyte in which one thing comes without end. None of them can be booked.
func bombs() map[string][]byte {
	const size = 1 << 20
	const stmt = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>`
	const end = `</Stmt></BkToCstmrStmt></Document>`
	coda := func(line string) string { return line + strings.Repeat(" ", 128-len(line)) + "\r\n" }
	return map[string][]byte{
		"elements in each other":             fill(size, stmt, `<a>`, ``),
		"elements in each other, as a bank":  fill(size, stmt, `<NtryDtls><TxDtls>`, ``),
		"entries":                            fill(size, stmt, `<Ntry/>`, end),
		"details in an entry":                fill(size, stmt+`<Ntry><NtryDtls>`, `<TxDtls/>`, `</NtryDtls></Ntry>`+end),
		"pieces of a text":                   fill(size, stmt+`<Ntry><NtryDtls><TxDtls><RmtInf>`, `<Ustrd>a</Ustrd>`, `</RmtInf></TxDtls></NtryDtls></Ntry>`+end),
		"one text":                           fill(size, stmt+`<Ntry><NtryDtls><TxDtls><RmtInf><Ustrd>`, `a`, `</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`+end),
		"balances":                           fill(size, stmt, `<Bal/>`, end),
		"statements":                         fill(size, `<Document><BkToCstmrStmt>`, `<Stmt/>`, `</BkToCstmrStmt></Document>`),
		"notices":                            fill(size, `<Document><BkToCstmrDbtCdtNtfctn>`, `<Ntfctn><Ntry/></Ntfctn>`, `</BkToCstmrDbtCdtNtfctn></Document>`),
		"messages":                           fill(size, ``, `<Document/>`, ``),
		"attributes":                         fill(size, stmt+`<Ntry `, `a="" `, `/>`+end),
		"one attribute":                      fill(size, stmt+`<Ntry a="`, `a`, `"/>`+end),
		"names of spaces":                    fill(size, stmt+`<Ntry `, `xmlns:a="b" `, `/>`+end),
		"one name":                           fill(size, stmt+`<`, `a`, `/>`+end),
		"a remark":                           fill(size, stmt+`<!--`, `a`, `-->`+end),
		"characters by number":               fill(size, stmt+`<Id>`, `&#97;`, `</Id>`+end),
		"words that stand for words":         fill(size, `<?xml version="1.0"?><!DOCTYPE x [`, `<!ENTITY a "&b;&b;&b;&b;">`, `]>`+stmt+`<Id>&a;</Id>`+end),
		"one digit in an amount":             fill(size, stmt+`<Ntry><Amt Ccy="EUR">`, `9`, `</Amt></Ntry>`+end),
		"UTF-16 of nothing":                  fill(size, "\xff\xfe<\x00", "a\x00", ""),
		"movements of a CODA without a head": fill(size, coda("0000001012712345678"), coda("2100010000"), ""),
		"free lines":                         fill(size, coda("0000001012712345678"), coda("4 00010000"), ""),
		"days that begin":                    fill(size, "", coda("0000001012712345678"), ""),
		"empty lines":                        fill(size, coda("0000001012712345678"), "\n", ""),
		"one line":                           fill(size, "0000001012712345678", "2", ""),
	}
}

// What a hostile file costs grows with its bytes and with nothing else. What is allocated is counted over the whole call, so the
// test runs alone.
func TestSmallFilesStaySmall(t *testing.T) {
	for name, data := range bombs() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got := reader.Read(data)
		runtime.ReadMemStats(&after)
		if !got.Unfit() {
			t.Errorf("%s: it could be booked: %d statements", name, len(got.Statements))
		}
		if len(got.Problems) > bank.MaxProblems+1 { // the first that refuses comes in any case
			t.Errorf("%s: %d problems to read", name, len(got.Problems))
		}
		if took := (after.TotalAlloc - before.TotalAlloc) / uint64(len(data)); took > 100 {
			t.Errorf("%s: every byte of the file took %d of memory", name, took)
		}
	}
}
