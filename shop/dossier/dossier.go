// Package dossier is what the office keeps about an order or a family beside its facts: notes, and one history of all that happened.
//
// Owns: notes. Tables: order_note, order_note_pin.
// May import: terms, migrations/pg, sqlx, shop/worklist.
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
	ID       int64       `db:"id"`
	Order    id.Order    `db:"order_id"`    // 0 when it is about the family
	Guardian id.Guardian `db:"guardian_id"` // 0 when it is about one order
	Text     string      `db:"text"`
	Pinned   bool        `db:"pinned"`
	By       string      `db:"staff_name"`
	At       time.Time   `db:"at"`
}

// Write adds a note to an order.
func (s *Service) Write(ctx context.Context, by id.Staff, order id.Order, text string, pinned bool) error {
	return s.write(ctx, by, Note{Order: order, Text: text, Pinned: pinned})
}

// WriteFamily adds a note about a family, which all its orders show.
func (s *Service) WriteFamily(ctx context.Context, by id.Staff, guardian id.Guardian, text string, pinned bool) error {
	return s.write(ctx, by, Note{Guardian: guardian, Text: text, Pinned: pinned})
}

func (s *Service) write(ctx context.Context, by id.Staff, n Note) error {
	n.Text = strings.TrimSpace(n.Text)
	if n.Text == "" {
		return fault.Field("note", "dossier.empty")
	}
	if len([]rune(n.Text)) > LongestNote {
		return fault.Field("note", "dossier.too_long")
	}
	return insertNote(ctx, s.DB, by, n, s.Now())
}

// Pin keeps a note of an order or of its family on top, or lets it go; who did that is kept.
func (s *Service) Pin(ctx context.Context, by id.Staff, order id.Order, note int64, pinned bool) error {
	return pinNote(ctx, s.DB, by, order, 0, note, pinned, s.Now())
}

// PinFamily keeps a note about a family on top, or lets it go.
func (s *Service) PinFamily(ctx context.Context, by id.Staff, guardian id.Guardian, note int64, pinned bool) error {
	return pinNote(ctx, s.DB, by, 0, guardian, note, pinned, s.Now())
}

// Notes lists the notes of an order and of its family: the pinned first, then the newest.
func (s *Service) Notes(ctx context.Context, order id.Order) ([]Note, error) {
	return notesOf(ctx, s.DB, order)
}

// FamilyNotes lists the notes about a family: the pinned first, then the newest.
func (s *Service) FamilyNotes(ctx context.Context, guardian id.Guardian) ([]Note, error) {
	return familyNotes(ctx, s.DB, guardian)
}

// Pin is a note that was put on top or let go.
type Pin struct {
	Text   string    `db:"text"`
	Pinned bool      `db:"pinned"`
	By     string    `db:"staff_name"`
	At     time.Time `db:"at"`
}

// Pins lists what was put on top and let go among the notes that Notes lists, newest first.
func (s *Service) Pins(ctx context.Context, order id.Order) ([]Pin, error) {
	return pinsOf(ctx, s.DB, order)
}

// Names gives the names of actors as histories store them: staff:3, guardian:7. Who is not known is left out.
func (s *Service) Names(ctx context.Context, actors []string) (map[string]string, error) {
	return namesOf(ctx, s.DB, actors)
}
