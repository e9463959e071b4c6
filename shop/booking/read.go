package booking

import (
	"context"
	"sync"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/terms"
	"joetz/terms/id"
)

// BookingByID reads one booking with where its money stands. ErrNoBooking when there is none.
func (s *Service) BookingByID(ctx context.Context, booking id.Booking) (Booking, error) {
	return s.bookingByID(ctx, s.DB, booking)
}

func (s *Service) bookingByID(ctx context.Context, q sqlx.QueryerContext, booking id.Booking) (Booking, error) {
	rows, err := bookings(ctx, q, `WHERE id = $1`, booking)
	if err == nil && len(rows) == 0 {
		return Booking{}, ErrNoBooking
	}
	if err != nil {
		return Booking{}, err
	}
	if err := s.addStatements(ctx, q, rows); err != nil {
		return Booking{}, err
	}
	return rows[0], nil
}

// OrderByID reads an order with its bookings and their money. ErrNoBooking when there is none.
func (s *Service) OrderByID(ctx context.Context, order id.Order) (Order, error) {
	o, err := orderByID(ctx, s.DB, order)
	if err != nil {
		return o, err
	}
	all := []Order{o}
	err = s.addBookings(ctx, all)
	return all[0], err
}

// OrderTx is OrderByID within a transaction, as it is under the lock that the caller holds.
func (s *Service) OrderTx(ctx context.Context, tx *sqlx.Tx, order id.Order) (Order, error) {
	o, err := orderByID(ctx, tx, order)
	if err != nil {
		return o, err
	}
	if o.Bookings, err = bookings(ctx, tx, `WHERE order_id = $1 ORDER BY id`, order); err != nil {
		return o, err
	}
	return o, s.addStatements(ctx, tx, o.Bookings)
}

// OrderOf is OrderByID for the parent who placed it: another's order is ErrNoBooking.
func (s *Service) OrderOf(ctx context.Context, guardian id.Guardian, order id.Order) (Order, error) {
	o, err := s.OrderByID(ctx, order)
	if err == nil && o.Guardian != guardian {
		return Order{}, ErrNoBooking
	}
	return o, err
}

// Events lists an order's history, newest first.
func (s *Service) Events(ctx context.Context, order id.Order) ([]Event, error) {
	return eventsOf(ctx, s.DB, order)
}

func (s *Service) addBookings(ctx context.Context, orders []Order) error {
	keys := make([]int64, len(orders))
	at := make(map[id.Order]*Order, len(orders))
	for i := range orders {
		keys[i], at[orders[i].ID] = int64(orders[i].ID), &orders[i]
	}
	rows, err := bookings(ctx, s.DB, `WHERE order_id = `+pg.AnyKey+` ORDER BY id`, pq.Array(keys))
	if err != nil {
		return err
	}
	if err := s.addStatements(ctx, s.DB, rows); err != nil {
		return err
	}
	for _, b := range rows {
		at[b.Order].Bookings = append(at[b.Order].Bookings, b)
	}
	return nil
}

func (s *Service) addStatements(ctx context.Context, q sqlx.QueryerContext, rows []Booking) error {
	keys := make([]id.Booking, len(rows))
	for i, b := range rows {
		keys[i] = b.ID
	}
	statements, err := s.Payments.StatementsOf(ctx, q, keys)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].Statement = statements[rows[i].ID]
	}
	return nil
}

// TermsOf gives the terms that orders with this hash rest on.
func (s *Service) TermsOf(ctx context.Context, hash string) (terms.Terms, error) {
	return s.termsOf(ctx, s.DB, hash)
}

// termsCache keeps terms that were loaded from table policy; a hash never means another document.
type termsCache struct {
	mu    sync.Mutex
	known map[string]terms.Terms
}

// termsOf gives the terms that a booking rests on, whatever the shop sells under today.
func (s *Service) termsOf(ctx context.Context, q sqlx.QueryerContext, hash string) (terms.Terms, error) {
	if hash == s.Terms.Hash() {
		return s.Terms, nil
	}
	s.old.mu.Lock()
	defer s.old.mu.Unlock()
	if t, ok := s.old.known[hash]; ok {
		return t, nil
	}
	version, document, err := policyDocument(ctx, q, hash)
	if err != nil {
		return terms.Terms{}, err
	}
	t, err := terms.Load([]byte(document), version)
	if err != nil {
		return terms.Terms{}, err
	}
	if s.old.known == nil {
		s.old.known = map[string]terms.Terms{}
	}
	s.old.known[hash] = t
	return t, nil
}

// TermsVersion names the version of the terms that an order rests on.
func (s *Service) TermsVersion(ctx context.Context, hash string) string {
	t, err := s.termsOf(ctx, s.DB, hash)
	if err != nil {
		return ""
	}
	return t.Version()
}
