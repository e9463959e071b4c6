// Package find finds a family by any fragment of what is known about it.
//
// Owns: how what somebody types is read, and the order of what is found. Triggers on the tables that the rows come from note
// which are old; they are made anew before anybody searches.
// Tables: search_entry, search_stale.
// May import: terms, migrations/pg, sqlx.
// Always true: what is typed is folded as the stored text was, so that letters with and without accents find each other;
// the work of a search is bounded however short the fragment and however many families there are.
package find

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Service searches.
type Service struct {
	DB *sqlx.DB
}

// ErrNoFamily is returned when there is no such family.
var ErrNoFamily error = fault.New(fault.NotFound, "find.no_family")

// Family is a guardian with children and bookings.
type Family struct {
	Guardian   id.Guardian `db:"guardian_id"`
	FirstName  string      `db:"first_name"`
	LastName   string      `db:"last_name"`
	Email      string      `db:"email"`
	Phone      string      `db:"phone"`
	Street     string      `db:"street"`
	PostalCode string      `db:"postal_code"`
	City       string      `db:"city"`
	Lang       string      `db:"lang"`
	Rank       int         `db:"rank"` // how well it fits, best first: 0 a number or an address of its own, 1 whole words, 2 their beginnings, 3 anywhere
	Children   []Child     `db:"-"`
	Bookings   []Booking   `db:"-"` // newest order first
}

// Name is as people say it; the e-mail address while no name is known.
func (f Family) Name() string {
	if name := strings.TrimSpace(f.FirstName + " " + f.LastName); name != "" {
		return name
	}
	return f.Email
}

// Child is a child of a family.
type Child struct {
	Guardian    id.Guardian    `db:"guardian_id"`
	Participant id.Participant `db:"participant_id"`
	FirstName   string         `db:"first_name"`
	LastName    string         `db:"last_name"`
	BornOn      civil.Date     `db:"born_on"`
}

// Booking is one child on one departure.
type Booking struct {
	Guardian  id.Guardian `db:"guardian_id"`
	Order     id.Order    `db:"order_id"`
	Reference string      `db:"reference"`
	PlacedAt  time.Time   `db:"placed_at"`
	Status    string      `db:"status"`
	FirstName string      `db:"first_name"`
	Title     string      `db:"title"`
	StartsOn  civil.Date  `db:"starts_on"`
}

// Departure is a departure whose holiday fits what was typed.
type Departure struct {
	Departure id.Departure `db:"departure_id"`
	Code      string       `db:"code"`
	Title     string       `db:"title"`
	StartsOn  civil.Date   `db:"starts_on"`
	EndsOn    civil.Date   `db:"ends_on"`
}

// Result is what was found.
type Result struct {
	Families   []Family
	Departures []Departure
	More       bool // there are more families: type more
}

// Search finds families and departures by fragments of names, addresses, e-mail addresses, telephone numbers in any
// notation, references, structured communications, invoice numbers and holidays; all of them must fit. Best first, then
// those with the newest order. An empty text lists the families that booked last.
func (s *Service) Search(ctx context.Context, text string, limit int) (Result, error) {
	if err := s.CatchUp(ctx); err != nil {
		return Result{}, err
	}
	terms, err := fold(ctx, s.DB, pieces(text))
	if err != nil {
		return Result{}, err
	}
	var r Result
	if len(terms) == 0 && strings.TrimSpace(text) != "" {
		return r, nil // only signs: they are nowhere
	}
	if r.Families, err = families(ctx, s.DB, terms, limit+1); err != nil {
		return r, err
	}
	if r.More = len(r.Families) > limit; r.More {
		r.Families = r.Families[:limit]
	}
	if len(terms) > 0 {
		if r.Departures, err = departures(ctx, s.DB, terms, 6); err != nil {
			return r, err
		}
	}
	return r, s.fill(ctx, r.Families)
}

// Family is one family, whole. ErrNoFamily when there is none.
func (s *Service) Family(ctx context.Context, guardian id.Guardian) (Family, error) {
	if err := s.CatchUp(ctx); err != nil {
		return Family{}, err
	}
	f, err := familyByID(ctx, s.DB, guardian)
	if err != nil {
		return f, err
	}
	all := []Family{f}
	err = s.fill(ctx, all)
	return all[0], err
}

// catchUpBatch is how many notes one transaction works off. Each step of an order leaves one about the same family: those of
// many orders together are about fewer families.
const catchUpBatch = 1000

// CatchUp makes anew what was written since the last time, so that a search finds what was committed before it began.
func (s *Service) CatchUp(ctx context.Context) error {
	for {
		n, err := catchUp(ctx, s.DB, catchUpBatch)
		if err != nil || n < catchUpBatch {
			return err
		}
	}
}

// CatchUpArgs asks a job to catch up, so that the first search after a busy hour need not.
type CatchUpArgs struct{}

// Kind names the job.
func (CatchUpArgs) Kind() string { return "find.catch_up" }

func (s *Service) fill(ctx context.Context, all []Family) error {
	keys := make([]int64, len(all))
	at := make(map[id.Guardian]*Family, len(all))
	for i := range all {
		keys[i], at[all[i].Guardian] = int64(all[i].Guardian), &all[i]
	}
	children, err := childrenOf(ctx, s.DB, keys)
	if err != nil {
		return err
	}
	for _, c := range children {
		at[c.Guardian].Children = append(at[c.Guardian].Children, c)
	}
	bookings, err := bookingsOf(ctx, s.DB, keys)
	if err != nil {
		return err
	}
	for _, b := range bookings {
		at[b.Guardian].Bookings = append(at[b.Guardian].Bookings, b)
	}
	return nil
}

// pieces splits what was typed into what must each be found. Digits that stand beside each other are one number, however
// it is written: 0470/12.34.56, +32 470 12 34 56 and +++260/0000/10173+++.
func pieces(text string) []string {
	var all []string
	number := ""
	for _, word := range strings.Fields(text) {
		digits := onlyDigits(word)
		if digits == "" && strings.ContainsFunc(word, unicode.IsLetter) || strings.ContainsFunc(word, unicode.IsLetter) {
			if number != "" {
				all, number = append(all, national(number)), ""
			}
			all = append(all, word)
			continue
		}
		number += digits
	}
	if number != "" {
		all = append(all, national(number))
	}
	return all[:min(len(all), mostPieces)]
}

const mostPieces = 8

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// national is a Belgian telephone number as it is dialled at home, as the stored ones are; other digits stay as they are.
func national(digits string) string {
	d := strings.TrimPrefix(digits, "00")
	if rest, ok := strings.CutPrefix(d, "32"); ok && len(rest) >= 8 && len(rest) <= 9 && rest[0] != '0' {
		return "0" + rest
	}
	return digits
}
