package booking

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Ended is how a booking ended, as it was decided on that day: the history keeps the reasons, so that nothing reprices them.
type Ended struct {
	On      civil.Date
	By      string       // as Booking.CancelledBy
	Family  bool         // a guardian did it, on a page of their own
	Care    bool         // it tells of the child's care: only for who may read the fiche
	Because []ReasonLine // why it cost what it cost; none for what ended before the history kept them

	To   string     // where the child goes instead; "" for nowhere
	ToOn civil.Date // when that leaves
}

// endDetail is what the history keeps of an end.
type endDetail struct {
	To      string         `json:"to"`
	ToOn    civil.Date     `json:"to_on"`
	Costs   money.Cents    `json:"costs"`
	Because []terms.Reason `json:"because"`
}

// careKeys begin the reasons that tell of a child's care.
var careKeys = []string{"cancel." + terms.ByCareRefused.String(), "cancel." + terms.ByUntruthful.String()}

// EndsOf tells how the bookings of an order ended, in a language, by booking.
func (s *Service) EndsOf(ctx context.Context, o Order, lang string) (map[id.Booking]Ended, error) {
	ended := map[id.Booking]Ended{}
	if !slices.ContainsFunc(o.Bookings, func(b Booking) bool { return b.CancelledAt != nil }) {
		return ended, nil
	}
	events, err := s.Events(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range o.Bookings {
		if b.CancelledAt == nil {
			continue
		}
		if ended[b.ID], err = s.endOf(ctx, b, events, lang); err != nil {
			return nil, err
		}
	}
	return ended, nil
}

// endOf reads the end of a booking from its history, of which the newest line comes first: what was taken back does not count.
func (s *Service) endOf(ctx context.Context, b Booking, events []Event, lang string) (Ended, error) {
	end := Ended{On: civil.Of(*b.CancelledAt), By: b.CancelledBy}
	end.Care = end.By == terms.ByCareRefused.String() || end.By == terms.ByUntruthful.String()
	n := slices.IndexFunc(events, func(e Event) bool { return e.Booking == b.ID && (e.Kind == "cancelled" || e.Kind == "rebooked") })
	if n < 0 {
		return end, nil
	}
	var detail endDetail
	if err := json.Unmarshal(events[n].Detail, &detail); err != nil {
		return end, fmt.Errorf("booking: the end of %d: %w", b.ID, err)
	}
	end.Family, end.To, end.ToOn = strings.HasPrefix(events[n].Actor, "guardian:"), detail.To, detail.ToOn
	for _, r := range detail.Because {
		end.Care = end.Care || slices.ContainsFunc(careKeys, func(k string) bool { return strings.HasPrefix(r.Key, k) })
	}
	kept, err := s.keptAtEnd(ctx, b)
	if err != nil {
		return end, err
	}
	end.Because = tell(lang, detail.Because, detail.Costs, kept)
	return end, nil
}
