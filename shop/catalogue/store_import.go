package catalogue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/catalogue/sheet"
	"joetz/terms/id"
)

func insertImport(ctx context.Context, tx *sqlx.Tx, staff id.Staff, season id.Season, name string, table sheet.Table, now time.Time) (key int64, err error) {
	rows, err := json.Marshal(table)
	if err != nil {
		return 0, fmt.Errorf("catalogue: import: %w", err)
	}
	err = tx.GetContext(ctx, &key, `
		INSERT INTO catalogue_import (season_id, staff_id, file_name, rows, at) VALUES ($1, $2, $3, $4, $5) RETURNING id`, season, staff, name, string(rows), now)
	if err != nil {
		return 0, fmt.Errorf("catalogue: import: %w", err)
	}
	return key, nil
}

func (s *Service) readImport(ctx context.Context, q sqlx.QueryerContext, key int64, lock bool) (Import, error) {
	query := `SELECT i.id, i.season_id, s.year, i.file_name, i.at, i.confirmed_at, i.rows FROM catalogue_import i JOIN season s ON s.id = i.season_id WHERE i.id = $1`
	if lock {
		query += ` FOR UPDATE OF i`
	}
	var row struct {
		Import
		Rows []byte `db:"rows"`
	}
	err := sqlx.GetContext(ctx, q, &row, query, key)
	if errors.Is(err, sql.ErrNoRows) {
		return Import{}, ErrNoImport
	}
	if err != nil {
		return Import{}, fmt.Errorf("catalogue: import: %w", err)
	}
	if err := json.Unmarshal(row.Rows, &row.table); err != nil {
		return Import{}, fmt.Errorf("catalogue: import %d: %w", key, err)
	}
	return row.Import, nil
}

func setConfirmed(ctx context.Context, tx *sqlx.Tx, key int64, now time.Time) error {
	return run(ctx, tx, "import", `UPDATE catalogue_import SET confirmed_at = $2 WHERE id = $1`, key, now)
}

// lockSeason lets one import at a time fill a season.
func lockSeason(ctx context.Context, tx *sqlx.Tx, season id.Season) error {
	return run(ctx, tx, "season", `SELECT 1 FROM season WHERE id = $1 FOR UPDATE`, season)
}
