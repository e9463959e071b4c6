package mail

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// Sent is a message as its reader may hear of it: which, when, and not what it said.
type Sent struct {
	Kind      string     `db:"kind" json:"soort"`
	Subject   string     `db:"subject" json:"onderwerp"`
	CreatedAt time.Time  `db:"created_at" json:"geschreven"`
	SentAt    *time.Time `db:"sent_at" json:"verstuurd"`
}

// SentTo lists the messages to an address, newest first.
func SentTo(ctx context.Context, db *sqlx.DB, email string) ([]Sent, error) {
	return sentTo(ctx, db, email)
}
