package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// FileID names a file that several messages carry.
type FileID int64

// KeepFileTx keeps a file that several messages will carry.
func (o *Outbox) KeepFileTx(ctx context.Context, tx *sqlx.Tx, name, mediaType string, content []byte) (FileID, error) {
	if name == "" || !oneLine(name) || !oneLine(mediaType) {
		return 0, refuse("a file without a name of one line")
	}
	return insertFile(ctx, tx, name, mediaType, content, o.Now())
}

// File is a file that was kept, or ErrUnknown.
func (o *Outbox) File(ctx context.Context, q sqlx.QueryerContext, file FileID) (Attachment, error) {
	return fileByID(ctx, q, file)
}

func insertFile(ctx context.Context, tx *sqlx.Tx, name, mediaType string, content []byte, at time.Time) (key FileID, err error) {
	err = tx.GetContext(ctx, &key, `INSERT INTO mail_file (name, media_type, content, at) VALUES ($1, $2, $3, $4) RETURNING id`, name, mediaType, content, at)
	if err != nil {
		return 0, fmt.Errorf("mail: keep a file: %w", err)
	}
	return key, nil
}

func fileByID(ctx context.Context, q sqlx.QueryerContext, file FileID) (Attachment, error) {
	var row attachmentRow
	err := sqlx.GetContext(ctx, q, &row, `SELECT name, media_type, content FROM mail_file WHERE id = $1`, int64(file))
	if errors.Is(err, sql.ErrNoRows) {
		return Attachment{}, ErrUnknown
	}
	if err != nil {
		return Attachment{}, fmt.Errorf("mail: file %d: %w", file, err)
	}
	return Attachment{Name: row.Name, Type: row.Type, Content: row.Content}, nil
}
