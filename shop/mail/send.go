package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/queue"
)

// Sender sends the messages of the outbox.
type Sender struct {
	DB        *sqlx.DB
	SMTP      *SMTP     // nil: no mail server, messages stay on the demo's outbox page
	Documents Documents // makes the PDF of invoices
	Now       func() time.Time
}

// giveUpAfter is how long a server may be away before a message is given up: RFC 5321 4.5.4.1 asks for 4 to 5 days.
const giveUpAfter = 5 * 24 * time.Hour

// inTurn is when a message is tried again that waits for an earlier one to the same reader.
const inTurn = 30 * time.Second

// Send is the handler of SendArgs. What a reader is told about an order comes in the order in which it happened, also after
// a day without a mail server: a message waits for the earlier ones. nil ends the job: the message was sent, or never will be. An error asks for another
// attempt and holds no personal data, since jobs keep it.
func (s *Sender) Send(ctx context.Context, args SendArgs) error {
	m, err := mailByID(ctx, s.DB, args.Mail)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // erased meanwhile
	}
	if err != nil {
		return err
	}
	if s.SMTP == nil || !m.SentAt.IsZero() || !m.DeadAt.IsZero() {
		return nil
	}
	now := s.Now()
	if !m.Until.IsZero() && now.After(m.Until) {
		return markDead(ctx, s.DB, m.ID, "useless by now: not sent in time", now)
	}
	if before, err := earlierWaits(ctx, s.DB, m, now.Add(-giveUpAfter)); err != nil {
		return err
	} else if before {
		return queue.Later(inTurn)
	}
	files, err := s.files(ctx, m)
	if err != nil {
		return err
	}
	err = s.SMTP.send(ctx, m, files)
	var refusal *refused
	switch {
	case err == nil:
		return markSent(ctx, s.DB, m.ID, s.Now())
	case errors.As(err, &refusal):
		if refusal.recipient() {
			if err := insertBounce(ctx, s.DB, m.To.Email, refusal.Error(), refusal.code(), 0, now); err != nil {
				return err
			}
		}
		return markDead(ctx, s.DB, m.ID, refusal.Error(), now)
	case now.Sub(m.At) > giveUpAfter:
		return markDead(ctx, s.DB, m.ID, "given up: "+err.Error(), now)
	}
	if err := markFailed(ctx, s.DB, m.ID, err.Error()); err != nil {
		return err
	}
	return fmt.Errorf("mail %d was not taken by the mail server; its last_error says why", m.ID)
}

func (s *Sender) files(ctx context.Context, m Mail) ([]file, error) {
	attachments, err := attachmentsOf(ctx, s.DB, m.ID)
	if err != nil {
		return nil, err
	}
	files := make([]file, len(attachments))
	for i, a := range attachments {
		content, name, err := a.Open(ctx, s.Documents)
		if err != nil {
			return nil, fmt.Errorf("mail %d: %w", m.ID, err)
		}
		files[i] = file{name: name, mediaType: a.Type, contentID: a.ContentID, content: content}
	}
	return files, nil
}
