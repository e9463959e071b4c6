package circular

import (
	"context"
	"errors"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/upload"
	"joetz/migrations/pg"
	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// InfoSettings say when info letters leave.
type InfoSettings struct {
	Days int // before the departure; who books later gets it at once
	Hour int // of that day in Belgium: nobody wants a mail at midnight
	Warn int // days before the departure from which the office is asked for one that is not ready
}

// InfoDefaults are what JOETZ tells parents: at the latest two weeks before the departure.
var InfoDefaults = InfoSettings{Days: 14, Hour: 8, Warn: 21}

// The faults of info letters.
var (
	ErrNoInfo      error = fault.New(fault.NotFound, "circular.info.unknown")
	ErrInfoChanged error = fault.New(fault.Conflict, "circular.info.changed")
)

// Info is the info letter of a departure.
type Info struct {
	Departure id.Departure `db:"departure_id"`
	Words
	File      mail.FileID `db:"file_id"` // 0 without a PDF
	FileName  string      `db:"file_name"`
	By        string      `db:"staff_name"`
	ChangedAt time.Time   `db:"changed_at"`
	ReadyAt   *time.Time  `db:"ready_at"` // nil: a draft, which is not sent
	ReadyBy   string      `db:"ready_name"`
	Sent      int         `db:"sent"`    // families that got it
	Waiting   int         `db:"waiting"` // families that will
}

// InfoSource is the info letter of another departure, to begin with.
type InfoSource struct {
	Departure id.Departure `db:"departure_id"`
	Title     string       `db:"title"`
	StartsOn  civil.Date   `db:"starts_on"`
}

// InfoSent is an info letter that a family got.
type InfoSent struct {
	Departure id.Departure `db:"departure_id"`
	Order     id.Order     `db:"order_id"`
	Mail      id.Mail      `db:"mail_id"`
	Title     string       `db:"title"`
	StartsOn  civil.Date   `db:"starts_on"`
	At        time.Time    `db:"at"`
}

// Leaves is the moment at which the info letter of a departure is sent.
func (c InfoSettings) Leaves(startsOn civil.Date) time.Time {
	y, m, d := startsOn.AddDays(-c.Days).YMD()
	return time.Date(y, m, d, c.Hour, 0, 0, 0, civil.Brussels)
}

// Info is the info letter of a departure; ErrNoInfo while nobody wrote one.
func (s *Service) Info(ctx context.Context, d id.Departure) (Info, error) {
	return infoOf(ctx, s.DB, d)
}

// InfoSources are the departures whose letter could be copied: those of the same holiday first, the newest first.
func (s *Service) InfoSources(ctx context.Context, d id.Departure) ([]InfoSource, error) {
	return infoSources(ctx, s.DB, d)
}

// InfoFile is a PDF that goes with an info letter. Neither Keep nor Content: without one.
type InfoFile struct {
	Keep    bool // the one that is there
	Name    string
	Content []byte
}

// WriteInfo keeps the info letter of a departure as a draft. A letter that was ready is a draft again: only words that
// somebody looked at are sent.
func (s *Service) WriteInfo(ctx context.Context, by id.Staff, d id.Departure, w Words, f InfoFile) error {
	if err := w.Check(); err != nil {
		return err
	}
	if len(f.Content) > 0 {
		_, kind, err := upload.Clean(f.Content)
		switch {
		case errors.Is(err, upload.ErrTooBig):
			return fault.Field("bijlage", "circular.info.too_big")
		case errors.Is(err, upload.ErrActive):
			return fault.Field("bijlage", "circular.info.active_pdf")
		}
		if err != nil || kind != upload.PDF {
			return fault.Field("bijlage", "circular.info.no_pdf")
		}
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		now, err := lockInfo(ctx, tx, d)
		if err != nil {
			return err
		}
		var file mail.FileID
		switch {
		case len(f.Content) > 0:
			if file, err = s.Outbox.KeepFileTx(ctx, tx, pdfName(f.Name), upload.PDF, f.Content); err != nil {
				return err
			}
		case f.Keep:
			file = now.File
		}
		return writeInfo(ctx, tx, by, d, w, file, s.Now())
	})
}

// pdfName is what the file is called in the mail: what the colleague called it, without a folder and on one line.
func pdfName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\ufffd' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(name, ".pdf"), ".PDF"))
	if name == "" || name == "." || name == "/" {
		name = "infobrief"
	}
	if runes := []rune(name); len(runes) > 80 {
		name = string(runes[:80])
	}
	return name + ".pdf"
}

// CopyInfo begins the info letter of a departure with that of another, its PDF too, as a draft.
func (s *Service) CopyInfo(ctx context.Context, by id.Staff, d, from id.Departure) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if _, err := lockInfo(ctx, tx, d); err != nil {
			return err
		}
		other, err := infoOf(ctx, tx, from)
		if err != nil {
			return err
		}
		return writeInfo(ctx, tx, by, d, other.Words, other.File, s.Now())
	})
}

