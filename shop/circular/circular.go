// Package circular writes letters of the office to the families of a departure, or to families that somebody picked.
//
// Owns: letters that are used again, with their versions; letters on their way, and who gets them; the info letter of a
// departure, which a job sends two weeks before.
// Tables: mail_template, mail_template_version, circular, circular_recipient, info_letter, info_letter_sent.
// May import: terms, migrations/pg, sqlx, medical/upload, shop/mail, shop/queue, shop/worklist, templates/mail,
// templates/messages.
// Always true: a family gets a letter once, however often its job runs; the words that were confirmed are the words that
// are sent; a place in the text that is not known is refused before anybody gets it; nothing about health can be filled in.
package circular

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/mail"
	"joetz/shop/queue"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Service writes letters.
type Service struct {
	DB     *sqlx.DB
	Now    func() time.Time
	Outbox *mail.Outbox
}

// The faults of this package.
var (
	ErrUnknown   error = fault.New(fault.NotFound, "circular.unknown")
	ErrSent      error = fault.New(fault.Conflict, "circular.sent")
	ErrChanged   error = fault.New(fault.Conflict, "circular.changed")
	ErrNobody    error = fault.New(fault.Conflict, "circular.nobody")
	ErrPick      error = fault.Field("kies", "circular.pick")
	ErrPickFewer error = fault.Field("kies", "circular.pick_fewer", MostPicked)
	errNoSubject       = "circular.no_subject"
	errNoBody          = "circular.no_body"
)

// ID names a letter on its way.
type ID int64

// Words are a letter in both languages; English readers get the Dutch words where the English ones are empty.
type Words struct {
	SubjectNL string `db:"subject_nl"`
	BodyNL    string `db:"body_nl"`
	SubjectEN string `db:"subject_en"`
	BodyEN    string `db:"body_en"`
}

func (w Words) in(lang string) (subject, body, used string) {
	if lang == "en" && w.SubjectEN != "" && w.BodyEN != "" {
		return w.SubjectEN, w.BodyEN, "en"
	}
	return w.SubjectNL, w.BodyNL, "nl"
}

// MostPicked is how many families can be picked by hand for one letter.
const MostPicked = 200

// Audience is which families of the departure. Orders are families picked by hand, also of several departures or of a child
// that goes no more: then the rest does not count.
type Audience struct {
	Orders   []id.Order       `json:"orders,omitempty"`
	Status   string           `json:"status,omitempty"` // placed or in_review; "" for both
	Evidence string           `json:"evidence,omitempty"`
	Boarding id.BoardingPlace `json:"boarding,omitempty"`
	Open     bool             `json:"open,omitempty"` // only families who still have to pay
}

// Letter is a letter to a departure, or to families picked from all bookings: then Departure is 0.
type Letter struct {
	ID        ID           `db:"id"`
	Departure id.Departure `db:"departure_id"`
	Words
	AudienceJSON []byte     `db:"audience"`
	CreatedAt    time.Time  `db:"created_at"`
	ConfirmedAt  *time.Time `db:"confirmed_at"`
	DoneAt       *time.Time `db:"done_at"`
	By           string     `db:"staff_name"`
	Audience     Audience   `db:"-"`
}

// Family is one order on a departure: who gets a letter.
type Family struct {
	Order     id.Order
	Reference string
	Name      string
	Email     string
	Lang      string
	Children  []string
	Boardings []string
	Holiday   string
	StartsOn  civil.Date
	EndsOn    civil.Date
	Open      money.Cents
	LeftOut   string // why it gets no letter: no_address, bounced; "" when it gets one
}

func (a Audience) check(d id.Departure) error {
	switch {
	case (d == 0 || a.Orders != nil) && len(a.Orders) == 0: // everybody unticked is nobody, not the whole departure
		return ErrPick
	case len(a.Orders) > MostPicked:
		return ErrPickFewer
	}
	return nil
}

// Draft begins a letter to families of a departure; of any when d is 0, and then they are picked by hand.
func (s *Service) Draft(ctx context.Context, by id.Staff, d id.Departure, words Words, audience Audience) (ID, error) {
	if err := audience.check(d); err != nil {
		return 0, err
	}
	if err := words.Check(); err != nil {
		return 0, err
	}
	return insertDraft(ctx, s.DB, by, d, words, audience, s.Now())
}

// Change gives a draft other words or another audience. ErrSent when it is on its way.
func (s *Service) Change(ctx context.Context, letter ID, words Words, audience Audience) error {
	l, err := letterByID(ctx, s.DB, letter)
	if err != nil {
		return err
	}
	if err := audience.check(l.Departure); err != nil {
		return err
	}
	if err := words.Check(); err != nil {
		return err
	}
	return updateDraft(ctx, s.DB, letter, words, audience)
}

// ByID reads a letter. ErrUnknown when there is none.
func (s *Service) ByID(ctx context.Context, letter ID) (Letter, error) {
	return letterByID(ctx, s.DB, letter)
}

