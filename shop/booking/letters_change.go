package booking

import (
	"context"

	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// WriteRebooked writes to the parent of a child that goes elsewhere, with the documents of both bookings.
func (s *Service) WriteRebooked(ctx context.Context, a RebookedArgs) error {
	if _, err := s.Invoices.Number(ctx); err != nil {
		return err
	}
	b, err := s.BookingByID(ctx, a.Booking)
	if err != nil {
		return err
	}
	old, err := s.BookingByID(ctx, b.RebookedFrom)
	if err != nil {
		return err
	}
	o, err := s.OrderByID(ctx, b.Order)
	if err != nil {
		return err
	}
	in := letters.BookingRebooked{
		FirstName: firstWord(o.PayerName), Reference: o.Reference, Child: b.FirstName, Old: old.Title, New: b.Title, From: b.DepartsOn, To: b.EndsOn,
		Boarding: b.BoardingName, Price: b.Price, Premium: b.Premium, Fee: a.Fee, Paid: a.Paid,
		Open: max(0, b.Price+b.Premium+a.Fee-a.Paid), Path: OrderPath(o.ID),
	}
	if a.Refund > 0 {
		if in.Refund, err = s.letterRefund(ctx, o, a.Refund); err != nil {
			return err
		}
	}
	var epc string
	if a.DueSoon > 0 {
		if in.Pay, epc, err = s.transferOf(o, a.DueSoon, civil.Of(b.PlacedAt).AddDays(14)); err != nil {
			return err
		}
	}
	var papers []id.Invoice
	for _, one := range []Booking{old, b} {
		documents, err := s.Invoices.OfBooking(ctx, s.DB, one.ID)
		if err != nil {
			return err
		}
		for _, d := range documents {
			if !d.CreatedAt.Before(b.PlacedAt) {
				papers = append(papers, d.ID)
			}
		}
	}
	m, err := s.Outbox.BookingRebooked(ctx, o.addressee(), o.Lang, o.ID, in, epc, papers...)
	if err != nil {
		return err
	}
	return s.post(ctx, m)
}

// WriteChanged writes to the parent of a booking that changed at no cost.
func (s *Service) WriteChanged(ctx context.Context, a ChangedArgs) error {
	b, err := s.BookingByID(ctx, a.Booking)
	if err != nil {
		return err
	}
	o, err := s.OrderByID(ctx, b.Order)
	if err != nil {
		return err
	}
	m, err := s.Outbox.BookingChanged(ctx, o.addressee(), o.Lang, o.ID, letters.BookingChanged{
		FirstName: firstWord(o.PayerName), Child: b.FirstName, What: a.What, Was: a.From, Is: a.To, Path: OrderPath(o.ID),
	})
	if err != nil {
		return err
	}
	return s.post(ctx, m)
}
