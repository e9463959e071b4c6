package catalogue_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/catalogue"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// world is a catalogue with a clock that a test moves.
type world struct {
	*catalogue.Service
	t     testing.TB
	db    *sqlx.DB
	only  id.Season // of a benchmark
	clock time.Time
	mu    sync.Mutex
}

// openBench is a catalogue with the season of 2028.
func openBench(b *testing.B) *world {
	b.Helper()
	w := open(b)
	w.only = w.season(2028).ID
	return w
}

func open(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, db: pgtest.New(t), clock: time.Date(2027, 11, 10, 9, 0, 0, 0, civil.Brussels)}
	tt := terms.JOETZ2027()
	w.Service = &catalogue.Service{DB: w.db, Terms: &tt, Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.clock }}
	w.exec(`INSERT INTO staff (email, name, password_hash, created_at) VALUES ('a@b.be', 'Katelijne', '-', now())`)
	return w
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Exec(query, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) at(t time.Time) { w.mu.Lock(); w.clock = t; w.mu.Unlock() }

const by = "staff:1"

func (w *world) season(year int) catalogue.Season {
	w.t.Helper()
	_, err := w.AddSeason(w.t.Context(), by, year)
	w.ok(err)
	all, err := w.Seasons(w.t.Context())
	w.ok(err)
	for _, s := range all {
		if s.Year == year {
			return s
		}
	}
	w.t.Fatalf("no season %d", year)
	return catalogue.Season{}
}

func text(code string) catalogue.Text {
	return catalogue.Text{Code: code, Title: "Week aan zee", Description: "Vijf dagen spelen, zwemmen en ravotten in de duinen en aan het strand.", Trip: "domestic", LegalRegime: "none",
		Country: "BE", Destination: "Oostduinkerke", Accommodation: "jeugdverblijf", Transport: "Eigen vervoer", Included: []string{"volpension"}, BirthYearFrom: 2017, BirthYearTo: 2020}
}

func plan() catalogue.Plan {
	return catalogue.Plan{StartsOn: civil.Must(2028, 7, 3), EndsOn: civil.Must(2028, 7, 7), OnSaleAt: time.Date(2027, 12, 3, 12, 0, 0, 0, civil.Brussels)}
}

func cents(c money.Cents) *money.Cents { return &c }

// draft is a holiday with one complete departure.
func (w *world) draft(code string) (catalogue.Offer, catalogue.Date) {
	w.t.Helper()
	ctx := w.t.Context()
	holiday, err := w.AddHoliday(ctx, by, w.season(2028), text(code))
	w.ok(err)
	_, err = w.AddDeparture(ctx, by, holiday, plan(), &catalogue.Prices{Base: 21500, Solidaris: cents(13500), VT: cents(6800)}, 24)
	w.ok(err)
	return w.offer(holiday)
}

func (w *world) offer(holiday id.Holiday) (catalogue.Offer, catalogue.Date) {
	w.t.Helper()
	o, err := w.OfferByID(w.t.Context(), holiday)
	w.ok(err)
	if len(o.Departures) == 0 {
		return o, catalogue.Date{}
	}
	return o, o.Departures[0]
}

// sell puts a child of somebody on a departure.
func (w *world) sell(d catalogue.Date) {
	w.t.Helper()
	w.exec(`UPDATE place SET checkout_id = 1, held_until = $2 WHERE departure_id = $1 AND number = 1`, d.ID, w.Now().Add(time.Hour))
}

func TestTwoColleaguesOnOneText(t *testing.T) {
	t.Parallel()
	w := open(t)
	o, _ := w.draft("ZE-28-01")
	first, second := o.Text, o.Text
	first.Title, second.Destination = "Week aan de kust", "Koksijde"
	w.ok(w.SaveHoliday(t.Context(), by, o.ID, o.Version, first, ""))
	if err := w.SaveHoliday(t.Context(), by, o.ID, o.Version, second, ""); !errors.Is(err, catalogue.ErrChanged) {
		t.Fatalf("the second saves over the first: %v", err)
	}
	now, _ := w.offer(o.ID)
	if now.Title != "Week aan de kust" || now.Destination != "Oostduinkerke" {
		t.Errorf("saved: %q, %q", now.Title, now.Destination)
	}
	events, err := w.Events(t.Context(), o.ID)
	w.ok(err)
	e := events[0]
	if e.Kind != "text" || e.Who != "Katelijne" || len(e.Changes) != 1 || e.Changes[0] != (catalogue.Change{Field: "title", From: "Week aan zee", To: "Week aan de kust"}) {
		t.Errorf("history: %+v", e)
	}
	if back := now.Back(e.Changes); back.Title != "Week aan zee" {
		t.Errorf("the earlier title is %q", back.Title)
	}
	// Of twenty who save the same version at once one wins.
	var wins sync.Map
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			if w.SaveHoliday(t.Context(), by, o.ID, now.Version, catalogue.Text{}.Back(nil), "") == nil {
				t.Error("an empty text was saved")
			}
			mine := now.Text
			mine.Accommodation = "tent " + string(rune('a'+i))
			if w.SaveHoliday(t.Context(), by, o.ID, now.Version, mine, "") == nil {
				wins.Store(i, true)
			}
		})
	}
	group.Wait()
	n := 0
	wins.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d of 20 saved the same version", n)
	}
}

