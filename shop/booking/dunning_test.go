package booking_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/invoice"
	"joetz/payments/invoice/pdf"
	"joetz/payments/paymentstest"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/mail"
	letters "joetz/templates/mail"
	"joetz/templates/messages"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// texts are the words of a language.
type texts string

func (t texts) T(key string, args ...any) string { return messages.T(string(t), key, args...) }

// late is a shop in which one family owes a deposit of 50.00, and the day on which it is due.
func late(t *testing.T) (s *shop, order id.Order, g account.Guardian, due civil.Date) {
	t.Helper()
	s = newShop(t)
	s.Outbox = &mail.Outbox{From: mail.Address{Email: "info@example.be"}, Head: letters.Letterhead{Name: "JOETZ vzw", Brand: "JOETZ", Site: "http://shop", Email: "info@example.be"}, Now: s.now}
	s.Account = booking.BankAccount{Holder: "JOETZ VZW", IBAN: "BE68539007547034", BIC: "KREDBEBB"}
	s.Invoices.Paper = invoice.Paper{Words: func(lang string) pdf.Words { return texts(lang) },
		Seller: pdf.Seller{Brand: "JOETZ", Name: "JOETZ vzw", Enterprise: "BE 0123.456.749", Email: "info@example.be", Payee: "JOETZ VZW", IBAN: "BE68 5390 0754 7034", BIC: "KREDBEBB"}}
	d := s.departure(3, civil.Must(2027, 7, 19))
	g = s.family(1)
	order = s.book(d, g, 1).Order
	must(t, s.DB.Get(&due, `SELECT min(due_on) FROM instalment WHERE order_id = $1`, order))
	return s, order, g, due
}

func (s *shop) remind(day civil.Date, want int) {
	s.t.Helper()
	s.moveTo(day)
	sent, err := s.Remind(ctx())
	must(s.t, err)
	if sent != want {
		s.t.Errorf("on %v %d reminders went out, want %d", day, sent, want)
	}
	if mails := s.count(`SELECT count(*) FROM mail WHERE kind IN ('payment_notice', 'payment_reminder')`); mails != s.count(`SELECT count(*) FROM dunning_step WHERE outcome = 'sent' AND channel = 'mail'`) {
		s.t.Errorf("%d mails", mails)
	}
}

// A word before, one free reminder once it is late, and only after its fourteen days may a person end the booking.
func TestReminders(t *testing.T) {
	t.Parallel()
	s, _, _, due := late(t)
	lateOn := s.Terms.LatePayment(due).RemindOn
	s.remind(due.AddDays(-booking.NoticeBefore), 1)
	s.remind(due.AddDays(-1), 0)
	s.remind(due, 0)
	s.remind(lateOn.AddDays(-1), 0)
	s.remind(lateOn.AddDays(1), 1) // a day late: the job did not run
	s.remind(lateOn.AddDays(2), 0)
	release := func(day civil.Date) int {
		t.Helper()
		s.moveTo(day)
		found, err := s.Nonpayment(ctx(), 10)
		must(t, err)
		return len(found.Items)
	}
	if n := release(lateOn.AddDays(15)); n != 0 {
		t.Errorf("%d bookings may be ended while the fourteen days run", n)
	}
	if n := release(lateOn.AddDays(16)); n != 1 {
		t.Errorf("%d bookings may be ended after the fourteen days", n)
	}
	s.sound()
}

// Without a reminder nobody may end a booking, however late.
func TestNobodyEndsWhatWasNotReminded(t *testing.T) {
	t.Parallel()
	s, _, _, due := late(t)
	s.moveTo(due.AddDays(60))
	found, err := s.Nonpayment(ctx(), 10)
	must(t, err)
	if len(found.Items) != 0 {
		t.Errorf("%+v", found.Items)
	}
}

