package program_test

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"joetz/cmd/shop/program"
	"joetz/cmd/shop/shoptest"
	"joetz/shop/circular"
	"joetz/shop/queue"
	"joetz/shop/worklist"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// twoShops are two processes on one database whose clock the test moves; only the test runs their jobs.
func twoShops(t *testing.T, start time.Time) (shops [2]*program.Program, move func(to time.Time)) {
	t.Helper()
	clock := shoptest.NewClock(start)
	c := shoptest.Config(t)
	for i := range shops {
		p := shoptest.Make(t, c, clock.Now)
		stop := p.ServeStandIn(t.Context(), func(l net.Listener) net.Listener { return l })
		t.Cleanup(stop)
		shops[i] = p
	}
	return shops, clock.Set
}

// TestASeasonDayByDay moves the clock through a whole season in a shop as the demo has it, with two processes that both run all
// jobs. Every deadline comes by itself and once: holds end, families are reminded, proofs fall due, info letters leave. Nothing
// is cancelled for non-payment without a person. At the end every row fits every other.
func TestASeasonDayByDay(t *testing.T) {
	t.Parallel()
	first, last := civil.Must(2026, 11, 25), civil.Must(2027, 9, 15)
	shops, move := twoShops(t, first.Start().Add(9*time.Hour))
	season := &everyDay{t: t, p: shops[0]}
	// Accounting reads in the bank's file every day, and nothing comes in: nobody pays by transfer. Without it no reminder leaves.
	if _, err := shops[0].DB.Exec(`
		INSERT INTO bank_statement (file_id, account, identity, content, fingerprint, number, first_on, closed_on, opening_cents, closing_cents, movements)
		SELECT file_id, account, 'season', sha256('season'), sha256('season'), '999', $1, $2, closing_cents, closing_cents, 0
		FROM bank_statement ORDER BY closed_on DESC, id DESC LIMIT 1`, first, last); err != nil {
		t.Fatal(err)
	}
	var runners [2][]*queue.Runner
	for i, p := range shops {
		runners[i] = p.Jobs()
	}
	work := func(day civil.Date) { // all that is due, by both at once
		for ran := int64(1); ran > 0; {
			var n atomic.Int64
			var wait sync.WaitGroup
			for i := range runners {
				wait.Go(func() {
					for _, r := range runners[i] {
						k, err := r.RunDue(t.Context())
						if err != nil {
							t.Errorf("%v: %v", day, err)
						}
						n.Add(int64(k))
					}
				})
			}
			wait.Wait()
			ran = n.Load()
		}
	}
	for day := first; !day.After(last); day = day.AddDays(1) {
		season.morning(day, func(at time.Time) { move(at); work(day) })
		move(day.Start().Add(10*time.Hour + 30*time.Minute))
		work(day)
		season.endOfDay(day)
		if t.Failed() {
			return
		}
	}
	if season.told == 0 {
		t.Error("nobody left undecided: the mail at seven was not looked for")
	}
	season.endOfSeason()
}

