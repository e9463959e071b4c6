package camt

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"joetz/payments/bank"
	"joetz/terms/money"
)

// movement turns an entry into a movement. A single transaction is folded into it; several become its details.
func (r *reader) movement(s bank.Statement, e entry) bank.Movement {
	m := bank.Movement{
		Currency: trim(e.Amt.Ccy), BookingDate: r.date(e.line, e.BookgDt), ValueDate: r.date(e.line, e.ValDt),
		BankRef: trim(e.AcctSvcrRef), Code: e.BkTxCd.String(), Number: trim(e.NtryRef), Line: e.line,
	}
	m.Amount = r.signed(e.line, e.Amt, e.CdtDbtInd, false)
	if m.Currency == "" {
		m.Currency = s.Currency
	}
	if e.reversal() || comesBack(m.Code) {
		m.Return = "-"
	}
	var all []transaction
	for _, d := range e.NtryDtls {
		all = append(all, d.TxDtls...)
		m.Batch = append(m.Batch, trimAll([]string{d.Btch.PmtInfID, d.Btch.MsgID})...)
	}
	switch {
	case len(all) == 1 && folds(all[0], m, e.Chrgs.sum(m.Currency)):
		r.fold(&m, s, all[0], m.Amount < 0)
	case len(all) > 0:
		r.details(&m, s, all, e.Chrgs.sum(m.Currency))
	}
	note := trim(e.AddtlNtryInf)
	if note != "" {
		m.Info = append(m.Info, note)
	}
	m.Text = cmp.Or(m.Text, note)
	m.BankRef = cmp.Or(m.BankRef, m.Number)
	return m
}

// comesBack reports whether a code says that an earlier payment is undone: returned, taken back at the payer's or the bank's
// request, or a collection that was not paid.
func comesBack(code string) bool {
	_, last, _ := strings.Cut(code, "/")
	switch _, sub, _ := strings.Cut(last, "/"); sub {
	case "RRTN", "RPCR", "UPDD", "PRDD", "RCDD":
		return true
	}
	return false
}

// folds reports whether an entry's only transaction is the whole entry, and not one of a batch whose others the bank kept
// back. The entry may differ from it by what the bank charged.
func folds(t transaction, m bank.Movement, charged money.Cents) bool {
	own, known := t.amount(m.Currency)
	return !known || explained(own-abs(m.Amount), charged, t.Chrgs.sum(m.Currency))
}

// explained reports whether amounts differ by nothing, or by what was charged: told with the entry, the transaction, or both.
func explained(difference money.Cents, charged ...money.Cents) bool {
	sum := money.Cents(0)
	for _, c := range charged {
		if abs(difference) == abs(c) {
			return true
		}
		sum += c
	}
	return abs(difference) == abs(sum)
}

func abs(c money.Cents) money.Cents {
	if c < 0 {
		return -c
	}
	return c
}

// amount is the transaction's own amount in the account's currency, unsigned unless it names its direction. Version 02
// only has it among the details.
func (t transaction) amount(currency string) (money.Cents, bool) {
	for _, a := range []amount{t.Amt, t.AmtDtls.TxAmt.Amt} {
		if trim(a.Ccy) != currency && trim(a.Ccy) != "" {
			continue
		}
		if c, exact, ok := cents(a.Text); ok && exact {
			return c, true
		}
	}
	return 0, false
}

// sent is the amount that the payer's side names, in the account's currency: what a detail is known by when nothing else is.
func (t transaction) sent(currency string) (money.Cents, bool) {
	for _, a := range []amount{t.AmtDtls.CntrValAmt.Amt, t.AmtDtls.InstdAmt.Amt} {
		if c, exact, ok := cents(a.Text); ok && exact && trim(a.Ccy) == currency {
			return c, true
		}
	}
	return 0, false
}

// fold takes over what the transaction says about the movement.
func (r *reader) fold(m *bank.Movement, s bank.Statement, t transaction, debit bool) {
	m.BankRef = cmp.Or(m.BankRef, trim(t.Refs.AcctSvcrRef))
	m.Code = cmp.Or(m.Code, t.BkTxCd.String())
	if id := trim(t.Refs.EndToEndID); !strings.EqualFold(strings.ReplaceAll(id, " ", ""), "NOTPROVIDED") {
		m.EndToEndID = id
	}
	m.Mandate = trim(t.Refs.MndtID)
	m.Batch = append(m.Batch, trimAll([]string{t.Refs.PmtInfID, t.Refs.MsgID})...)
	m.Original = t.original(m.Currency)
	if t.RtrInf != nil {
		m.Return = cmp.Or(trim(t.RtrInf.Rsn.Cd), trim(t.RtrInf.Rsn.Prtry), "-")
		m.Info = append(m.Info, trimAll(t.RtrInf.AddtlInf)...)
	}
	m.Counterparty, m.Owner = t.sides(debit, s)
	r.remittance(m, t)
}

