package dunning

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/shop/booking"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	law "joetz/terms/dunning"
	"joetz/terms/id"
	"joetz/terms/money"
)

// NoticeBefore is how many days before a part is due a family gets a friendly word about it.
const NoticeBefore = 5

// The stages of law.
const (
	StageNotice   = "notice"   // before it is due
	StageReminder = "reminder" // free, once it is late
	StageSecond   = "second"   // once the term of the first ran out
)

// Args asks a job to remind families of what they owe.
type Args struct{}

// Kind names the job.
func (Args) Kind() string { return "booking.dunning" }

// batchSize is how many reminders one look finds.
const batchSize = 200

// owing is what one order owes on one day, with every reason that could stop a reminder.
type owing struct {
	Order    id.Order    `db:"order_id"`
	DueOn    civil.Date  `db:"due_on"`
	Open     money.Cents `db:"open_cents"`
	Stage    string      `db:"stage"`       // whose turn it is
	Mailed   int         `db:"mailed"`      // how often that stage was mailed and did not arrive
	NoMail   bool        `db:"unreachable"` // mails to the family come back
	Paused   bool        `db:"paused"`
	Paying   bool        `db:"paying"`
	Disputed bool        `db:"disputed"`
	Asked    bool        `db:"asked"`
	AtBank   bool        `db:"at_bank"`
	InReview bool        `db:"in_review"` // a booking of it is discussed: no due date runs
	Off      bool        `db:"off"`       // a holiday of it does not take place, and the family still chooses
	Small    bool        `db:"small"`     // so little that accounting may book it away
}

// stopped is why no reminder goes out now; "" when one does.
func (o owing) stopped(fileMissing bool) string {
	switch {
	case o.InReview:
		return "review"
	case o.Off:
		return "off"
	case o.Small:
		return "small"
	case o.Paused:
		return "paused"
	case o.Disputed:
		return "disputed"
	case o.Asked:
		return "request"
	case o.Paying:
		return "paying"
	case o.AtBank:
		return "at_bank"
	case fileMissing:
		return "bank_file"
	}
	return ""
}

// Remind sends the notices and reminders whose day has come, each once, and writes down what it left out and why; what no
// mail can bring waits to be printed. It reports how many mails went out, and may run twice.
func (s *Service) Remind(ctx context.Context) (sent int, err error) {
	missing, err := s.BankFileMissing(ctx)
	if err != nil {
		return 0, err
	}
	var failed []error
	var after owing
	for {
		rows, err := owingNow(ctx, s.DB, s.today(), s.today().AddDays(NoticeBefore), after, batchSize)
		if err != nil {
			return sent, errors.Join(append(failed, err)...)
		}
		for _, o := range rows {
			went, err := s.remind(ctx, o, !missing.IsZero())
			if failed = append(failed, err); went {
				sent++
			}
			after = o
		}
		if len(rows) < batchSize {
			return sent, errors.Join(failed...)
		}
	}
}

// BankFileMissing is the day of which the bank's statement was not read in yet: until it is, no reminder leaves, for the
// money may be there. The zero day when none is missing, or where no bank file ever came.
func (s *Service) BankFileMissing(ctx context.Context) (civil.Date, error) {
	day := lastBankDay(s.today())
	missing, err := bankFileMissing(ctx, s.DB, day)
	if !missing {
		day = civil.Date{}
	}
	return day, err
}

// lastBankDay is the last day before today of which the bank has a statement: no Saturday and no Sunday.
func lastBankDay(today civil.Date) civil.Date {
	day := today.AddDays(-1)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDays(-1)
	}
	return day
}

