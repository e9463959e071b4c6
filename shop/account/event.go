package account

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// noteTx writes one line of the sign-in log: what happened to whom, and by whom when that is somebody else.
func (s *Service) noteTx(ctx context.Context, q sqlx.ExecerContext, kind string, who Identity, by id.Staff) error {
	return insertEvent(ctx, q, kind, who, by, s.now())
}