// original is the amount before exchange, when it was sent in another currency.
func (t transaction) original(currency string) string {
	a := t.AmtDtls.InstdAmt.Amt
	if c := trim(a.Ccy); c != "" && c != currency {
		return trim(a.Text) + " " + c
	}
	return ""
}

// sides gives the other side by direction: who paid a credit, who received a debit. On a return and on a collection
// taken back the bank keeps the parties of the payment that is undone, so that side is us; owner is then the other one.
func (t transaction) sides(debit bool, s bank.Statement) (counterparty, owner bank.Party) {
	debtor := side(t.Parties.Dbtr, t.Parties.UltmtDbtr, t.Parties.DbtrAcct, t.Agents.DbtrAgt.bic())
	creditor := side(t.Parties.Cdtr, t.Parties.UltmtCdtr, t.Parties.CdtrAcct, t.Agents.CdtrAgt.bic())
	us, them := creditor, debtor
	if debit {
		us, them = debtor, creditor
	}
	named := them.Name != "" || them.IBAN != ""
	if (!named || isOwn(them, s)) && (us.Name != "" || us.IBAN != "") && !isOwn(us, s) {
		owner = us
	}
	return them, owner
}

func isOwn(p bank.Party, s bank.Statement) bool {
	if p.IBAN != "" {
		return p.IBAN == s.Account
	}
	return p.Name != "" && strings.EqualFold(p.Name, s.Holder)
}

// details makes one detail of every transaction and checks that they add up. Where one has no amount of its own nothing
// can be added up.
func (r *reader) details(m *bank.Movement, s bank.Statement, all []transaction, charged money.Cents) {
	var sum, kept money.Cents
	unknown := 0
	for i, t := range all {
		d := bank.Movement{
			Currency: m.Currency, BookingDate: m.BookingDate, ValueDate: m.ValueDate, Code: cmp.Or(t.BkTxCd.String(), m.Code),
			Return: m.Return, Number: m.Number + "/" + strconv.Itoa(i+1), Line: m.Line,
		}
		own, known := t.amount(m.Currency)
		if !known {
			own, known = t.sent(m.Currency)
		}
		if !known {
			unknown++
		}
		kept += t.Chrgs.sum(m.Currency)
		debit := m.Amount < 0
		if ind := trim(t.CdtDbtInd); ind != "" {
			debit = ind == "DBIT"
		}
		if debit {
			own = -own
		}
		d.Amount = own
		sum += own
		r.fold(&d, s, t, m.Amount < 0) // by the entry: a transaction of a total may be marked by its own sender
		m.Details = append(m.Details, d)
	}
	switch {
	case unknown > 0:
		r.file.Warn(m.Line, bank.ProblemDetailAmount, "%d of %d details have no amount in %s", unknown, len(all), m.Currency)
	case !explained(sum-m.Amount, 0, charged, kept):
		r.file.Warn(m.Line, bank.ProblemDetailSum, "details add up to %v, the entry is %v", sum, m.Amount)
	}
}

// remittance reads what the payer wrote. A structured reference is one of the two kinds that we know, or at least twelve
// digits; another creditor reference, as the Swiss use, is text to us.
func (r *reader) remittance(m *bank.Movement, t transaction) {
	lines := trimAll(t.RmtInf.Ustrd)
	for _, strd := range t.RmtInf.Strd {
		raw := trim(cmp.Or(strd.CdtrRefInf.Ref, strd.CdtrRefInf.CdtrRef))
		if ref, known := r.reference(m.Line, raw); known {
			if !slices.Contains(m.References, ref) {
				m.References = append(m.References, ref)
			}
		} else if raw != "" {
			lines = append(lines, raw)
		}
		for _, doc := range strd.RfrdDocInf {
			lines = append(lines, trimAll([]string{doc.Nb})...)
		}
		lines = append(lines, trimAll(strd.AddtlRmtInf)...)
	}
	if len(m.References) > 0 {
		m.Reference = m.References[0]
	}
	m.Text = cmp.Or(strings.Join(lines, " "), trim(t.AddtlTxInf))
}

// reference recognises an OGM or RF, with wrong check digits too: the bank took it for one, and a person should see why
// no invoice has it.
func (r *reader) reference(line int, raw string) (string, bool) {
	if ref, err := bank.ParseReference(raw); err == nil {
		return ref, true
	}
	plain := strings.NewReplacer("+", "", "*", "", "/", "", " ", "").Replace(raw)
	if len(plain) == 12 && strings.Trim(plain, "0123456789") == "" || strings.HasPrefix(plain, "RF") && len(plain) <= 25 {
		r.file.Warn(line, bank.ProblemReferenceCheck, "reference %s has wrong check digits", plain)
		return plain, true
	}
	return "", false
}

func trimAll(in []string) []string {
	var out []string
	for _, s := range in {
		if s = trim(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}
