package invoice

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments/bank"
	"joetz/terms/id"
)

// EPC is how the QR code of a payment was written at that moment.
func (s *Service) EPC(ctx context.Context, at time.Time) (bank.EPCSettings, error) {
	return epcAt(ctx, s.DB, at)
}

// SetEPC changes how QR codes are written from now on: banks' apps differ in what they read. Documents keep what they have.
func (s *Service) SetEPC(ctx context.Context, settings bank.EPCSettings, by id.Staff) error {
	if settings.Version == "" {
		settings.Version = bank.EPC002
	}
	_, err := s.DB.ExecContext(ctx, `INSERT INTO epc_setting (version, as_text, staff_id, at) VALUES ($1, $2, $3, $4)`, settings.Version, settings.OGMAsText, by, s.Now())
	if err != nil {
		return fmt.Errorf("invoice: change the QR code: %w", err)
	}
	return nil
}

func epcAt(ctx context.Context, q sqlx.QueryerContext, at time.Time) (bank.EPCSettings, error) {
	var row struct {
		Version bank.EPCVersion `db:"version"`
		AsText  bool            `db:"as_text"`
	}
	err := sqlx.GetContext(ctx, q, &row, `SELECT version, as_text FROM epc_setting WHERE at <= $1 ORDER BY id DESC LIMIT 1`, at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return bank.EPCSettings{}, fmt.Errorf("invoice: how the QR code is written: %w", err)
	}
	return bank.EPCSettings{Version: row.Version, OGMAsText: row.AsText}, nil
}
