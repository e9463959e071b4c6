package bankfake

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"

	"joetz/payments/bank"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// camtNamespace is the version that Belgian banks write.
const camtNamespace = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"

// The elements in the order of the schema, as far as a bank fills them for a transfer.
type (
	camtDocument struct {
		XMLName xml.Name   `xml:"Document"`
		Space   string     `xml:"xmlns,attr"`
		Head    camtHead   `xml:"BkToCstmrStmt>GrpHdr"`
		Stmts   []camtStmt `xml:"BkToCstmrStmt>Stmt"`
	}
	camtHead struct{ MsgId, CreDtTm string }
	camtStmt struct {
		Id, ElctrncSeqNb, CreDtTm string
		IBAN                      string `xml:"Acct>Id>IBAN"`
		Ccy                       string `xml:"Acct>Ccy"`
		Owner                     string `xml:"Acct>Ownr>Nm"`
		BIC                       string `xml:"Acct>Svcr>FinInstnId>BICFI"`
		Bal                       []camtBalance
		Ntry                      []camtEntry
	}
	camtBalance struct {
		Cd  string `xml:"Tp>CdOrPrtry>Cd"`
		Amt camtAmount
		Ind string `xml:"CdtDbtInd"`
		Dt  string `xml:"Dt>Dt"`
	}
	camtAmount struct {
		Ccy  string `xml:"Ccy,attr"`
		Text string `xml:",chardata"`
	}
	camtEntry struct {
		NtryRef   string
		Amt       camtAmount
		CdtDbtInd string
		Sts       string          `xml:"Sts>Cd"`
		BookgDt   string          `xml:"BookgDt>Dt"`
		ValDt     string          `xml:"ValDt>Dt"`
		Ref       string          `xml:"AcctSvcrRef"`
		Domain    string          `xml:"BkTxCd>Domn>Cd"`
		Family    string          `xml:"BkTxCd>Domn>Fmly>Cd"`
		Sub       string          `xml:"BkTxCd>Domn>Fmly>SubFmlyCd"`
		Tx        camtTransaction `xml:"NtryDtls>TxDtls"`
	}
	camtTransaction struct {
		EndToEnd string `xml:"Refs>EndToEndId"`
		Amt      camtAmount
		Ind      string        `xml:"CdtDbtInd"`
		Debtor   *camtParty    `xml:"RltdPties>Dbtr,omitempty"`
		DbtrAcct *camtAccount  `xml:"RltdPties>DbtrAcct,omitempty"`
		Creditor *camtParty    `xml:"RltdPties>Cdtr,omitempty"`
		CdtrAcct *camtAccount  `xml:"RltdPties>CdtrAcct,omitempty"`
		DbtrBank *camtBank     `xml:"RltdAgts>DbtrAgt,omitempty"`
		CdtrBank *camtBank     `xml:"RltdAgts>CdtrAgt,omitempty"`
		Text     string        `xml:"RmtInf>Ustrd,omitempty"`
		Strd     *camtStrd     `xml:"RmtInf>Strd,omitempty"`
		Return   *camtReturned `xml:"RtrInf,omitempty"`
	}
	camtParty struct {
		Nm string `xml:"Pty>Nm"`
	}
	camtAccount struct {
		IBAN string `xml:"Id>IBAN"`
	}
	camtBank struct {
		BIC string `xml:"FinInstnId>BICFI"`
	}
	camtStrd struct {
		Cd   string `xml:"CdtrRefInf>Tp>CdOrPrtry>Cd"`
		Issr string `xml:"CdtrRefInf>Tp>Issr"`
		Ref  string `xml:"CdtrRefInf>Ref"`
	}
	camtReturned struct {
		Cd string `xml:"Rsn>Cd"`
	}
)

