// Package waitlist keeps who waits for a departure that is full, and offers freed places to them before the public.
//
// Owns: entries, offers and their history; deadlines that skip nights. Tables: waitlist_entry, waitlist_child,
// waitlist_offer, waitlist_event.
// May import: terms, migrations/pg, sqlx, shop/booking, shop/account, shop/catalogue, shop/queue, shop/mail, shop/worklist,
// templates/mail.
// Always true: an offer is places really held in a basket of that family, until its deadline; no public hold takes a place
// while an entry that fits waits (take_places asks waitlist_next, under any race); whoever has priority has it with a
// reason that is kept.
// Order: priority, then who came first. An entry that needs more places than are free is passed over by a smaller one, and
// keeps its position. A child that was barred while it waited gets no offer and counts for nothing: its brother or sister, and
// who waits after it, are served. Places that fit nobody on the list are for everybody. An offer that was declined or ran out ends its
// entry: a family that still wants to come joins again, at the end.
// Lock order: the departure's list, checkout, limits, places, entry. Whoever places an order holds no list.
package waitlist

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/mail"
	"joetz/shop/queue"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// MostChildren is how many children one entry has.
const MostChildren = 6

// The reasons why a step is refused.
var (
	ErrNoEntry    error = fault.New(fault.NotFound, "waitlist.no_entry")
	ErrStillFree  error = fault.New(fault.Conflict, "waitlist.still_free")
	ErrClosed     error = fault.New(fault.Conflict, "waitlist.closed")
	ErrOnList     error = fault.New(fault.Conflict, "waitlist.on_list")
	ErrOfferOver  error = fault.New(fault.Conflict, "waitlist.offer_over")
	ErrChoose     error = fault.New(fault.Conflict, "waitlist.choose")
	ErrNotWaiting error = fault.New(fault.Conflict, "waitlist.not_waiting")
	ErrNoPlaces   error = fault.New(fault.Conflict, "waitlist.no_places")
	ErrTooLate    error = fault.New(fault.Conflict, "waitlist.too_late")
	ErrNoReason   error = fault.Field("reason", "waitlist.reason_needed")
)

// Service is the use cases of the list; each exported method is one transaction, or several that are safe to repeat.
type Service struct {
	DB        *sqlx.DB
	Now       func() time.Time
	Settings  Settings
	Bookings  *booking.Service
	Accounts  *account.Service
	Catalogue *catalogue.Service
	Outbox    *mail.Outbox
}

// Status is where an entry stands.
type Status string

// The states of an entry; only the first two wait for something.
const (
	Waiting  Status = "waiting"
	Offered  Status = "offered"
	Taken    Status = "taken"
	Declined Status = "declined"
	Expired  Status = "expired"
	Left     Status = "left"
	Closed   Status = "closed" // by the office, or because the departure left
)

// Child is a child that waits.
type Child struct {
	Entry         id.WaitlistEntry `db:"entry_id"`
	Position      int              `db:"position"`
	Participant   id.Participant   `db:"participant_id"`
	FirstName     string           `db:"first_name"`
	LastName      string           `db:"last_name"`
	BornOn        civil.Date       `db:"born_on"`
	Gender        string           `db:"gender"`
	BoardingPlace id.BoardingPlace `db:"boarding_place_id"`
	BoardingName  string           `db:"boarding_name"`
	Barred        bool             `db:"-"` // gets no offer while its bar runs: for the office only, read by OnDeparture
}

// Offer is places held for an entry.
type Offer struct {
	ID       id.WaitlistOffer `db:"id"`
	Entry    id.WaitlistEntry `db:"entry_id"`
	Checkout id.Checkout      `db:"checkout_id"`
	Places   int              `db:"places"`
	Status   string           `db:"status"` // open, taken, declined or expired
	MadeAt   time.Time        `db:"made_at"`
	Deadline time.Time        `db:"deadline"`
	For      []string         `db:"-"` // first names of the children
	Seated   []id.Participant `db:"-"` // who they are
}

// Entry is a family that waits for a departure.
type Entry struct {
	ID        id.WaitlistEntry `db:"id"`
	Departure id.Departure     `db:"departure_id"`
	Guardian  id.Guardian      `db:"guardian_id"`
	AtLeast   int              `db:"at_least"`
	Status    Status           `db:"status"`
	Priority  int              `db:"priority"` // 0: in order of arrival
	JoinedAt  time.Time        `db:"joined_at"`
	EndedAt   *time.Time       `db:"ended_at"`
	Position  int              `db:"place_in_line"` // 1 is next; 0 when it does not wait

	Title     string     `db:"title"`
	Code      string     `db:"code"`
	Slug      string     `db:"slug"`
	StartsOn  civil.Date `db:"starts_on"`
	EndsOn    civil.Date `db:"ends_on"`
	FirstName string     `db:"first_name"` // the guardian's
	LastName  string     `db:"last_name"`
	Email     string     `db:"email"`
	Phone     string     `db:"phone"`
	Lang      string     `db:"lang"`

	Children []Child `db:"-"`
	Offer    *Offer  `db:"-"` // the open one, or the last
}

// Names lists the first names of the children.
func (e Entry) Names() []string {
	names := make([]string, len(e.Children))
	for i, c := range e.Children {
		names[i] = c.FirstName
	}
	return names
}

// Running reports whether an offer can still be taken.
func (o *Offer) Running(now time.Time) bool {
	return o != nil && o.Status == "open" && now.Before(o.Deadline)
}

// Event is a line of an entry's history.
type Event struct {
	Entry  id.WaitlistEntry `db:"entry_id"`
	Kind   string           `db:"kind"`
	Detail []byte           `db:"detail"` // JSON; "reason" where a person gave one
	Actor  string           `db:"actor"`
	At     time.Time        `db:"at"`
}

func (s *Service) event(ctx context.Context, tx *sqlx.Tx, entry id.WaitlistEntry, kind, actor string, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	text, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	return insertEvent(ctx, tx, Event{Entry: entry, Kind: kind, Detail: text, Actor: actor, At: s.Now()})
}

// OfferArgs asks a job to offer what is free on a departure to its list.
type OfferArgs struct {
	Departure id.Departure `json:"departure"`
}

// Kind names the job.
func (OfferArgs) Kind() string { return "waitlist.offer" }

// SweepArgs asks a job to look at every list: offers to make, reminders, departures that left.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "waitlist.sweep" }

func (s *Service) enqueue(ctx context.Context, tx *sqlx.Tx, args queue.Args) error {
	return queue.InsertTx(ctx, tx, args)
}
