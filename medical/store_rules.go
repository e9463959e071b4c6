package medical

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// settingsNow is what the organiser set, by name.
func settingsNow(ctx context.Context, q sqlx.QueryerContext) (map[string]int, error) {
	var rows []struct {
		Name  string `db:"name"`
		Value int    `db:"value"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `SELECT DISTINCT ON (name) name, value FROM fiche_setting ORDER BY name, id DESC`)
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.Name] = r.Value
	}
	return out, err
}

func insertSetting(ctx context.Context, tx *sqlx.Tx, name string, value int, by id.Staff, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fiche_setting (name, value, set_at, set_by) VALUES ($1, $2, $3, $4)`, name, value, at, by)
	return err
}

type settingChange struct {
	Name  string    `db:"name"`
	Value int       `db:"value"`
	At    time.Time `db:"set_at"`
	By    string    `db:"set_by_name"`
}

func settingChanges(ctx context.Context, q sqlx.QueryerContext, limit int) (rows []settingChange, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `SELECT f.name, f.value, f.set_at, s.name AS set_by_name FROM fiche_setting f
		JOIN fiche_staff_name s ON s.staff_id = f.set_by ORDER BY f.id DESC LIMIT $1`, limit)
	return rows, err
}