// InfoReady says that the letter may leave when its day comes. changedAt is of the letter that the colleague looked at:
// ErrInfoChanged when it is another by now.
func (s *Service) InfoReady(ctx context.Context, by id.Staff, d id.Departure, changedAt time.Time) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		l, err := lockInfo(ctx, tx, d)
		if err != nil {
			return err
		}
		switch {
		case l.Departure == 0:
			return ErrNoInfo
		case !l.ChangedAt.Equal(changedAt):
			return ErrInfoChanged
		case l.ReadyAt != nil:
			return nil
		}
		return readyInfo(ctx, tx, by, d, s.Now())
	})
}

// InfoPDF is the file of a departure's info letter; mail.ErrUnknown when it has none.
func (s *Service) InfoPDF(ctx context.Context, d id.Departure) (mail.Attachment, error) {
	l, err := infoOf(ctx, s.DB, d)
	if err != nil {
		return mail.Attachment{}, err
	}
	return s.Outbox.File(ctx, s.DB, l.File)
}

// PreviewInfo is the info letter as that family reads it.
func (s *Service) PreviewInfo(ctx context.Context, l Info, f Family) (letters.Rendered, error) {
	return s.render(ctx, Letter{Words: l.Words}, f)
}

// InfoFamilies are who gets the info letter, by name, with those who get none: whose children go, not who is still in
// review; these get it when the office decided.
func (s *Service) InfoFamilies(ctx context.Context, d id.Departure) ([]Family, error) {
	return families(ctx, s.DB, d, Audience{Status: "placed"})
}

// InfoSentTo lists the info letters that these orders got, newest first.
func (s *Service) InfoSentTo(ctx context.Context, orders []id.Order) ([]InfoSent, error) {
	return infoSentTo(ctx, s.DB, orders)
}

// InfoArgs is the job that sends the info letters whose day has come.
type InfoArgs struct{}

// Kind names the job.
func (InfoArgs) Kind() string { return "circular.info" }

// SendInfo sends the info letters whose day has come to the families that have not got them, also to who booked since. It may
// run twice and at the same time: that a family got its letter and the letter itself are one transaction.
func (s *Service) SendInfo(ctx context.Context, settings InfoSettings) (sent int, err error) {
	now := s.Now()
	last := civil.Of(now).AddDays(settings.Days)
	if now.Before(settings.Leaves(last)) { // those of today leave at their hour
		last = last.AddDays(-1)
	}
	for after := (infoTask{}); ; {
		todo, err := infoTodo(ctx, s.DB, civil.Of(now), last, after, batch)
		if err != nil || len(todo) == 0 {
			return sent, err
		}
		for _, after = range todo {
			n, err := s.sendInfo(ctx, after)
			if err != nil {
				return sent, err
			}
			sent += n
		}
	}
}

// sendInfo writes one family its letter. Who takes the family's row first writes; the other process finds it taken.
func (s *Service) sendInfo(ctx context.Context, t infoTask) (sent int, err error) {
	var f Family
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		sent = 0
		l, err := lockInfo(ctx, tx, t.Departure)
		if err != nil || l.ReadyAt == nil { // changed meanwhile
			return err
		}
		found, err := familiesOf(ctx, tx, t.Departure, []id.Order{t.Order}, false)
		if err != nil || len(found) == 0 || found[0].LeftOut != "" {
			return err
		}
		f = found[0]
		first, err := takeInfo(ctx, tx, t, s.Now())
		if err != nil || !first {
			return err
		}
		m, err := s.infoMail(ctx, l, f)
		if err != nil {
			return err
		}
		key, err := s.Outbox.EnqueueTx(ctx, tx, m)
		if err != nil {
			return err
		}
		sent = 1
		return setInfoMail(ctx, tx, t, key)
	})
	if errors.Is(err, mail.ErrMessage) && f.Email != "" { // no server takes this address: the office hears of it, the others go on
		return 0, s.Outbox.Bounced(ctx, s.DB, f.Email, "not an e-mail address", 0)
	}
	return sent, err
}

func (s *Service) infoMail(ctx context.Context, l Info, f Family) (mail.Message, error) {
	r, err := s.PreviewInfo(ctx, l, f)
	if err != nil {
		return mail.Message{}, err
	}
	_, _, lang := l.in(f.Lang)
	m := mail.Message{Kind: "info_letter", Lang: lang, To: mail.Address{Name: f.Name, Email: f.Email}, Subject: r.Subject, Text: r.Text, HTML: r.HTML, Order: f.Order}
	if l.File != 0 {
		m.Attachments = []mail.Attachment{{Name: l.FileName, Type: upload.PDF, File: l.File}}
	}
	return m, nil
}

// InfoPath is where the office writes the info letter of a departure.
func InfoPath(d id.Departure) string {
	return "/kantoor/vertrek/" + strconv.FormatInt(int64(d), 10) + "/infobrief"
}
