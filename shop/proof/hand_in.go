package proof

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/evidence"
	"joetz/shop/memberprice"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/social"
)

// HandIn is what a family sends as proof.
type HandIn struct {
	Files [][]byte
	Code  string // on the mutuality's sticker; may be empty
}

// HandIn keeps what a family hands in; from now on the office looks. The same file twice is kept once. Invalid faults
// name "files" or "code"; ErrNoBooking, ErrEnded, ErrDecided (accepted before) or ErrOver (the child left).
func (s *Service) HandIn(ctx context.Context, guardian id.Guardian, key id.Booking, in HandIn) error {
	c, err := s.Of(ctx, guardian, key)
	if err != nil {
		return err
	}
	if in.Code != "" {
		if _, _, err := social.Brochure.Mutuality(in.Code); err != nil {
			return fault.Field("code", "booking.proof_code")
		}
	}
	clean := make([]evidence.Clean, len(in.Files))
	for i, data := range in.Files { // before the transaction: it may take a second
		if clean[i], err = evidence.Check(data); err != nil {
			return err
		}
	}
	actor := account.Identity{GuardianID: guardian}.Actor()
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if c, err = s.lockTx(ctx, tx, c.Order.ID, key); err != nil {
			return err
		}
		switch {
		case !c.Booking.Active():
			return booking.ErrEnded
		case c.Booking.Evidence == memberprice.Accepted:
			return ErrDecided
		case !c.Open(s.today()):
			return ErrOver
		case len(clean)+len(c.Files) == 0:
			return fault.Field(evidence.Field, "booking.proof_none")
		}
		for _, f := range clean {
			if _, err := s.Bookings.Evidence.AddTx(ctx, tx, key, f, actor); err != nil {
				return err
			}
		}
		if err := memberprice.ReceiveTx(ctx, tx, key, in.Code, c.Booking.Evidence == memberprice.Received, s.Now()); err != nil {
			return err
		}
		return s.moveTx(ctx, tx, c, memberprice.Received, "proof_received", actor, map[string]any{"files": len(clean)})
	})
}

// Withdraw takes one file back before the office decided; with the last one the proof is awaited again.
func (s *Service) Withdraw(ctx context.Context, guardian id.Guardian, key id.Booking, file int64) error {
	c, err := s.Of(ctx, guardian, key)
	if err != nil {
		return err
	}
	actor := account.Identity{GuardianID: guardian}.Actor()
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if c, err = s.lockTx(ctx, tx, c.Order.ID, key); err != nil {
			return err
		}
		if c.Booking.Evidence != memberprice.Received {
			return ErrDecided
		}
		if err := s.Bookings.Evidence.RemoveTx(ctx, tx, key, file); err != nil {
			return err
		}
		if len(c.Files) > 1 {
			return s.noteTx(ctx, tx, c, "proof_withdrawn", actor, nil)
		}
		back := memberprice.Awaited
		if c.Claim.LateAt != nil {
			back = memberprice.Late
		}
		return s.moveTx(ctx, tx, c, back, "proof_withdrawn", actor, nil)
	})
}
