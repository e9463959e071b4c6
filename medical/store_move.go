package medical

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func moveFiche(ctx context.Context, tx *sqlx.Tx, f id.Fiche, to id.Departure, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE fiche SET departure_id = $2, changed_at = $3, signed_at = NULL, signed_by = NULL, keep_until = NULL
		WHERE id = $1 AND wiped_at IS NULL`, f, to, at)
	if err != nil {
		return fmt.Errorf("move fiche %d to departure %d: %w", f, to, err)
	}
	return nil
}

func careDiscussed(ctx context.Context, q sqlx.QueryerContext, p id.Participant, d id.Departure) (discussed bool, err error) {
	err = sqlx.GetContext(ctx, q, &discussed, `SELECT EXISTS (SELECT 1 FROM care_review c JOIN fiche f ON f.id = c.fiche_id
		WHERE f.participant_id = $1 AND f.departure_id = $2 AND f.wiped_at IS NULL)`, p, d)
	return discussed, err
}
