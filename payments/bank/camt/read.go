package camt

import (
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode"

	"joetz/payments/bank"
	"joetz/payments/bank/charset"
	"joetz/terms/civil"
	"joetz/terms/money"
)

var version = regexp.MustCompile(`camt\.05[234]\.001\.(\d\d)$`)

// Looks reports whether the bytes start like an XML file.
func Looks(data []byte) bool {
	text, _ := decode(charset.Head(data, 512))
	return strings.HasPrefix(text, "<")
}

// Read reads a camt file. Several statements, and several messages one after the other, are fine.
func Read(data []byte) bank.File {
	r := reader{file: bank.File{Kind: bank.KindUnknown}}
	if len(data) > bank.MaxFileBytes {
		r.file.Refuse(0, bank.ProblemTooLarge, "%d bytes, at most %d are read", len(data), bank.MaxFileBytes)
		return r.file
	}
	var honest bool
	r.guard, r.xml, honest = decoder(data)
	if !honest && !isASCII(data) {
		r.file.Warn(1, bank.ProblemEncoding, "the text is not in the encoding that it declares")
	}
	r.message()
	if r.file.Kind == bank.KindUnknown && len(r.file.Problems) == 0 {
		r.file.Refuse(1, bank.ProblemUnknownFormat, "XML, and not camt.053")
	} else if len(r.file.Statements) == 0 && !r.file.Unfit() {
		r.file.Refuse(0, bank.ProblemEmpty, "no statement in the file")
	}
	return r.file
}

func isASCII(data []byte) bool {
	for _, b := range data {
		if b > unicode.MaxASCII {
			return false
		}
	}
	return true
}

type reader struct {
	file  bank.File
	guard *guard
	xml   *xml.Decoder
}

// message walks over everything down to the statements.
func (r *reader) message() {
	for {
		token, err := r.xml.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				r.broken(err)
			}
			return
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "Document":
			r.version(start.Name.Space)
		case "BkToCstmrStmt", "BkToCstmrStmtV01":
			r.file.Kind = bank.KindCamt053
		case "BkToCstmrDbtCdtNtfctn":
			r.file.Kind = bank.KindCamt054
			r.file.Refuse(r.guard.line(), bank.ProblemNotStatement, "camt.054 notifies of movements that a statement books: upload the camt.053")
		case "BkToCstmrAcctRpt":
			r.file.Kind = bank.KindCamt052
			r.file.Refuse(r.guard.line(), bank.ProblemNotStatement, "camt.052 reports within the day: upload the camt.053 of that day")
		case "Stmt", "Ntfctn", "Rpt":
			if r.file.Kind == bank.KindUnknown {
				continue
			}
			if err := r.statement(); err != nil {
				r.broken(err)
				return
			}
		}
	}
}

// version looks at the namespace, where a bank that gives none is trusted.
func (r *reader) version(space string) {
	m := version.FindStringSubmatch(space)
	switch {
	case m == nil:
	case m[1] < "02":
		r.file.Refuse(r.guard.line(), bank.ProblemVersion, "version %s is not read", m[1])
	case m[1] > "08":
		r.file.Warn(r.guard.line(), bank.ProblemUntestedVersion, "version %s, read as version 08", m[1])
	}
}

// broken refuses a file that cannot be read to its end.
func (r *reader) broken(err error) {
	problem := bank.ProblemSyntax
	if errors.Is(err, errDocType) || errors.Is(err, errDepth) || errors.Is(err, errHollow) {
		problem = bank.ProblemHostile
	}
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) { // its own line counts from where an element was cut out
		err = errors.New(syntax.Msg)
	}
	r.file.Refuse(r.guard.line(), problem, "%v", err)
}

// statement is what one Stmt, Ntfctn or Rpt says, before it is understood.
type statement struct {
	id, electronic, legal, created, copied string
	account                                account
	period                                 struct{ ToDtTm, ToDt string }
	balances                               []balance
	summary                                *summary
	entries                                []entry
	notices                                []string
	reversed                               money.Cents // sum of the entries that undo something
	line                                   int
}

// statement reads up to the end of the element that was just opened. What was read before an error is kept.
func (r *reader) statement() (err error) {
	s := statement{line: r.guard.line()}
	defer func() { r.understand(s) }()
	for {
		token, err := r.xml.Token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return io.ErrUnexpectedEOF
			}
			return err
		}
		switch token := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := r.child(&s, token); err != nil {
				return err
			}
		}
	}
}

func (r *reader) child(s *statement, start xml.StartElement) error {
	into := func(v any) error { return r.xml.DecodeElement(v, &start) }
	switch start.Name.Local {
	case "Id":
		return into(&s.id)
	case "ElctrncSeqNb":
		return into(&s.electronic)
	case "LglSeqNb":
		return into(&s.legal)
	case "CreDtTm":
		return into(&s.created)
	case "CpyDplctInd":
		return into(&s.copied)
	case "Acct":
		return into(&s.account)
	case "FrToDt":
		return into(&s.period)
	case "TxsSummry":
		return into(&s.summary)
	case "Bal":
		var b balance
		err := into(&b)
		s.balances = append(s.balances, b)
		return err
	case "AddtlStmtInf":
		var text string
		err := into(&text)
		s.notices = append(s.notices, trim(text))
		return err
	case "Ntry":
		e := entry{line: r.guard.line()}
		err := into(&e)
		if err == nil {
			s.entries = append(s.entries, e)
		}
		return err
	}
	return r.xml.Skip()
}

// understand turns a statement into the shared model and checks it.
func (r *reader) understand(s statement) {
	out := bank.Statement{
		Account: s.account.number(), Currency: trim(s.account.Ccy), Holder: s.account.Ownr.name(),
		ID: trim(s.id), Number: cmp.Or(trim(s.electronic), trim(s.legal)), Notices: s.notices, Line: s.line,
	}
	if c := trim(s.copied); c == "DUPL" || c == "CODU" {
		out.Duplicate = true
		r.file.Warn(s.line, bank.ProblemDuplicateCopy, "the bank sent statement %s of %s before", out.ID, out.Account)
	}
	r.balances(&out, s)
	for _, e := range s.entries {
		if !e.booked() {
			continue
		}
		m := r.movement(out, e)
		out.Movements = append(out.Movements, m)
		if e.reversal() {
			s.reversed += m.Amount
		}
	}
	if r.file.Kind == bank.KindCamt053 {
		r.arithmetic(out, s)
	}
	if out.Date.IsZero() {
		out.Date = r.day(s.line, cmp.Or(s.period.ToDtTm, s.period.ToDt, s.created))
	}
	r.file.Statements = append(r.file.Statements, out)
}

// day reads a date, or the date of an instant as the bank's own clock had it.
func (r *reader) day(line int, text string) civil.Date {
	text = trim(text)
	if text == "" {
		return civil.Date{}
	}
	d, err := civil.Parse(text[:min(len(text), 10)])
	if err != nil {
		r.file.Warn(line, bank.ProblemDate, "no such date: %q", text)
	}
	return d
}

func (r *reader) date(line int, d date) civil.Date { return r.day(line, cmp.Or(d.Dt, d.DtTm)) }
