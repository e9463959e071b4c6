package account

import (
	"context"
	"errors"
	"fmt"
)

// Demo shows what only the owner of a phone knows, so that a demonstration needs no phone. There is none in production.
type Demo struct{ service *Service }

// ErrNoDemo is returned where a demonstration has no place.
var ErrNoDemo = errors.New("account: no demo in production")

// NewDemo makes a Demo, and refuses in production.
func NewDemo(s *Service, production bool) (*Demo, error) {
	if production {
		return nil, ErrNoDemo
	}
	return &Demo{s}, nil
}

// FactorCode is the code that the app of the person behind a pending session would show now; "" when none is set up. A
// code that was used a moment ago is replaced by the next one, which counts already.
func (d *Demo) FactorCode(ctx context.Context, token string) (string, error) {
	s := d.service
	row, sealed, err := s.pending(ctx, s.DB, token, false)
	if err != nil || sealed == nil {
		return "", err
	}
	secret, err := s.Seal.Open(sealed, factorContext(*row.StaffID))
	if err != nil {
		return "", fmt.Errorf("open second factor: %w", err)
	}
	last, err := lastStep(ctx, s.DB, *row.StaffID)
	if err != nil {
		return "", err
	}
	return codeAt(string(secret), min(max(s.now().Unix()/factorStep, last+1), s.now().Unix()/factorStep+1))
}

// OfferedCode is the code that an app with the offered secret would show now.
func (d *Demo) OfferedCode(offer FactorOffer) (string, error) {
	return codeAt(offer.Secret, d.service.now().Unix()/factorStep)
}
