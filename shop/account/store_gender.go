package account

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func setGender(ctx context.Context, q sqlx.ExecerContext, guardian id.Guardian, child id.Participant, gender string) error {
	done, err := q.ExecContext(ctx, `UPDATE participant SET gender = $3
		WHERE id = $2 AND EXISTS (SELECT 1 FROM guardianship WHERE guardian_id = $1 AND participant_id = $2)`, guardian, child, gender)
	return oneRow(done, err, "gender of child")
}
