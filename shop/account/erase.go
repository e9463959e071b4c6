package account

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// ForgetGuardianTx makes a guardian nobody: name, address, telephone, password and sign-ins go, invitations are taken back,
// and they act for no child any more. The row stays for the orders and invoices that point at it.
func (s *Service) ForgetGuardianTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, by Identity) error {
	g, err := guardianByID(ctx, tx, guardian)
	if err != nil {
		return err
	}
	children, err := childrenOf(ctx, tx, guardian)
	if err != nil {
		return err
	}
	for _, c := range children {
		if err := lockParticipant(ctx, tx, c.ID); err != nil {
			return err
		}
		if err := deleteGuardianship(ctx, tx, c.ID, guardian); err != nil {
			return err
		}
		if err := insertGuardianshipEvent(ctx, tx, c.ID, "removed", guardian, by.Actor(), s.now()); err != nil {
			return err
		}
	}
	if err := s.endAllTx(ctx, tx, Identity{GuardianID: guardian}, "signed_out_everywhere", by.StaffID); err != nil {
		return err
	}
	return forgetGuardian(ctx, tx, guardian, g.Email, s.now())
}

// ForgetChildTx takes the name from a child and leaves the year of birth, for whom nothing has to be kept.
func (s *Service) ForgetChildTx(ctx context.Context, tx *sqlx.Tx, child id.Participant) error {
	return forgetChild(ctx, tx, child)
}
