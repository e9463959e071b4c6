package dunning_test

import (
	"errors"
	"sync"
	"testing"

	"joetz/payments/paymentstest"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/dunning"
	"joetz/terms/civil"
	"joetz/terms/id"
)

func (s *shop) remind(day civil.Date, want int) {
	s.T.Helper()
	s.Clock.MoveTo(day)
	sent, err := s.Remind(ctx())
	must(s.T, err)
	if sent != want {
		s.T.Errorf("on %v %d reminders went out, want %d", day, sent, want)
	}
	if mails := s.Count(`SELECT count(*) FROM mail WHERE kind IN ('payment_notice', 'payment_reminder')`); mails != s.Count(`SELECT count(*) FROM dunning_step WHERE outcome = 'sent' AND channel = 'mail'`) {
		s.T.Errorf("%d mails", mails)
	}
}

// A word before, one free reminder once it is late, and only after its fourteen days may a person end the booking.
func TestReminders(t *testing.T) {
	t.Parallel()
	s, _, _, due := late(t)
	lateOn := s.Terms.LatePayment(due).RemindOn
	s.remind(due.AddDays(-dunning.NoticeBefore), 1)
	s.remind(due.AddDays(-1), 0)
	s.remind(due, 0)
	s.remind(lateOn.AddDays(-1), 0)
	s.remind(lateOn.AddDays(1), 1) // a day late: the job did not run
	s.remind(lateOn.AddDays(2), 0)
	release := func(day civil.Date) int {
		t.Helper()
		s.Clock.MoveTo(day)
		found, err := s.Bookings.Nonpayment(ctx(), 10)
		must(t, err)
		return len(found.Items)
	}
	if n := release(lateOn.AddDays(15)); n != 0 {
		t.Errorf("%d bookings may be ended while the fourteen days run", n)
	}
	if n := release(lateOn.AddDays(16)); n != 1 {
		t.Errorf("%d bookings may be ended after the fourteen days", n)
	}
	s.Sound()
}

// Without a reminder nobody may end a booking, however late.
func TestNobodyEndsWhatWasNotReminded(t *testing.T) {
	t.Parallel()
	s, _, _, due := late(t)
	s.Clock.MoveTo(due.AddDays(60))
	found, err := s.Bookings.Nonpayment(ctx(), 10)
	must(t, err)
	if len(found.Items) != 0 {
		t.Errorf("%+v", found.Items)
	}
}

func TestRemindersStopByThemselves(t *testing.T) {
	t.Parallel()
	for want, stop := range map[string]func(s *shop, order id.Order, g account.Guardian, day civil.Date) (goOn func()){
		"paused": func(s *shop, order id.Order, _ account.Guardian, day civil.Date) func() {
			staff := paymentstest.Staff(s.T, s.DB, "Rita")
			if err := s.Bookings.PauseReminders(ctx(), booking.Pause{Order: order, Until: day.AddDays(30), By: staff}); !errors.Is(err, booking.ErrPauseReason) {
				s.T.Errorf("without a reason: %v", err)
			}
			must(s.T, s.Bookings.PauseReminders(ctx(), booking.Pause{Order: order, Until: day.AddDays(30), Reason: "afbetaling afgesproken", By: staff}))
			return func() {
				must(s.T, s.Bookings.PauseReminders(ctx(), booking.Pause{Order: order, Until: day, Reason: "niet nagekomen", By: staff, Over: s.paused()}))
			}
		},
		"disputed": func(s *shop, order id.Order, _ account.Guardian, _ civil.Date) func() {
			s.DB.MustExec(`INSERT INTO stripe_dispute (id, payment_intent, order_id, amount_cents, status, reason, made_at, changed_at) VALUES ('dp', 'pi', $1, 1, 'needs_response', '', $2, $2)`, order, s.Clock.Now())
			return func() { s.DB.MustExec(`UPDATE stripe_dispute SET status = 'lost'`) }
		},
		"paying": func(s *shop, order id.Order, _ account.Guardian, _ civil.Date) func() {
			s.DB.MustExec(`INSERT INTO payment_attempt (id, order_id, amount_cents, status, request, session_id, created_at, expires_at, changed_at, looked_at, check_at)
				VALUES ('8c8a32a8-6f7b-4c1e-9d2b-0a1b2c3d4e5f', $1, 5000, 'processing', '{}', 'cs', $2, $2, $2, $2, $2)`, order, s.Clock.Now())
			return func() { s.DB.MustExec(`UPDATE payment_attempt SET status = 'failed'`) }
		},
		"request": func(s *shop, _ id.Order, g account.Guardian, day civil.Date) func() {
			s.DB.MustExec(`INSERT INTO family_request (number, kind, guardian_id, opened_at, waiting_since, answer_by) VALUES ('V1', 'question', $1, $2, $2, $3)`, g.ID, s.Clock.Now(), day)
			return func() {
				s.DB.MustExec(`UPDATE family_request SET status = 'answered', answered_at = $1`, s.Clock.Now())
			}
		},
		"at_bank": func(s *shop, _ id.Order, _ account.Guardian, day civil.Date) func() {
			statement(s, day)
			s.DB.MustExec(`INSERT INTO bank_movement (statement_id, key, booked_on, amount_cents, money_cents, bank_ref, reference, end_to_end_id, name, iban, bic, text, code, return_reason, found)
				VALUES (1, 'k', $1, 5000, 5000, '', '', '', '', '', '', '', '', '', '{}')`, day)
			return func() {
				s.DB.MustExec(`INSERT INTO movement_match (movement_id, target, account, amount_cents, how, at) VALUES (1, 'account', '757', 5000, 'costs', $1)`, s.Clock.Now())
			}
		},
		"bank_file": func(s *shop, _ id.Order, _ account.Guardian, day civil.Date) func() {
			statement(s, day.AddDays(-10))
			return func() { statement(s, day) }
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			s, order, g, due := late(t)
			day := s.Terms.LatePayment(due).RemindOn
			s.Clock.MoveTo(day)
			goOn := stop(s, order, g, day)
			s.remind(day, 0)
			s.remind(day, 0)
			steps, err := s.Steps(ctx(), 10)
			must(t, err)
			if len(steps) != 1 || steps[0].Outcome != "skipped" || steps[0].Reason != want {
				t.Errorf("%+v", steps)
			}
			goOn()
			s.remind(day, 1)
		})
	}
}

// statement is a bank statement that closed on a day.
func statement(s *shop, day civil.Date) {
	s.DB.MustExec(`WITH f AS (INSERT INTO bank_file (sha256, name, kind, content, warnings, imported_at) VALUES (decode(md5($1::text), 'hex'), 'x', 'coda', '', '[]', now()) RETURNING id)
		INSERT INTO bank_statement (file_id, account, identity, content, fingerprint, number, first_on, closed_on, opening_cents, closing_cents, movements)
		SELECT id, 'BE68539007547034', $1::text, '', '', '1', $1::date, $1::date, 0, 0, 0 FROM f`, day)
}

func TestRemindersGoOutOnce(t *testing.T) {
	t.Parallel()
	s, _, _, due := late(t)
	s.Clock.MoveTo(s.Terms.LatePayment(due).RemindOn)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if _, err := s.Remind(ctx()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := s.Count(`SELECT count(*) FROM mail WHERE kind = 'payment_reminder'`); n != 1 {
		t.Errorf("%d mails", n)
	}
}

func TestPaidFamiliesHearNothing(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	s.Pay(order, 50_00)
	s.remind(due.AddDays(-dunning.NoticeBefore), 0)
	s.remind(due.AddDays(20), 0)
}