// CAMT writes statements as one camt.053.001.08 message.
func CAMT(statements ...Statement) ([]byte, error) {
	doc := camtDocument{Space: camtNamespace}
	for _, s := range statements {
		if s.Date.IsZero() || s.Account.Country() == "" {
			return nil, fmt.Errorf("%w: statement %d of %v on %v", ErrFit, s.Number, s.Account, s.Date)
		}
		part, err := s.camt()
		if err != nil {
			return nil, err
		}
		doc.Head = camtHead{MsgId: "M" + part.Id, CreDtTm: part.CreDtTm}
		doc.Stmts = append(doc.Stmts, part)
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	e := xml.NewEncoder(&out)
	e.Indent("", " ")
	if err := e.Encode(doc); err != nil {
		return nil, fmt.Errorf("bankfake: camt: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

func (s Statement) camt() (camtStmt, error) {
	day := s.Date.String()
	out := camtStmt{
		Id: fmt.Sprintf("%s-%03d", day, s.Number), ElctrncSeqNb: fmt.Sprint(s.Number), CreDtTm: day + "T22:00:00+01:00",
		IBAN: s.Account.Plain(), Ccy: "EUR", Owner: s.Holder, BIC: s.BIC,
		Bal: []camtBalance{camtBalanceOf("OPBD", s.Opening, s.Date), camtBalanceOf("CLBD", s.Closing(), s.Date)},
	}
	for i, t := range s.Transfers {
		e, err := s.camtEntry(i+1, t)
		if err != nil {
			return out, err
		}
		out.Ntry = append(out.Ntry, e)
	}
	return out, nil
}

func camtBalanceOf(code string, c money.Cents, on civil.Date) camtBalance {
	amt, ind := camtSigned(c)
	return camtBalance{Cd: code, Amt: amt, Ind: ind, Dt: on.String()}
}

func camtSigned(c money.Cents) (amt camtAmount, indicator string) {
	if c < 0 {
		return camtAmount{"EUR", (-c).String()}, "DBIT"
	}
	return camtAmount{"EUR", c.String()}, "CRDT"
}

func (s Statement) camtEntry(n int, t Transfer) (camtEntry, error) {
	amt, ind := camtSigned(t.Amount)
	e := camtEntry{
		NtryRef: fmt.Sprint(n), Amt: amt, CdtDbtInd: ind, Sts: "BOOK", BookgDt: s.Date.String(), ValDt: s.Date.String(),
		Ref: fmt.Sprintf("DEMO%s%03d%04d", ddmmyy(s.Date), s.Number, n), Domain: "PMNT", Family: "RCDT", Sub: "ESCT",
		Tx: camtTransaction{EndToEnd: t.EndToEndID, Amt: amt, Ind: ind, Text: t.Text},
	}
	if t.EndToEndID == "" {
		e.Tx.EndToEnd = "NOTPROVIDED"
	}
	them, account, theirs := &camtParty{t.Name}, &camtAccount{t.IBAN.Plain()}, &camtBank{t.BIC}
	if t.IBAN == "" {
		account = nil
	}
	if t.BIC == "" {
		theirs = nil
	}
	out := t.Amount < 0
	switch {
	case t.Return != "":
		e.Sub = "RRTN"
		e.Tx.Return = &camtReturned{t.Return}
	case out:
		e.Family = "ICDT"
	}
	if out {
		e.Tx.Creditor, e.Tx.CdtrAcct, e.Tx.CdtrBank = them, account, theirs
	} else {
		e.Tx.Debtor, e.Tx.DbtrAcct, e.Tx.DbtrBank = them, account, theirs
	}
	if t.Reference == "" {
		return e, nil
	}
	ref, err := bank.ParseReference(t.Reference)
	if err != nil || t.Text != "" {
		return e, fmt.Errorf("%w: reference %q with text %q", ErrFit, t.Reference, t.Text)
	}
	e.Tx.Strd = &camtStrd{Cd: "SCOR", Issr: "BBA", Ref: ref}
	if strings.HasPrefix(ref, "RF") {
		e.Tx.Strd.Issr = "ISO"
	}
	return e, nil
}
