// Package roster has the office's lists: departures, who goes on one, bookings and families; filtered, in an order, page by
// page, and as a file.
//
// Owns: which lists were taken along as a file; the lists themselves it reads through views. Tables: list_file.
// May import: terms, migrations/pg, sqlx, excelize.
// Always true: a file has exactly the rows that its list shows and only the columns that its purpose needs, and who took it is written
// down; no list says anything about health; a page costs the same on the first and on the last page.
package roster

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Service reads lists.
type Service struct {
	DB  *sqlx.DB
	Now func() time.Time
}

// ErrNoDeparture is returned when there is no such departure.
var ErrNoDeparture error = fault.New(fault.NotFound, "roster.no_departure")

// PerPage is how many rows a page has.
const PerPage = 50

// Most is how many rows a file has at most; a list that is longer says so.
const Most = 20_000

// counted is up to where a list counts its rows: above it people read "more than".
const counted = 1000

// Sort is the order of a list of bookings.
type Sort string

// The orders.
const (
	ByPlaced  Sort = "placed"  // newest first
	ByDeparts Sort = "departs" // first to leave first
	ByName    Sort = "name"    // of the child
)

// Filter says which bookings.
type Filter struct {
	Departure id.Departure
	Status    string // going (placed and in review), or a status of a booking; "" for all
	Category  string // base, solidaris, vt
	Evidence  string // awaited, accepted, refused
	Boarding  id.BoardingPlace
	Late      bool       // of an order with money late
	From, To  civil.Date // of the departure
	Sort      Sort
	After     string // the cursor of a page before; "" for the first
}

// Row is one booking in a list.
type Row struct {
	Booking    id.Booking  `db:"booking_id"`
	Order      id.Order    `db:"order_id"`
	Status     string      `db:"status"`
	Category   string      `db:"category"`
	Evidence   string      `db:"evidence"`
	Photo      string      `db:"photo_consent"`
	DepartsOn  civil.Date  `db:"departs_on"`
	FirstName  string      `db:"first_name"`
	LastName   string      `db:"last_name"`
	FirstKey   string      `db:"first_key"`
	LastKey    string      `db:"last_key"`
	BornOn     civil.Date  `db:"born_on"`
	Reference  string      `db:"reference"`
	Payer      string      `db:"payer_name"`
	Email      string      `db:"payer_email"`
	Phone      string      `db:"payer_phone"`
	Lang       string      `db:"lang"`
	Code       string      `db:"code"`
	Title      string      `db:"title"`
	BoardingAt string      `db:"boarding_name"`
	Charged    money.Cents `db:"charged_cents"`
	Paid       money.Cents `db:"paid_cents"`
	NextDue    civil.Date  `db:"next_due_on"`
	Signed     bool        `db:"fiche_signed"` // the fiche
}

// Open is what is still to pay.
func (r Row) Open() money.Cents { return max(0, r.Charged-r.Paid) }

// Page is one page of a list of bookings.
type Page struct {
	Rows  []Row
	Next  string // the cursor of the next page; "" on the last
	Total int    // of all pages, at most counted+1
	Many  bool   // there are more than Total says
}

// Bookings is one page of the bookings that fit.
func (s *Service) Bookings(ctx context.Context, f Filter) (Page, error) {
	rows, err := bookingRows(ctx, s.DB, f, civil.Of(s.Now()), PerPage+1)
	if err != nil {
		return Page{}, err
	}
	p := Page{Rows: rows}
	if len(rows) > PerPage {
		p.Rows = rows[:PerPage]
		p.Next = cursorOf(f.Sort, p.Rows[PerPage-1])
	}
	if p.Total, err = countBookings(ctx, s.DB, f, civil.Of(s.Now()), counted+1); err != nil {
		return Page{}, err
	}
	if p.Many = p.Total > counted; p.Many {
		p.Total = counted
	}
	return p, nil
}

// All is every booking that fits, at most Most: for a file.
func (s *Service) All(ctx context.Context, f Filter) ([]Row, error) {
	f.After = ""
	return bookingRows(ctx, s.DB, f, civil.Of(s.Now()), Most)
}

// Departure is one departure with its counts.
type Departure struct {
	ID          id.Departure `db:"departure_id"`
	Code        string       `db:"code"`
	Title       string       `db:"title"`
	Destination string       `db:"destination"`
	Trip        string       `db:"trip"`
	StartsOn    civil.Date   `db:"starts_on"`
	EndsOn      civil.Date   `db:"ends_on"`
	Status      string       `db:"status"`
	Year        int          `db:"year"`

	Places    int         `db:"places"`
	Going     int         `db:"going"`
	InReview  int         `db:"in_review"`
	Held      int         `db:"held"`
	Proofs    int         `db:"proofs"` // awaited or refused
	Unsigned  int         `db:"unsigned"`
	Waiting   int         `db:"waiting"` // children on the waiting list
	Charged   money.Cents `db:"charged_cents"`
	Paid      money.Cents `db:"paid_cents"`
	Boardings []Boarding  `db:"-"`
}

