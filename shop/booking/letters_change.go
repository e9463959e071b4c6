package booking

import (
	"context"

	letters "joetz/templates/mail"
	"joetz/terms/civil"
)

// WriteRebooked writes to the parent of a child that goes elsewhere, with the documents of both bookings.
func (s *Service) WriteRebooked(ctx context.Context, a RebookedArgs) error {
	b, o, err := s.letterAbout(ctx, a.Booking)
	if err != nil {
		return err
	}
	old, err := s.BookingByID(ctx, b.RebookedFrom)
	if err != nil {
		return err
	}
	in := letters.BookingRebooked{
		FirstName: o.PayerFirstName(), Reference: o.Reference, Child: b.FirstName, Old: old.Title, New: b.Title, From: b.DepartsOn, To: b.EndsOn,
		Boarding: b.BoardingName, Price: b.Price + b.Discount, Premium: b.Premium, Fee: a.Fee, Kept: a.Kept, Paid: a.Paid, Path: OrderPath(o.ID),
	}
	if a.Total == 0 { // a job of before it said so
		a.Total = b.Price + b.Premium
	}
	in.Open = max(0, a.Total+a.Fee+a.Kept-a.Paid)
	if err := s.addAlongTo(ctx, &in, o.Lang, b); err != nil {
		return err
	}
	in.Goodwill = in.Price - b.Discount + b.Extras + b.Premium - a.Total
	if a.Refund > 0 {
		if in.Refund, err = s.letterRefund(ctx, o, a.Refund); err != nil {
			return err
		}
	}
	var epc string
	if a.DueSoon > 0 {
		if in.Pay, epc, err = s.BankTransfer(ctx, o, a.DueSoon, civil.Of(b.PlacedAt).AddDays(14)); err != nil {
			return err
		}
	}
	papers, err := s.papersSince(ctx, b.PlacedAt, old.ID, b.ID)
	if err != nil {
		return err
	}
	m, err := s.Outbox.BookingRebooked(ctx, o.Addressee(), o.Lang, o.ID, in, epc, papers...)
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}

// WriteChanged writes to the parent of a booking that changed at no cost.
func (s *Service) WriteChanged(ctx context.Context, a ChangedArgs) error {
	b, o, err := s.bookingAndOrder(ctx, a.Booking)
	if err != nil {
		return err
	}
	m, err := s.Outbox.BookingChanged(ctx, o.Addressee(), o.Lang, o.ID, letters.BookingChanged{
		FirstName: o.PayerFirstName(), Child: b.FirstName, What: a.What, Was: a.From, Is: a.To, Path: OrderPath(o.ID),
	})
	if err != nil {
		return err
	}
	return s.Post(ctx, m)
}

// addAlongTo names the discounts and extras that came along.
func (s *Service) addAlongTo(ctx context.Context, in *letters.BookingRebooked, lang string, b Booking) error {
	has, err := s.Discounts.OfBooking(ctx, s.DB, b.ID)
	if err != nil {
		return err
	}
	for _, g := range has {
		in.Discounts = append(in.Discounts, letters.KeptExtra{Name: g.Name(lang), Amount: g.Off})
	}
	extras, err := s.Extras.OfBookings(ctx, s.DB, b.ID)
	for _, x := range extras[b.ID] {
		in.Extras = append(in.Extras, letters.KeptExtra{Name: x.Name(lang), Amount: x.Price})
	}
	return err
}
