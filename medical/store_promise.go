package medical

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

func keepPromise(ctx context.Context, q sqlx.ExecerContext, r Reader, year int, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO fiche_promise (staff_id, year, version, promised_at, ip, device) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, r.Staff, year, PromiseVersion, at, cut(r.IP, 100), cut(r.Device, 200))
	return err
}

// promised reports whether somebody promised for a camp's year, or for the year that is now: a camp over New Year is read
// in both.
func promised(ctx context.Context, q sqlx.QueryerContext, who id.Staff, year, now int) (yes bool, err error) {
	err = sqlx.GetContext(ctx, q, &yes, `SELECT EXISTS (SELECT 1 FROM fiche_promise WHERE staff_id = $1 AND year IN ($2, $3) AND version = $4)`,
		who, year, now, PromiseVersion)
	return yes, err
}
