package medical

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

type siblingRow struct {
	Participant id.Participant `db:"participant_id"`
	Departure   id.Departure   `db:"departure_id"`
}

// siblingFiche finds the fiche of another child of the same guardian in which that topic was saved last.
func siblingFiche(ctx context.Context, q sqlx.QueryerContext, g id.Guardian, not id.Participant, topic string) (row siblingRow, ok bool, err error) {
	err = sqlx.GetContext(ctx, q, &row, `SELECT f.participant_id, f.departure_id FROM fiche f
		JOIN fiche_guardian g ON g.participant_id = f.participant_id AND g.guardian_id = $1 AND g.sees_fiche
		JOIN fiche_section s ON s.fiche_id = f.id AND s.section = $3
		WHERE f.participant_id <> $2 AND f.wiped_at IS NULL ORDER BY s.saved_at DESC, f.id DESC LIMIT 1`, g, not, topic)
	return found(row, err)
}
