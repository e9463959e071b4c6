package catalogue_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"joetz/shop/catalogue"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// A list of a large season reads less at once and shows the same: what SeasonOffers leaves out, Complete adds.
func TestASeasonsListIsTheWholeSeason(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	o, published := w.draft("ZE-28-01")
	coach := plan()
	coach.StartsOn, coach.EndsOn = coach.StartsOn.AddDays(7), coach.EndsOn.AddDays(7)
	coach.Boarding = []catalogue.BoardingPlace{{Name: "Gent", MinParticipants: 8}, {Name: "Brugge", MinParticipants: 8}}
	_, err := w.AddDeparture(ctx, by, o.ID, coach, &catalogue.Prices{Base: 25000}, 12)
	w.ok(err)
	w.ok(w.Publish(ctx, by, []id.Departure{published.ID}, w.Now()))
	w.sell(published)

	want, err := w.Offers(ctx, o.Season)
	w.ok(err)
	got, err := w.SeasonOffers(ctx, o.Season)
	w.ok(err)
	dates := got[0].Departures
	if len(dates) != 2 || dates[0].Capacity != 0 || dates[0].Prices != nil || dates[1].Capacity != 12 || len(dates[1].Boarding) != 2 {
		t.Fatalf("before: %+v", dates)
	}
	if len(w.Checklist(got[0], dates[1])) != len(w.Checklist(want[0], want[0].Departures[1])) {
		t.Error("another checklist of the draft")
	}
	w.ok(w.Complete(ctx, dates[:1]))
	if dates[0].Held != 1 || dates[0].Capacity != 24 || dates[0].Prices[0].Base != money.Cents(21500) {
		t.Errorf("completed: %+v", dates[0])
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b civil.Date) bool { return a == b })); diff != "" {
		t.Errorf("another season (-Offers +SeasonOffers):\n%s", diff)
	}
}
