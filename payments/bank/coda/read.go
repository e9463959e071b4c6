package coda

import (
	"fmt"
	"math"
	"strings"

	"joetz/payments/bank"
	"joetz/payments/bank/charset"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Looks reports whether the bytes start like a CODA file: a header record, whatever its version.
func Looks(data []byte) bool {
	lines := split(charset.Head(data, 4*width))
	if len(lines) == 0 {
		return false
	}
	first := lines[0]
	application := first.raw(15, 16)
	return first.id() == "0" && (first.raw(1, 5) == "00000" || application == "05") && strings.TrimSpace(first.raw(6, 11)) != ""
}

// Read reads a CODA file. It may hold several accounts, and days without movements.
func Read(data []byte) bank.File {
	r := reader{file: bank.File{Kind: bank.KindCODA}}
	if len(data) > bank.MaxFileBytes {
		r.file.Refuse(0, bank.ProblemTooLarge, "%d bytes, at most %d are read", len(data), bank.MaxFileBytes)
		return r.file
	}
	for _, l := range split(data) {
		r.take(l)
	}
	r.end()
	return r.file
}

// reader walks over the records. A header opens a part (one account as a rule), a trailer closes it.
type reader struct {
	file bank.File

	open      bool       // between header and trailer
	made      civil.Date // the header's
	duplicate bool
	separate  string // code of a separate application, which is no account statement
	last      int    // number of the line before
	announced int    // line of a trailer that promises another part

	statement *statement // between old balance and the part's end
	records   int64      // 1, 2x, 3x and 8 of this part
	credit    thousandths
	debit     thousandths
}

// statement is what is known of the statement being read.
type statement struct {
	bank.Statement
	opening    thousandths
	closing    thousandths
	closed     bool // its new balance was there
	credit     thousandths
	debit      thousandths
	unreadable bool // an amount or balance could not be read, so no sum means anything
	movements  []*movement
}

// thousandths is the unit of the file's amounts.
type thousandths int64

func (t thousandths) String() string {
	sign := ""
	if t < 0 {
		sign, t = "-", -t
	}
	return fmt.Sprintf("%s%d.%03d", sign, t/1000, t%1000)
}

// cents rounds half a cent away from nothing; exact is false when something was lost.
func (t thousandths) cents() (c money.Cents, exact bool) {
	half := thousandths(5)
	if t < 0 {
		half = -5
	}
	return money.Cents((t + half) / 10), t%10 == 0
}

// most is the largest amount that is read: the sum of as many as fit in the largest file stays within 63 bits.
const most = math.MaxInt64 / (bank.MaxFileBytes / width)

func (r *reader) take(l line) {
	if l.short && l.id() != "9" { // the trailer's sums prove what is left of it
		r.file.Refuse(l.no, bank.ProblemLineLength, "%d characters, a record has %d", len(strings.TrimRight(string(l.cells), " ")), width)
	}
	if l.long {
		r.file.Refuse(l.no, bank.ProblemLineLength, "more than %d characters", width)
	}
	switch id := l.id(); {
	case id == "0":
		r.header(l)
	case !r.open:
		r.file.Refuse(l.no, bank.ProblemSyntax, "record %s before a header", id)
	default:
		r.body(l, id)
	}
	r.last = l.no
}

func (r *reader) body(l line, id string) {
	switch id {
	case "1":
		r.oldBalance(l)
	case "21", "22", "23":
		r.movementRecord(l, id)
	case "31", "32", "33":
		r.information(l, id)
	case "8":
		r.newBalance(l)
	case "4":
		if r.statement != nil {
			r.statement.Notices = append(r.statement.Notices, l.text(33, 112))
		}
	case "9":
		r.trailer(l)
	default:
		r.file.Refuse(l.no, bank.ProblemSyntax, "a record cannot start with %q", strings.TrimSpace(string(l.cells[:2])))
	}
	if id != "4" && id != "9" {
		r.records++
	}
}

func (r *reader) header(l line) {
	if r.open {
		r.file.Refuse(l.no, bank.ProblemMissingTrailer, "a new header, and the part before has no trailer")
		r.closePart()
	}
	*r = reader{file: r.file, open: true, last: r.last}
	r.made = r.dateAt(l, 6)
	r.duplicate = l.at(17) == 'D'
	switch v := l.at(128); {
	case v == '2':
	case v == '1':
		r.file.Refuse(l.no, bank.ProblemVersion, "CODA version 1, which ended in 2008, is not read")
	default:
		r.file.Warn(l.no, bank.ProblemUntestedVersion, "version %q, read as version 2", string(v))
	}
	if app := l.text(84, 88); strings.Trim(app, "0") != "" {
		r.separate = app
	}
}

func (r *reader) oldBalance(l line) {
	if r.statement != nil {
		r.closeStatement()
	}
	s := &statement{Statement: bank.Statement{Line: l.no, Duplicate: r.duplicate, Opened: r.dateAt(l, 59)}}
	s.Account, s.Currency = account(l)
	s.Holder, s.Number = l.text(65, 90), l.text(126, 128)
	s.opening = r.balance(s, l, 43)
	if r.duplicate {
		r.file.Warn(l.no, bank.ProblemDuplicateCopy, "the bank sent statement %s of %s before", s.Number, s.Account)
	}
	r.statement = s
}

// account reads the old balance's account and currency: where they stand depends on the kind of account.
func account(l line) (number, currency string) {
	switch l.at(2) {
	case '0': // Belgian number of twelve digits
		return l.account(6, 17), l.text(19, 21)
	case '2': // Belgian IBAN
		return l.account(6, 36), l.text(40, 42)
	}
	return l.account(6, 39), l.text(40, 42)
}

func (r *reader) newBalance(l line) {
	s := r.statement
	if s == nil || s.closed {
		r.file.Refuse(l.no, bank.ProblemOrphan, "a new balance without its old balance")
		return
	}
	s.closed = true
	s.closing = r.balance(s, l, 42)
	s.Date = r.dateAt(l, 58)
	if closed := l.account(5, 38); !strings.HasPrefix(closed, s.Account) {
		r.file.Warn(l.no, bank.ProblemAccountDiffers, "new balance of %s, old balance of %s", closed, s.Account)
	}
}

func (r *reader) trailer(l line) {
	r.closeStatement()
	records, okCount := l.number(17, 22)
	debit, okDebit := l.number(23, 37)
	credit, okCredit := l.number(38, 52)
	switch {
	case !okCount || !okDebit || !okCredit:
		r.file.Refuse(l.no, bank.ProblemAmount, "not an amount: %q", l.text(17, 52))
	default:
		if records != r.records {
			r.file.Refuse(l.no, bank.ProblemTrailerCount, "trailer says %d records, counted %d", records, r.records)
		}
		if thousandths(debit) != r.debit {
			r.file.Refuse(l.no, bank.ProblemTrailerSum, "trailer says %[3]s %[1]v, summed %[2]v", thousandths(debit), r.debit, "debit")
		}
		if thousandths(credit) != r.credit {
			r.file.Refuse(l.no, bank.ProblemTrailerSum, "trailer says %[3]s %[1]v, summed %[2]v", thousandths(credit), r.credit, "credit")
		}
	}
	r.open = false
	if l.at(128) == '1' {
		r.announced = l.no
	}
}

// end closes what the file left open.
func (r *reader) end() {
	if r.open {
		r.file.Refuse(r.last, bank.ProblemMissingTrailer, "the file ends without a trailer")
		r.closePart()
	}
	if r.announced > 0 {
		r.file.Warn(r.announced, bank.ProblemMoreFollows, "the bank says that another part follows, and none does")
	}
	if len(r.file.Statements) == 0 {
		r.file.Refuse(0, bank.ProblemEmpty, "no statement in the file")
	}
}

func (r *reader) closePart() {
	r.closeStatement()
	r.open = false
}

// closeStatement checks the arithmetic and hands the statement over.
func (r *reader) closeStatement() {
	s := r.statement
	if s == nil {
		return
	}
	r.statement = nil
	if !s.closed {
		s.closing = s.opening
		if len(s.movements) > 0 {
			r.file.Refuse(s.Line, bank.ProblemMissingBalance, "movements, and no new balance")
			s.closing += s.credit - s.debit
		}
	}
	if r.separate != "" {
		r.application(s)
	} else if got := s.opening + s.credit - s.debit; got != s.closing && !s.unreadable {
		r.file.Refuse(s.Line, bank.ProblemBalance, "old balance %[1]v + credits %[5]v - debits %[6]v = %[3]v, new balance %[2]v: difference %[4]v",
			s.opening, s.closing, got, got-s.closing, s.credit, s.debit)
	}
	s.Opening, s.Closing = r.exact(s.Line, s.opening), r.exact(s.Line, s.closing)
	if s.Date.IsZero() {
		if s.Date = r.made; s.Date.IsZero() {
			s.Date = s.Opened
		}
	}
	s.Movements = r.tree(s)
	r.file.Statements = append(r.file.Statements, s.Statement)
}

// application judges a statement of a separate application. The standard gives those no balances: such a one repeats movements
// that another statement books. Some banks write a code over ordinary statements; their balances prove what they are.
func (r *reader) application(s *statement) {
	if moved := s.credit - s.debit; s.closed && !s.unreadable && (s.opening != 0 || s.closing != 0) && s.opening+moved == s.closing {
		r.file.Warn(s.Line, bank.ProblemApplication, "separate application %s, and its balances add up: read as a statement", r.separate)
		return
	}
	r.file.Refuse(s.Line, bank.ProblemNotStatement, "separate application %s repeats movements of another statement", r.separate)
}

// balance reads a sign and an amount of 12 and 3 digits.
func (r *reader) balance(s *statement, l line, pos int) thousandths {
	amount, ok := r.amount(l, pos)
	if !ok {
		s.unreadable = true
	}
	return amount
}

// amount reads the sign (0 credit, 1 debit) at pos and the fifteen digits after it.
func (r *reader) amount(l line, pos int) (thousandths, bool) {
	n, ok := l.number(pos+1, pos+15)
	if !ok || n > most {
		r.file.Refuse(l.no, bank.ProblemAmount, "not an amount: %q", l.text(pos+1, pos+15))
		return 0, false
	}
	switch sign := l.at(pos); sign {
	case '0':
		return thousandths(n), true
	case '1':
		return -thousandths(n), true
	default:
		r.file.Refuse(l.no, bank.ProblemSign, "sign %q is neither 0 (credit) nor 1 (debit)", string(sign))
		return 0, false
	}
}

// exact turns thousandths into cents and refuses the file when that loses something.
func (r *reader) exact(no int, t thousandths) money.Cents {
	c, exact := t.cents()
	if !exact {
		r.file.Refuse(no, bank.ProblemAmount, "%v has parts of a cent", t)
	}
	return c
}

// dateAt reads a date; an impossible one is a problem to see, not to stop for.
func (r *reader) dateAt(l line, from int) civil.Date {
	d, ok := l.date(from)
	if !ok {
		r.file.Warn(l.no, bank.ProblemDate, "no such date (DDMMYY): %q", l.text(from, from+5))
	}
	return d
}
