package dossier

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// ForgetTx empties what colleagues wrote about a family and its orders; that somebody wrote, and when, stays.
func (s *Service) ForgetTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, orders []id.Order) error {
	return emptyNotes(ctx, tx, guardian, orders)
}
