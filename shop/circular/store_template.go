package circular

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func templates(ctx context.Context, q sqlx.QueryerContext) ([]Template, error) {
	var all []Template
	err := sqlx.SelectContext(ctx, q, &all, `
		SELECT DISTINCT ON (lower(t.name), t.id) v.template_id, t.name, v.version, v.at, v.subject_nl, v.body_nl, v.subject_en, v.body_en
		FROM mail_template t JOIN mail_template_version v ON v.template_id = t.id
		WHERE t.retired_at IS NULL ORDER BY lower(t.name), t.id, v.version DESC LIMIT 200`)
	if err != nil {
		return nil, fmt.Errorf("circular: templates: %w", err)
	}
	return all, nil
}

// templateNamed locks the template of that name, making it where there is none, and says its newest version: 0 for a new one.
func templateNamed(ctx context.Context, tx *sqlx.Tx, name string, now time.Time) (key int64, version int, err error) {
	if _, err := tx.ExecContext(ctx, `INSERT INTO mail_template (name, created_at) VALUES ($1, $2) ON CONFLICT (lower(name)) WHERE retired_at IS NULL DO NOTHING`, name, now); err != nil {
		return 0, 0, fmt.Errorf("circular: template: %w", err)
	}
	if err := tx.GetContext(ctx, &key, `SELECT id FROM mail_template WHERE lower(name) = lower($1) AND retired_at IS NULL FOR UPDATE`, name); err != nil {
		return 0, 0, fmt.Errorf("circular: template: %w", err)
	}
	err = tx.GetContext(ctx, &version, `SELECT coalesce(max(version), 0) FROM mail_template_version WHERE template_id = $1`, key)
	return key, version, err
}

func insertVersion(ctx context.Context, tx *sqlx.Tx, key int64, version int, by id.Staff, w Words, now time.Time) error {
	return exec(ctx, tx, `INSERT INTO mail_template_version (template_id, version, subject_nl, body_nl, subject_en, body_en, staff_id, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, key, version, w.SubjectNL, w.BodyNL, w.SubjectEN, w.BodyEN, by, now)
}