// Of lists the letters of a departure, newest first; those to families picked from all bookings when d is 0.
func (s *Service) Of(ctx context.Context, d id.Departure) ([]Letter, error) {
	return lettersOf(ctx, s.DB, d)
}

// Families are who a letter would go to, by name, with those who get none.
func (s *Service) Families(ctx context.Context, d id.Departure, a Audience) ([]Family, error) {
	return families(ctx, s.DB, d, a)
}

// Preview is the letter as that family would read it.
func (s *Service) Preview(ctx context.Context, l Letter, f Family) (letters.Rendered, error) {
	return s.render(ctx, l, f)
}

// Test sends the letter as that family would read it to a colleague.
func (s *Service) Test(ctx context.Context, l Letter, f Family, to mail.Address) error {
	r, err := s.render(ctx, l, f)
	if err != nil {
		return err
	}
	_, _, lang := l.in(f.Lang)
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		_, err := s.Outbox.EnqueueTx(ctx, tx, mail.Message{Kind: "circular_test", Lang: lang, To: to, Subject: r.Subject, Text: r.Text, HTML: r.HTML})
		return err
	})
}

// SendArgs asks a job to write a confirmed letter to its families.
type SendArgs struct {
	Letter ID `json:"letter"`
}

// Kind names the job.
func (SendArgs) Kind() string { return "circular.send" }

// Confirm fixes the words and who gets them, and lets a job send. expected is how many families the page said: ErrChanged
// when it is another number by now. Confirming twice sends once: ErrSent.
func (s *Service) Confirm(ctx context.Context, letter ID, expected int) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		l, err := lockLetter(ctx, tx, letter)
		if err != nil {
			return err
		}
		if l.ConfirmedAt != nil {
			return ErrSent
		}
		all, err := families(ctx, tx, l.Departure, l.Audience)
		if err != nil {
			return err
		}
		n := 0
		for _, f := range all {
			if f.LeftOut == "" {
				n++
			}
		}
		switch {
		case n == 0:
			return ErrNobody
		case n != expected:
			return ErrChanged
		}
		if err := insertRecipients(ctx, tx, letter, all); err != nil {
			return err
		}
		if err := confirmLetter(ctx, tx, letter, n, s.Now()); err != nil {
			return err
		}
		return queue.InsertTx(ctx, tx, SendArgs{letter})
	})
}

// batch is how many mails one transaction enqueues.
const batch = 50

// Send writes a confirmed letter to the families that have not got it. It may be stopped and run again at any moment: that
// a family got its mail and the mail itself are one transaction.
func (s *Service) Send(ctx context.Context, a SendArgs) error {
	l, err := letterByID(ctx, s.DB, a.Letter)
	if errors.Is(err, ErrUnknown) || err == nil && (l.ConfirmedAt == nil || l.DoneAt != nil) {
		return nil
	}
	if err != nil {
		return err
	}
	for {
		n := 0
		err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
			orders, err := waiting(ctx, tx, a.Letter, batch)
			if err != nil {
				return err
			}
			if n = len(orders); n == 0 {
				return finishLetter(ctx, tx, a.Letter, s.Now())
			}
			return s.writeTx(ctx, tx, l, orders)
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (s *Service) writeTx(ctx context.Context, tx *sqlx.Tx, l Letter, orders []id.Order) error {
	all, err := familiesOf(ctx, tx, l.Departure, orders, len(l.Audience.Orders) > 0)
	if err != nil {
		return err
	}
	reached := map[id.Order]bool{}
	for _, f := range all {
		reached[f.Order] = true
		if f.LeftOut != "" { // since it was confirmed
			if err := leaveOut(ctx, tx, l.ID, f.Order, f.LeftOut); err != nil {
				return err
			}
			continue
		}
		r, err := s.render(ctx, l, f)
		if err != nil {
			return err
		}
		_, _, lang := l.in(f.Lang)
		key, err := s.Outbox.EnqueueTx(ctx, tx, mail.Message{Kind: "circular", Lang: lang, To: mail.Address{Name: f.Name, Email: f.Email}, Subject: r.Subject, Text: r.Text, HTML: r.HTML, Order: f.Order})
		if errors.Is(err, mail.ErrMessage) { // an address that no server takes must not stop the others
			err = leaveOut(ctx, tx, l.ID, f.Order, "no_address")
		} else if err == nil {
			err = setMail(ctx, tx, l.ID, f.Order, key)
		}
		if err != nil {
			return err
		}
	}
	for _, o := range orders { // whose children no longer go at all
		if !reached[o] {
			if err := dropRecipient(ctx, tx, l.ID, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// Progress is how far a letter is.
type Progress struct {
	Written int `db:"written"` // in the outbox or sent
	Sent    int `db:"sent"`
	Dead    int `db:"dead"` // refused by the mail server
	Waiting int `db:"waiting"`
	LeftOut int `db:"left_out"`
}

// ProgressOf counts how far a letter is.
func (s *Service) ProgressOf(ctx context.Context, letter ID) (Progress, error) {
	return progressOf(ctx, s.DB, letter)
}
