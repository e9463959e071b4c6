package mail

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// SendArgs is the job that sends one message.
type SendArgs struct {
	Mail id.Mail `json:"mail"`
}

// Kind names the job.
func (SendArgs) Kind() string { return "mail.send" }

// InsertJob puts the sending job into the caller's transaction: shop/queue's InsertTx.
type InsertJob func(ctx context.Context, tx *sqlx.Tx, args SendArgs) error

// Outbox takes messages and keeps them.
type Outbox struct {
	From   Address // the organiser
	Insert InsertJob
	Now    func() time.Time
}

// EnqueueTx writes the message and the job that sends it. It returns ErrMessage for a message that no server would take.
func (o *Outbox) EnqueueTx(ctx context.Context, tx *sqlx.Tx, m Message) (id.Mail, error) {
	if err := m.check(); err != nil {
		return 0, err
	}
	key, err := insertMail(ctx, tx, o.From, m, o.Now())
	if err != nil {
		return 0, err
	}
	return key, o.Insert(ctx, tx, SendArgs{Mail: key})
}
