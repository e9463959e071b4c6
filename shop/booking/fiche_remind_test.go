package booking_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"joetz/shop/booking/bookingtest"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Two children of one order, one of whom has a signed fiche: three days before the fiche is wanted their parent gets one mail about
// the other, though two processes look at once and again later; not a day sooner, and not a word about the first.
func TestFamilyIsRemindedOfTheFicheOnce(t *testing.T) {
	t.Parallel()
	s := bookingtest.NewWriting(t)
	ctx := context.Background()
	leaves := civil.Must(2027, 7, 19)
	order := s.Book(s.Departure(9, leaves), s.Family(1), 2).Order
	o, err := s.OrderByID(ctx, order)
	if err != nil {
		t.Fatal(err)
	}
	signs := func(b id.Booking) {
		t.Helper()
		var open int
		if err := s.DB.Get(&open, `
			WITH b AS (SELECT b.participant_id, b.departure_id, o.guardian_id FROM booking b JOIN booking_order o ON o.id = b.order_id WHERE b.id = $1),
			there AS (UPDATE fiche f SET signed_at = $2, signed_by = b.guardian_id FROM b WHERE f.participant_id = b.participant_id AND f.departure_id = b.departure_id RETURNING f.id),
			fresh AS (INSERT INTO fiche (participant_id, departure_id, opened_by, questionnaire, created_at, changed_at, signed_at, signed_by)
				SELECT participant_id, departure_id, guardian_id, 1, $2, $2, $2, guardian_id FROM b WHERE NOT EXISTS (SELECT 1 FROM there) RETURNING id)
			SELECT count(*) FROM (SELECT id FROM there UNION ALL SELECT id FROM fresh) x`, b, s.Clock.Now()); err != nil || open != 1 {
			t.Fatal(open, err)
		}
	}
	signs(o.Bookings[0].ID)
	until := o.Bookings[1].FicheUntil()
	mails := func() (all []string) {
		t.Helper()
		if err := s.DB.Select(&all, `SELECT body_text FROM mail WHERE kind = 'notice_fiche_soon'`); err != nil {
			t.Fatal(err)
		}
		return all
	}
	run := func() {
		t.Helper()
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := s.RemindFiches(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	s.Clock.MoveTo(until.AddDays(-4))
	if run(); len(mails()) != 0 {
		t.Fatalf("too soon: %v", mails())
	}
	s.Clock.MoveTo(until.AddDays(-3))
	run()
	s.Clock.MoveTo(until)
	run()
	all := mails()
	if len(all) != 1 || !strings.Contains(all[0], o.Bookings[1].FirstName) || strings.Contains(all[0], o.Bookings[0].FirstName+" en") {
		t.Fatalf("%d mails: %v", len(all), all)
	}
}
