package dunning_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/booking/bookingtest"
	"joetz/shop/dunning"
	"joetz/templates/messages"
	"joetz/terms"
	"joetz/terms/civil"
	law "joetz/terms/dunning"
	"joetz/terms/id"
	"joetz/terms/money"
)

func (s *shop) bounce(order id.Order) {
	s.T.Helper()
	s.DB.MustExec(`WITH a AS (SELECT lower(payer_email) AS address FROM booking_order WHERE id = $1), b AS (INSERT INTO mail_bounce (address, why, at) SELECT address, 'weg', $2 FROM a)
		INSERT INTO mail_bounce_event (address, kind, why, at) SELECT address, 'bounced', 'weg', $2 FROM a`, order, s.Clock.Now())
}

func (s *shop) lastStep() dunning.Step {
	s.T.Helper()
	steps, err := s.Steps(ctx(), 1)
	must(s.T, err)
	if len(steps) == 0 {
		s.T.Fatal("no step was taken")
	}
	return steps[0]
}

// A second reminder follows the first once its fourteen days are over, once, and nothing after that.
func TestSecondReminder(t *testing.T) {
	t.Parallel()
	s, _, _, due := late(t)
	first := s.Shop.Terms.LatePayment(due).RemindOn
	s.remind(first, 1)
	s.remind(first.AddDays(14), 0) // the last of the days
	s.remind(first.AddDays(15), 1)
	if step := s.lastStep(); step.Stage != dunning.StageSecond || step.Until != first.AddDays(29) {
		t.Errorf("%+v", step)
	}
	s.remind(first.AddDays(60), 0)
	if n := s.Count(`SELECT count(*) FROM mail WHERE subject LIKE 'Tweede herinnering%'`); n != 1 {
		t.Errorf("%d mails say that it is the second", n)
	}
	s.Sound()
}

// A reminder whose mail came back while its days ran was none: a letter goes, its days run from the third working day after
// posting, and until they are over nobody may end the booking or call it late.
func TestLetterAfterABounce(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	who := s.Colleague("Rita")
	first := s.Shop.Terms.LatePayment(due).RemindOn
	s.remind(first, 1)
	s.Clock.MoveTo(first.AddDays(1))
	s.bounce(order)
	s.remind(first.AddDays(2), 0)
	if step := s.lastStep(); step.Outcome != "to_post" || step.Stage != dunning.StageReminder {
		t.Fatalf("%+v", step)
	}
	waiting, err := s.LettersToPost(ctx())
	must(t, err)
	if len(waiting) != 1 || waiting[0].Open != 50_00 || waiting[0].Why != "" {
		t.Fatalf("%+v", waiting)
	}
	today := first.AddDays(2)
	for day, count := range map[civil.Date]int{today.AddDays(-1): 1, today.AddDays(dunning.PostAhead + 1): 1} {
		if _, err := s.PrintLetters(ctx(), who, day, count); !errors.Is(err, dunning.ErrPostDay) {
			t.Errorf("posted on %v: %v", day, err)
		}
	}
	if _, err := s.PrintLetters(ctx(), who, today, 2); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("somebody saw two letters: %v", err)
	}
	dropped, err := s.PrintLetters(ctx(), who, today, 1)
	must(t, err)
	if _, err := s.PrintLetters(ctx(), who, today, 1); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("printed twice: %v", err)
	}
	must(t, s.BatchDropped(ctx(), who, dropped))
	if err := s.BatchPosted(ctx(), who, dropped, today); !errors.Is(err, dunning.ErrBatchEnded) {
		t.Errorf("posted after all: %v", err)
	}
	batch, err := s.PrintLetters(ctx(), who, today, 1)
	must(t, err)
	_, content, err := s.BatchFile(ctx(), batch)
	must(t, err)
	s.paperSays(content, "50,00", "Deze herinnering is gratis", law.LastDay(today, true), "ondernemingsnummer")
	s.Clock.MoveTo(today.AddDays(3)) // it lay on a desk
	must(t, s.BatchPosted(ctx(), who, batch, s.Date()))
	until := law.LastDay(today.AddDays(3), true)
	if step := s.lastStep(); step.Outcome != "sent" || step.Channel != "post" || step.Until != until {
		t.Errorf("%+v, want until %v", step, until)
	}
	for day, want := range map[civil.Date]int{until: 0, until.AddDays(1): 1} {
		s.Clock.MoveTo(day)
		found, err := s.Bookings.Nonpayment(ctx(), 10)
		must(t, err)
		if len(found.Items) != want {
			t.Errorf("on %v %d bookings may be ended, want %d", day, len(found.Items), want)
		}
	}
	s.remind(until.AddDays(1), 0)
	if step := s.lastStep(); step.Outcome != "to_post" || step.Stage != dunning.StageSecond {
		t.Errorf("the second reminder: %+v", step)
	}
	s.Sound()
}

