// Package seed fills a new shop with life: the season of the brochure, one sign-in per user group, and some twenty
// families whose bookings stand in every state.
//
// Owns: the demo's people and their stories, and a past year of thousands of bookings. Tables: none. The demo goes through
// the services that own them, so that what it shows is what the shop does. The year would take an hour that way: its
// bookings are written straight into the tables (store_year.go), its payments, invoices and bank files by the services, and
// fsck holds what came of it against every rule.
// May import: all of shop, payments, medical, terms.
// Always true: it is never part of production; it fills a shop once, and never touches what people did with it.
package seed

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/bank"
	"joetz/payments/invoice"
	"joetz/payments/reconcile"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/queue"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Clock is the shop's clock, which the seed sets back to let its stories happen when they happened.
type Clock struct {
	now   func() time.Time
	moved atomic.Int64
}

// NewClock wraps the shop's clock.
func NewClock(now func() time.Time) *Clock { return &Clock{now: now} }

// Now is the time that every service reads.
func (c *Clock) Now() time.Time { return c.now().Add(time.Duration(c.moved.Load())) }

func (c *Clock) at(t time.Time) { c.moved.Store(int64(t.Sub(c.now()))) }
func (c *Clock) reset()         { c.moved.Store(0) }

// SignIn is one of the demo's people.
type SignIn struct {
	Role     account.Role
	Email    string
	Password string // "" for the parent, who gets a code by mail
	Name     string
}

// SignIns are the demo's people, one per user group. The codes of the second factor are shown on the sign-in page.
var SignIns = []SignIn{
	{account.Parent, "ouder@demo.joetz.example", "", "Els Janssens"},
	{account.Office, "kantoor@demo.joetz.example", "zeven-blauwe-tenten", "Katelijne Kantoor"},
	{account.Animator, "animator@demo.joetz.example", "negen-rode-rugzakken", "Amber Animator"},
	{account.Accounting, "boekhouding@demo.joetz.example", "vijf-groene-mappen", "Bert Boekhouder"},
	{account.Lead, "hoofdanimator@demo.joetz.example", "acht-gele-fluitjes", "Lies Leider"},
}

// Seeder fills a shop.
type Seeder struct {
	DB        *sqlx.DB
	Clock     *Clock
	Accounts  *account.Service
	Catalogue *catalogue.Service
	Bookings  *booking.Service
	Payments  *payments.Service
	Bank      *reconcile.Service
	Account   bank.IBAN // the organiser's
	Invoices  *invoice.Service
	Log       *slog.Logger
}

// work is the runner of what a booking leaves behind, so that numbers and letters are of the day on which they belong.
// Nothing else runs before the shop is open.
func (s *Seeder) work() *queue.Runner {
	r := queue.New(queue.Config{DB: s.DB, Now: s.Clock.Now, Log: s.Log})
	queue.Handle(r, func(ctx context.Context, _ invoice.NumberArgs) error { _, err := s.Invoices.Number(ctx); return err })
	queue.Handle(r, s.Bookings.WritePlaced)
	queue.Handle(r, s.Bookings.WriteCancelled)
	queue.Handle(r, s.Bookings.WriteRebooked)
	queue.Handle(r, s.Bookings.WriteChanged)
	queue.Handle(r, s.Bookings.WritePaid)
	return r
}

// Fill makes the season when there is nothing to book, the people when there are none, and a camp that is on today when
// there is none. It may be called at every start.
func (s *Seeder) Fill(ctx context.Context) error {
	defer s.Clock.reset()
	upcoming, err := s.Catalogue.Upcoming(ctx)
	if err != nil {
		return err
	}
	staff, err := s.Accounts.AllStaff(ctx)
	if err != nil {
		return err
	}
	today := civil.Of(s.Clock.Now())
	if len(upcoming) == 0 {
		if err := s.addSeason(ctx, seasonOf(today)); err != nil {
			return err
		}
	}
	if len(staff) > 0 {
		return nil
	}
	people, err := s.addStaff(ctx)
	if err != nil {
		return err
	}
	camp, err := s.addCamp(ctx, today)
	if err != nil {
		return err
	}
	for _, role := range []account.Role{account.Animator, account.Lead} {
		if p, ok := people[role]; ok {
			if err := s.Accounts.Assign(ctx, account.Assignment{Staff: p, Departure: camp, Lead: role == account.Lead}, 0); err != nil {
				return err
			}
		}
	}
	return s.tell(ctx, today, camp, people)
}

func (s *Seeder) addSeason(ctx context.Context, year int) error {
	holidays, err := season(year, s.Clock.Now().AddDate(0, 0, -60))
	if err != nil {
		return err
	}
	s.Clock.at(s.Clock.now().AddDate(0, 0, -61)) // prices are older than the first booking
	defer s.Clock.reset()
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		if _, err := s.Catalogue.AddGroup(ctx, "system", name, groups[name]); err != nil {
			return err
		}
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		for _, h := range holidays {
			if _, err := s.Catalogue.AddTx(ctx, tx, h); err != nil {
				return err
			}
		}
		return nil
	})
}

// addCamp makes a camp that began two days ago and ends in three, from the brochure's autumn week.
func (s *Seeder) addCamp(ctx context.Context, today civil.Date) (camp id.Departure, err error) {
	holidays, err := season(today.Year(), s.Clock.now().AddDate(0, 0, -200))
	if err != nil {
		return 0, err
	}
	s.Clock.at(s.Clock.now().AddDate(0, 0, -201))
	defer s.Clock.reset()
	for _, h := range holidays {
		if h.Code != fmt.Sprintf("BI-%02d-17", today.Year()%100) {
			continue
		}
		h.Code, h.Slug, h.Title = "NU-"+today.AddDays(-2).String(), "kamp-"+today.AddDays(-2).String(), "Zes dagen Ardennen"
		h.StartsOn, h.EndsOn, h.BirthYearFrom, h.BirthYearTo, h.Capacity = today.AddDays(-2), today.AddDays(3), today.Year()-13, today.Year()-9, 16
		err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) { camp, err = s.Catalogue.AddTx(ctx, tx, h); return err })
	}
	return camp, err
}

func (s *Seeder) addStaff(ctx context.Context) (map[account.Role]id.Staff, error) {
	people := map[account.Role]id.Staff{}
	for i, p := range SignIns {
		if p.Role == account.Parent {
			continue
		}
		key, err := s.Accounts.CreateStaff(ctx, account.CreateStaffInput{
			Email: p.Email, Name: p.Name, Lang: "nl", Roles: []account.Role{p.Role}, Password: p.Password,
			TOTPSecret: fmt.Sprintf("JBSWY3DPEHPK3PX%cJBSWY3DPEHPK3PXP", 'A'+i),
		})
		if err != nil {
			return nil, fmt.Errorf("seed: %s: %w", p.Email, err)
		}
		people[p.Role] = key
	}
	return people, nil
}
