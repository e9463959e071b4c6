package coda

import (
	"cmp"
	"strconv"
	"strings"

	"joetz/payments/bank"
)

// movement is a booking or a detail while its records are being gathered.
type movement struct {
	bank.Movement
	amount     thousandths
	sequence   string
	detail     string
	structured bool
	text       string // the raw communication of records 21, 22 and 23, in their full width
	info       []*information
}

// information is one chain of records 31, 32 and 33.
type information struct {
	detail     string
	structured bool
	text       string
}

func (r *reader) movementRecord(l line, id string) {
	s := r.statement
	if s == nil || s.closed {
		r.file.Refuse(l.no, bank.ProblemOrphan, "a movement outside a statement")
		return
	}
	if id == "21" {
		r.newMovement(s, l)
		return
	}
	m := s.current(l)
	if m == nil {
		r.file.Refuse(l.no, bank.ProblemOrphan, "record %s continues movement %s/%s, which is not the one before it", id, l.raw(3, 6), l.raw(7, 10))
		return
	}
	if id == "22" {
		m.text += l.raw(11, 63)
		m.EndToEndID = provided(l.text(64, 98))
		m.Counterparty.BIC = l.text(99, 109)
		if kind := l.at(113); kind >= '1' && kind <= '5' {
			m.Return = cmp.Or(l.text(114, 117), "-")
		}
		return
	}
	m.Counterparty.IBAN = counterparty(l)
	m.Counterparty.Name = l.text(48, 82)
	m.text += l.raw(83, 125)
}

// counterparty is the other account. One that is no IBAN yet is twelve digits, behind them its currency, as in record 1.
func counterparty(l line) string {
	if old := l.raw(11, 22); l.at(23) == ' ' && strings.Trim(old, "0123456789") == "" {
		return old
	}
	return l.account(11, 44)
}

// current is the movement that a continuation belongs to: the last one, when the numbers agree.
func (s *statement) current(l line) *movement {
	if len(s.movements) == 0 {
		return nil
	}
	m := s.movements[len(s.movements)-1]
	if m.sequence != l.raw(3, 6) || m.detail != l.raw(7, 10) {
		return nil
	}
	return m
}

// provided drops the word that banks write where the payer gave no reference.
func provided(endToEnd string) string {
	if strings.EqualFold(strings.ReplaceAll(endToEnd, " ", ""), "NOTPROVIDED") {
		return ""
	}
	return endToEnd
}

func (r *reader) newMovement(s *statement, l line) {
	m := &movement{sequence: l.raw(3, 6), detail: l.raw(7, 10), structured: l.at(62) == '1', text: l.raw(63, 115)}
	amount, ok := r.amount(l, 32)
	m.amount, s.unreadable = amount, s.unreadable || !ok
	m.Line, m.Number = l.no, m.sequence
	m.Amount, m.Currency = r.exact(l.no, amount), s.Currency
	m.BankRef, m.Code = l.text(11, 31), l.text(54, 61)
	m.ValueDate, m.BookingDate = r.dateAt(l, 48), r.dateAt(l, 116)
	s.movements = append(s.movements, m)
	if m.detail != "0000" {
		m.Number += "/" + m.detail
		return
	}
	if amount < 0 {
		s.debit -= amount
		r.debit -= amount
		return
	}
	s.credit += amount
	r.credit += amount
}

// information gathers records 31 to 33. Their detail number counts on by itself, so only the sequence number ties them to
// their movement.
func (r *reader) information(l line, id string) {
	s := r.statement
	if s == nil || len(s.movements) == 0 || s.movements[len(s.movements)-1].sequence != l.raw(3, 6) {
		r.file.Refuse(l.no, bank.ProblemOrphan, "record %s belongs to movement %s, which is not the one before it", id, l.raw(3, 6))
		return
	}
	m := s.movements[len(s.movements)-1]
	if id == "31" {
		m.info = append(m.info, &information{detail: l.raw(7, 10), structured: l.at(40) == '1', text: l.raw(41, 113)})
		return
	}
	if len(m.info) == 0 {
		r.file.Refuse(l.no, bank.ProblemOrphan, "record %s continues no record 31", id)
		return
	}
	last := m.info[len(m.info)-1]
	if id == "32" {
		last.text += l.raw(11, 115)
	} else {
		last.text += l.raw(11, 100)
	}
}

// tree hangs the details under their totals and finishes every movement.
func (r *reader) tree(s *statement) []bank.Movement {
	var tops []bank.Movement
	for i := 0; i < len(s.movements); {
		top := s.movements[i]
		to := i + 1
		for to < len(s.movements) && s.movements[to].detail != "0000" && s.movements[to].sequence == top.sequence {
			to++
		}
		if top.detail != "0000" {
			r.file.Refuse(top.Line, bank.ProblemOrphan, "detail %s/%s without its total", top.sequence, top.detail)
		}
		m := r.finish(top)
		m.Details = r.details(top, s.movements[i+1:to])
		tops = append(tops, m)
		i = to
	}
	return tops
}

