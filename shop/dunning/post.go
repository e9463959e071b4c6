package dunning

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/invoice/pdf"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/templates/messages"
	"joetz/terms/civil"
	law "joetz/terms/dunning"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// PostAhead is how many days ahead letters may be dated.
const PostAhead = 7

// The reasons why letters are refused.
var (
	ErrPostDay    error = fault.Field("posted", "dunning.fault.post_day")
	ErrNoBatch    error = fault.New(fault.NotFound, "dunning.fault.no_batch")
	ErrBatchEnded error = fault.New(fault.Conflict, "dunning.fault.batch_ended")
)

// Letter is a reminder that goes by post.
type Letter struct {
	owing
	Reference string      `db:"reference"`
	Payer     string      `db:"payer_name"`
	Until     civil.Date  `db:"until"` // that its letter names; zero before it is printed
	Costs     money.Cents `db:"costs_cents"`
	Why       string      `db:"-"`    // what stops it now; "" for nothing
	Paid      bool        `db:"paid"` // since it was printed
}

// LettersToPost lists the letters that wait to be printed: of what is still owed. Those that something stops say what, and are
// printed once it is over.
func (s *Service) LettersToPost(ctx context.Context) ([]Letter, error) {
	missing, err := s.BankFileMissing(ctx)
	if err != nil {
		return nil, err
	}
	return s.lettersToPost(ctx, s.DB, !missing.IsZero())
}

func (s *Service) lettersToPost(ctx context.Context, q sqlx.QueryerContext, fileMissing bool) ([]Letter, error) {
	all, err := lettersWaiting(ctx, q, s.today())
	for i := range all {
		all[i].Why = all[i].stopped(fileMissing)
	}
	return all, err
}

// PrintLetters makes the batch of all letters that nothing stops, dated on the day on which they will be posted. count is how
// many somebody saw: booking.ErrOutdated when it is another number. The letters are sent once BatchPosted says so.
func (s *Service) PrintLetters(ctx context.Context, who account.Identity, posted civil.Date, count int) (batch int64, err error) {
	if posted.Before(s.today()) || posted.After(s.today().AddDays(PostAhead)) {
		return 0, ErrPostDay
	}
	ready, err := s.readyLetters(ctx, s.DB)
	if err != nil {
		return 0, err
	}
	if len(ready) == 0 || len(ready) != count {
		return 0, booking.ErrOutdated
	}
	until := law.LastDay(posted, true)
	var papers []pdf.Letter
	for i := range ready {
		ready[i].Until = until
		own, err := s.lettersFor(ctx, &ready[i], posted)
		if err != nil {
			return 0, err
		}
		papers = append(papers, own...)
	}
	content, err := pdf.RenderLetters(papers, s.Bookings.Invoices.Paper.Seller, s.Bookings.Invoices.Paper.Words)
	if err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockLetters(ctx, tx); err != nil {
			return err
		}
		again, err := s.readyLetters(ctx, tx)
		if err != nil {
			return err
		}
		if !slices.EqualFunc(again, ready, func(a, b Letter) bool { return a.owing == b.owing }) {
			return booking.ErrOutdated
		}
		batch, err = insertLetters(ctx, tx, posted, ready, content, who.StaffID, s.Now())
		return err
	})
	return batch, err
}

func (s *Service) readyLetters(ctx context.Context, q sqlx.QueryerContext) ([]Letter, error) {
	missing, err := bankFileMissing(ctx, q, lastBankDay(s.today()))
	if err != nil {
		return nil, err
	}
	all, err := s.lettersToPost(ctx, q, missing)
	return slices.DeleteFunc(all, func(l Letter) bool { return l.Why != "" }), err
}

// lettersFor writes a letter to the parent, and behind it the copy for who pays in their place.
func (s *Service) lettersFor(ctx context.Context, l *Letter, on civil.Date) ([]pdf.Letter, error) {
	o, err := s.Bookings.OrderByID(ctx, l.Order)
	if err != nil {
		return nil, err
	}
	own, clause, err := s.paperOf(ctx, o, l, on)
	if err != nil {
		return nil, err
	}
	theirs, ok, err := s.payerPaper(ctx, o, *l, clause, on)
	if err != nil || !ok {
		return []pdf.Letter{own}, err
	}
	own.Closing = append([]string{messages.T(o.Lang, "dunning.letter.payer_too", theirs.To.Name)}, own.Closing...)
	return []pdf.Letter{own, theirs}, nil
}