func TestPublishedPricesAreFollowed(t *testing.T) {
	t.Parallel()
	w := open(t)
	o, d := w.draft("ZE-28-01")
	ctx := t.Context()
	// A draft's price is replaced.
	w.ok(w.SetPrices(ctx, by, o.ID, d.ID, d.Version, catalogue.Prices{Base: 20000}, time.Time{}, ""))
	_, d = w.offer(o.ID)
	if len(d.Prices) != 1 || d.Prices[0].Base != 20000 {
		t.Fatalf("a draft's prices: %+v", d.Prices)
	}
	w.ok(w.Publish(ctx, by, []id.Departure{d.ID}, time.Time{}))
	_, d = w.offer(o.ID)
	if err := w.SetPrices(ctx, by, o.ID, d.ID, d.Version, catalogue.Prices{Base: 22000}, time.Time{}, ""); fault.Of(err) == nil || fault.Of(err).Fields["why"] == "" {
		t.Fatalf("a published price changes without a reason: %v", err)
	}
	from := time.Date(2028, 1, 5, 0, 0, 0, 0, civil.Brussels)
	w.ok(w.SetPrices(ctx, by, o.ID, d.ID, d.Version, catalogue.Prices{Base: 22000}, from, "duurder verblijf"))
	_, d = w.offer(o.ID)
	for at, want := range map[time.Time]money.Cents{from.Add(-time.Second): 20000, from: 22000} {
		w.at(at)
		up, err := w.Upcoming(ctx)
		w.ok(err)
		if len(up) != 1 || up[0].Base != want {
			t.Errorf("at %v: %+v, want %v", at, up, want)
		}
	}
	for _, query := range []string{`UPDATE price_list SET base_cents = 1`, `DELETE FROM price_list`} {
		if _, err := w.db.Exec(query); err == nil {
			t.Errorf("%s worked on a published price", query)
		}
	}
	// Withdrawn, it was still seen: its prices stay.
	w.ok(w.Withdraw(ctx, by, o.ID, d.ID, "fout"))
	if _, err := w.db.Exec(`DELETE FROM price_list`); err == nil {
		t.Error("a price that parents saw was deleted")
	}
	if err := w.DeleteDeparture(ctx, by, o.ID, d.ID); !errors.Is(err, catalogue.ErrNotDraft) {
		t.Errorf("what parents saw was deleted: %v", err)
	}
}

func TestPublishAtAMoment(t *testing.T) {
	t.Parallel()
	w := open(t)
	o, d := w.draft("ZE-28-01")
	ctx := t.Context()
	at := time.Date(2027, 11, 20, 12, 0, 0, 0, civil.Brussels)
	w.ok(w.Publish(ctx, by, []id.Departure{d.ID}, at))
	w.ok(w.PublishDue(ctx)) // too early: nothing
	if up, err := w.Upcoming(ctx); err != nil || len(up) != 0 {
		t.Fatalf("visible before its moment: %v %v", up, err)
	}
	if shown, err := w.Shown(ctx); err != nil || !shown.Next.Equal(at) {
		t.Errorf("next publication %v, %v", shown.Next, err)
	}
	w.at(at)
	w.ok(w.PublishDue(ctx))
	w.ok(w.PublishDue(ctx)) // safe twice
	up, err := w.Upcoming(ctx)
	w.ok(err)
	if len(up) != 1 || up[0].Bookable(at) || !up[0].Bookable(plan().OnSaleAt) {
		t.Errorf("after its moment: %+v", up)
	}
	events, err := w.Events(ctx, o.ID)
	w.ok(err)
	if events[0].Kind != "published" || events[0].Actor != "system" || events[1].Kind != "scheduled" {
		t.Errorf("history: %+v", events[:2])
	}
}

