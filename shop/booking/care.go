package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/terms/id"
)

// CareAnswer is what a guardian says about the care that a child needs on a departure.
type CareAnswer struct {
	Participant id.Participant
	Departure   id.Departure
	Guardian    id.Guardian
	Needed      bool
	Text        string
}

// Care keeps what is said about care, sealed (medical). Booking passes it on and keeps only yes or no.
type Care interface {
	AnswerCareTx(ctx context.Context, tx *sqlx.Tx, a CareAnswer) error
	DropCareTx(ctx context.Context, tx *sqlx.Tx, participant id.Participant, departure id.Departure) error
	// OwnCareText is what this guardian wrote, for the form where it can be changed.
	OwnCareText(ctx context.Context, guardian id.Guardian, participant id.Participant, departure id.Departure) (string, error)
	// CareForReview is what was written about care, for the office that decides; the reading is logged.
	CareForReview(ctx context.Context, who account.Identity, booking id.Booking) (string, error)
}

// CareText is what the guardian of a basket wrote about a child, to be shown again in its form; "" when no care is needed.
func (s *Service) CareText(ctx context.Context, c Checkout, child Child) (string, error) {
	if child.Care == nil || !*child.Care {
		return "", nil
	}
	return s.Medical.OwnCareText(ctx, c.Guardian, child.Participant, child.Departure)
}