// remind takes the step whose time it is, if any.
func (s *Service) remind(ctx context.Context, o owing, fileMissing bool) (went bool, err error) {
	order, err := s.Bookings.OrderByID(ctx, o.Order)
	if err != nil {
		return false, err
	}
	t, err := s.Bookings.TermsOf(ctx, order.PolicyHash)
	if err != nil {
		return false, err
	}
	today := s.today()
	if o.Stage == StageReminder {
		if remindOn := t.LatePayment(o.DueOn).RemindOn; remindOn.IsZero() || today.Before(remindOn) {
			return false, nil
		}
	}
	step := Step{Order: o.Order, Stage: o.Stage, DueOn: o.DueOn, Open: o.Open, Outcome: "sent", Channel: "mail", Nth: o.Mailed + 1, Reason: o.stopped(fileMissing)}
	byPost := o.NoMail || !order.Addressee().Valid()
	if byPost && o.Stage == StageNotice && step.Reason == "" {
		step.Reason = "no_mail"
	}
	switch {
	case step.Reason != "":
		step.Outcome = "skipped"
	case byPost:
		step.Outcome, step.Channel = "to_post", "post"
	case o.Stage == StageNotice:
		return s.send(ctx, order, step)
	default:
		step.Until = law.LastDay(today, false)
		return s.send(ctx, order, step)
	}
	return false, pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		_, err := insertStep(ctx, tx, step, s.Now())
		return err
	})
}

// send writes the step and its mail in one transaction, so that there is never one without the other.
func (s *Service) send(ctx context.Context, o booking.Order, step Step) (went bool, err error) {
	by := civil.Later(step.DueOn, step.Until)
	pay, epc, err := s.Bookings.BankTransfer(ctx, o, step.Open, by)
	if err != nil {
		return false, err
	}
	r := booking.Reminder{Late: step.Stage != StageNotice, Second: step.Stage == StageSecond, Until: step.Until}
	if step.Stage == StageReminder {
		costs, err := s.Costs(ctx)
		if err != nil {
			return false, err
		}
		step.Costs = costs.For(civil.Of(o.PlacedAt), step.Open)
		r.Costs, r.Clause = step.Costs, costs.Clause
	}
	in := letters.PaymentReminder{FirstName: o.PayerFirstName(), Reference: o.Reference, Late: r.Late, Second: r.Second, Costs: r.Costs, Clause: r.Clause, Amount: step.Open, DueOn: step.DueOn,
		Until: r.Until, Pay: *pay, Path: booking.OrderPath(o.ID)}
	for _, b := range o.Bookings {
		if b.Statement.Open() > 0 {
			in.For = append(in.For, b.InvoiceText())
		}
	}
	toPayer, err := s.payerMail(ctx, o, r, step.DueOn)
	if err != nil {
		return false, err
	}
	if len(toPayer) > 0 {
		in.Payer = o.Other.Name
	}
	m, err := s.Bookings.Outbox.PaymentReminder(ctx, o.Addressee(), o.Lang, o.ID, in, epc)
	if err != nil {
		return false, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := payments.LockOrderTx(ctx, tx, o.ID); err != nil { // of two who remind at once, one goes on
			return err
		}
		if taken, err := taken(ctx, tx, step); err != nil || taken {
			return err
		}
		for _, one := range append(toPayer, m) {
			if step.Mail, err = s.Bookings.Outbox.EnqueueTx(ctx, tx, one); err != nil {
				return err
			}
		}
		if went, err = insertStep(ctx, tx, step, s.Now()); err != nil {
			return err
		}
		return s.Bookings.EventTx(ctx, tx, booking.Event{Order: o.ID, Kind: "dunning_" + step.Stage, Actor: "system", At: s.Now()})
	})
	return went, err
}

// Step is a reminder that was sent or left out.
type Step struct {
	Order     id.Order    `db:"order_id"`
	Reference string      `db:"reference"`
	Payer     string      `db:"payer_name"`
	Stage     string      `db:"stage"`
	DueOn     civil.Date  `db:"due_on"`
	Open      money.Cents `db:"open_cents"`
	Outcome   string      `db:"outcome"` // sent, skipped or to_post
	Channel   string      `db:"channel"` // mail or post
	Mail      id.Mail     `db:"-"`       // of a mail: what the parent got
	Nth       int         `db:"-"`
	Costs     money.Cents `db:"costs_cents"` // that it announces; 0 for none
	Reason    string      `db:"reason"`
	Until     civil.Date  `db:"until"` // of a reminder: the last day of the family's term
	At        time.Time   `db:"at"`
}

// Steps lists the newest steps.
func (s *Service) Steps(ctx context.Context, limit int) ([]Step, error) {
	return steps(ctx, s.DB, limit)
}
