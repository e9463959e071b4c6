package booking

import (
	"context"

	"joetz/shop/extra"
	letters "joetz/templates/mail"
)

// WriteExtra writes to the parent of a booking whose extras changed, with the invoice or the credit note.
func (s *Service) WriteExtra(ctx context.Context, a ExtraArgs) error {
	b, o, err := s.letterAbout(ctx, a.Booking)
	if err != nil {
		return err
	}
	all, err := s.Extras.AllOfDeparture(ctx, b.Departure)
	if err != nil {
		return err
	}
	in := letters.ExtraChanged{FirstName: o.PayerFirstName(), Child: b.FirstName, Holiday: b.Title, Added: a.Added, Amount: a.Amount, Path: OrderPath(o.ID)}
	for _, e := range all {
		if e.ID == a.Extra {
			in.Extra = extra.Picked{Pick: extra.Pick{Choice: a.Choice}, NameNL: e.NameNL, NameEN: e.NameEN}.Name(o.Lang)
		}
	}
	if a.Refund > 0 {
		if in.Refund, err = s.letterRefund(ctx, o, a.Refund); err != nil {
			return err
		}
	}
	var epc string
	if a.Added && len(a.Papers) > 0 {
		if in.Pay, epc, err = s.BankTransfer(ctx, o, a.Amount, a.DueOn); err != nil {
			return err
		}
	}
	m, err := s.Outbox.ExtraChanged(ctx, o.Addressee(), o.Lang, o.ID, in, epc, a.Papers...)
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}