// morning looks, on the first day on which a child leaves soon and nobody decided on its care, whether the one who is responsible
// is told at seven in Belgium, once, and not before.
func (s *everyDay) morning(day civil.Date, until func(time.Time)) {
	undecided, err := s.p.Services.Bookings.CareDeparting(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if undecided == 0 || s.told > 0 {
		return
	}
	letters := func() (n int) {
		if err := s.p.DB.GetContext(s.t.Context(), &n, `SELECT count(*) FROM mail WHERE kind = 'notice_care_departing'`); err != nil {
			s.t.Fatal(err)
		}
		return n
	}
	year, month, d := day.YMD()
	for _, at := range []struct{ hour, minute, more int }{{6, 30, 0}, {6, 59, 0}, {7, 0, 1}, {7, 30, 0}} {
		before := letters()
		until(time.Date(year, month, d, at.hour, at.minute, 1, 0, civil.Brussels))
		if told := letters() - before; told != at.more {
			s.t.Errorf("%v at %d:%02d: %d mails about undecided care, want %d", day, at.hour, at.minute, told, at.more)
		}
		s.told += letters() - before
	}
}

type everyDay struct {
	t       *testing.T
	p       *program.Program
	letters int
	told    int // mails about children who leave undecided
}

func (s *everyDay) none(day civil.Date, what, query string, args ...any) {
	s.t.Helper()
	var found []string
	if err := s.p.DB.SelectContext(s.t.Context(), &found, query, args...); err != nil {
		s.t.Fatalf("%s: %v", what, err)
	}
	for _, f := range found {
		s.t.Errorf("%v: %s: %s", day, what, f)
	}
}

// endOfDay is what must be true on every day once all jobs ran, and what the office does: it writes the info letters that the
// worklist asks for.
func (s *everyDay) endOfDay(day civil.Date) {
	ctx := s.t.Context()
	now := s.p.Now()
	s.none(day, "a hold outlived its end", `SELECT departure_id || ':' || number FROM place WHERE held_until < $1 AND booking_id IS NULL AND checkout_id IS NOT NULL`, now.Add(-2*time.Minute))
	s.none(day, "a job was given up", `SELECT kind || ': ' || coalesce(last_error, '') FROM job WHERE state = 'dead'`)
	s.none(day, "the same mail twice", `SELECT kind || ' to order ' || coalesce(order_id, 0) || ': ' || subject FROM mail
		GROUP BY kind, order_id, to_address, subject, md5(body_text), created_at::date HAVING count(*) > 1`)
	s.none(day, "cancelled for non-payment without a person", `SELECT id::text FROM booking WHERE cancelled_by = 'nonpayment'`)
	kinds := []worklist.Kind{worklist.Letter, worklist.Overdue}
	if day.Weekday() == time.Monday { // all of them, as the office looks at its week
		kinds = worklist.Kinds
	}
	for _, k := range kinds {
		seen := map[string]bool{}
		board, err := s.p.Worklist().Look(ctx, k, worklist.Only{}, 1)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, e := range board.Entries {
			if seen[e.Key] {
				s.t.Errorf("%v: %s %s is on the list twice", day, k, e.Key)
			}
			seen[e.Key] = true
			if e.Since.After(now) {
				s.t.Errorf("%v: %s %s waits since tomorrow: %v", day, k, e.Key, e.Since)
			}
			switch k {
			case worklist.Letter:
				s.writeInfo(ctx, e.Item)
			case worklist.Overdue:
				s.reminded(ctx, day, e.Order)
			}
		}
		for _, c := range board.Counts {
			if c.Failed {
				s.t.Errorf("%v: the source of %s failed", day, c.Kind)
			}
		}
	}
}

// writeInfo is the office that writes the letter when the worklist asks: on the first day that it may.
func (s *everyDay) writeInfo(ctx context.Context, item worklist.Item) {
	c := s.p.Circulars()
	err := c.WriteInfo(ctx, 1, item.Departure, circular.Words{SubjectNL: "Infobrief {vakantie}", BodyNL: "Dag {naam}, {kind} vertrekt op {van}."}, circular.InfoFile{})
	if err == nil {
		var l circular.Info
		if l, err = c.Info(ctx, item.Departure); err == nil {
			err = c.InfoReady(ctx, 1, item.Departure, l.ChangedAt)
		}
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.letters++
}

// reminded holds that who is on the list of late payers got the free reminder first, once per day that fell due.
func (s *everyDay) reminded(ctx context.Context, day civil.Date, order id.Order) {
	var n int
	if err := s.p.DB.GetContext(ctx, &n, `SELECT count(*) FROM booking_event WHERE order_id = $1 AND kind = 'dunning_reminder'`, order); err != nil {
		s.t.Fatal(err)
	}
	if n == 0 {
		s.t.Errorf("%v: order %d is to be called without a reminder before", day, order)
	}
}

func (s *everyDay) endOfSeason() {
	end := civil.Of(s.p.Now())
	if s.letters == 0 {
		s.t.Error("nobody asked for an info letter in a whole season")
	}
	s.none(end, "a family that went got no info letter, or two", `
		SELECT f.departure_id || ', order ' || f.order_id || ': ' || count(DISTINCT m.id) FROM circular_family f
		JOIN info_letter l ON l.departure_id = f.departure_id
		LEFT JOIN info_letter_sent s ON s.departure_id = f.departure_id AND s.order_id = f.order_id LEFT JOIN mail m ON m.id = s.mail_id
		WHERE f.status = 'placed' AND f.bounce = '' GROUP BY f.departure_id, f.order_id HAVING count(DISTINCT m.id) <> 1`)
	s.none(end, "info letters that no row knows", `SELECT id::text FROM mail m WHERE kind = 'info_letter' AND NOT EXISTS (SELECT 1 FROM info_letter_sent s WHERE s.mail_id = m.id)`)
	s.none(end, "a departure with children left without an info letter", `
		SELECT d.departure_id || ' ' || d.title FROM info_departure d LEFT JOIN info_letter l ON l.departure_id = d.departure_id
		WHERE d.going > 0 AND d.starts_on BETWEEN $1 AND $2 AND l.ready_at IS NULL`, civil.Must(2026, 12, 20), end)
	s.none(end, "a proof that is awaited after its deadline", `SELECT id::text FROM booking WHERE status = 'placed' AND evidence = 'awaited' AND departs_on BETWEEN $1 AND $2`, civil.Must(2026, 12, 20), end)
	s.none(end, "a deadline of a proof twice", `
		SELECT booking_id || ' ' || kind FROM booking_event WHERE kind IN ('proof_late', 'proof_wiped', 'balance_invoiced') GROUP BY booking_id, order_id, kind HAVING count(*) > 1 AND kind <> 'balance_invoiced'`)
	s.none(end, "a reminder of one day twice", `SELECT order_id || ' ' || due_on || ' ' || stage FROM dunning_step GROUP BY order_id, due_on, stage HAVING count(*) > 1`)
	for what, query := range map[string]string{
		"friendly words before a due date": `SELECT count(*) FROM mail WHERE kind = 'payment_notice'`, "free reminders": `SELECT count(*) FROM mail WHERE kind = 'payment_reminder'`,
		"proofs that were reminded": `SELECT count(*) FROM booking_event WHERE kind = 'proof_reminded'`, "proofs that came too late": `SELECT count(*) FROM booking_event WHERE kind = 'proof_late'`,
		"info letters": `SELECT count(*) FROM mail WHERE kind = 'info_letter'`, "balances that were invoiced": `SELECT count(*) FROM booking_event WHERE kind = 'balance_invoiced'`,
	} {
		var n int
		if err := s.p.DB.GetContext(s.t.Context(), &n, query); err != nil {
			s.t.Fatal(err)
		}
		s.t.Logf("%s: %d", what, n)
		if n == 0 {
			s.t.Errorf("a whole season without %s", what)
		}
	}
	if err := shoptest.Sound(s.t, s.p); err != nil {
		s.t.Error(err)
	}
}
