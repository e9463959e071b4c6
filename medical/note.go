package medical

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// noteMin is how much a reason says at least: shorter ones are "x".
const noteMin = 15

func notePlace(n int64) []byte { return fmt.Appendf(nil, "fiche_note:%d:sealed", n) }

// checkedNote trims what was typed; Invalid on field when it is too short or too long. An empty one passes where it is not
// needed.
func checkedNote(field, text string, needed bool) (string, error) {
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0 && !needed:
		return "", nil
	case n < noteMin:
		return "", fault.Field(field, "medical.reason_short", noteMin)
	case n > noteMax:
		return "", fault.Field(field, "medical.care_text_long", noteMax)
	}
	return text, nil
}

// noteTx seals what somebody typed; 0 for nothing.
func (s *Service) noteTx(ctx context.Context, tx *sqlx.Tx, f id.Fiche, by id.Staff, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := nextNote(ctx, tx)
	if err != nil {
		return 0, err
	}
	sealed, err := s.Keys.Seal([]byte(text), notePlace(n))
	if err != nil {
		return 0, err
	}
	return n, insertNote(ctx, tx, n, f, sealed, by, s.now())
}

// notes opens what was typed, by id. What is gone, or does not open, is not in it.
func (s *Service) notes(ctx context.Context, q sqlx.QueryerContext, ids ...int64) (map[int64]seal.Text, error) {
	rows, err := notesOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]seal.Text, len(rows))
	for _, row := range rows {
		if raw, err := s.Keys.Open(row.Sealed, notePlace(row.ID)); err == nil && row.Sealed != nil {
			out[row.ID] = seal.Text(raw)
		}
	}
	return out, nil
}

// rewrapNotes brings what was typed under the primary key.
func (s *Service) rewrapNotes(ctx context.Context) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		rows, err := notesAll(ctx, tx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			sealed, changed, err := s.Keys.Reseal(row.Sealed, notePlace(row.ID))
			if err != nil {
				return fmt.Errorf("note %d: %w", row.ID, err)
			}
			if changed {
				if err := replaceNote(ctx, tx, row.ID, sealed); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// countNotes adds the notes under each key to the fiches.
func (s *Service) countNotes(ctx context.Context, in map[uint32]int) error {
	sealed, err := notesSealed(ctx, s.DB)
	for _, one := range sealed {
		in[seal.KeyOf(one)]++
	}
	return err
}
