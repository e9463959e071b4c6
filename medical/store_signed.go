package medical

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

type signedRow struct {
	Booking id.Booking `db:"booking_id"`
	Signed  bool       `db:"signed"`
}

func signedFor(ctx context.Context, q sqlx.QueryerContext, g id.Guardian, bookings any) (rows []signedRow, err error) {
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT b.booking_id, coalesce(f.signed_at IS NOT NULL, false) AS signed
		FROM fiche_booking b
		JOIN fiche_guardian g ON g.participant_id = b.participant_id AND g.guardian_id = $1 AND g.sees_fiche
		LEFT JOIN fiche f ON f.participant_id = b.participant_id AND f.departure_id = b.departure_id
		WHERE b.booking_id = ANY ($2)`, g, bookings)
	return rows, err
}