// Where somebody else pays, the parent's letter says so and theirs is in the same batch, on a sheet of its own; who was taken off
// the order since gets none.
func TestLetterToThePayer(t *testing.T) {
	t.Parallel()
	for _, pays := range []bool{true, false} {
		s, order, g, due := paidBy(t, bookingtest.OCMW)
		s.DB.MustExec(`UPDATE instalment SET due_on = due_on + 400 WHERE order_id <> $1`, order) // the other order is not late
		who := s.Colleague("Rita")
		s.bounce(order)
		s.Clock.MoveTo(due.AddDays(1))
		if !pays {
			must(t, s.Bookings.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, booking.PayerChoice{Who: "self"}))
		}
		day := s.Shop.Terms.LatePayment(due).RemindOn
		s.remind(day, 0)
		batch, err := s.PrintLetters(ctx(), who, day, 1)
		must(t, err)
		_, content, err := s.BatchFile(ctx(), batch)
		must(t, err)
		if !pays {
			if text := s.paper(content); strings.Contains(text, "OCMW") {
				t.Errorf("who does not pay any more: %s", text)
			}
			continue
		}
		s.paperSays(content, "OCMW Leuven betaalt in jouw plaats", "A. Vesaliusstraat 47", "DOSSIER 77", "gaf jou op als betaler", "Kind1", law.LastDay(day, true))
		if _, theirs, _ := strings.Cut(s.paper(content), "A. Vesaliusstraat 47"); strings.Contains(theirs, "Kerkstraat") || strings.Contains(theirs, "VT") {
			t.Errorf("the payer reads what is the family's: %s", theirs)
		}
		must(t, s.BatchPosted(ctx(), who, batch, day))
		s.Sound()
	}
}

func (s *shop) paperSays(content []byte, wants ...any) {
	s.T.Helper()
	text := s.paper(content)
	if text == "" {
		return
	}
	for _, w := range wants {
		want, isDay := w.(civil.Date)
		say, _ := w.(string)
		if isDay {
			say = dutch(want)
		}
		if !strings.Contains(text, say) {
			s.T.Errorf("no %q in %q", say, text)
		}
	}
}

// paper is the text of a PDF; "" on a machine without the tool for it.
func (s *shop) paper(content []byte) string {
	s.T.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") != "" {
			s.T.Fatal(err)
		}
		return ""
	}
	file := filepath.Join(s.T.TempDir(), "brief.pdf")
	must(s.T, os.WriteFile(file, content, 0o600))
	out, err := exec.Command(tool, file, "-").Output()
	must(s.T, err)
	return strings.Join(strings.Fields(strings.ReplaceAll(string(out), "\u00a0", " ")), " ")
}

func dutch(d civil.Date) string { return messages.Date("nl", d) }

// Who pays between printing and posting is not reminded; who never had mail that works gets no notice, and a letter at once.
func TestLettersOfThosePaid(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	who := s.Colleague("Rita")
	s.bounce(order)
	s.remind(due.AddDays(-dunning.NoticeBefore), 0)
	if step := s.lastStep(); step.Reason != "no_mail" {
		t.Errorf("a notice: %+v", step)
	}
	day := s.Shop.Terms.LatePayment(due).RemindOn
	s.remind(day, 0)
	s.remind(day, 0)
	batch, err := s.PrintLetters(ctx(), who, day, 1)
	must(t, err)
	_, one, err := s.BatchFile(ctx(), batch)
	must(t, err)
	if !bytes.HasPrefix(one, []byte("%PDF-")) {
		t.Error("no PDF")
	}
	s.Pay(order, 50_00)
	must(t, s.BatchPosted(ctx(), who, batch, day))
	if step := s.lastStep(); step.Outcome != "skipped" || step.Reason != "paid" {
		t.Errorf("%+v", step)
	}
	s.Sound()
}

