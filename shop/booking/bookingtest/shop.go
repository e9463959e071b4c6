package bookingtest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/audit"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/fsck"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Shop is a shop on the terms of JOETZ with short words for what tests of bookings do. Each method fails its test on an error.
type Shop struct {
	*booking.Service
	T     testing.TB
	Clock *Clock
	paid  atomic.Int64
}

// NewShop makes one, in which it is 1 December 2026.
func NewShop(t testing.TB) *Shop {
	t.Helper()
	s := &Shop{T: t}
	s.Service, s.Clock = New(t, civil.Must(2026, 12, 1))
	return s
}

func (s *Shop) ctx() context.Context { return context.Background() }

// Date is the shop's day.
func (s *Shop) Date() civil.Date { return civil.Of(s.Clock.Now()) }

// Departure adds a domestic holiday of 335.00 / 215.00 / 108.00 that leaves that day, with these boarding places.
func (s *Shop) Departure(places int, leaves civil.Date, boarding ...string) id.Departure {
	s.T.Helper()
	var stops []catalogue.BoardingPlace
	for _, name := range boarding {
		stops = append(stops, catalogue.BoardingPlace{Name: name, MinParticipants: 8})
	}
	member, vt := money.Cents(21500), money.Cents(10800)
	var d id.Departure
	must(s.T, pg.InTx(s.ctx(), s.DB, func(tx *sqlx.Tx) (err error) {
		d, err = s.Catalogue.AddTx(s.ctx(), tx, catalogue.NewHoliday{
			Code: "T" + leaves.String(), Slug: "t" + leaves.String(), Title: "Test", Description: "x", Trip: "domestic", LegalRegime: "none", Country: "BE",
			Destination: "x", Accommodation: "x", Transport: "x", BirthYearFrom: 2015, BirthYearTo: 2018, StartsOn: leaves, EndsOn: leaves.AddDays(6),
			OnSaleAt: s.Clock.Now().Add(-time.Hour), Base: 33500, Solidaris: &member, VT: &vt, Capacity: places, BoardingPlaces: stops,
		})
		return err
	}))
	return d
}

// Family makes a guardian with an address.
func (s *Shop) Family(n int) account.Guardian {
	s.T.Helper()
	g, _ := Family(s.T, s.Accounts, n)
	return g
}

var insured, not = true, false

// Fill answers everything for each place of a basket: the first child VT and insured, the others base price.
func (s *Shop) Fill(token string, g account.Guardian, children int) error {
	if err := s.Identify(s.ctx(), token, g.ID); err != nil {
		return err
	}
	for i := 1; i <= children; i++ {
		in := account.ChildInput{FirstName: fmt.Sprint("Kind", i), LastName: g.LastName, BornOn: civil.Must(2016, 5, i)}
		if err := s.ChooseNewChild(s.ctx(), token, g.ID, i, in); err != nil {
			return err
		}
		choices := booking.Choices{Category: catalogue.Base, Insured: &not, Care: &not, PhotoConsent: "no"}
		if i == 1 {
			choices.Category, choices.Insured = catalogue.VT, &insured
		}
		if err := s.Choose(s.ctx(), token, g.ID, i, choices); err != nil {
			return err
		}
	}
	return nil
}

// Confirm places the order as it was shown.
func (s *Shop) Confirm(token string, g account.Guardian, instalments int) (booking.Placed, error) {
	sum, err := s.Summary(s.ctx(), token, g.ID, instalments)
	if err != nil {
		return booking.Placed{}, err
	}
	return s.Place(s.ctx(), token, g, booking.PlaceInput{Instalments: instalments, PaymentMethod: "transfer", TermsHash: s.Terms.Hash(), QuotedTotal: sum.Total})
}

// Book books children on a departure and returns their order.
func (s *Shop) Book(d id.Departure, g account.Guardian, children int) booking.Placed {
	s.T.Helper()
	token, err := s.Start(s.ctx(), d, children)
	must(s.T, err)
	must(s.T, s.Fill(token, g, children))
	placed, err := s.Confirm(token, g, 1)
	must(s.T, err)
	return placed
}

// Count is the one number that a query gives.
func (s *Shop) Count(query string, args ...any) (n int) {
	s.T.Helper()
	must(s.T, s.DB.Get(&n, query, args...))
	return n
}

// Sound holds what must be true at any moment: places, schedules and books. Tests here record money without a bank file.
func (s *Shop) Sound() {
	s.T.Helper()
	found, err := fsck.Run(s.ctx(), s.DB, s.Clock.Now(), audit.Bank, audit.Stripe)
	must(s.T, err)
	for _, d := range found {
		s.T.Error(d)
	}
}

// Pay records a transfer for an order; each time it is other money.
func (s *Shop) Pay(order id.Order, amount money.Cents) {
	s.T.Helper()
	must(s.T, pg.InTx(s.ctx(), s.DB, func(tx *sqlx.Tx) error {
		_, err := s.Payments.ReceiveTx(s.ctx(), tx, payments.Receipt{Order: order, Method: "transfer", Amount: amount, ReceivedOn: s.Date(), SourceSystem: "bank", SourceID: fmt.Sprint(s.paid.Add(1))})
		return err
	}))
}
