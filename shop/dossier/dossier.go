// Package dossier is what the office keeps about an order beside its facts: notes, and one history of all that happened.
//
// Owns: notes. Tables: order_note.
// May import: terms, migrations/pg, sqlx.
// Always true: a note is for the office and is never shown to a family or an animator; it is never about health, and the
// page says so where it is written.
package dossier

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/fault"
	"joetz/terms/id"
)

// Service keeps notes.
type Service struct {
	DB  *sqlx.DB
	Now func() time.Time
}

// ErrNoNote is returned when there is no such note on the order.
var ErrNoNote error = fault.New(fault.NotFound, "dossier.no_note")

// LongestNote is how many characters a note may have.
const LongestNote = 2000

// Note is what a colleague wrote.
type Note struct {
	ID     int64     `db:"id"`
	Order  id.Order  `db:"order_id"`
	Text   string    `db:"text"`
	Pinned bool      `db:"pinned"`
	By     string    `db:"staff_name"`
	At     time.Time `db:"at"`
}

// Write adds a note to an order.
func (s *Service) Write(ctx context.Context, by id.Staff, order id.Order, text string, pinned bool) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return fault.Field("note", "dossier.empty")
	}
	if len([]rune(text)) > LongestNote {
		return fault.Field("note", "dossier.too_long")
	}
	return insertNote(ctx, s.DB, by, order, text, pinned, s.Now())
}

// Pin keeps a note on top, or lets it go.
func (s *Service) Pin(ctx context.Context, order id.Order, note int64, pinned bool) error {
	return pinNote(ctx, s.DB, order, note, pinned)
}

// Notes lists the notes of an order: the pinned first, then the newest.
func (s *Service) Notes(ctx context.Context, order id.Order) ([]Note, error) {
	return notesOf(ctx, s.DB, order)
}

// Names gives the names of actors as histories store them: staff:3, guardian:7. Who is not known is left out.
func (s *Service) Names(ctx context.Context, actors []string) (map[string]string, error) {
	return namesOf(ctx, s.DB, actors)
}
