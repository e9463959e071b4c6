package waitlist

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/shop/worklist"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// EntriesOf lists a guardian's entries, those that wait or have an offer first.
func (s *Service) EntriesOf(ctx context.Context, guardian id.Guardian) ([]Entry, error) {
	return entries(ctx, s.DB, `WHERE e.guardian_id = $1 ORDER BY e.ended_at IS NOT NULL, d.starts_on, e.id DESC`, guardian)
}

// EntryOf reads an entry of that guardian; another's is ErrNoEntry.
func (s *Service) EntryOf(ctx context.Context, guardian id.Guardian, entry id.WaitlistEntry) (Entry, error) {
	e, err := s.EntryByID(ctx, entry)
	if err == nil && e.Guardian != guardian {
		return Entry{}, ErrNoEntry
	}
	return e, err
}

// EntryByID reads an entry for the office, or gives ErrNoEntry.
func (s *Service) EntryByID(ctx context.Context, entry id.WaitlistEntry) (Entry, error) {
	all, err := entries(ctx, s.DB, `WHERE e.id = $1`, entry)
	if err == nil && len(all) == 0 {
		return Entry{}, ErrNoEntry
	}
	if err != nil {
		return Entry{}, err
	}
	return all[0], nil
}

// OnDeparture lists everybody who waits or waited for a departure: in the order of the list, then what ended, newest first.
func (s *Service) OnDeparture(ctx context.Context, departure id.Departure) ([]Entry, error) {
	all, err := entries(ctx, s.DB, `WHERE e.departure_id = $1
		ORDER BY e.ended_at IS NOT NULL, e.status = 'waiting', e.ended_at DESC, e.priority DESC, e.joined_at, e.id`, departure)
	if err != nil {
		return nil, err
	}
	return all, markBarred(ctx, s.DB, all, departure, s.Now())
}

// History lists what happened on a departure's list, newest first.
func (s *Service) History(ctx context.Context, departure id.Departure) ([]Event, error) {
	return events(ctx, s.DB, departure)
}

// List is a departure with its waiting list in numbers.
type List struct {
	Departure id.Departure `db:"departure_id"`
	Title     string       `db:"title"`
	Code      string       `db:"code"`
	StartsOn  civil.Date   `db:"starts_on"`
	EndsOn    civil.Date   `db:"ends_on"`
	Families  int          `db:"families"` // waiting
	Children  int          `db:"children"` // of those
	Offers    int          `db:"offers"`   // open
	Free      int          `db:"free"`     // places that are free
}

// Lists are the departures on whose list somebody waits or has an offer, by date.
func (s *Service) Lists(ctx context.Context) ([]List, error) { return lists(ctx, s.DB, s.Now()) }

// Chance is what is known about how far a list moves, so that a position says something. Zero numbers are not shown.
type Chance struct {
	Served           int // families of this list who got an offer so far
	LastYear, Waited int // of the same holiday last year: how many of the families who waited got one
}

// ChanceOn counts it.
func (s *Service) ChanceOn(ctx context.Context, departure id.Departure) (Chance, error) {
	return chance(ctx, s.DB, departure)
}

// Waiting is a source of the worklist: offers that run, and lists that no free place fits so that only a person can help.
func (s *Service) Waiting(ctx context.Context, limit int) (found worklist.Found, err error) {
	rows, err := waitingWork(ctx, s.DB, s.Now(), limit)
	for _, r := range rows {
		item := worklist.Item{
			Kind: worklist.Offer, Key: fmt.Sprintf("entry:%d", r.Entry), Subject: r.Name, Detail: r.Title, Day: r.StartsOn,
			Departure: r.Departure, Since: r.Since, Path: fmt.Sprintf("/kantoor/wachtlijst/%d", r.Departure), Note: "worklist.note.offer_passed", Args: []any{r.Places},
		}
		if r.Deadline != nil {
			item.Note, item.Due = "worklist.note.offer_open", civil.Of(*r.Deadline)
		}
		found.Total, found.Items = r.Total, append(found.Items, item)
	}
	return found, err
}

func entryByID(ctx context.Context, q sqlx.QueryerContext, entry id.WaitlistEntry) (Entry, error) {
	var rows []Entry
	err := sqlx.SelectContext(ctx, q, &rows, entryQuery+`WHERE e.id = $1`, entry)
	if err == nil && len(rows) == 0 {
		return Entry{}, ErrNoEntry
	}
	if err != nil {
		return Entry{}, fmt.Errorf("waitlist: entry %d: %w", entry, err)
	}
	return rows[0], nil
}
