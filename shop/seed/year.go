package seed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments/bank"
	"joetz/payments/bank/bankfake"
	"joetz/payments/reconcile"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// The year that Year makes: who books what is spread over the winter by fixed steps, so that the same number gives the same
// year.
const (
	perDeparture = 36 // bookings; there is room for four more
	yearPremium  = money.Cents(25_00)
	yearDeposit  = money.Cents(50_00)
)

// ErrNotEmpty is returned for a shop in which somebody has booked: a made-up year does not belong there.
var ErrNotEmpty = errors.New("the shop has bookings already: a season is only made in a shop without any")

// yearBooking is one made-up booking of one child by one family.
type yearBooking struct {
	placed     time.Time
	departure  id.Departure
	leaves     civil.Date
	category   catalogue.Category
	price      money.Cents
	premium    money.Cents
	num        int64
	ogm        bank.OGM
	name       string
	child      string
	born       civil.Date
	depositDue civil.Date
	balanceDue civil.Date
	asked      civil.Date // day of the balance's invoice
	order      id.Order
	booking    id.Booking
}

func (b yearBooking) balance() money.Cents { return b.price + b.premium - yearDeposit }

// Year makes a past season of n bookings and lets it happen: catalogue, families, bookings and their documents in a few
// statements; the money by a bank file a day through the reader and the matcher; some cancellations; numbers, and revenue of
// what took place, through their services. Say is told what is done. The clock is set back meanwhile, so nothing else may
// run in the shop; nobody gets a mail.
func (s *Seeder) Year(ctx context.Context, year, n int, say func(what string)) error {
	defer s.Clock.reset()
	thanks := s.Payments.Recorded
	s.Payments.Recorded = nil
	defer func() { s.Payments.Recorded = thanks }()
	if empty, err := noOrders(ctx, s.DB); err != nil || !empty {
		return errors.Join(err, onlyIf(!empty && err == nil, ErrNotEmpty))
	}
	rows := yearOf(year, n)
	s.Clock.at(civil.Must(year-1, 11, 1).Start())
	if err := s.yearCatalogue(ctx, year, rows); err != nil {
		return err
	}
	say(fmt.Sprintf("%d departures", (n+perDeparture-1)/perDeparture))
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return insertYear(ctx, tx, s.Bookings.Terms, rows) })
	if err != nil {
		return err
	}
	say(fmt.Sprintf("%d bookings with their documents", n))
	if err := analyze(ctx, s.DB); err != nil {
		return err
	}
	s.Clock.reset()
	if _, err := s.Invoices.Number(ctx); err != nil {
		return err
	}
	say("every document has its number")
	if err := s.yearMoney(ctx, year, rows, say); err != nil {
		return err
	}
	s.Clock.at(civil.Must(year, 10, 1).Start().Add(3 * time.Hour))
	performed, err := s.Bookings.Perform(ctx)
	if err != nil {
		return err
	}
	say(fmt.Sprintf("%d bookings took place and are revenue", performed))
	s.Clock.reset()
	if _, err := s.Invoices.Number(ctx); err != nil { // of what cancelling wrote
		return err
	}
	return analyze(ctx, s.DB)
}

func onlyIf(yes bool, err error) error {
	if yes {
		return err
	}
	return nil
}

// yearOf spreads n bookings over December to May.
func yearOf(year, n int) []yearBooking {
	first, days := civil.Must(year-1, 12, 1), 182
	names := [...]string{"Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet", "Yilmaz", "Dubois"}
	children := [...]string{"Noor", "Arthur", "Mila", "Louis", "Lina", "Adam", "Elif", "Finn", "Juna", "Seppe"}
	departures := (n + perDeparture - 1) / perDeparture
	rows := make([]yearBooking, n)
	for i := range rows {
		placed := first.AddDays(i * days / n)
		b := yearBooking{
			placed: placed.Start().Add(9*time.Hour + time.Duration(i%600)*time.Minute), leaves: leavesOn(year, i%departures), category: catalogue.Base,
			price: 335_00, name: names[i%len(names)], child: children[i%len(children)], born: civil.Must(year-11, time.Month(1+i%12), 1+i%28),
		}
		switch i % 10 {
		case 0:
			b.category, b.price = catalogue.VT, 108_00
		case 1, 2, 3:
			b.category, b.price = catalogue.Solidaris, 215_00
		}
		if i%3 == 0 {
			b.premium = yearPremium
		}
		b.depositDue = placed.AddDays(15)
		b.balanceDue = civil.Later(b.leaves.AddDays(-45), placed.AddDays(20))
		b.asked = civil.Later(placed, b.balanceDue.AddDays(-30))
		rows[i] = b
	}
	return rows
}

