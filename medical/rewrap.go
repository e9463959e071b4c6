package medical

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/id"
)

const rewrapRows = 500

// Rewrap brings the data keys of all fiches under the primary key of the keyset; what was sealed with them stays as it
// is. It may run beside the shop and again. unreadable are fiches whose key does not open with this keyset.
func (s *Service) Rewrap(ctx context.Context) (rewrapped int, unreadable []id.Fiche, err error) {
	for after, more := id.Fiche(0), true; more; {
		var batch rewrapBatch
		err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
			batch, err = s.rewrapTx(ctx, tx, after)
			return err
		})
		if err != nil {
			return rewrapped, unreadable, fmt.Errorf("re-wrap: %w", err)
		}
		rewrapped, unreadable = rewrapped+batch.changed, append(unreadable, batch.unreadable...)
		after, more = batch.last, batch.rows == rewrapRows
	}
	if err := s.rewrapBundles(ctx); err != nil {
		return rewrapped, unreadable, fmt.Errorf("re-wrap: %w", err)
	}
	if err := s.rewrapNotes(ctx); err != nil {
		return rewrapped, unreadable, fmt.Errorf("re-wrap: %w", err)
	}
	return rewrapped, unreadable, nil
}

// rewrapBatch is what became of one batch.
type rewrapBatch struct {
	rows, changed int
	last          id.Fiche
	unreadable    []id.Fiche
}

func (s *Service) rewrapTx(ctx context.Context, tx *sqlx.Tx, after id.Fiche) (out rewrapBatch, err error) {
	rows, err := keysNotUnder(ctx, tx, s.Keys.Primary(), after, rewrapRows)
	if err != nil {
		return out, err
	}
	out.rows = len(rows)
	for _, row := range rows {
		out.last = row.Fiche
		wrapped, changed, err := s.Keys.Rewrap(row.Wrapped, keyPlace(row.Fiche))
		switch {
		case errors.Is(err, seal.ErrUnreadable):
			out.unreadable = append(out.unreadable, row.Fiche)
		case err != nil:
			return out, err
		case changed:
			if err := replaceKey(ctx, tx, row.Fiche, seal.KeyOf(wrapped), wrapped, s.now()); err != nil {
				return out, err
			}
			out.changed++
		}
	}
	return out, nil
}

// KeysInUse counts the fiches, and the packs on phones, under each key of the keyset. A key may be retired when it has none.
func (s *Service) KeysInUse(ctx context.Context) (map[uint32]int, error) {
	rows, err := keysInUse(ctx, s.DB)
	if err != nil {
		return nil, fmt.Errorf("keys in use: %w", err)
	}
	out := make(map[uint32]int, len(rows))
	for _, r := range rows {
		out[uint32(r.Key)] = r.Fiches
	}
	if err := errors.Join(s.countBundles(ctx, out), s.countNotes(ctx, out)); err != nil {
		return nil, fmt.Errorf("keys in use: %w", err)
	}
	return out, nil
}
