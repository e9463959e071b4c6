// Package bookingtest makes a shop in which tests book.
//
// Owns: a fresh database with the services that a booking needs, a clock that the test moves, and families. Tables: none.
// May import: as shop/booking, and migrations/pg/pgtest. Only tests import it.
// Always true: nothing runs in the background; a job waits until the test does its work.
package bookingtest

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/payments"
	"joetz/payments/invoice"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/evidence"
	"joetz/shop/extra"
	"joetz/shop/queue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Clock stands still until a test moves it.
type Clock struct{ micro atomic.Int64 }

// Now is the time of the shop.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micro.Load()).UTC() }

// Set moves to a moment.
func (c *Clock) Set(at time.Time) { c.micro.Store(at.UnixMicro()) }

// Move moves on.
func (c *Clock) Move(by time.Duration) { c.micro.Add(by.Microseconds()) }

// MoveTo moves to ten in the morning of a day.
func (c *Clock) MoveTo(day civil.Date) { c.Set(day.Start().Add(10 * time.Hour)) }

// New makes a shop on the terms of JOETZ, in which it is ten in the morning of that day.
func New(t testing.TB, day civil.Date) (*booking.Service, *Clock) {
	t.Helper()
	clock := &Clock{}
	clock.MoveTo(day)
	now, db, keys := clock.Now, pgtest.New(t), keyring(t)
	people, err := account.New(account.Config{DB: db, Now: now})
	must(t, err)
	questions, err := questionnaire.Load()
	must(t, err)
	invoices := &invoice.Service{DB: db, Now: now, Enqueue: func(ctx context.Context, tx *sqlx.Tx, args invoice.JobArgs) error {
		return queue.InsertTx(ctx, tx, args)
	}}
	return &booking.Service{
		DB: db, Now: now, Terms: terms.JOETZ2027(), Catalogue: &catalogue.Service{DB: db, Now: now}, Accounts: people, Invoices: invoices,
		Extras:    &extra.Service{DB: db, Now: now},
		Discounts: &discount.Service{DB: db, Now: now},
		Evidence:  &evidence.Service{DB: db, Keys: keys, Now: now},
		Medical:   &medical.Service{DB: db, Keys: keys, Questions: questions, Settings: medical.DefaultSettings, Now: now, Log: slog.New(slog.DiscardHandler)},
		Payments: &payments.Service{Now: now, Invoices: invoices, Enqueue: func(ctx context.Context, tx *sqlx.Tx, args payments.JobArgs) error {
			return queue.InsertTx(ctx, tx, args)
		}},
	}, clock
}

func keyring(t testing.TB) *seal.Keyring {
	t.Helper()
	text, err := seal.Generate()
	must(t, err)
	keys, err := seal.Parse(text)
	must(t, err)
	return keys
}

// Family makes the nth guardian, ouder<n>@example.be with a whole address, and a child Kind1, Kind2, ... per birth year.
func Family(t testing.TB, accounts *account.Service, n int, years ...int) (g account.Guardian, children []id.Participant) {
	t.Helper()
	ctx, name := t.Context(), fmt.Sprint("Peeters", n)
	must(t, pg.InTx(ctx, accounts.DB, func(tx *sqlx.Tx) (err error) {
		if g, err = accounts.GuardianTx(ctx, tx, fmt.Sprintf("ouder%d@example.be", n), "nl"); err != nil {
			return err
		}
		return accounts.UpdateGuardianTx(ctx, tx, g.ID, account.GuardianInput{FirstName: "An", LastName: name, Phone: "0470123456",
			Street: "Kerkstraat 1", PostalCode: "3000", City: "Leuven", Country: "BE", Lang: "nl"})
	}))
	for i, year := range years {
		child, err := accounts.AddChild(ctx, g.ID, account.ChildInput{FirstName: fmt.Sprint("Kind", i+1), LastName: name, BornOn: civil.Must(year, 5, i+1)})
		must(t, err)
		children = append(children, child)
	}
	g, err := accounts.GuardianByID(ctx, g.ID)
	must(t, err)
	return g, children
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
