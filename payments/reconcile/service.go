package reconcile

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/bank/reader"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Service imports bank files and keeps the matches of what they brought.
type Service struct {
	DB       *sqlx.DB
	Payments *payments.Service
	// Payouts lists Stripe's payouts that should arrive in a span of days; nil where no Stripe is used.
	Payouts func(ctx context.Context, from, to civil.Date) ([]Payout, error)
	// RefundFile lists the refunds of a file of transfers by its name; nil where none are made.
	RefundFile func(ctx context.Context, q sqlx.QueryerContext, name string) ([]id.Refund, error)
	Accounts   []bank.IBAN // ours; statements of other accounts are left out
	Now        func() time.Time
}

// Upload is a bank file as it came.
type Upload struct {
	Name string
	Data []byte
	By   id.Staff
}

// Result tells what an import did.
type Result struct {
	File       id.BankFile
	Repeated   bool // this very file was imported before: nothing was done
	Kind       bank.Kind
	Warnings   []bank.Problem
	Statements []StatementResult
}

// StatementResult is one statement of an imported file.
type StatementResult struct {
	Account   string
	Number    string
	ClosedOn  civil.Date
	Movements int
	Skipped   string // why it was left out: "" when it was taken in, else one of the skip reasons
	Matched   int
	Placed    money.Cents // money that was matched, credits and debits without sign
	Suspended int
	Waiting   money.Cents // money on suspense, without sign
}

// The reasons for which a statement is left out without harm.
const (
	SkippedKnown        = "known"         // imported before, perhaps in another file or format
	SkippedOtherAccount = "other_account" // not an account of ours
)

// Codes of problems that only an import finds.
const (
	ProblemChanged = "changed"       // a statement that was imported before says something else now
	ProblemOverlap = "overlap"       // some of its movements were imported with another statement, others not
	ProblemForeign = "foreign_money" // not in euro
	ProblemNotOurs = "not_ours"      // no statement in it is of an account of ours
)

// ErrRefused is the fault of every file that is not imported; a Refusal in its chain has the reasons.
var ErrRefused = fault.New(fault.Invalid, "bank.fault.refused")

// Refusal is why a file was not imported.
type Refusal struct {
	Kind     bank.Kind
	Problems []bank.Problem
}

// Error is for the log.
func (r *Refusal) Error() string {
	for _, p := range r.Problems {
		if p.Unfit {
			return p.Code + ": " + p.Message
		}
	}
	return "unfit"
}

func refuse(f bank.File) error { return ErrRefused.With(&Refusal{Kind: f.Kind, Problems: f.Problems}) }

// Import takes in a bank file: all of it, or nothing. The same file, or the same statement in another file, is harmless and
// reported. It returns ErrRefused for a file that is unfit to book.
func (s *Service) Import(ctx context.Context, u Upload) (Result, error) {
	sum := sha256.Sum256(u.Data)
	if known, err := fileBySum(ctx, s.DB, sum); err != nil || known != 0 {
		return Result{File: known, Repeated: true}, err
	}
	file := reader.Read(u.Data)
	s.checkDays(&file)
	if file.Unfit() {
		return Result{}, refuse(file)
	}
	payouts, err := s.payouts(ctx)
	if err != nil {
		return Result{}, err
	}
	var result Result
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockImports(ctx, tx); err != nil {
			return err
		}
		if known, err := fileBySum(ctx, tx, sum); err != nil || known != 0 {
			result = Result{File: known, Repeated: true}
			return err
		}
		id, err := insertFile(ctx, tx, u, sum, file, s.Now())
		if err != nil {
			return err
		}
		result = Result{File: id, Kind: file.Kind, Warnings: file.Problems}
		result.Statements, err = s.importStatements(ctx, tx, id, file, payouts)
		return err
	})
	return result, err
}

// payoutDays is how far around today a payout of Stripe is looked for: banks are late, files are uploaded later.
const payoutDays = 60

func (s *Service) payouts(ctx context.Context) ([]Payout, error) {
	if s.Payouts == nil {
		return nil, nil
	}
	today := civil.Of(s.Now())
	return s.Payouts(ctx, today.AddDays(-payoutDays), today.AddDays(payoutDays))
}

