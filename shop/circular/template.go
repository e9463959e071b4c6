package circular

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Template is a letter that is used again, in its newest version.
type Template struct {
	ID      int64     `db:"template_id"`
	Name    string    `db:"name"`
	Version int       `db:"version"`
	At      time.Time `db:"at"`
	Words
}

// Templates lists the letters that are used again, by name.
func (s *Service) Templates(ctx context.Context) ([]Template, error) { return templates(ctx, s.DB) }

// Keep saves words under a name: a new letter, or a new version of the one that has the name. The versions before it stay.
func (s *Service) Keep(ctx context.Context, by id.Staff, name string, w Words) error {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len([]rune(name)) > 80 {
		return fault.Field("keep_as", "circular.no_name")
	}
	if err := w.Check(); err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		key, version, err := templateNamed(ctx, tx, name, s.Now())
		if err != nil {
			return err
		}
		return insertVersion(ctx, tx, key, version+1, by, w, s.Now())
	})
}
