package mail

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/queue"
	letters "joetz/templates/mail"
	"joetz/terms/id"
)

// SendArgs is the job that sends one message.
type SendArgs struct {
	Mail id.Mail `json:"mail"`
}

// Kind names the job.
func (SendArgs) Kind() string { return "mail.send" }

// attempts outlast giveUpAfter with the queue's pauses: the message decides when it is given up, not the job.
const attempts = 40

// Outbox takes messages and keeps them.
type Outbox struct {
	From Address // the organiser
	Head letters.Letterhead
	Now  func() time.Time
}

// EnqueueTx writes the message and the job that sends it; the same message of the same job once, however often the job runs. It returns ErrMessage for a message that no server would take.
func (o *Outbox) EnqueueTx(ctx context.Context, tx *sqlx.Tx, m Message) (id.Mail, error) {
	if err := m.check(); err != nil {
		return 0, err
	}
	key, isNew, err := insertMail(ctx, tx, o.From, m, o.Now())
	if err != nil || !isNew {
		return key, err
	}
	return key, queue.InsertTx(ctx, tx, SendArgs{Mail: key}, queue.Attempts(attempts))
}
