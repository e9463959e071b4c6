package decision_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/audit"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/catalogue"
	"joetz/shop/decision"
	"joetz/shop/fsck"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

type shop struct {
	*decision.Service
	t      testing.TB
	clock  *bookingtest.Clock
	office account.Identity
	people atomic.Int64
}

var ctx = context.Background()

func (s *shop) now() time.Time      { return s.clock.Now() }
func (s *shop) moveTo(d civil.Date) { s.clock.MoveTo(d) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newShop(t testing.TB) *shop {
	t.Helper()
	s := &shop{t: t}
	books, clock := bookingtest.New(t, civil.Must(2026, 12, 1))
	s.clock = clock
	s.Service = &decision.Service{DB: books.DB, Now: s.now, Bookings: books, Catalogue: books.Catalogue, Log: slog.New(slog.DiscardHandler)}
	must(t, s.DB.Get(&s.office.StaffID, `INSERT INTO staff (email, name, password_hash, created_at) VALUES ('an@example.be', 'An', '', now()) RETURNING id`))
	return s
}

// holiday adds one at 335.00 / 215.00 / 108.00 times price / 335. Flights and coaches are packages.
func (s *shop) holiday(code, trip string, price money.Cents, places int, leaves civil.Date) (d id.Departure) {
	s.t.Helper()
	regime, country := "package", "FR"
	if trip == "domestic" {
		regime, country = "none", "BE"
	}
	member, vt := price*2/3, price/3
	must(s.t, pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
		d, err = s.Catalogue.AddTx(ctx, tx, catalogue.NewHoliday{
			Code: code, Slug: strings.ToLower(code), Title: code, Description: "x", Trip: trip, LegalRegime: regime, Country: country,
			Destination: "x", Accommodation: "x", Transport: "x", BirthYearFrom: 2015, BirthYearTo: 2018, StartsOn: leaves, EndsOn: leaves.AddDays(6),
			OnSaleAt: s.now().AddDate(-1, 0, 0), Base: price, Solidaris: &member, VT: &vt, Capacity: places,
		})
		return err
	}))
	return d
}

func (s *shop) family() account.Guardian {
	s.t.Helper()
	g, _ := bookingtest.Family(s.t, s.Bookings.Accounts, int(s.people.Add(1)))
	return g
}

var no = false

// book books one child and pays that much; -1 pays what is asked.
func (s *shop) book(d id.Departure, g account.Guardian, c catalogue.Category, insured bool, pays money.Cents) booking.Booking {
	s.t.Helper()
	b := s.Bookings
	token, err := b.Start(ctx, d, 1)
	must(s.t, err)
	must(s.t, b.Identify(ctx, token, g.ID))
	must(s.t, b.ChooseNewChild(ctx, token, g.ID, 1, account.ChildInput{FirstName: "Lou", LastName: g.LastName, BornOn: civil.Must(2016, 5, 1)}))
	must(s.t, b.Choose(ctx, token, g.ID, 1, booking.Choices{Category: c, Insured: &insured, Care: &no, PhotoConsent: "group"}))
	sum, err := b.Summary(ctx, token, g.ID, 1)
	must(s.t, err)
	placed, err := b.Place(ctx, token, g, booking.PlaceInput{Instalments: 1, PaymentMethod: "transfer", TermsHash: b.Terms.Hash(), QuotedTotal: sum.Total})
	must(s.t, err)
	if pays < 0 {
		pays = placed.Asked
	}
	if pays > 0 {
		s.pay(placed.Order, pays)
	}
	o, err := b.OrderByID(ctx, placed.Order)
	must(s.t, err)
	return o.Bookings[0]
}

func (s *shop) pay(order id.Order, amount money.Cents) {
	s.t.Helper()
	must(s.t, pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		_, err := s.Bookings.Payments.ReceiveTx(ctx, tx, payments.Receipt{Order: order, Method: "transfer", Amount: amount, ReceivedOn: civil.Of(s.now()), SourceSystem: "bank", SourceID: fmt.Sprint(order, s.now(), s.people.Add(1))})
		return err
	}))
}

func (s *shop) again(b id.Booking) booking.Booking {
	s.t.Helper()
	now, err := s.Bookings.BookingByID(ctx, b)
	must(s.t, err)
	return now
}

func (s *shop) count(query string, args ...any) (n int) {
	s.t.Helper()
	must(s.t, s.DB.Get(&n, query, args...))
	return n
}

func (s *shop) sound() {
	s.t.Helper()
	found, err := fsck.Run(ctx, s.DB, s.now(), audit.Bank, audit.Stripe)
	must(s.t, err)
	for _, d := range found {
		s.t.Error(d)
	}
}

func parentOf(g account.Guardian) account.Identity { return account.Identity{GuardianID: g.ID} }

func asParent(g account.Guardian) medical.Reader {
	return medical.Reader{Guardian: g.ID, Role: medical.Guardian, Purpose: "rebook"}
}

// together runs all at once and collects what they answer.
func together(fs ...func() error) []error {
	errs := make([]error, len(fs))
	var wg sync.WaitGroup
	for i, f := range fs {
		wg.Go(func() { errs[i] = f() })
	}
	wg.Wait()
	return errs
}

func parentOfID(g id.Guardian) account.Identity { return account.Identity{GuardianID: g} }