// leavesOn is the day on which the kth departure leaves: Mondays of July and August.
func leavesOn(year, k int) civil.Date {
	day := civil.Must(year, 7, 1)
	for day.Weekday() != time.Monday {
		day = day.AddDays(1)
	}
	return day.AddDays(7 * (k % 8))
}

func (s *Seeder) yearCatalogue(ctx context.Context, year int, rows []yearBooking) error {
	departures := (len(rows) + perDeparture - 1) / perDeparture
	member, vt := money.Cents(215_00), money.Cents(108_00)
	ids := make([]id.Departure, departures)
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) (err error) {
		for k := range ids {
			leaves, code := leavesOn(year, k), fmt.Sprintf("JAAR%d-%03d", year, k+1)
			ids[k], err = s.Catalogue.AddTx(ctx, tx, catalogue.NewHoliday{
				Code: code, Slug: fmt.Sprintf("jaar-%d-%03d", year, k+1), Title: fmt.Sprintf("Zomerkamp %d", k+1), Description: "Een week op kamp.",
				Trip: "domestic", LegalRegime: "none", Country: "BE", Destination: "Ardennen", Accommodation: "kamphuis", Transport: "eigen vervoer",
				BirthYearFrom: year - 12, BirthYearTo: year - 10, StartsOn: leaves, EndsOn: leaves.AddDays(5), OnSaleAt: s.Clock.Now(),
				Base: 335_00, Solidaris: &member, VT: &vt, Capacity: perDeparture + 4,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	for i := range rows {
		rows[i].departure = ids[i%departures]
	}
	return err
}

// yearMoney brings a bank file for each day on which somebody paid, and cancels one booking in a hundred on 1 June.
func (s *Seeder) yearMoney(ctx context.Context, year int, rows []yearBooking, say func(string)) error {
	on := map[civil.Date][]bankfake.Transfer{}
	for i, b := range rows {
		pay := func(day civil.Date, amount money.Cents) {
			t := bankfake.Transfer{Amount: amount, Name: "OUDER " + b.name, IBAN: payerIBAN(b.order), Reference: b.ogm.Digits()}
			if i%200 == 9 { // nobody knows what this was for
				t.Reference, t.Text = "", "zomerkamp"
			}
			on[day] = append(on[day], t)
		}
		if i%50 != 7 { // some never pay
			pay(civil.Of(b.placed).AddDays(10), yearDeposit)
			switch day := civil.Later(b.balanceDue.AddDays(-5), civil.Of(b.placed).AddDays(11)); {
			case i%100 == 50: // cancels
			case i%97 == 0:
			case i%40 == 3:
				pay(day, b.balance()/2)
			case i%60 == 5:
				pay(day, b.balance()+10_00)
			default:
				pay(day, b.balance())
			}
		}
	}
	opening, number, files, matched := money.Cents(1_000_000), 0, 0, 0
	cancelOn := civil.Must(year, 6, 1)
	for day := civil.Must(year-1, 12, 1); day.Year() <= year && !day.After(civil.Must(year, 9, 30)); day = day.AddDays(1) {
		if day == civil.Must(year, 1, 1) {
			number = 0
		}
		if transfers := on[day]; len(transfers) > 0 {
			number++
			st := bankfake.Statement{Account: s.Account, BIC: "KREDBEBB", Holder: "JOETZ VZW", Date: day, Number: number, Opening: opening, Transfers: transfers}
			data, err := bankfake.CODA(st)
			if err != nil {
				return err
			}
			s.Clock.at(day.AddDays(1).Start().Add(8 * time.Hour))
			result, err := s.Bank.Import(ctx, reconcile.Upload{Name: day.String() + ".cod", Data: data})
			if err != nil {
				return err
			}
			for _, r := range result.Statements {
				matched += r.Matched
			}
			opening, files = st.Closing(), files+1
		}
		if day == cancelOn {
			if err := s.yearCancels(ctx, rows); err != nil {
				return err
			}
		}
	}
	say(fmt.Sprintf("%d bank files, %d payments matched", files, matched))
	return nil
}

func (s *Seeder) yearCancels(ctx context.Context, rows []yearBooking) error {
	for i, b := range rows {
		if i%100 != 50 {
			continue
		}
		in := booking.Cancel{Booking: b.booking, By: terms.ByCustomer}
		p, err := s.Bookings.PreviewCancel(ctx, in)
		if err != nil {
			return err
		}
		if _, err := s.Bookings.Cancel(ctx, account.Identity{}, in, p.Confirms()); err != nil {
			return err
		}
	}
	return nil
}
