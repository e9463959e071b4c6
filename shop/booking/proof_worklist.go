package booking

import (
	"context"
	"fmt"
	"strings"

	"joetz/shop/worklist"
)

// ProofsWaiting finds the proofs that were handed in and wait to be checked. A source of the worklist.
func (s *Service) ProofsWaiting(ctx context.Context, limit int) (worklist.Found, error) {
	lines, err := proofLines(ctx, s.DB, linesToCheck)
	return proofItems(lines, limit, ""), err
}

// ProofsToDecide finds the bookings whose deadline passed without a good proof. A source of the worklist.
func (s *Service) ProofsToDecide(ctx context.Context, limit int) (worklist.Found, error) {
	lines, err := proofLines(ctx, s.DB, linesToPrice, s.today())
	return proofItems(lines, limit, "worklist.note.proof_price"), err
}

func proofItems(lines []ProofLine, limit int, note string) worklist.Found {
	found := worklist.Found{Total: len(lines)}
	for _, l := range lines[:min(limit, len(lines))] {
		item := worklist.Item{
			Kind: worklist.Proof, Key: fmt.Sprintf("booking:%d", l.Booking), Subject: strings.TrimSpace(l.FirstName + " " + l.LastName),
			Detail: fmt.Sprintf("%s, %s", l.Title, l.DepartsOn), Args: []any{l.Until}, Note: note, Order: l.Order, Since: l.Since, Due: l.Until,
			Path: fmt.Sprintf("/kantoor/bewijzen/%d", l.Booking),
		}
		found.Items = append(found.Items, item)
	}
	return found
}
