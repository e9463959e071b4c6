package camt

import (
	"math"
	"strconv"
	"strings"

	"joetz/payments/bank"
	"joetz/terms/money"
)

// most is the largest amount that is read: the sum of as many as fit in the largest file stays within 63 bits.
const most = math.MaxInt64 / (bank.MaxFileBytes / 32)

// cents reads an unsigned decimal as ISO 20022 writes it: up to five decimals, a point, no separators of thousands. exact
// is false when it has parts of a cent.
func cents(text string) (c money.Cents, exact, ok bool) {
	whole, decimals, point := strings.Cut(trim(text), ".")
	if whole+decimals == "" || point && decimals == "" && whole == "" || strings.Trim(whole+decimals, "0123456789") != "" {
		return 0, false, false
	}
	decimals += "00"
	n, err := strconv.ParseInt(whole+decimals[:2], 10, 64)
	if err != nil || n > most {
		return 0, false, false
	}
	return money.Cents(n), strings.Trim(decimals[2:], "0") == "", true
}

// signed reads an amount with its indicator. A missing indicator is credit where missing is allowed.
func (r *reader) signed(line int, a amount, indicator string, optional bool) money.Cents {
	c, exact, ok := cents(a.Text)
	switch {
	case !ok:
		r.file.Refuse(line, bank.ProblemAmount, "not an amount: %q", trim(a.Text))
		return 0
	case !exact:
		r.file.Refuse(line, bank.ProblemAmount, "%s %s has parts of a cent", trim(a.Text), a.Ccy)
	}
	switch trim(indicator) {
	case "CRDT":
		return c
	case "DBIT":
		return -c
	case "":
		if optional {
			return c
		}
	}
	r.file.Refuse(line, bank.ProblemSign, "%q is neither CRDT nor DBIT", trim(indicator))
	return 0
}

// balances finds the opening and closing balance, and with them the currency of an account that names none.
func (r *reader) balances(out *bank.Statement, s statement) {
	opening, closing := openingBalance(s.balances, out.Currency), closingBalance(s.balances, out.Currency)
	if out.Currency == "" && opening != nil {
		out.Currency = trim(opening.Amt.Ccy)
		closing = closingBalance(s.balances, out.Currency)
	}
	if out.Currency == "" && len(s.entries) > 0 {
		out.Currency = trim(s.entries[0].Amt.Ccy)
	}
	if opening != nil {
		out.Opening = r.signed(s.line, opening.Amt, opening.CdtDbtInd, true)
		out.Opened = r.date(s.line, opening.Dt)
	}
	if closing == nil && len(s.entries) == 0 {
		closing = opening
	}
	if closing != nil {
		out.Closing = r.signed(s.line, closing.Amt, closing.CdtDbtInd, true)
		out.Date = r.date(s.line, closing.Dt)
	}
}

// openingBalance prefers the booked opening balance, then the previous closing one; a later page of a statement opens
// with an interim balance.
func openingBalance(all []balance, currency string) *balance {
	for _, kind := range []string{"OPBD", "PRCD", "ITBD"} {
		var first *balance
		for i := range all {
			if b := &all[i]; b.kind() == kind && better(b, first, currency, func(a, b string) bool { return a < b }) {
				first = b
			}
		}
		if first != nil {
			return first
		}
	}
	return nil
}

// closingBalance prefers the booked closing balance; a page that is not the last closes with an interim one.
func closingBalance(all []balance, currency string) *balance {
	for _, kind := range []string{"CLBD", "ITBD"} {
		var last *balance
		for i := range all {
			if b := &all[i]; b.kind() == kind && better(b, last, currency, func(a, b string) bool { return a >= b }) {
				last = b
			}
		}
		if last != nil {
			return last
		}
	}
	return nil
}

// better reports whether b is a better choice than so far: the account's own currency first, then the date.
func better(b, sofar *balance, currency string, earlier func(a, b string) bool) bool {
	if sofar == nil {
		return true
	}
	if own, had := trim(b.Amt.Ccy) == currency, trim(sofar.Amt.Ccy) == currency; own != had {
		return own
	}
	return earlier(trim(b.Dt.Dt+b.Dt.DtTm), trim(sofar.Dt.Dt+sofar.Dt.DtTm))
}

// arithmetic checks that opening balance and booked entries make the closing balance, in one currency.
func (r *reader) arithmetic(out bank.Statement, s statement) {
	opening, closing := openingBalance(s.balances, out.Currency), closingBalance(s.balances, out.Currency)
	if opening == nil || closing == nil || opening == closing {
		if len(out.Movements) == 0 {
			r.file.Warn(s.line, bank.ProblemMissingBalance, "no booked opening and closing balance, and nothing booked")
			return
		}
		r.file.Refuse(s.line, bank.ProblemMissingBalance, "no booked opening and closing balance (OPBD or PRCD, and CLBD)")
		return
	}
	mixed := false
	for _, b := range []*balance{opening, closing} {
		if c := trim(b.Amt.Ccy); c != out.Currency {
			mixed = true
			r.file.Refuse(s.line, bank.ProblemCurrency, "balance %s in %s, account in %s", b.kind(), c, out.Currency)
		}
	}
	var sum money.Cents
	for _, m := range out.Movements {
		if m.Currency != out.Currency {
			mixed = true
			r.file.Refuse(m.Line, bank.ProblemCurrency, "entry of %v in %s, account in %s", m.Amount, m.Currency, out.Currency)
			continue
		}
		sum += m.Amount
	}
	if got := out.Opening + sum; !mixed && got != out.Closing {
		hint := ""
		if s.reversed != 0 && got-2*s.reversed == out.Closing {
			hint = "; it balances with the reversals turned around"
		}
		r.file.Refuse(s.line, bank.ProblemBalance, "opening %[1]v + entries %[5]v = %[3]v, closing %[2]v: difference %[4]v%[6]s",
			out.Opening, out.Closing, got, got-out.Closing, sum, hint)
	}
	r.totals(out, s)
}

// totals compares with the bank's own summary. Its sums must be those of the booked entries, or of all entries, since
// banks differ in that; its counts may count transactions.
func (r *reader) totals(out bank.Statement, s statement) {
	if s.summary == nil {
		return
	}
	var allCredit, allDebit money.Cents
	for _, e := range s.entries {
		if c, _, ok := cents(e.Amt.Text); ok && trim(e.CdtDbtInd) == "DBIT" {
			allDebit += c
		} else if ok {
			allCredit += c
		}
	}
	credit, debit := out.Sums()
	for _, t := range []struct {
		name, sum   string
		booked, all money.Cents
	}{{"credit", s.summary.TtlCdtNtries.Sum, credit, allCredit}, {"debit", s.summary.TtlDbtNtries.Sum, debit, allDebit}} {
		if trim(t.sum) == "" {
			continue
		}
		if c, exact, ok := cents(t.sum); !ok || !exact || c != t.booked && c != t.all {
			r.file.Refuse(s.line, bank.ProblemTrailerSum, "summary says %[3]s %[1]s, summed %[2]v", trim(t.sum), t.booked, t.name)
		}
	}
	if n, err := strconv.Atoi(trim(s.summary.TtlNtries.NbOfNtries)); err == nil && n != len(out.Movements) && n != len(s.entries) {
		r.file.Warn(s.line, bank.ProblemSummaryCount, "summary says %d entries, there are %d", n, len(s.entries))
	}
}
