package bank

import "fmt"

// Problem is one thing that is wrong with a file, where, and in words.
type Problem struct {
	Line    int    `json:"line"` // 1-based; 0 when it concerns the whole file
	Code    string `json:"code"` // stable, for programs and message catalogues
	Message string `json:"message"`

	Unfit bool     `json:"-"` // the file must not be booked
	Args  []string `json:"-"` // what the message names, for a translated one: for each code in an order of its own
}

// The codes of problems. The first group makes a file unfit to book.
const (
	ProblemUnknownFormat   = "unknown_format"   // neither CODA nor camt
	ProblemTooLarge        = "too_large"        // over MaxFileBytes
	ProblemEmpty           = "empty"            // no statement in it
	ProblemSyntax          = "syntax"           // broken XML, or a record that cannot stand here
	ProblemHostile         = "hostile_xml"      // document type declaration or absurd depth
	ProblemLineLength      = "line_length"      // a CODA record that is not 128 characters
	ProblemVersion         = "version"          // a version of the format that is not read
	ProblemNotStatement    = "not_statement"    // notification, report or separate application: books nothing
	ProblemAmount          = "amount"           // unreadable, or parts of a cent
	ProblemSign            = "sign"             // neither credit nor debit
	ProblemCurrency        = "currency"         // a movement or balance in another currency than the account
	ProblemBalance         = "balance"          // opening + credits - debits is not closing
	ProblemMissingBalance  = "missing_balance"  // no opening or closing balance
	ProblemMissingAccount  = "missing_account"  // no account number, or no currency
	ProblemMissingDate     = "missing_date"     // nothing says on which day it was booked
	ProblemTrailerCount    = "trailer_count"    // CODA trailer: number of records
	ProblemTrailerSum      = "trailer_sum"      // CODA trailer or camt summary: sums
	ProblemMissingTrailer  = "missing_trailer"  // the file stops before its end
	ProblemOrphan          = "orphan"           // a continuation without its movement
	ProblemDetailSum       = "detail_sum"       // details that do not add up to their total
	ProblemDetailAmount    = "detail_amount"    // details without an amount in the account's currency
	ProblemReferenceCheck  = "reference_check"  // a structured reference with wrong check digits
	ProblemDate            = "date"             // an impossible date
	ProblemApplication     = "application"      // CODA names a separate application, over balances that add up
	ProblemDuplicateCopy   = "duplicate_copy"   // the bank says that it sent this before
	ProblemMoreFollows     = "more_follows"     // the bank announces another file that is not here
	ProblemAccountDiffers  = "account_differs"  // old and new balance name different accounts
	ProblemEncoding        = "encoding"         // the text is not in the encoding that it declares
	ProblemSummaryCount    = "summary_count"    // camt summary counts other entries than there are
	ProblemUntestedVersion = "untested_version" // a newer version of the format, read as the newest known one
)

// MaxFileBytes is the largest bank file that is read.
const MaxFileBytes = 32 << 20

// MaxProblems is how many problems of one file are kept: more than anybody reads. A problem that makes the file unfit is kept also
// when there are so many already, if it is the first of its kind.
const MaxProblems = 1000

// Unfit reports whether a problem forbids booking the file.
func (f File) Unfit() bool {
	for _, p := range f.Problems {
		if p.Unfit {
			return true
		}
	}
	return false
}

// Refuse notes a problem that makes the file unfit to book.
func (f *File) Refuse(line int, code, format string, args ...any) {
	f.note(true, line, code, format, args)
}

// Warn notes a problem that a person should see and that does not stop booking.
func (f *File) Warn(line int, code, format string, args ...any) {
	f.note(false, line, code, format, args)
}

func (f *File) note(unfit bool, line int, code, format string, args []any) {
	if len(f.Problems) >= MaxProblems && (!unfit || f.Unfit()) {
		return
	}
	p := Problem{Line: line, Code: code, Message: fmt.Sprintf(format, args...), Unfit: unfit}
	for _, a := range args {
		p.Args = append(p.Args, fmt.Sprint(a))
	}
	f.Problems = append(f.Problems, p)
}
