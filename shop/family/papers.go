package family

import (
	"context"
	"slices"
	"strconv"

	"github.com/lib/pq"

	"joetz/migrations/pg"
	"joetz/shop/booking"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"

	"github.com/jmoiron/sqlx"
)

// paper is something that a child must have in hand, by kind of trip. days before departure is when a parent should have
// seen to it: a Kids-ID takes the town three weeks.
type paper struct {
	key   string // family.paper.KEY has its name and its explanation
	trips []string
	under int // only for children younger than this at departure; 0: for all
	from  int // only for children of at least this age
	days  int
}

// papers of JOETZ: a trip abroad needs an identity card (a Kids-ID under 12, which the town makes on request) and, for who
// is not yet 18, the signed consent of a parent to travel; the card of the health insurance abroad pays a doctor there.
var papersData = []paper{
	{key: "kids_id", trips: abroad, under: 12, days: 30},
	{key: "id_card", trips: abroad, from: 12, days: 30},
	{key: "consent", trips: abroad, under: 18, days: 14},
	{key: "health_card", trips: abroad, days: 21},
}

var abroad = []string{"foreign_coach", "foreign_own", "flight"}

// Paper is a paper that one booking needs, and whether the parent says it is ready.
type Paper struct {
	Key   string
	Until civil.Date
	Ready bool
}

// ErrNoPaper is for a paper that this trip does not need.
var ErrNoPaper = fault.New(fault.NotFound, "error.not_found.text")

func papersFor(b booking.Booking) (all []Paper) {
	age := ageOn(b.BornOn, b.DepartsOn)
	for _, p := range papersData {
		if slices.Contains(p.trips, b.Trip) && (p.under == 0 || age < p.under) && age >= p.from {
			all = append(all, Paper{Key: p.key, Until: civil.Later(b.DepartsOn.AddDays(-p.days), b.BookedOn.AddDays(7))})
		}
	}
	return all
}

func ageOn(born, on civil.Date) int {
	years := on.Year() - born.Year()
	if born.AddMonths(12 * years).After(on) {
		years--
	}
	return years
}

// Papers lists what a booking needs to travel, for a guardian who sees it. booking.ErrNoBooking for others.
func (s *Service) Papers(ctx context.Context, guardian id.Guardian, key id.Booking) (booking.Booking, []Paper, error) {
	b, err := s.Bookings.BookingOf(ctx, guardian, key, booking.ToSee)
	if err != nil {
		return b, nil, err
	}
	ready, err := readyPapers(ctx, s.DB, pq.Array([]int64{int64(b.ID)}))
	if err != nil {
		return b, nil, err
	}
	all := papersFor(b)
	for i := range all {
		all[i].Ready = ready[b.ID][all[i].Key]
	}
	return b, all, nil
}

// TickPapers keeps which papers of a booking are ready: those in the list, and no other.
func (s *Service) TickPapers(ctx context.Context, guardian id.Guardian, key id.Booking, ready []string) error {
	b, all, err := s.Papers(ctx, guardian, key)
	if err != nil {
		return err
	}
	for _, k := range ready {
		if !slices.ContainsFunc(all, func(p Paper) bool { return p.Key == k }) {
			return ErrNoPaper
		}
	}
	ready = append([]string{}, ready...) // nil would be NULL, which equals nothing
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return tickPapers(ctx, tx, b.ID, guardian, ready, s.Now()) })
}

// PapersPath is where a parent ticks off a booking's papers.
func PapersPath(b id.Booking) string { return "/mijn/reispapieren/" + key(b) }

func key(b id.Booking) string { return strconv.FormatInt(int64(b), 10) }

// papers is the to-do per child whose papers are not all ready.
func (s *Service) papers(ctx context.Context, v View) (todos []Todo, err error) {
	var abroad []booking.Booking
	var keys []int64
	for _, b := range v.Coming() {
		if !b.DepartsOn.Before(v.Today) && len(papersFor(b)) > 0 {
			abroad, keys = append(abroad, b), append(keys, int64(b.ID))
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	ready, err := readyPapers(ctx, s.DB, pq.Array(keys))
	if err != nil {
		return nil, err
	}
	for _, b := range abroad {
		var until civil.Date
		open := 0
		for _, p := range papersFor(b) {
			if !ready[b.ID][p.Key] {
				open++
				if until.IsZero() || p.Until.Before(until) {
					until = p.Until
				}
			}
		}
		if open > 0 {
			todos = append(todos, Todo{Kind: "papers", Key: "family.todo.papers", Args: []any{b.FirstName}, Holiday: b.Title, Due: until,
				Path: PapersPath(b.ID), Booking: b.ID})
		}
	}
	return todos, nil
}