// lawful are costs as the law allows them, for everybody.
func lawful() law.Costs {
	c := law.Cap
	c.Clause, c.PlacedFrom = "artikel 9", civil.Must(2020, 1, 1)
	return c
}

// Costs are never asked unless somebody set them, never before the fourteen days of the reminder that announced them are over,
// never above what it announced, once, and not while anything stops reminders.
func TestCostsOfLatePayment(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	who := s.Colleague("Rita")
	ask := func(quoted money.Cents) error { return s.AskCosts(ctx(), who, order, due, quoted) }
	none := func(when string) {
		t.Helper()
		if all, err := s.CostsToAsk(ctx()); err != nil || len(all) > 0 {
			t.Errorf("%s: %+v %v", when, all, err)
		}
		if err := ask(20_00); !errors.Is(err, dunning.ErrNoCosts) {
			t.Errorf("%s: %v", when, err)
		}
	}
	first := s.Shop.Terms.LatePayment(due).RemindOn
	s.Clock.MoveTo(first.AddDays(60))
	none("nothing was ever set")
	s.Clock.MoveTo(first)
	over := lawful()
	over.Small++
	if err := s.SetCosts(ctx(), who, over); err == nil {
		t.Error("a clause above the law")
	}
	must(t, s.SetCosts(ctx(), who, lawful()))
	none("nobody was reminded")
	s.remind(first, 1)
	s.Says(`SELECT body_text FROM mail WHERE kind = 'payment_reminder'`, "20,00")
	less := lawful()
	less.Small = 15_00
	must(t, s.SetCosts(ctx(), who, less))
	s.Clock.MoveTo(first.AddDays(14))
	none("the last of the fourteen days")
	s.Clock.MoveTo(first.AddDays(15))
	all, err := s.CostsToAsk(ctx())
	must(t, err)
	if len(all) != 1 || all[0].Costs != 15_00 || all[0].Open != 50_00 {
		t.Fatalf("%+v", all)
	}
	must(t, s.SetCosts(ctx(), who, lawful())) // more again: no more than what was announced
	if err := ask(15_00); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("another amount than was seen: %v", err)
	}
	must(t, s.Bookings.PauseReminders(ctx(), booking.Pause{Order: order, Until: first.AddDays(40), Reason: "plan", By: who.StaffID}))
	none("a plan was agreed")
	must(t, s.Bookings.PauseReminders(ctx(), booking.Pause{Order: order, Until: first.AddDays(15), Reason: "voorbij", By: who.StaffID, Over: s.paused()}))
	must(t, ask(20_00))
	none("asked once")
	o, err := s.Bookings.OrderByID(ctx(), order)
	must(t, err)
	if got := o.Bookings[0].Statement; int(got.Charged) != s.Count(`SELECT sum(amount_cents) FROM charge WHERE order_id = $1`, order) || s.Count(`SELECT sum(amount_cents) FROM charge WHERE kind = 'late_costs'`) != 20_00 {
		t.Errorf("%+v", got)
	}
	s.Sound()
	in := booking.Cancel{Booking: o.Bookings[0].ID, By: terms.ByCustomer} // the costs go with the booking: its own fee comes in their place
	p, err := s.Bookings.PreviewCancel(ctx(), in)
	must(t, err)
	out := p.Outcome
	_, err = s.Bookings.Cancel(ctx(), account.Identity{GuardianID: o.Guardian}, in, booking.Confirmed{Fee: out.Fee, Premium: out.Premium, Refund: out.Refund, Outstanding: out.Outstanding})
	must(t, err)
	s.Sound()
}
