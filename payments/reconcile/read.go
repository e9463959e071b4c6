package reconcile

import (
	"context"
	"slices"
	"time"

	"joetz/payments"
	"joetz/payments/bank"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// File is an imported bank file.
type File struct {
	ID         id.BankFile `db:"id"`
	Name       string      `db:"name"`
	Kind       bank.Kind   `db:"kind"`
	ImportedAt time.Time   `db:"imported_at"`
	By         string      `db:"staff"`
	Statements int         `db:"statements"`
	Movements  int         `db:"movements"`
	Waiting    int         `db:"waiting"` // of its movements, on suspense
	Skipped    int         `db:"skipped"`
}

// Skip is a statement of a file that was left out.
type Skip struct {
	Account   string     `db:"account"`
	Number    string     `db:"number"`
	ClosedOn  civil.Date `db:"closed_on"`
	Movements int        `db:"movements"`
	Why       string     `db:"why"`
}

// StatementRow is an imported statement.
type StatementRow struct {
	ID        int64       `db:"id"`
	Account   string      `db:"account"`
	Number    string      `db:"number"`
	ClosedOn  civil.Date  `db:"closed_on"`
	Opening   money.Cents `db:"opening_cents"`
	Closing   money.Cents `db:"closing_cents"`
	Movements int         `db:"movements"`
	Waiting   int         `db:"waiting"`
	Twice     bool        `db:"twice"` // it begins as one before it did: the same money may stand in both
	Gap       bool        `db:"gap"`   // no imported statement closes as it opens, and it is not the account's first
}

// FileDetail is a file with what it brought.
type FileDetail struct {
	File
	Rows     []StatementRow
	Skips    []Skip
	Warnings []bank.Problem
}

// Movement is a movement with what became of it.
type Movement struct {
	ID         id.BankMovement `db:"id"`
	Statement  int64           `db:"statement_id"`
	Number     string          `db:"number"` // of the statement
	BookedOn   civil.Date      `db:"booked_on"`
	Amount     money.Cents     `db:"amount_cents"`
	Money      money.Cents     `db:"money_cents"` // what it stands for: 0 for a total whose details do
	Left       money.Cents     `db:"left_cents"`  // on suspense
	BankRef    string          `db:"bank_ref"`
	Reference  string          `db:"reference"`
	EndToEndID string          `db:"end_to_end_id"`
	Name       string          `db:"name"`
	IBAN       string          `db:"iban"`
	Text       string          `db:"text"`
	Code       string          `db:"code"`
	Return     string          `db:"return_reason"`
	Found      stringArray     `db:"found"`
	Detail     bool            `db:"detail"`
	Matches    []Match         `db:"-"`
}

// Match is what a part of a movement was for.
type Match struct {
	ID        id.BankMatch    `db:"id"`
	Movement  id.BankMovement `db:"movement_id"`
	Target    string          `db:"target"` // order, refund or account
	Order     id.Order        `db:"order_id"`
	Reference string          `db:"reference"` // of the order, or of that of the refund
	Payer     string          `db:"payer_name"`
	Refund    id.Refund       `db:"refund_id"`
	Account   string          `db:"account"`
	Name      string          `db:"account_name"`
	Amount    money.Cents     `db:"amount_cents"`
	How       string          `db:"how"`
	Reason    string          `db:"reason"`
	By        string          `db:"staff"`
	At        time.Time       `db:"at"`
	Undoes    id.BankMatch    `db:"undoes_id"`
	Undone    bool            `db:"undone"`
	Final     bool            `db:"final"` // cannot be undone
}

// Overview is where the bank stands.
type Overview struct {
	LastOn  civil.Date  `db:"last_on"` // closing day of the newest statement
	Balance money.Cents `db:"balance_cents"`
	Before  money.Cents `db:"before_cents"` // of that account, ahead of its first statement: no entry of ours explains it
	Waiting int         `db:"waiting"`      // movements on suspense
	In      money.Cents `db:"in_cents"`
	Out     money.Cents `db:"out_cents"` // negative
	Gaps    int         `db:"gaps"`
	Twice   int         `db:"twice"` // statements that begin as another did
}

// Overview reads where the bank stands.
func (s *Service) Overview(ctx context.Context) (Overview, error) { return overview(ctx, s.DB) }

// Files lists the newest imported files.
func (s *Service) Files(ctx context.Context, limit int) ([]File, error) {
	return files(ctx, s.DB, limit)
}

// FileByID reads an imported file with its statements. It returns ErrNoFile when there is none.
func (s *Service) FileByID(ctx context.Context, file id.BankFile) (FileDetail, error) {
	return fileByID(ctx, s.DB, file)
}

// Original is a file as it came, byte for byte.
func (s *Service) Original(ctx context.Context, file id.BankFile) (name string, content []byte, err error) {
	return original(ctx, s.DB, file)
}

// Filter narrows a list of movements.
type Filter struct {
	Waiting   bool  // only what has money on suspense
	Statement int64 // 0: of all
	Search    string
	From, To  civil.Date
	Offset    int
	Limit     int
}

// Movements lists movements with their matches, newest first, and says how many there are.
func (s *Service) Movements(ctx context.Context, f Filter) (rows []Movement, total int, err error) {
	return movements(ctx, s.DB, f)
}

// MovementByID reads one movement with its matches. It returns ErrNoMovement when there is none.
func (s *Service) MovementByID(ctx context.Context, movement id.BankMovement) (Movement, error) {
	return movementByID(ctx, s.DB, movement)
}

// Candidates is what a movement could be, for a person to choose from.
type Candidates struct {
	Orders   []Suggestion
	Refunds  []payments.RefundDetail     // of the same amount, that could have left or come back
	Files    []payments.RefundFileDetail // files of several refunds that together are the same amount
	Payments []payments.PaymentDetail    // of the same amount, that the payer's bank could have taken back
}

// CandidatesOf suggests what movements could be for. Only those with money on suspense get any.
func (s *Service) CandidatesOf(ctx context.Context, rows []Movement) (map[id.BankMovement]Candidates, error) {
	all := make(map[id.BankMovement]Candidates, len(rows))
	orders, err := suggestOrders(ctx, s.DB, rows)
	if err != nil {
		return nil, err
	}
	for _, m := range rows {
		c := Candidates{Orders: orders[m.ID]}
		switch {
		case m.Left > 0 && m.Return != "":
			c.Refunds, err = s.Payments.TransferRefunds(ctx, s.DB, m.Left, "done")
		case m.Left < 0:
			if c.Refunds, err = s.Payments.TransferRefunds(ctx, s.DB, -m.Left, "requested", "sent"); err == nil {
				c.Files, err = s.filesOf(ctx, -m.Left)
			}
			if err == nil {
				c.Payments, err = s.Payments.TransfersOf(ctx, s.DB, -m.Left)
			}
		}
		if err != nil {
			return nil, err
		}
		all[m.ID] = c
	}
	return all, nil
}

// filesOf lists the files of several refunds of which that amount has to leave.
func (s *Service) filesOf(ctx context.Context, amount money.Cents) ([]payments.RefundFileDetail, error) {
	files, err := s.Payments.SentFiles(ctx, s.DB, "")
	return slices.DeleteFunc(files, func(f payments.RefundFileDetail) bool { return len(f.Refunds) < 2 || f.Total() != amount }), err
}

// OpenOrders lists some orders that have something to pay, newest first.
func (s *Service) OpenOrders(ctx context.Context, limit int) ([]Order, error) {
	orders, err := openOrders(ctx, s.DB)
	slices.Reverse(orders)
	return orders[:min(limit, len(orders))], err
}

// OrderBy finds an order by what a person types: its number or its structured communication.
func (s *Service) OrderBy(ctx context.Context, typed string) (Order, error) {
	return orderBy(ctx, s.DB, typed)
}

// FilesIn lists the files that brought statements which closed in a stretch of days, both included, oldest first.
func (s *Service) FilesIn(ctx context.Context, from, to civil.Date) ([]id.BankFile, error) {
	return filesIn(ctx, s.DB, from, to)
}
