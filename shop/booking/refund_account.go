package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	letters "joetz/templates/mail"
	"joetz/terms/id"
)

// RefundAccountArgs asks a job to tell a family that their refunds go to another account.
type RefundAccountArgs struct {
	Order id.Order `json:"order"`
}

// Kind names the job.
func (RefundAccountArgs) Kind() string { return "booking.refund_account" }

// RefundAccountChangedTx notes in the history that an order's refunds go to another account, and has the family told.
func (s *Service) RefundAccountChangedTx(ctx context.Context, tx *sqlx.Tx, order id.Order) error {
	if err := insertEvent(ctx, tx, Event{Order: order, Kind: "refund_account", Actor: "system", At: s.Now()}); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, RefundAccountArgs{Order: order})
}

// WriteRefundAccount tells the family. It is the job of RefundAccountArgs.
func (s *Service) WriteRefundAccount(ctx context.Context, a RefundAccountArgs) error {
	o, err := s.OrderByID(ctx, a.Order)
	if err != nil {
		return err
	}
	m, err := s.Outbox.RefundAccountChanged(ctx, o.Addressee(), o.Lang, o.ID, letters.RefundAccountChanged{FirstName: o.PayerFirstName(), Reference: o.Reference})
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}