// details finishes the details of one total. A total of totals (type 7 with its own details of type 9) keeps its depth.
func (r *reader) details(top *movement, all []*movement) []bank.Movement {
	var out []bank.Movement
	var sum thousandths
	for i := 0; i < len(all); {
		d := all[i]
		to := i + 1
		for d.kind() == '7' && to < len(all) && all[to].kind() == '9' {
			to++
		}
		m := r.finish(d)
		m.Details = r.details(d, all[i+1:to])
		out = append(out, m)
		sum += d.amount
		i = to
	}
	if len(out) > 0 && sum != top.amount {
		r.file.Warn(top.Line, bank.ProblemDetailSum, "details add up to %v, the total is %v", sum, top.amount)
	}
	return out
}

// kind is the first digit of the transaction code: simple, total or detail.
func (m *movement) kind() byte {
	if m.Code == "" {
		return 0
	}
	return m.Code[0]
}

// comesBack reports whether the transaction code says that an earlier payment is undone, where no record 22 gives a reason: a
// transfer that could not be carried out (families 01 and 02, operation 54), a collection that was not paid (05, 03).
func (m *movement) comesBack() bool {
	if len(m.Code) != 8 {
		return false
	}
	switch m.Code[1:5] {
	case "0154", "0254":
		return m.amount > 0
	case "0503":
		return m.amount < 0
	}
	return false
}

// finish reads the communication, now that all its records are there.
func (r *reader) finish(m *movement) bank.Movement {
	out := m.Movement
	if m.structured {
		r.structured(&out, m.text)
	} else {
		out.Text = strings.TrimSpace(m.text)
	}
	if out.Return == "" && m.comesBack() {
		out.Return = "-"
	}
	for _, i := range m.info {
		text := strings.TrimSpace(i.text)
		if text == "" {
			continue
		}
		out.Info = append(out.Info, text)
		switch {
		case i.structured && strings.HasPrefix(text, "001"):
			if out.Counterparty.Name == "" {
				out.Counterparty.Name = strings.TrimSpace(cut(i.text, 3, 73))
			}
		case out.Text == "" && out.Reference == "" && !i.structured:
			out.Text = text
		}
	}
	return out
}

// structured reads a communication with a layout of its own: three digits say which.
func (r *reader) structured(m *bank.Movement, text string) {
	kind, content := cut(text, 0, 3), cut(text, 3, len(text))
	switch kind {
	case "101", "102": // paid with a structured communication, or one that the bank put together
		digits := cut(content, 0, 12)
		if len(digits) != 12 || strings.Trim(digits, "0123456789") != "" {
			break
		}
		r.reference(m, digits)
		m.Text = strings.TrimSpace(cut(content, 12, len(content)))
		return
	case "100":
		ref := strings.ToUpper(strings.Join(strings.Fields(cut(content, 0, 25)), ""))
		if !strings.HasPrefix(ref, "RF") {
			break
		}
		r.reference(m, ref)
		m.Text = strings.TrimSpace(cut(content, 25, len(content)))
		return
	case "105":
		if n, err := strconv.ParseUint(cut(content, 15, 30), 10, 63); err == nil && n > 0 {
			m.Original = thousandths(n).String() + " " + cut(content, 42, 45)
		}
		m.Text = strings.TrimSpace(cut(content, 45, 57))
		return
	case "127": // SEPA direct debit: date, type, scheme, paid or why not, creditor, mandate, communication
		m.Mandate = strings.TrimSpace(cut(content, 44, 79))
		m.Text = strings.TrimSpace(cut(content, 79, 141))
		if m.Text == "" {
			m.Text = strings.Join(strings.Fields(cut(content, 9, 79)), " ")
		}
		if unpaid, kind := cut(content, 8, 9), cut(content, 141, 142); m.Return == "" && (unpaid > "0" && unpaid <= "9" || kind > "0" && kind <= "5") {
			m.Return = cmp.Or(strings.TrimSpace(cut(content, 142, 146)), "-")
		}
		return
	}
	m.Text = strings.TrimSpace(content)
}

// reference keeps a structured reference as the bank gives it; one with wrong check digits is pointed out, since no
// invoice of ours can have it.
func (r *reader) reference(m *bank.Movement, ref string) {
	m.Reference, m.References = ref, []string{ref}
	if _, err := bank.ParseReference(ref); err != nil {
		r.file.Warn(m.Line, bank.ProblemReferenceCheck, "reference %s has wrong check digits", ref)
	}
}

// cut is the characters from from up to to, as far as they are there.
func cut(s string, from, to int) string {
	runes := []rune(s)
	from, to = min(from, len(runes)), min(to, len(runes))
	return string(runes[from:max(from, to)])
}