func TestIncompleteIsNotPublished(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	abroad := text("BU-28-01")
	abroad.Trip, abroad.Country, abroad.LegalRegime = "foreign_coach", "FR", "package"
	holiday, err := w.AddHoliday(ctx, by, w.season(2028), abroad)
	w.ok(err)
	_, err = w.AddDeparture(ctx, by, holiday, plan(), nil, 0)
	w.ok(err)
	o, d := w.offer(holiday)
	var codes []string
	for _, m := range w.Checklist(o, d) {
		if m.Blocks {
			codes = append(codes, m.Code)
		}
	}
	if len(codes) != 3 || codes[0] != "no_price" || codes[1] != "no_places" || codes[2] != "no_boarding" {
		t.Errorf("blocks: %v", codes)
	}
	if err := w.Publish(ctx, by, []id.Departure{d.ID}, time.Time{}); !errors.Is(err, catalogue.ErrIncomplete) {
		t.Errorf("published: %v", err)
	}
	// One that is complete does not go online without the other that was chosen with it.
	_, whole := w.draft("ZE-28-01")
	if err := w.Publish(ctx, by, []id.Departure{whole.ID, d.ID}, time.Time{}); !errors.Is(err, catalogue.ErrIncomplete) {
		t.Errorf("published: %v", err)
	}
	if up, err := w.Upcoming(ctx); err != nil || len(up) != 0 {
		t.Errorf("some went online: %v %v", up, err)
	}
}

func TestWhatBookingsRestOnStays(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	o, d := w.draft("ZE-28-01")
	w.ok(w.Publish(ctx, by, []id.Departure{d.ID}, time.Time{}))
	w.sell(d)
	o, d = w.offer(o.ID)
	for field, change := range map[string]func(*catalogue.Text){
		"trip":            func(t *catalogue.Text) { t.Trip, t.Country = "flight", "BE" },
		"legal_regime":    func(t *catalogue.Text) { t.LegalRegime = "package" },
		"country":         func(t *catalogue.Text) { t.Country = "NL" },
		"code":            func(t *catalogue.Text) { t.Code = "XX-28-01" },
		"birth_year_from": func(t *catalogue.Text) { t.BirthYearFrom++ },
		"birth_year_to":   func(t *catalogue.Text) { t.BirthYearTo-- },
		"why":             func(t *catalogue.Text) { t.Title = "Anders" },
	} {
		changed, why := o.Text, "daarom"
		change(&changed)
		if field == "why" {
			why = ""
		}
		if err := w.SaveHoliday(ctx, by, o.ID, o.Version, changed, why); fault.Of(err) == nil || fault.Of(err).Fields[field] == "" {
			t.Errorf("%s changed under a booking: %v", field, err)
		}
	}
	wider := o.Text
	wider.BirthYearFrom--
	w.ok(w.SaveHoliday(ctx, by, o.ID, o.Version, wider, "ook grotere kinderen"))
	later := plan()
	later.StartsOn = later.StartsOn.AddDays(1)
	if err := w.SaveDeparture(ctx, by, o.ID, d.ID, d.Version, later, "daarom"); fault.Of(err) == nil || fault.Of(err).Fields["starts_on"] == "" {
		t.Errorf("booked dates moved: %v", err)
	}
	if err := w.Withdraw(ctx, by, o.ID, d.ID, ""); !errors.Is(err, catalogue.ErrBooked) {
		t.Errorf("booked and withdrawn: %v", err)
	}
}

func TestCopySeason(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := t.Context()
	coach := text("BU-28-01")
	coach.Trip, coach.Country, coach.Title = "foreign_coach", "FR", "Bergen"
	holiday, err := w.AddHoliday(ctx, by, w.season(2028), coach)
	w.ok(err)
	p := plan()
	p.Boarding = []catalogue.BoardingPlace{{Name: "Gent", MinParticipants: 8}, {Name: "Hasselt", MinParticipants: 10}}
	_, err = w.AddDeparture(ctx, by, holiday, p, &catalogue.Prices{Base: 59500, VT: cents(17850)}, 30)
	w.ok(err)
	_, out := w.draft("ZE-28-01")
	w.draft("ZE-28-02")
	from := w.season(2028)
	lines, err := w.PlanCopy(ctx, from, 2029, 2500)
	w.ok(err)
	chosen := map[id.Departure]bool{}
	for _, l := range lines {
		chosen[l.From] = l.From != out.ID
	}
	made, err := w.Copy(ctx, by, from, 2029, 2500, chosen)
	w.ok(err)
	if made.Holidays != 2 || made.Departures != 2 {
		t.Errorf("made %+v", made)
	}
	offers, err := w.Offers(ctx, made.Season)
	w.ok(err)
	o := offers[0]
	d := o.Departures[0]
	// 595 and 178.50 with 2.5 %: 609.875 and 182.9625, in whole euros.
	if o.Code != "BU-29-01" || o.BirthYearFrom != 2018 || d.StartsOn != civil.Must(2029, 7, 2) || d.Status != "draft" || d.Capacity != 30 ||
		d.Prices[0].Base != 61000 || *d.Prices[0].VT != 18300 || d.Prices[0].Solidaris != nil || len(d.Boarding) != 2 || d.Boarding[1].MinParticipants != 10 {
		t.Errorf("copied: %+v %+v", o, d)
	}
	if d.StartsOn.Weekday() != out.StartsOn.Weekday() || !d.OnSaleAt.Equal(time.Date(2028, 12, 1, 12, 0, 0, 0, civil.Brussels)) {
		t.Errorf("leaves on %v, on sale at %v", d.StartsOn.Weekday(), d.OnSaleAt)
	}
	// A second press makes nothing twice, and the line that was left out can still come.
	if _, err := w.Copy(ctx, by, from, 2029, 0, chosen); fault.Of(err) == nil {
		t.Errorf("copied twice: %v", err)
	}
	if made, err = w.Copy(ctx, by, from, 2029, 0, map[id.Departure]bool{out.ID: true}); err != nil || made.Departures != 1 {
		t.Errorf("the line left out: %+v %v", made, err)
	}
}

func TestMomentsAcrossTheClockChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day  civil.Date
		hour string
		want string // in UTC; "" for refused
	}{
		{civil.Must(2027, 12, 3), "12:00", "2027-12-03T11:00:00Z"},
		{civil.Must(2028, 7, 3), "12.30", "2028-07-03T10:30:00Z"},
		{civil.Must(2028, 3, 26), "02:30", ""},                      // the hour that is skipped
		{civil.Must(2027, 10, 31), "02:30", "2027-10-31T00:30:00Z"}, // the hour that comes twice: the first
		{civil.Must(2027, 10, 31), "03:30", "2027-10-31T02:30:00Z"},
		{civil.Must(2027, 12, 3), "25:00", ""},
	} {
		got, err := catalogue.MomentOn(c.day, c.hour)
		switch {
		case c.want == "" && err == nil:
			t.Errorf("%v %s is %v", c.day, c.hour, got)
		case c.want != "" && (err != nil || got.UTC().Format(time.RFC3339) != c.want):
			t.Errorf("%v %s is %v %v, want %s", c.day, c.hour, got.UTC(), err, c.want)
		}
	}
}

func TestDraftsDisappearWithoutTrace(t *testing.T) {
	t.Parallel()
	w := open(t)
	o, d := w.draft("ZE-28-01")
	p := plan()
	p.Boarding = []catalogue.BoardingPlace{{Name: "Gent", MinParticipants: 8}}
	w.ok(w.SaveDeparture(t.Context(), by, o.ID, d.ID, d.Version, p, ""))
	w.ok(w.DeleteHoliday(t.Context(), by, o.ID))
	if _, err := w.OfferByID(t.Context(), o.ID); !errors.Is(err, catalogue.ErrNoHoliday) {
		t.Errorf("still there: %v", err)
	}
	var rest int
	w.ok(w.db.Get(&rest, `SELECT (SELECT count(*) FROM place) + (SELECT count(*) FROM price_list) + (SELECT count(*) FROM boarding_place)`))
	events, err := w.SeasonEvents(t.Context(), o.Season)
	w.ok(err)
	if rest != 0 || events[0].Kind != "holiday_deleted" {
		t.Errorf("%d rows left, history %+v", rest, events)
	}
}

// The office hears that a draft lacks a price, everybody else that there is no such holiday; of one that is not there the
// office hears nothing else either.
func TestADraftWithoutPricesIsKnownToTheOffice(t *testing.T) {
	t.Parallel()
	w := open(t)
	holiday, err := w.AddHoliday(t.Context(), by, w.season(2028), text("ZE-28-01"))
	w.ok(err)
	key, err := w.AddDeparture(t.Context(), by, holiday, plan(), nil, 24)
	w.ok(err)
	for _, c := range []struct {
		ask  func(context.Context, id.Departure) (catalogue.Departure, error)
		key  id.Departure
		want error
	}{
		{w.DepartureByID, key, catalogue.ErrNoDeparture},
		{w.DepartureForOffice, key, catalogue.ErrNoPrices},
		{w.DepartureForOffice, key + 1000, catalogue.ErrNoDeparture},
	} {
		if _, err := c.ask(t.Context(), c.key); !errors.Is(err, c.want) {
			t.Errorf("departure %d: %v, want %v", c.key, err, c.want)
		}
	}
	_, d := w.draft("ZE-28-02")
	if found, err := w.DepartureForOffice(t.Context(), d.ID); err != nil || found.ID != d.ID {
		t.Errorf("departure %d with prices: %d, %v", d.ID, found.ID, err)
	}
}
