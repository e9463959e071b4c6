package payments

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
	"joetz/terms/money"
)

// OpenAmounts is what is still to pay of instalments; 0 for one that is void or paid.
func (s *Service) OpenAmounts(ctx context.Context, q sqlx.QueryerContext, instalments []id.Instalment) (map[id.Instalment]money.Cents, error) {
	var rows []struct {
		ID   id.Instalment `db:"id"`
		Open money.Cents   `db:"open_cents"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT i.id, CASE WHEN i.void_at IS NULL
			THEN i.amount_cents - coalesce((SELECT sum(a.amount_cents) FROM allocation a WHERE a.instalment_id = i.id), 0)
			ELSE 0 END AS open_cents
		FROM instalment i WHERE i.id = ANY ($1)`, keys(instalments))
	if err != nil {
		return nil, fmt.Errorf("payments: open amounts of %d instalments: %w", len(instalments), err)
	}
	open := make(map[id.Instalment]money.Cents, len(rows))
	for _, r := range rows {
		open[r.ID] = r.Open
	}
	return open, nil
}
