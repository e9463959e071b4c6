package booking

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// MostPlaces is how many places a departure can have: a slip of the finger must not make a thousand.
const MostPlaces = 500

// ErrPlaceCount and ErrNoReason say what is missing from a change of capacity.
var (
	ErrPlaceCount error = fault.Field("places", "booking.place_count")
	ErrNoReason   error = fault.Field("reason", "booking.reason_needed")
)

// CapacityEvent is a line of the history of a departure's places.
type CapacityEvent struct {
	Kind   string    `db:"kind"`   // added, removed or limits
	Detail []byte    `db:"detail"` // JSON: {"places": n, "capacity": m} or {"limits": [...]}
	Reason string    `db:"reason"`
	Actor  string    `db:"actor"` // staff:ID or system
	Who    string    `db:"who"`   // their name; "" for the shop itself
	At     time.Time `db:"at"`
}

// AddPlaces adds n places to a departure and returns its new capacity. Families on the waiting list are offered them first.
// Invalid faults on the fields "places" (1 to MostPlaces in all) and "reason" (never empty); catalogue.ErrNoDeparture.
func (s *Service) AddPlaces(ctx context.Context, who account.Identity, departure id.Departure, n int, reason string) (capacity int, err error) {
	if err := checkCapacity(n, reason); err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockCapacity(ctx, tx, departure); err != nil {
			return err
		}
		capacity, err = s.addPlacesTx(ctx, tx, who, departure, n, reason)
		return err
	})
	return capacity, err
}

// SetPlaces gives a departure that number of places, by adding free ones or taking free ones away. was is what somebody saw:
// catalogue.ErrChanged when it has another number by now, so that a form that is sent twice adds once. Faults as AddPlaces and RemovePlaces.
func (s *Service) SetPlaces(ctx context.Context, who account.Identity, departure id.Departure, was, want int, reason string) error {
	if want < 0 || want > MostPlaces {
		return ErrPlaceCount
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockCapacity(ctx, tx, departure); err != nil {
			return err
		}
		now, err := countPlaces(ctx, tx, departure)
		switch {
		case err != nil:
			return err
		case now != was:
			return catalogue.ErrChanged
		case want == was:
			return nil
		case strings.TrimSpace(reason) == "":
			return ErrNoReason
		case want > was:
			_, err = s.addPlacesTx(ctx, tx, who, departure, want-was, reason)
		default:
			_, err = s.removePlacesTx(ctx, tx, who, departure, was-want, reason)
		}
		return err
	})
}

// addPlacesTx adds places. The caller holds the lock of the capacity.
func (s *Service) addPlacesTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, departure id.Departure, n int, reason string) (capacity int, err error) {
	if capacity, err = addPlaces(ctx, tx, departure, n); err != nil {
		return 0, err
	}
	if capacity > MostPlaces {
		return 0, ErrPlaceCount
	}
	if err := s.capacityEvent(ctx, tx, departure, "added", map[string]any{"places": n, "capacity": capacity}, reason, who); err != nil {
		return 0, err
	}
	return capacity, s.freedTx(ctx, tx, departure)
}

// RemovePlaces takes n free places away from a departure, never one that is sold or in a basket, and returns its new
// capacity. An Invalid fault on the field "places" says how many could go; "reason" must not be empty.
func (s *Service) RemovePlaces(ctx context.Context, who account.Identity, departure id.Departure, n int, reason string) (capacity int, err error) {
	if err := checkCapacity(n, reason); err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockCapacity(ctx, tx, departure); err != nil {
			return err
		}
		capacity, err = s.removePlacesTx(ctx, tx, who, departure, n, reason)
		return err
	})
	return capacity, err
}

// removePlacesTx takes free places away. The caller holds the lock of the capacity.
func (s *Service) removePlacesTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, departure id.Departure, n int, reason string) (capacity int, err error) {
	free, err := lockFreePlaces(ctx, tx, departure, s.Now())
	if err != nil {
		return 0, err
	}
	if len(free) < n {
		return 0, fault.Field("places", "booking.too_few_free", len(free))
	}
	if capacity, err = removePlaces(ctx, tx, departure, free[len(free)-n:]); err != nil {
		return 0, err
	}
	return capacity, s.capacityEvent(ctx, tx, departure, "removed", map[string]any{"places": n, "capacity": capacity}, reason, who)
}

