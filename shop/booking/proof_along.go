package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/shop/catalogue"
	"joetz/terms/id"
)

// claimAlong is the claim of a member's price that goes along to another holiday though the base price is asked by now: a proof
// may still come late there too, as it could have here. The zero Proof when there is none, or none to win. atMost caps what it
// costs there at what it would cost here.
func (s *Service) claimAlong(ctx context.Context, q sqlx.QueryerContext, b Booking, r rights, to catalogue.Departure, atMost bool) (Proof, error) {
	if b.Category != catalogue.Base || b.Evidence == ProofNotNeeded || b.Evidence == ProofAccepted {
		return Proof{}, nil
	}
	known, err := proofsOf(ctx, q, b.ID)
	if err != nil {
		return Proof{}, err
	}
	old, ok := known[b.ID]
	gross, there := to.Prices.Of(old.Category)
	if !ok || !old.Corrected() || !there {
		return Proof{}, nil
	}
	if atMost {
		gross = min(gross, old.Price+old.Discount)
	}
	f := r.facts
	f.Holiday, f.DepartsOn = to.Code, to.StartsOn
	out, _, _ := best(r.all, f, categories(old.Category, gross, gross)[:1]...)
	now := s.Now()
	return Proof{Category: old.Category, Price: out.Net, Discount: gross - out.Net, Until: old.Until, LateAt: &now, CorrectedAt: &now}, nil
}

// carryClaimTx writes it down for the booking that came in place of the other.
func carryClaimTx(ctx context.Context, tx *sqlx.Tx, fresh id.Booking, claim Proof) error {
	if claim.CorrectedAt == nil {
		return nil
	}
	claim.Booking = fresh
	if err := insertProof(ctx, tx, claim); err != nil {
		return err
	}
	return changeProof(ctx, tx, fresh, `late_at = $2, corrected_at = $3`, claim.LateAt, claim.CorrectedAt)
}
