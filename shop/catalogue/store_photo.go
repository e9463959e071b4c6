package catalogue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/terms/id"
)

const photoQuery = `SELECT id, holiday_id, position, hash, width, height, alt_nl, alt_en FROM holiday_photo WHERE removed_at IS NULL `

// Photos are a holiday's photos in their order; the first is the cover.
func (s *Service) Photos(ctx context.Context, holiday id.Holiday) ([]Photo, error) {
	return s.photosTx(ctx, s.DB, holiday)
}

func (s *Service) photosTx(ctx context.Context, q sqlx.QueryerContext, holiday id.Holiday) ([]Photo, error) {
	var all []Photo
	if err := sqlx.SelectContext(ctx, q, &all, photoQuery+`AND holiday_id = $1 ORDER BY position, id`, holiday); err != nil {
		return nil, fmt.Errorf("catalogue: photos: %w", err)
	}
	return all, nil
}

// lockPhotosTx reads a holiday and its photos under its lock.
func (s *Service) lockPhotosTx(ctx context.Context, tx *sqlx.Tx, holiday id.Holiday) (o Offer, all []Photo, err error) {
	if o, err = s.lockOfferTx(ctx, tx, holiday); err != nil {
		return o, nil, err
	}
	all, err = s.photosTx(ctx, tx, holiday)
	return o, all, err
}

// addPhotos reads the photos of these departures' holidays; one query whatever their number.
func addPhotos(ctx context.Context, q sqlx.QueryerContext, all []Departure) error {
	holidays := make([]int64, len(all))
	for i, d := range all {
		holidays[i] = int64(d.Holiday)
	}
	var photos []Photo
	if err := sqlx.SelectContext(ctx, q, &photos, photoQuery+`AND holiday_id = ANY ($1) ORDER BY holiday_id, position, id`, pq.Array(holidays)); err != nil {
		return fmt.Errorf("catalogue: photos: %w", err)
	}
	of := map[id.Holiday][]Photo{}
	for _, p := range photos {
		of[p.Holiday] = append(of[p.Holiday], p)
	}
	for i := range all {
		all[i].Photos = of[all[i].Holiday]
	}
	return nil
}

// Picture is a photo's JPEG in that width. Which photos somebody may look up is no secret: their hash is.
func (s *Service) Picture(ctx context.Context, hash string, width int) ([]byte, error) {
	var jpeg []byte
	_, err := s.read(ctx, func(ctx context.Context, q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &jpeg, `
			SELECT z.jpeg FROM holiday_photo p JOIN holiday_photo_size z ON z.photo_id = p.id
			WHERE p.hash = $1 AND z.width = $2 AND p.removed_at IS NULL LIMIT 1`, hash, width)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoPhoto
	}
	if err != nil {
		return nil, fmt.Errorf("catalogue: picture: %w", err)
	}
	return jpeg, nil
}

func insertPhoto(ctx context.Context, tx *sqlx.Tx, p Photo, now time.Time) (key int64, err error) {
	err = tx.GetContext(ctx, &key, `
		INSERT INTO holiday_photo (holiday_id, position, hash, width, height, alt_nl, alt_en, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		p.Holiday, p.Position, p.Hash, p.Width, p.Height, p.AltNL, p.AltEN, now)
	if err != nil {
		return 0, fmt.Errorf("catalogue: photo: %w", err)
	}
	return key, nil
}

func insertSize(ctx context.Context, tx *sqlx.Tx, photo int64, width, height int, jpeg []byte) error {
	return run(ctx, tx, "photo", `INSERT INTO holiday_photo_size (photo_id, width, height, jpeg) VALUES ($1, $2, $3, $4)`, photo, width, height, jpeg)
}

func setAlt(ctx context.Context, tx *sqlx.Tx, photo int64, nl, en string) error {
	return run(ctx, tx, "photo", `UPDATE holiday_photo SET alt_nl = $2, alt_en = $3 WHERE id = $1`, photo, nl, en)
}

func setPosition(ctx context.Context, tx *sqlx.Tx, photo int64, position int) error {
	return run(ctx, tx, "photo", `UPDATE holiday_photo SET position = $2 WHERE id = $1`, photo, position)
}

// removePhoto keeps that there was a photo, and nothing of what it showed: somebody on it may have asked for that.
func removePhoto(ctx context.Context, tx *sqlx.Tx, photo int64, now time.Time) error {
	if err := run(ctx, tx, "photo", `DELETE FROM holiday_photo_size WHERE photo_id = $1`, photo); err != nil {
		return err
	}
	return run(ctx, tx, "photo", `UPDATE holiday_photo SET removed_at = $2 WHERE id = $1`, photo, now)
}

// copyPhotos gives a holiday the photos of another.
func copyPhotos(ctx context.Context, tx *sqlx.Tx, from, to id.Holiday, now time.Time) error {
	return run(ctx, tx, "copy photos", `
		WITH source AS (SELECT id, position, hash, width, height, alt_nl, alt_en FROM holiday_photo WHERE holiday_id = $1 AND removed_at IS NULL),
		added AS (
			INSERT INTO holiday_photo (holiday_id, position, hash, width, height, alt_nl, alt_en, added_at)
			SELECT $2, position, hash, width, height, alt_nl, alt_en, $3 FROM source RETURNING id, hash, position)
		INSERT INTO holiday_photo_size (photo_id, width, height, jpeg)
		SELECT a.id, z.width, z.height, z.jpeg FROM added a JOIN source s ON s.hash = a.hash AND s.position = a.position
		JOIN holiday_photo_size z ON z.photo_id = s.id`, from, to, now)
}

// codes are all codes that are taken.
func (s *Service) codes(ctx context.Context) (map[string]bool, error) { return codesTx(ctx, s.DB) }

func codesTx(ctx context.Context, q sqlx.QueryerContext) (map[string]bool, error) {
	var all []string
	if err := sqlx.SelectContext(ctx, q, &all, `SELECT code FROM holiday`); err != nil {
		return nil, fmt.Errorf("catalogue: codes: %w", err)
	}
	out := make(map[string]bool, len(all))
	for _, c := range all {
		out[c] = true
	}
	return out, nil
}