// SetLimits replaces the sub-limits of a departure by these; ID, Departure and Used of the input are not read. was is
// catalogue.LimitsText of what somebody saw: catalogue.ErrChanged when it has others by now. A limit can not be below what is sold and held of its kind: an Invalid fault on the field "limits" says which one. The limits that
// departures have stand in catalogue.Departure.Limits.
func (s *Service) SetLimits(ctx context.Context, who account.Identity, departure id.Departure, was string, limits []catalogue.Limit, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return ErrNoReason
	}
	err := pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockCapacity(ctx, tx, departure); err != nil {
			return err
		}
		found, err := s.Catalogue.ByIDTx(ctx, tx, departure)
		if err != nil {
			return err
		}
		if catalogue.LimitsText(found[departure].Limits) != was { // a colleague was first
			return catalogue.ErrChanged
		}
		if err := replaceLimits(ctx, tx, departure, limits); err != nil {
			return err
		}
		found, err = s.Catalogue.ByIDTx(ctx, tx, departure)
		if err != nil {
			return err
		}
		var kept []map[string]any
		for _, l := range found[departure].Limits {
			if l.Used > l.Places {
				return fault.Field("limits", "booking.limit_below_used", l.Used, l.Places)
			}
			kept = append(kept, map[string]any{"gender": l.Gender, "years": l.Years(), "boarding_place": l.BoardingName, "places": l.Places})
		}
		if err := s.capacityEvent(ctx, tx, departure, "limits", map[string]any{"limits": kept}, reason, who); err != nil {
			return err
		}
		return s.freedTx(ctx, tx, departure) // a wider limit may let somebody on the list come
	})
	switch pg.Constraint(err) {
	case "departure_limit_once":
		return fault.Field("limits", "booking.limit_twice")
	case "departure_limit_gender_known", "departure_limit_years_whole", "departure_limit_about_something", "departure_limit_places_whole":
		return fault.Field("limits", "booking.limit_wrong")
	}
	return err
}

// CapacityEvents lists who changed a departure's places and limits, newest first.
func (s *Service) CapacityEvents(ctx context.Context, departure id.Departure) ([]CapacityEvent, error) {
	return capacityEvents(ctx, s.DB, departure)
}

// GenderUnknown counts the booked children of a departure of whom nobody asked the gender: they were booked before one of
// its limits went by gender, and no such limit counts them.
func (s *Service) GenderUnknown(ctx context.Context, departure id.Departure) (int, error) {
	return genderUnknown(ctx, s.DB, departure)
}

func checkCapacity(n int, reason string) error {
	switch {
	case n < 1 || n > MostPlaces:
		return ErrPlaceCount
	case strings.TrimSpace(reason) == "":
		return ErrNoReason
	}
	return nil
}

func (s *Service) capacityEvent(ctx context.Context, tx *sqlx.Tx, departure id.Departure, kind string, detail map[string]any, reason string, who account.Identity) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	return insertCapacityEvent(ctx, tx, departure, CapacityEvent{Kind: kind, Detail: text, Reason: strings.TrimSpace(reason), Actor: who.Actor(), At: s.Now()})
}

// freedTx is told of every departure on which a place came free, or may have: whoever waits for it hears in the same
// transaction (see Freed).
func (s *Service) freedTx(ctx context.Context, tx *sqlx.Tx, departures ...id.Departure) error {
	if s.Freed == nil || len(departures) == 0 {
		return nil
	}
	return s.Freed(ctx, tx, departures)
}

// limitsTx refuses when a sub-limit that covers a child of the basket is used more than it has. It is called after the
// basket's answers were written, and counts under the lock of the departure's limits, so that of two families who want the
// last unit one is refused. Departures without limits cost one look at an index.
func (s *Service) limitsTx(ctx context.Context, tx *sqlx.Tx, c Checkout) error {
	limited, err := lockLimits(ctx, tx, c.Departures()...)
	if err != nil {
		return err
	}
	return s.withinTx(ctx, tx, c, limited)
}

// withinTx is limitsTx for who holds the lock of the departures that have limits.
func (s *Service) withinTx(ctx context.Context, tx *sqlx.Tx, c Checkout, limited []id.Departure) error {
	for _, departure := range c.Departures() {
		if !slices.Contains(limited, departure) {
			continue
		}
		over, err := limitOver(ctx, tx, departure, c.ID, s.Now())
		if err != nil {
			return err
		}
		if over != nil {
			return limitFull(*over)
		}
	}
	return nil
}

// bookingLimitsTx refuses when a sub-limit that covers a booking is used more than it has, units in baskets counted: a child
// that goes elsewhere, comes back or gets on elsewhere takes no unit that a family at the checkout was promised. It is
// called after the booking was written.
func (s *Service) bookingLimitsTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking) error {
	over, err := limitOverBooking(ctx, tx, booking, s.Now())
	if err != nil || over == nil {
		return err
	}
	return limitFull(*over)
}

// ErrLimitFull is returned when a sub-limit has no place left; its key and arguments say which.
type ErrLimitFull struct {
	*fault.Fault
	Limit catalogue.Limit
}

// Unwrap gives the fault to whoever shows it.
func (e ErrLimitFull) Unwrap() error { return e.Fault }

func limitFull(l catalogue.Limit) error {
	key, args := l.Words()
	field := "child"
	switch {
	case l.BoardingPlace != 0:
		field = "boarding_place"
	case l.Gender != "":
		field = "gender"
	}
	return ErrLimitFull{Fault: fault.Field(field, key, args...), Limit: l}
}

// limitAt puts a full limit beside another field: the step that asks which child has no others.
func limitAt(field string, err error) error {
	var full ErrLimitFull
	if !errors.As(err, &full) {
		return err
	}
	return ErrLimitFull{Fault: fault.Field(field, full.Key, full.Args...), Limit: full.Limit}
}

// asLimit turns the database's refusal of one booking too many into the same message without the limit's name.
func asLimit(err error) error {
	if err != nil && pg.Constraint(err) == "booking_departure_runs" {
		return errors.Join(ErrNotOnSale, err)
	}
	if err != nil && pg.Constraint(err) == "departure_limit_full" {
		return errors.Join(fault.Field("child", "booking.limit_full"), err)
	}
	return err
}
