package reader_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// The habits of banks within camt.053, versions 02 to 08, each as a file written here from the standard.

// stmt is one statement of 100.00 to closing, in version 04 unless told otherwise.
func stmt(closing string, entries ...string) string {
	return `<Stmt><Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2026-11-19T20:00:00+01:00</CreDtTm><Acct><Id><IBAN>BE68539007547034</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>JOETZ VZW</Nm></Ownr></Acct>` +
		bal("OPBD", "100.00", "CRDT", "2026-11-18") + bal("CLBD", closing, "CRDT", "2026-11-19") + strings.Join(entries, "\n") + `</Stmt>`
}

func bal(kind, amount, side, day string) string {
	return fmt.Sprintf(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>`, kind, amount, side, day)
}

func camt(version string, statements ...string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.` + version + `"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-11-19T20:00:00</CreDtTm></GrpHdr>` +
		strings.Join(statements, "\n") + `</BkToCstmrStmt></Document>`
}

// ntry is a booked entry; more follows the code.
func ntry(amount, side, code string, more ...string) string {
	parts := strings.Split(code, "/")
	return `<Ntry><Amt Ccy="EUR">` + amount + `</Amt><CdtDbtInd>` + side + `</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-19</Dt></BookgDt><ValDt><Dt>2026-11-19</Dt></ValDt><BkTxCd><Domn><Cd>` + parts[0] +
		`</Cd><Fmly><Cd>` + parts[1] + `</Cd><SubFmlyCd>` + parts[2] + `</SubFmlyCd></Fmly></Domn></BkTxCd>` + strings.Join(more, "") + `</Ntry>`
}

func tx(inner string) string { return `<NtryDtls><TxDtls>` + inner + `</TxDtls></NtryDtls>` }
func eur(a string) string    { return `<Amt Ccy="EUR">` + a + `</Amt>` }
func payer(n string) string  { return `<RltdPties><Dbtr><Nm>` + n + `</Nm></Dbtr></RltdPties>` }
func ustrd(t string) string  { return `<RmtInf><Ustrd>` + t + `</Ustrd></RmtInf>` }
func scor(ref string) string {
	return `<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr></Tp><Ref>` + ref + `</Ref></CdtrRefInf></Strd></RmtInf>`
}

const (
	sct   = "PMNT/RCDT/ESCT"
	headS = "BE68539007547034 EUR 2026-11-19: 100.00 to "
)

func TestHabitsOfBanksInCamt(t *testing.T) {
	t.Parallel()
	plain := camt("04", stmt("175.00", ntry("75.00", "CRDT", sct, tx(`<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>`+eur("75.00")+`<CdtDbtInd>CRDT</CdtDbtInd>`+payer("Peeters Jan")+scor("010806817183")))))
	paid := []string{headS + "175.00", "  75.00 " + sct + " ref=010806817183 from=Peeters Jan"}
	wide, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(strings.Replace(plain, "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	bare, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(strings.Replace(plain, "UTF-8", "UTF-16", 1))
	if err != nil {
		t.Fatal(err)
	}
	latin, err := charmap.ISO8859_15.NewEncoder().String(strings.Replace(strings.Replace(plain, "UTF-8", "ISO-8859-15", 1), "Peeters Jan", "Zoë € D'Hooghe", 1))
	if err != nil {
		t.Fatal(err)
	}
	eight := strings.NewReplacer("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>", "<Dbtr><Nm>Peeters Jan</Nm></Dbtr>", "<Dbtr><Pty><Nm>Peeters Jan</Nm></Pty></Dbtr>").Replace
	prefixed := strings.Replace(regexp.MustCompile(`<(/?)([A-Z])`).ReplaceAllString(plain, "<${1}ns2:${2}"), "xmlns=", "xmlns:ns2=", 1)
	batch := func(parts ...string) string {
		return `<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>` + strings.Join(parts, "") + `</NtryDtls>`
	}
	part := func(inner string) string { return `<TxDtls>` + inner + `</TxDtls>` }
	check(t, []habit{
		{"version 04", plain, paid},
		{"version 08", eight(strings.Replace(plain, "001.04", "001.08", 1)), paid},
		{"version 02, where a transaction has its amount among the details", strings.NewReplacer("001.04", "001.02", "</Refs>"+eur("75.00")+`<CdtDbtInd>CRDT</CdtDbtInd>`, `</Refs><AmtDtls><TxAmt>`+eur("75.00")+`</TxAmt></AmtDtls>`).Replace(plain), paid},
		{"a prefix on every element", prefixed, paid},
		{"an envelope around it", `<?xml version="1.0"?><Envelope xmlns="urn:x"><AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><Fr><FIId/></Fr></AppHdr>` + strings.TrimPrefix(plain, `<?xml version="1.0" encoding="UTF-8"?>`) + `</Envelope>`, paid},
		{"UTF-8 with its mark and CRLF", "\uFEFF" + strings.ReplaceAll(plain, "\n", "\r\n"), paid},
		{"UTF-16 with its mark", wide, paid},
		{"UTF-16 without a mark", bare, paid},
		{"ISO 8859-15", latin, []string{headS + "175.00", "  75.00 " + sct + " ref=010806817183 from=Zoë € D'Hooghe"}},
		{"comments and another programme's instructions", strings.Replace(strings.Replace(plain, "<Ntry>", "<!-- KBC --><Ntry>", 1), "<Document", "<?xml-stylesheet href='x.xsl'?><Document", 1), paid},
		{"a reference with its separators", strings.Replace(plain, "<Ref>010806817183", "<Ref>+++010/8068/17183+++", 1), paid},
		{"a reference in free text stays text", camt("02", stmt("101.00", ntry("1.00", "CRDT", sct, tx(ustrd("+++010/8068/17183+++"))))), []string{headS + "101.00", "  1.00 " + sct + " text=+++010/8068/17183+++"}},
		{"free text in pieces", camt("02", stmt("101.00", ntry("1.00", "CRDT", sct, tx(`<RmtInf><Ustrd>kamp Lotte</Ustrd><Ustrd>en Noor</Ustrd></RmtInf>`)))), []string{headS + "101.00", "  1.00 " + sct + " text=kamp Lotte en Noor"}},
		{"only the bank's own words", camt("02", stmt("101.00", ntry("1.00", "CRDT", sct, `<AddtlNtryInf>STORTING AN MAES KAMP</AddtlNtryInf>`))), []string{headS + "101.00", "  1.00 " + sct + " text=STORTING AN MAES KAMP"}},
		{"a batch with its payments", camt("04", stmt("250.00", ntry("150.00", "CRDT", sct, batch(part(eur("75.00")+`<CdtDbtInd>CRDT</CdtDbtInd>`+payer("An")+scor("010806817183")), part(eur("75.00")+`<CdtDbtInd>CRDT</CdtDbtInd>`+payer("Bo")+scor("090933755493")))))),
			[]string{headS + "250.00", "  150.00 " + sct, "    75.00 " + sct + " ref=010806817183 from=An", "    75.00 " + sct + " ref=090933755493 from=Bo"}},
		{"a batch that names only what was sent", camt("02", stmt("250.00", ntry("150.00", "CRDT", sct, batch(part(`<AmtDtls><InstdAmt>`+eur("70.00")+`</InstdAmt></AmtDtls>`+payer("An")), part(`<AmtDtls><InstdAmt>`+eur("80.00")+`</InstdAmt></AmtDtls>`+payer("Bo")))))),
			[]string{headS + "250.00", "  150.00 " + sct, "    70.00 " + sct + " from=An", "    80.00 " + sct + " from=Bo"}},
		{"a batch whose payments the bank kept", camt("04", stmt("250.00", ntry("150.00", "CRDT", sct, `<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>`))), []string{headS + "250.00", "  150.00 " + sct}},
		{"our file in one sum, its payments kept", camt("04", stmt("25.00", ntry("75.00", "DBIT", "PMNT/ICDT/ESCT", `<NtryDtls><Btch><PmtInfId>JOETZ-TB-2026-11-18-3</PmtInfId><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>`))), []string{headS + "25.00", "  -75.00 PMNT/ICDT/ESCT with=JOETZ-TB-2026-11-18-3"}},
		{"our file in one sum, named among the references", camt("08", stmt("25.00", ntry("75.00", "DBIT", "PMNT/ICDT/ESCT", tx(`<Refs><PmtInfId>JOETZ-TB-2026-11-18-3</PmtInfId><EndToEndId>NOTPROVIDED</EndToEndId></Refs>`)))), []string{headS + "25.00", "  -75.00 PMNT/ICDT/ESCT with=JOETZ-TB-2026-11-18-3"}},
		{"one of a batch", camt("04", stmt("250.00", ntry("150.00", "CRDT", sct, batch(part(eur("75.00")+payer("An")+scor("010806817183")))))), []string{headS + "250.00", "  150.00 " + sct, "    75.00 " + sct + " ref=010806817183 from=An", "warn line 2 detail_sum"}},
		{"costs taken off what was sent", camt("04", stmt("199.50", ntry("99.50", "CRDT", sct, `<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">0.50</TtlChrgsAndTaxAmt><Rcrd>`+eur("0.50")+`<CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>`, tx(eur("100.00")+`<CdtDbtInd>CRDT</CdtDbtInd>`+payer("An")+scor("010806817183"))))),
			[]string{headS + "199.50", "  99.50 " + sct + " ref=010806817183 from=An"}},
		{"costs as version 02 writes them, on a transfer of ours", camt("02", stmt("49.75", ntry("50.25", "DBIT", "PMNT/ICDT/XBCT", `<Chrgs>`+eur("0.25")+`<CdtDbtInd>DBIT</CdtDbtInd></Chrgs>`, tx(`<Refs><EndToEndId>R-7</EndToEndId></Refs><AmtDtls><TxAmt>`+eur("50.00")+`</TxAmt></AmtDtls><RltdPties><Cdtr><Nm>Maes</Nm></Cdtr></RltdPties>`)))),
			[]string{headS + "49.75", "  -50.25 PMNT/ICDT/XBCT e2e=R-7 from=Maes"}},
		{"costs of every payment of a batch", camt("04", stmt("199.00", ntry("99.00", "CRDT", sct, batch(part(eur("40.00")+`<Chrgs><Rcrd>`+eur("0.40")+`</Rcrd></Chrgs>`), part(eur("60.00")+`<Chrgs><Rcrd>`+eur("0.60")+`</Rcrd></Chrgs>`))))), []string{headS + "199.00", "  99.00 " + sct, "    40.00 " + sct, "    60.00 " + sct}},
		{"dollars that arrived as euros", camt("04", stmt("192.10", ntry("92.10", "CRDT", "PMNT/RCDT/XBCT", tx(`<Amt Ccy="EUR">92.10</Amt><CdtDbtInd>CRDT</CdtDbtInd><AmtDtls><InstdAmt><Amt Ccy="USD">100.00</Amt></InstdAmt></AmtDtls>`)))), []string{headS + "192.10", "  92.10 PMNT/RCDT/XBCT was=100.00 USD"}},
		{"our transfer comes back", camt("04", stmt("150.00", ntry("50.00", "CRDT", "PMNT/ICDT/RRTN", tx(`<Refs><EndToEndId>R-7</EndToEndId></Refs><RltdPties><Dbtr><Nm>JOETZ VZW</Nm></Dbtr><Cdtr><Nm>Maes</Nm></Cdtr></RltdPties><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>`)))), []string{headS + "150.00", "  50.00 PMNT/ICDT/RRTN e2e=R-7 from=Maes back=AC04"}},
		{"a reversal by the bank, told by its indicator", camt("04", stmt("25.00", strings.Replace(ntry("75.00", "DBIT", sct, tx(payer("An"))), "<Sts>", "<RvslInd>true</RvslInd><Sts>", 1))), []string{headS + "25.00", "  -75.00 " + sct + " from=An back=-"}},
		{"a collection that was not paid", camt("04", stmt("25.00", ntry("75.00", "DBIT", "PMNT/IDDT/UPDD", tx(`<Refs><MndtId>M-1</MndtId></Refs>`)))), []string{headS + "25.00", "  -75.00 PMNT/IDDT/UPDD back=- mandate=M-1"}},
		{"an amount of nothing", camt("04", stmt("100.00", ntry("0.00", "CRDT", sct, `<AddtlNtryInf>bericht</AddtlNtryInf>`))), []string{headS + "100.00", "  0.00 " + sct + " text=bericht"}},
		{"five decimals, of which three nothing", camt("04", stmt("101.50000", ntry("1.50000", "CRDT", sct))), []string{headS + "101.50", "  1.50 " + sct}},
		{"a whole number, and leading zeros", camt("04", stmt("00175", ntry("75", "CRDT", sct))), []string{headS + "175.00", "  75.00 " + sct}},
		{"announced and informative entries", camt("04", stmt("101.00", ntry("1.00", "CRDT", sct), strings.Replace(ntry("9.00", "CRDT", sct), "BOOK", "PDNG", 1), strings.Replace(ntry("8.00", "CRDT", sct), "BOOK", "INFO", 1))), []string{headS + "101.00", "  1.00 " + sct}},
		{"nothing happened that day", camt("08", stmt("100.00")), []string{headS + "100.00"}},
		{"two accounts, one overdrawn", camt("04", stmt("101.00", ntry("1.00", "CRDT", sct)), strings.NewReplacer("BE68539007547034", "BE62510007547061", bal("OPBD", "100.00", "CRDT", "2026-11-18"), bal("PRCD", "5.00", "DBIT", "2026-11-18"), bal("CLBD", "6.00", "CRDT", "2026-11-19"), bal("CLBD", "6.00", "DBIT", "2026-11-19")).Replace(stmt("6.00", ntry("1.00", "DBIT", sct)))),
			[]string{headS + "101.00", "  1.00 " + sct, "BE62510007547061 EUR 2026-11-19: -5.00 to -6.00", "  -1.00 " + sct}},
		{"days with a clock and a zone", strings.ReplaceAll(plain, "<BookgDt><Dt>2026-11-19</Dt>", "<BookgDt><DtTm>2026-11-19T23:59:59.999+01:00</DtTm>"), paid},
		{"an account that is no IBAN", strings.Replace(plain, "<IBAN>BE68539007547034</IBAN>", "<Othr><Id>539-0075470-34</Id></Othr>", 1), []string{"539-0075470-34 EUR 2026-11-19: 100.00 to 175.00", paid[1]}},
		{"a code of the bank's own", strings.Replace(plain, `<Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>`, `<Prtry><Cd>0150</Cd></Prtry>`, 1), []string{headS + "175.00", "  75.00 0150 ref=010806817183 from=Peeters Jan"}},
		{"entities for signs", camt("04", stmt("101.00", ntry("1.00", "CRDT", sct, tx(payer("Peeters &amp; Co &#233;")+ustrd("&lt;kamp&gt;"))))), []string{headS + "101.00", "  1.00 " + sct + " from=Peeters & Co é text=<kamp>"}},
		{"a closing balance that does not follow", camt("04", stmt("102.00", ntry("1.00", "CRDT", sct))), []string{headS + "102.00", "  1.00 " + sct, "unfit line 2 balance"}},
	})
}
