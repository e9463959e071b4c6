package proof

import (
	"context"
	"fmt"
	"strings"
	"time"

	"joetz/shop/catalogue"
	"joetz/shop/worklist"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Line is a proof in a list.
type Line struct {
	Booking   id.Booking         `db:"booking_id"`
	Order     id.Order           `db:"order_id"`
	FirstName string             `db:"first_name"`
	LastName  string             `db:"last_name"`
	Title     string             `db:"title"`
	DepartsOn civil.Date         `db:"departs_on"`
	Category  catalogue.Category `db:"category"`
	Evidence  string             `db:"evidence"`
	Until     civil.Date         `db:"until"`
	Since     time.Time          `db:"since"`
	Files     int                `db:"files"`
}

// ToCheck lists what was handed in and waits for the office, oldest first.
func (s *Service) ToCheck(ctx context.Context) ([]Line, error) {
	return lines(ctx, s.DB, linesToCheck)
}

// ToPrice lists the bookings whose deadline passed without a good proof: the office decides whether they move to the
// base price or get more time. Those that left are not among them.
func (s *Service) ToPrice(ctx context.Context) ([]Line, error) {
	return lines(ctx, s.DB, linesToPrice, s.today())
}

// Waiting finds the proofs that were handed in and wait to be checked. A source of the worklist.
func (s *Service) Waiting(ctx context.Context, limit int) (worklist.Found, error) {
	found, err := s.ToCheck(ctx)
	return items(found, limit, ""), err
}

// ToDecide finds the bookings whose deadline passed without a good proof. A source of the worklist.
func (s *Service) ToDecide(ctx context.Context, limit int) (worklist.Found, error) {
	found, err := s.ToPrice(ctx)
	return items(found, limit, "worklist.note.proof_price"), err
}

func items(lines []Line, limit int, note string) worklist.Found {
	found := worklist.Found{Total: len(lines)}
	for _, l := range lines[:min(limit, len(lines))] {
		item := worklist.Item{
			Kind: worklist.Proof, Key: fmt.Sprintf("booking:%d", l.Booking), Subject: strings.TrimSpace(l.FirstName + " " + l.LastName),
			Detail: l.Title, Day: l.DepartsOn, Args: []any{l.Until}, Note: note, Order: l.Order, Since: l.Since, Due: l.Until,
			Path: fmt.Sprintf("/kantoor/bewijzen/%d", l.Booking),
		}
		found.Items = append(found.Items, item)
	}
	return found
}