// importStatements takes in those statements of a file that are ours and new.
func (s *Service) importStatements(ctx context.Context, tx *sqlx.Tx, file id.BankFile, f bank.File, payouts []Payout) ([]StatementResult, error) {
	results := make([]StatementResult, len(f.Statements))
	ours := 0
	var fresh []movement
	var owner []int // which statement each fresh movement is of
	for i, st := range f.Statements {
		results[i] = StatementResult{Account: st.Account, Number: st.Number, ClosedOn: st.Date, Movements: len(st.Movements)}
		if !s.owns(st.Account) {
			results[i].Skipped = SkippedOtherAccount
			continue
		}
		ours++
		if st.Currency != "EUR" {
			f.Refuse(st.Line, ProblemForeign, "account %s is kept in %s", st.Account, st.Currency)
			continue
		}
		row := newStatement(f.Kind, st)
		known, err := s.known(ctx, tx, &f, row)
		if err != nil {
			return nil, err
		}
		if known {
			results[i].Skipped = SkippedKnown
			continue
		}
		if !f.Unfit() {
			if err := insertStatement(ctx, tx, file, row); err != nil {
				return nil, err
			}
		}
		fresh = append(fresh, row.movements...)
		for range row.movements {
			owner = append(owner, i)
		}
	}
	if ours == 0 {
		f.Refuse(0, ProblemNotOurs, "no account in this file is ours: %s", accountsIn(f))
	}
	if f.Unfit() {
		return nil, refuse(f)
	}
	placed, err := s.book(ctx, tx, fresh, payouts)
	if err != nil {
		return nil, err
	}
	if err := insertSkips(ctx, tx, file, results); err != nil {
		return nil, err
	}
	for i, m := range fresh {
		r := &results[owner[i]]
		switch {
		case m.money == 0:
		case placed[i]:
			r.Matched, r.Placed = r.Matched+1, r.Placed+abs(m.money)
		default:
			r.Suspended, r.Waiting = r.Suspended+1, r.Waiting+abs(m.money)
		}
	}
	return results, nil
}

// accountsIn names the accounts of a file, as people read them.
func accountsIn(f bank.File) string {
	var all []string
	for _, st := range f.Statements {
		name := st.Account
		if iban, err := bank.ParseIBAN(name); err == nil {
			name = iban.String()
		}
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return strings.Join(all[:min(len(all), 5)], ", ")
}

// owns reports whether an account is ours: by its IBAN, or by the twelve digits in it, as old CODA files have it.
func (s *Service) owns(account string) bool {
	for _, a := range s.Accounts {
		if account == a.Plain() || a.Country() == "BE" && len(account) == 12 && account == a.Plain()[4:] {
			return true
		}
	}
	return false
}

// known reports whether a statement was imported before. What is only partly known is refused: taking it in would book
// some money twice, leaving it out would lose some. A statement that goes on where the last one ended is new, even when
// every movement on it looks like one of before: a parent may pay the same twice.
func (s *Service) known(ctx context.Context, q sqlx.QueryerContext, f *bank.File, row statement) (bool, error) {
	before, err := statementLike(ctx, q, row)
	if err != nil {
		return false, err
	}
	switch {
	case before.SameIdentity && before.SameContent:
		return true, nil
	case before.SameIdentity:
		f.Refuse(row.Line, ProblemChanged, "statement %s of %v was imported before and says something else now", row.Number, row.Date)
		return false, nil
	case len(row.Statement.Movements) == 0:
		return false, nil
	case before.SameContent && f.Kind != bank.KindCODA: // a camt statement gets a new name each time it is fetched
		return true, nil
	case before.Continues:
		return false, nil
	case before.SameContent, before.SameFingerprint:
		return true, nil
	}
	stored, err := storedAlready(ctx, q, row)
	if err != nil {
		return false, err
	}
	switch total := len(row.Statement.Movements); {
	case stored == 0:
	case stored == total:
		return true, nil
	default:
		f.Refuse(row.Line, ProblemOverlap, "%d of the %d movements up to %v were imported with another statement", stored, total, row.Date)
	}
	return false, nil
}
