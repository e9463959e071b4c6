package decision

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/shop/booking"
	"joetz/terms/civil"
	"joetz/terms/id"
)

func (s *Service) byID(ctx context.Context, decision int64) (Decision, error) {
	return decisionByID(ctx, s.DB, decision)
}

// ByID reads a decision with how far it is.
func (s *Service) ByID(ctx context.Context, decision int64) (Decision, error) {
	return s.byID(ctx, decision)
}

// List reads the newest decisions.
func (s *Service) List(ctx context.Context, limit int) ([]Decision, error) {
	return newestDecisions(ctx, s.DB, limit)
}

// Row is one booking on the office's page of a decision.
type Row struct {
	Item    Item
	Booking booking.Booking // that the decision was about
	Payer   booking.Order
	Mail    string // how the newest letter about it fares: waiting, sent or dead; "" for none
}

// Rows reads what a decision did to each booking.
func (s *Service) Rows(ctx context.Context, decision int64) ([]Row, error) {
	all, err := itemsOf(ctx, s.DB, decision)
	if err != nil {
		return nil, err
	}
	keys := make([]id.Booking, len(all))
	for n, i := range all {
		keys[n] = i.Booking
	}
	found, err := s.Bookings.BookingsByID(ctx, s.DB, keys...)
	if err != nil {
		return nil, err
	}
	list := make([]booking.Booking, 0, len(found))
	for _, b := range found {
		list = append(list, b)
	}
	payers, err := s.Bookings.OrdersOfBookings(ctx, s.DB, list)
	if err != nil {
		return nil, err
	}
	mails, err := mailsOf(ctx, s.DB, decision)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(all))
	for n, i := range all {
		rows[n] = Row{Item: i, Booking: found[i.Booking], Payer: payers[i.Order], Mail: mails[i.Order]}
	}
	return rows, nil
}

// Links finds for bookings the newest decision about each that its family has something to read or to choose about.
func (s *Service) Links(ctx context.Context, bookings ...id.Booking) (map[id.Booking]Link, error) {
	all, err := itemsAbout(ctx, s.DB, bookings)
	if err != nil {
		return nil, err
	}
	links := map[id.Booking]Link{}
	for _, i := range all {
		l := Link{Item: i.ID, Decision: i.Decision, Path: Path(i.ID), Choose: i.State == Asked, MayLeave: i.MayLeave(s.today()), Until: i.ExitUntil}
		for _, b := range []id.Booking{i.Booking, i.Fresh} {
			if _, seen := links[b]; !seen && i.Outcome != Void && i.Outcome != Ended && i.State != Waiting && i.State != Failed {
				links[b] = l
			}
		}
	}
	return links, nil
}

// MayUndo is booking's MayUndo: who left for free because of a decision wrote that down themselves, and the decision counts it.
// ErrLeft: the office books anew instead.
func (s *Service) MayUndo(ctx context.Context, q sqlx.QueryerContext, b id.Booking) error {
	all, err := itemsAbout(ctx, q, []id.Booking{b})
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.Outcome == Left && i.Current() == b {
			return ErrLeft
		}
	}
	return nil
}

// FreeUntil is booking's FreeUntil: until when the family of a booking may leave for free because of a decision.
func (s *Service) FreeUntil(ctx context.Context, q sqlx.QueryerContext, b id.Booking) (until civil.Date, err error) {
	all, err := itemsAbout(ctx, q, []id.Booking{b})
	for _, i := range all {
		if i.Current() == b && i.MayLeave(s.today()) {
			until = civil.Later(until, i.ExitUntil)
		}
	}
	return until, err
}

// Link leads a family to a decision about one of its bookings.
type Link struct {
	Item     int64
	Decision int64
	Path     string
	Choose   bool // an answer is asked
	MayLeave bool
	Until    civil.Date // the last day to leave for free
}
