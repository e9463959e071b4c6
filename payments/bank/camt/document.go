package camt

import (
	"cmp"
	"strings"

	"joetz/payments/bank"
	"joetz/terms/money"
)

// The elements that are read, by local name: prefixes and namespaces differ per bank. Where versions differ, both shapes
// stand side by side and at most one is filled.

type amount struct {
	Text string `xml:",chardata"`
	Ccy  string `xml:"Ccy,attr"`
}

type date struct {
	Dt   string
	DtTm string
}

type account struct {
	ID struct {
		IBAN string
		Othr struct {
			ID string `xml:"Id"`
		}
	} `xml:"Id"`
	Ccy  string
	Ownr party
}

func (a account) number() string {
	return strings.Join(strings.Fields(cmp.Or(a.ID.IBAN, a.ID.Othr.ID)), "")
}

type party struct {
	Nm  string
	Pty struct{ Nm string } // from version 07
	Agt agent               // a bank as party, from version 07
}

func (p party) name() string { return trim(cmp.Or(p.Nm, p.Pty.Nm, p.Agt.FinInstnID.Nm)) }

type institution struct {
	BIC   string // version 02
	BICFI string // from 03
	Nm    string
}

type agent struct {
	FinInstnID institution `xml:"FinInstnId"`
}

func (a agent) bic() string { return trim(cmp.Or(a.FinInstnID.BICFI, a.FinInstnID.BIC)) }

type balance struct {
	Tp struct {
		CdOrPrtry struct{ Cd, Prtry string }
	}
	Amt       amount
	CdtDbtInd string
	Dt        date
}

func (b balance) kind() string { return trim(cmp.Or(b.Tp.CdOrPrtry.Cd, b.Tp.CdOrPrtry.Prtry)) }

type summary struct {
	TtlNtries, TtlCdtNtries, TtlDbtNtries struct{ NbOfNtries, Sum string }
}

type code struct {
	Domn struct {
		Cd   string
		Fmly struct{ Cd, SubFmlyCd string }
	}
	Prtry struct{ Cd string }
}

func (c code) String() string {
	if c.Domn.Cd != "" {
		return trim(c.Domn.Cd) + "/" + trim(c.Domn.Fmly.Cd) + "/" + trim(c.Domn.Fmly.SubFmlyCd)
	}
	return trim(c.Prtry.Cd)
}

type entry struct {
	NtryRef   string
	Amt       amount
	CdtDbtInd string
	RvslInd   string
	Sts       struct {
		Text string `xml:",chardata"` // to version 06
		Cd   string
	}
	BookgDt     date
	ValDt       date
	AcctSvcrRef string
	BkTxCd      code
	Chrgs       charges
	NtryDtls    []struct {
		Btch struct {
			MsgID    string `xml:"MsgId"`
			PmtInfID string `xml:"PmtInfId"`
		}
		TxDtls []transaction
	}
	AddtlNtryInf string

	line int
}

// booked reports whether the entry moved money: announced and informative ones did not.
func (e entry) booked() bool {
	switch trim(cmp.Or(e.Sts.Cd, trim(e.Sts.Text))) {
	case "PDNG", "INFO", "FUTR":
		return false
	}
	return true
}

func (e entry) reversal() bool { return trim(e.RvslInd) == "true" || trim(e.RvslInd) == "1" }

type transaction struct {
	Refs      refs
	Amt       amount // from version 03
	CdtDbtInd string
	AmtDtls   struct{ InstdAmt, TxAmt, CntrValAmt struct{ Amt amount } }
	Chrgs     charges
	BkTxCd    code
	Parties   parties `xml:"RltdPties"`
	Agents    struct {
		DbtrAgt, CdtrAgt agent
	} `xml:"RltdAgts"`
	RmtInf     remittance
	RtrInf     *returned
	AddtlTxInf string
}

// charges are what a bank kept of a payment, or added to it: one block each to version 02, records in one block from 03.
type charges []struct {
	TtlChrgsAndTaxAmt, Amt amount
	CdtDbtInd              string
	Rcrd                   []struct {
		Amt       amount
		CdtDbtInd string
	}
}

// sum adds them in one currency: what they take is positive.
func (c charges) sum(currency string) (sum money.Cents) {
	add := func(a amount, indicator string) {
		n, _, ok := cents(a.Text)
		if !ok || trim(a.Ccy) != currency {
			return
		}
		if trim(indicator) == "CRDT" {
			n = -n
		}
		sum += n
	}
	for _, block := range c {
		for _, r := range block.Rcrd {
			add(r.Amt, r.CdtDbtInd)
		}
		if len(block.Rcrd) > 0 {
			continue
		}
		if trim(block.Amt.Text) != "" {
			add(block.Amt, block.CdtDbtInd)
		} else {
			add(block.TtlChrgsAndTaxAmt, "")
		}
	}
	return sum
}

type refs struct {
	AcctSvcrRef string
	MsgID       string `xml:"MsgId"`
	PmtInfID    string `xml:"PmtInfId"`
	EndToEndID  string `xml:"EndToEndId"`
	MndtID      string `xml:"MndtId"`
}

type parties struct {
	Dbtr, UltmtDbtr, Cdtr, UltmtCdtr party
	DbtrAcct, CdtrAcct               account
}

type remittance struct {
	Ustrd []string
	Strd  []struct {
		RfrdDocInf []struct{ Nb string }
		CdtrRefInf struct {
			Ref     string
			CdtrRef string // pain.001.001.02 wrote it so
		}
		AddtlRmtInf []string
	}
}

type returned struct {
	Rsn      struct{ Cd, Prtry string }
	AddtlInf []string
}

func trim(s string) string { return strings.TrimSpace(s) }

// side is one side of a transaction, its owner where that is named apart.
func side(p, ultimate party, a account, bic string) bank.Party {
	return bank.Party{Name: cmp.Or(p.name(), ultimate.name()), IBAN: a.number(), BIC: bic}
}