func TestRemindersStopByThemselves(t *testing.T) {
	t.Parallel()
	for want, stop := range map[string]func(s *shop, order id.Order, g account.Guardian, day civil.Date) (goOn func()){
		"paused": func(s *shop, order id.Order, _ account.Guardian, day civil.Date) func() {
			staff := paymentstest.Staff(s.t, s.DB, "Rita")
			if err := s.PauseReminders(ctx(), booking.Pause{Order: order, Until: day.AddDays(30), By: staff}); !errors.Is(err, booking.ErrPauseReason) {
				s.t.Errorf("without a reason: %v", err)
			}
			must(s.t, s.PauseReminders(ctx(), booking.Pause{Order: order, Until: day.AddDays(30), Reason: "afbetaling afgesproken", By: staff}))
			return func() {
				must(s.t, s.PauseReminders(ctx(), booking.Pause{Order: order, Until: day, Reason: "niet nagekomen", By: staff}))
			}
		},
		"disputed": func(s *shop, order id.Order, _ account.Guardian, _ civil.Date) func() {
			s.DB.MustExec(`INSERT INTO stripe_dispute (id, payment_intent, order_id, amount_cents, status, reason, made_at, changed_at) VALUES ('dp', 'pi', $1, 1, 'needs_response', '', $2, $2)`, order, s.now())
			return func() { s.DB.MustExec(`UPDATE stripe_dispute SET status = 'lost'`) }
		},
		"paying": func(s *shop, order id.Order, _ account.Guardian, _ civil.Date) func() {
			s.DB.MustExec(`INSERT INTO payment_attempt (id, order_id, amount_cents, status, request, session_id, created_at, expires_at, changed_at, looked_at, check_at)
				VALUES ('8c8a32a8-6f7b-4c1e-9d2b-0a1b2c3d4e5f', $1, 5000, 'processing', '{}', 'cs', $2, $2, $2, $2, $2)`, order, s.now())
			return func() { s.DB.MustExec(`UPDATE payment_attempt SET status = 'failed'`) }
		},
		"request": func(s *shop, _ id.Order, g account.Guardian, day civil.Date) func() {
			s.DB.MustExec(`INSERT INTO family_request (number, kind, guardian_id, opened_at, waiting_since, answer_by) VALUES ('V1', 'question', $1, $2, $2, $3)`, g.ID, s.now(), day)
			return func() { s.DB.MustExec(`UPDATE family_request SET status = 'answered', answered_at = $1`, s.now()) }
		},
		"at_bank": func(s *shop, _ id.Order, _ account.Guardian, day civil.Date) func() {
			statement(s, day)
			s.DB.MustExec(`INSERT INTO bank_movement (statement_id, key, booked_on, amount_cents, money_cents, bank_ref, reference, end_to_end_id, name, iban, bic, text, code, return_reason, found)
				VALUES (1, 'k', $1, 5000, 5000, '', '', '', '', '', '', '', '', '', '{}')`, day)
			return func() {
				s.DB.MustExec(`INSERT INTO movement_match (movement_id, target, account, amount_cents, how, at) VALUES (1, 'account', '757', 5000, 'costs', $1)`, s.now())
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
			s.moveTo(day)
			goOn := stop(s, order, g, day)
			s.remind(day, 0)
			s.remind(day, 0)
			steps, err := s.DunningSteps(ctx(), 10)
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
	s.moveTo(s.Terms.LatePayment(due).RemindOn)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if _, err := s.Remind(ctx()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := s.count(`SELECT count(*) FROM mail WHERE kind = 'payment_reminder'`); n != 1 {
		t.Errorf("%d mails", n)
	}
}

func TestPaidFamiliesHearNothing(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	s.pay(order, 50_00)
	s.remind(due.AddDays(-booking.NoticeBefore), 0)
	s.remind(due.AddDays(20), 0)
}

// A card payment that arrives after the booking was cancelled goes back at once; one for an order that still owes pays.
func TestPaidAfterCancelling(t *testing.T) {
	t.Parallel()
	s, order, g, _ := late(t)
	s.Payments.Recorded = s.PaidTx
	o, err := s.OrderOf(ctx(), g.ID, order)
	must(t, err)
	card := func(amount money.Cents, source string) {
		t.Helper()
		must(t, pg.InTx(ctx(), s.DB, func(tx *sqlx.Tx) error {
			_, err := s.Payments.ReceiveTx(ctx(), tx, payments.Receipt{Order: order, Method: "stripe", Amount: amount, ReceivedOn: s.date(), SourceSystem: "stripe", SourceID: source})
			return err
		}))
	}
	p, err := s.PreviewCancel(ctx(), booking.Cancel{Booking: o.Bookings[0].ID, By: terms.ByCustomer})
	must(t, err)
	owed := p.Outcome.Outstanding
	_, err = s.Cancel(ctx(), account.Identity{}, booking.Cancel{Booking: o.Bookings[0].ID, By: terms.ByCustomer}, booking.Confirmed{Fee: p.Outcome.Fee, Refund: p.Outcome.Refund, Outstanding: owed})
	must(t, err)
	card(owed+60_00, "pi_1")
	refunds, err := s.Payments.RefundsOf(ctx(), s.DB, order)
	must(t, err)
	if len(refunds) != 1 || refunds[0].Amount != 60_00 || refunds[0].Method != "stripe" {
		t.Errorf("refunds %+v", refunds)
	}
	if credit, err := s.Payments.CreditOf(ctx(), s.DB, order); err != nil || credit != 0 {
		t.Errorf("credit %v %v", credit, err)
	}
	if n := s.count(`SELECT count(*) FROM booking_event WHERE order_id = $1 AND kind = 'paid_too_late'`, order); n != 1 {
		t.Errorf("%d lines of history", n)
	}
	s.letterSays(`SELECT args::text FROM job WHERE kind = 'booking.paid' ORDER BY id DESC LIMIT 1`, `"back": 6000`)
	s.sound()
}

func (s *shop) letterSays(query, want string) {
	s.t.Helper()
	var got string
	must(s.t, s.DB.Get(&got, query))
	if !strings.Contains(got, want) {
		s.t.Errorf("%s says no %s", got, want)
	}
}