// paperOf writes a letter with what the law asks of a first reminder, and notes the costs that it announces; clause is where the
// terms say so.
func (s *Service) paperOf(ctx context.Context, o booking.Order, l *Letter, on civil.Date) (out pdf.Letter, clause string, err error) {
	pay, epc, err := s.Bookings.BankTransfer(ctx, o, l.Open, l.Until)
	if err != nil {
		return out, "", err
	}
	costs, err := s.Costs(ctx)
	if err != nil {
		return out, "", err
	}
	t := func(key string, args ...any) string { return messages.T(o.Lang, key, args...) }
	key := "mail." + l.Stage
	out = pdf.Letter{
		Lang: o.Lang, On: on, Reference: o.Reference, Title: t(key + ".title"), Amount: l.Open, By: l.Until, Communication: pay.Communication, EPC: epc,
		To: pdf.Payer{Name: o.PayerName, Street: o.PayerStreet, PostalCode: o.PayerPostalCode, City: o.PayerCity, Country: o.PayerCountry},
	}
	out.Paragraphs = []string{t("dunning.letter.dear", o.PayerName), t(key+".what", l.Open.Format(o.Lang), l.DueOn, o.Reference)}
	for _, b := range o.Bookings {
		if b.Statement.Open() > 0 {
			out.Paragraphs = append(out.Paragraphs, civil.Replace(b.InvoiceText(), func(d civil.Date) string { return messages.Date(o.Lang, d) }))
		}
	}
	term := t(key+".term", l.Until)
	if l.Stage == StageReminder {
		if l.Costs = costs.For(civil.Of(o.PlacedAt), l.Open); l.Costs > 0 {
			term = t("mail.reminder.term_costs", l.Until, l.Costs.Format(o.Lang), costs.Clause)
		}
	}
	seller := s.Bookings.Invoices.Paper.Seller
	out.Paragraphs = append(out.Paragraphs, term, t("mail.reminder.creditor", seller.Name, seller.Enterprise))
	out.Closing = []string{t("dunning.letter.trouble", seller.Email), t("dunning.letter.mail")}
	return out, costs.Clause, nil
}

// Batch is letters that were printed together.
type Batch struct {
	ID       int64      `db:"id"`
	PostedOn civil.Date `db:"posted_on"` // that the letters are dated; once posted, the day that they were
	Letters  int        `db:"letters"`
	Paid     int        `db:"paid"`  // of those not posted yet: paid meanwhile
	State    string     `db:"state"` // printed, posted or dropped
	By       string     `db:"by_name"`
	At       time.Time  `db:"at"`
}

// Batches lists the newest batches.
func (s *Service) Batches(ctx context.Context, limit int) ([]Batch, error) {
	return letterBatches(ctx, s.DB, limit)
}

// BatchFile is the PDF of a batch and the name of its file.
func (s *Service) BatchFile(ctx context.Context, batch int64) (name string, content []byte, err error) {
	content, day, err := batchContent(ctx, s.DB, batch)
	return fmt.Sprintf("herinneringen-%v-%d.pdf", day, batch), content, err
}

// BatchPosted says that a batch was posted on a day: from then on the families' terms run, never shorter than their letters
// say. What was paid meanwhile is left out.
func (s *Service) BatchPosted(ctx context.Context, who account.Identity, batch int64, day civil.Date) error {
	if day.After(s.today()) {
		return ErrPostDay
	}
	return s.endBatch(ctx, who, batch, "posted", day)
}

// BatchDropped says that a batch was not posted: its letters wait again.
func (s *Service) BatchDropped(ctx context.Context, who account.Identity, batch int64) error {
	return s.endBatch(ctx, who, batch, "dropped", civil.Date{})
}

func (s *Service) endBatch(ctx context.Context, who account.Identity, batch int64, outcome string, day civil.Date) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		letters, err := lettersOf(ctx, tx, batch)
		if err != nil {
			return err
		}
		if len(letters) == 0 {
			return ErrNoBatch
		}
		orders := make([]id.Order, len(letters))
		for i, l := range letters {
			orders[i] = l.Order
		}
		if err := payments.LockOrdersTx(ctx, tx, orders); err != nil {
			return err
		}
		printed, isNew, err := insertBatchEnd(ctx, tx, batch, outcome, day, who.StaffID, s.Now())
		switch {
		case err != nil:
			return err
		case !isNew:
			return ErrBatchEnded
		case outcome == "dropped":
			return nil
		case day.Before(printed):
			return ErrPostDay
		}
		for _, l := range letters {
			if err := s.postedTx(ctx, tx, who, l, day); err != nil {
				return err
			}
		}
		return nil
	})
}

// postedTx notes that a letter is with the post, or that it was left out because it was paid.
func (s *Service) postedTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, l Letter, day civil.Date) error {
	step := Step{Order: l.Order, Stage: l.Stage, DueOn: l.DueOn, Open: l.Open, Outcome: "sent", Channel: "post", Until: civil.Later(l.Until, law.LastDay(day, true)), Costs: l.Costs}
	if l.Paid {
		step.Outcome, step.Reason, step.Until, step.Costs = "skipped", "paid", civil.Date{}, 0
	}
	if isNew, err := insertStep(ctx, tx, step, s.Now()); err != nil || !isNew || step.Outcome == "skipped" {
		return err
	}
	return s.Bookings.EventTx(ctx, tx, booking.Event{Order: l.Order, Kind: "dunning_post", Actor: who.Actor(), At: s.Now()})
}
