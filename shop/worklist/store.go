package worklist

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

type claimKey struct {
	kind Kind
	key  string
}

// claimsOn reads who works on these items since that moment.
func claimsOn(ctx context.Context, q sqlx.QueryerContext, items []Item, since time.Time) (map[claimKey]Claim, error) {
	kinds, keys := make([]string, len(items)), make([]string, len(items))
	for i, item := range items {
		kinds[i], keys[i] = string(item.Kind), item.Key
	}
	var rows []struct {
		Kind Kind   `db:"kind"`
		Key  string `db:"item_key"`
		Claim
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT kind, item_key, staff_id, name, claimed_at FROM worklist_claimed
		WHERE (kind, item_key) IN (SELECT k, i FROM unnest($1::text[], $2::text[]) AS w (k, i)) AND claimed_at > $3`,
		pq.Array(kinds), pq.Array(keys), since)
	if err != nil {
		return nil, fmt.Errorf("worklist: claims: %w", err)
	}
	claims := make(map[claimKey]Claim, len(rows))
	for _, r := range rows {
		claims[claimKey{r.Kind, r.Key}] = r.Claim
	}
	return claims, nil
}

// insertClaim reports false when another has the item and their time is not over.
func insertClaim(ctx context.Context, q sqlx.ExecerContext, who id.Staff, kind Kind, key string, now, over time.Time) (bool, error) {
	res, err := q.ExecContext(ctx, `
		INSERT INTO worklist_claim AS c (kind, item_key, staff_id, claimed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, item_key) DO UPDATE SET staff_id = EXCLUDED.staff_id, claimed_at = EXCLUDED.claimed_at
			WHERE c.staff_id = EXCLUDED.staff_id OR c.claimed_at <= $5`, string(kind), key, who, now, over)
	if err != nil {
		return false, fmt.Errorf("worklist: claim %s: %w", kind, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func deleteClaim(ctx context.Context, q sqlx.ExecerContext, who id.Staff, kind Kind, key string) error {
	if _, err := q.ExecContext(ctx, `DELETE FROM worklist_claim WHERE kind = $1 AND item_key = $2 AND staff_id = $3`, string(kind), key, who); err != nil {
		return fmt.Errorf("worklist: release %s: %w", kind, err)
	}
	return nil
}