// Free is how many places nobody has or holds.
func (d Departure) Free() int { return max(0, d.Places-d.Going-d.Held) }

// PaidPercent is how much of what is asked is paid, rounded down, so that 100 means all.
func (d Departure) PaidPercent() int {
	if d.Charged <= 0 {
		return 100
	}
	return int(d.Paid * 100 / d.Charged)
}

// Boarding is a boarding place and how many get on there.
type Boarding struct {
	ID        id.BoardingPlace `db:"boarding_place_id"`
	Departure id.Departure     `db:"departure_id"`
	Name      string           `db:"name"`
	Minimum   int              `db:"min_participants"`
	Count     int              `db:"boards"`
}

// DepartureFilter says which departures.
type DepartureFilter struct {
	When   string // coming (not over yet), leaving (not begun yet), past, or all
	Text   string // of code, title or destination
	Status string // draft, published, cancelled; "" for all
	Booked bool   // somebody goes
	After  string
}

// Departures is one page of departures: the first to leave first, those that are over newest first.
func (s *Service) Departures(ctx context.Context, f DepartureFilter) (rows []Departure, next string, err error) {
	if rows, next, err = s.Names(ctx, f, PerPage); err != nil {
		return nil, "", err
	}
	return rows, next, s.count(ctx, rows)
}

// Names is one page, of at most size, of the departures that Departures lists, without what is counted on each.
func (s *Service) Names(ctx context.Context, f DepartureFilter, size int) (rows []Departure, next string, err error) {
	rows, err = departureRows(ctx, s.DB, f, civil.Of(s.Now()), size+1)
	if err == nil && len(rows) > size {
		rows = rows[:size]
		next = encode(rows[size-1].StartsOn.String(), int64(rows[size-1].ID))
	}
	return rows, next, err
}

// Departure is one departure with its counts. ErrNoDeparture when there is none.
func (s *Service) Departure(ctx context.Context, departure id.Departure) (Departure, error) {
	d, err := departureByID(ctx, s.DB, departure)
	if err != nil {
		return d, err
	}
	all := []Departure{d}
	err = s.count(ctx, all)
	return all[0], err
}

func (s *Service) count(ctx context.Context, rows []Departure) error {
	if len(rows) == 0 {
		return nil
	}
	if err := countDepartures(ctx, s.DB, rows, s.Now()); err != nil {
		return err
	}
	return addBoardings(ctx, s.DB, rows)
}

// Family is one family in a list.
type Family struct {
	Guardian   id.Guardian `db:"guardian_id"`
	FirstName  string      `db:"first_name"`
	LastName   string      `db:"last_name"`
	FirstKey   string      `db:"first_key"`
	LastKey    string      `db:"last_key"`
	Email      string      `db:"email"`
	Phone      string      `db:"phone"`
	Street     string      `db:"street"`
	PostalCode string      `db:"postal_code"`
	City       string      `db:"city"`
	Lang       string      `db:"lang"`
	Children   int         `db:"children"`
	Bookings   int         `db:"bookings"` // not cancelled
}

// FamilyFilter says which families.
type FamilyFilter struct {
	Name  string // the beginning of the last name
	Lang  string
	After string
}

// Families is one page of families by name.
func (s *Service) Families(ctx context.Context, f FamilyFilter) (rows []Family, next string, err error) {
	rows, err = familyRows(ctx, s.DB, f, PerPage+1)
	if err == nil && len(rows) > PerPage {
		rows = rows[:PerPage]
		last := rows[PerPage-1]
		next = encode(last.LastKey+"\x00"+last.FirstKey, int64(last.Guardian))
	}
	return rows, next, err
}

// NewestOrders says of families which order a letter to them is about: that of their latest booking. Who never booked has none.
func (s *Service) NewestOrders(ctx context.Context, of ...id.Guardian) (map[id.Guardian]id.Order, error) {
	return newestOrders(ctx, s.DB, of)
}

// AllFamilies is every family that fits, at most Most: for a file.
func (s *Service) AllFamilies(ctx context.Context, f FamilyFilter) ([]Family, error) {
	f.After = ""
	return familyRows(ctx, s.DB, f, Most)
}
