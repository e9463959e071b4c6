package bookingtest

import (
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Holiday adds one of any kind, at two thirds of its price for members and a third of it for VT. Flights and coaches are packages.
func (s *Shop) Holiday(code, trip string, price money.Cents, places int, leaves civil.Date) (d id.Departure) {
	s.T.Helper()
	regime, country := "package", "FR"
	if trip == "domestic" {
		regime, country = "none", "BE"
	}
	member, vt := price*2/3, price/3
	must(s.T, pg.InTx(s.ctx(), s.DB, func(tx *sqlx.Tx) (err error) {
		d, err = s.Catalogue.AddTx(s.ctx(), tx, catalogue.NewHoliday{
			Code: code, Slug: strings.ToLower(code), Title: code, Description: "x", Trip: trip, LegalRegime: regime, Country: country,
			Destination: "x", Accommodation: "x", Transport: "x", BirthYearFrom: 2015, BirthYearTo: 2018, StartsOn: leaves, EndsOn: leaves.AddDays(6),
			OnSaleAt: s.Clock.Now().AddDate(-1, 0, 0), Base: price, Solidaris: &member, VT: &vt, Capacity: places,
		})
		return err
	}))
	return d
}

// Order books children with these choices and a code, and gives their bookings.
func (s *Shop) Order(d id.Departure, g account.Guardian, code string, each ...booking.Choices) []booking.Booking {
	s.T.Helper()
	token, err := s.Start(s.ctx(), d, len(each))
	must(s.T, err)
	must(s.T, s.Fill(token, g, len(each)))
	for n, c := range each {
		c.Insured, c.Care, c.PhotoConsent = &not, &not, "group"
		must(s.T, s.Choose(s.ctx(), token, g.ID, n+1, c))
	}
	must(s.T, s.SetCode(s.ctx(), token, g.ID, code))
	placed, err := s.Confirm(token, g, 1)
	must(s.T, err)
	o, err := s.OrderByID(s.ctx(), placed.Order)
	must(s.T, err)
	return o.Bookings
}

// Asked is what Lou pays for who pays just what is asked.
const Asked money.Cents = -1

// Lou books a child of that name in one of the price categories and pays so much.
func (s *Shop) Lou(d id.Departure, g account.Guardian, c catalogue.Category, insured bool, pays money.Cents) booking.Booking {
	s.T.Helper()
	token, err := s.Start(s.ctx(), d, 1)
	must(s.T, err)
	must(s.T, s.Identify(s.ctx(), token, g.ID))
	must(s.T, s.ChooseNewChild(s.ctx(), token, g.ID, 1, account.ChildInput{FirstName: "Lou", LastName: g.LastName, BornOn: civil.Must(2016, 5, 1)}))
	must(s.T, s.Choose(s.ctx(), token, g.ID, 1, booking.Choices{Category: c, Insured: &insured, Care: &not, PhotoConsent: "group"}))
	placed, err := s.Confirm(token, g, 1)
	must(s.T, err)
	if pays == Asked {
		pays = placed.Asked
	}
	if pays > 0 {
		s.Pay(placed.Order, pays)
	}
	o, err := s.OrderByID(s.ctx(), placed.Order)
	must(s.T, err)
	return o.Bookings[0]
}

// Again reads a booking as it is now.
func (s *Shop) Again(b id.Booking) booking.Booking {
	s.T.Helper()
	now, err := s.BookingByID(s.ctx(), b)
	must(s.T, err)
	return now
}

// Discount makes one that runs all season.
func (s *Shop) Discount(d discount.Discount) int64 {
	s.T.Helper()
	d.NameNL, d.From, d.Until = d.Kind, civil.Must(2026, 1, 1), civil.Must(2027, 12, 31)
	key, err := s.Discounts.Make(s.ctx(), s.Clerk().StaffID, d)
	must(s.T, err)
	return key
}

// Clerk is the person of the office that decisions are written down with.
func (s *Shop) Clerk() account.Identity {
	s.T.Helper()
	if known, err := s.Accounts.StaffByEmail(s.ctx(), "kim@example.be"); err == nil {
		return account.Identity{StaffID: known.ID, Lang: "nl"}
	}
	key, err := s.Accounts.CreateStaff(s.ctx(), account.CreateStaffInput{Name: "Kim Kantoor", Email: "kim@example.be", Roles: []account.Role{"office"}})
	must(s.T, err)
	return account.Identity{StaffID: key, Lang: "nl"}
}
