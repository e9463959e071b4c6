package booking_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"joetz/payments/paymentstest"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/templates/messages"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/dunning"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

func (s *shop) bounce(order id.Order) {
	s.t.Helper()
	s.DB.MustExec(`WITH a AS (SELECT lower(payer_email) AS address FROM booking_order WHERE id = $1), b AS (INSERT INTO mail_bounce (address, why, at) SELECT address, 'weg', $2 FROM a)
		INSERT INTO mail_bounce_event (address, kind, why, at) SELECT address, 'bounced', 'weg', $2 FROM a`, order, s.now())
}

func (s *shop) bookkeeper(name string) account.Identity {
	s.t.Helper()
	return account.Identity{StaffID: paymentstest.Staff(s.t, s.DB, name), Name: name, Lang: "nl"}
}

func (s *shop) lastStep() booking.DunningStep {
	s.t.Helper()
	steps, err := s.DunningSteps(ctx(), 1)
	must(s.t, err)
	if len(steps) == 0 {
		s.t.Fatal("no step was taken")
	}
	return steps[0]
}

// A second reminder follows the first once its fourteen days are over, once, and nothing after that.
func TestSecondReminder(t *testing.T) {
	t.Parallel()
	s, _, _, due := late(t)
	first := s.Terms.LatePayment(due).RemindOn
	s.remind(first, 1)
	s.remind(first.AddDays(14), 0) // the last of the days
	s.remind(first.AddDays(15), 1)
	if step := s.lastStep(); step.Stage != booking.StageSecond || step.Until != first.AddDays(29) {
		t.Errorf("%+v", step)
	}
	s.remind(first.AddDays(60), 0)
	if n := s.count(`SELECT count(*) FROM mail WHERE subject LIKE 'Tweede herinnering%'`); n != 1 {
		t.Errorf("%d mails say that it is the second", n)
	}
	s.sound()
}

// A reminder whose mail came back while its days ran was none: a letter goes, its days run from the third working day after
// posting, and until they are over nobody may end the booking or call it late.
func TestLetterAfterABounce(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	who := s.bookkeeper("Rita")
	first := s.Terms.LatePayment(due).RemindOn
	s.remind(first, 1)
	s.moveTo(first.AddDays(1))
	s.bounce(order)
	s.remind(first.AddDays(2), 0)
	if step := s.lastStep(); step.Outcome != "to_post" || step.Stage != booking.StageReminder {
		t.Fatalf("%+v", step)
	}
	waiting, err := s.LettersToPost(ctx())
	must(t, err)
	if len(waiting) != 1 || waiting[0].Open != 50_00 || waiting[0].Why != "" {
		t.Fatalf("%+v", waiting)
	}
	today := first.AddDays(2)
	for day, count := range map[civil.Date]int{today.AddDays(-1): 1, today.AddDays(booking.PostAhead + 1): 1} {
		if _, err := s.PrintLetters(ctx(), who, day, count); !errors.Is(err, booking.ErrPostDay) {
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
	if err := s.BatchPosted(ctx(), who, dropped, today); !errors.Is(err, booking.ErrBatchEnded) {
		t.Errorf("posted after all: %v", err)
	}
	batch, err := s.PrintLetters(ctx(), who, today, 1)
	must(t, err)
	_, content, err := s.BatchFile(ctx(), batch)
	must(t, err)
	s.paperSays(content, "50,00", "Deze herinnering is gratis", dunning.LastDay(today, true), "ondernemingsnummer")
	s.moveTo(today.AddDays(3)) // it lay on a desk
	must(t, s.BatchPosted(ctx(), who, batch, s.date()))
	until := dunning.LastDay(today.AddDays(3), true)
	if step := s.lastStep(); step.Outcome != "sent" || step.Channel != "post" || step.Until != until {
		t.Errorf("%+v, want until %v", step, until)
	}
	for day, want := range map[civil.Date]int{until: 0, until.AddDays(1): 1} {
		s.moveTo(day)
		found, err := s.Nonpayment(ctx(), 10)
		must(t, err)
		if len(found.Items) != want {
			t.Errorf("on %v %d bookings may be ended, want %d", day, len(found.Items), want)
		}
	}
	s.remind(until.AddDays(1), 0)
	if step := s.lastStep(); step.Outcome != "to_post" || step.Stage != booking.StageSecond {
		t.Errorf("the second reminder: %+v", step)
	}
	s.sound()
}

// Where somebody else pays, the parent's letter says so and theirs is in the same batch, on a sheet of its own; who was taken off
// the order since gets none.
func TestLetterToThePayer(t *testing.T) {
	t.Parallel()
	for _, pays := range []bool{true, false} {
		s, order, g, due := paidBy(t, ocmw)
		s.DB.MustExec(`UPDATE instalment SET due_on = due_on + 400 WHERE order_id <> $1`, order) // the other order is not late
		who := s.bookkeeper("Rita")
		s.bounce(order)
		s.moveTo(due.AddDays(1))
		if !pays {
			must(t, s.ChangePayer(ctx(), account.Identity{GuardianID: g.ID}, order, booking.PayerChoice{Who: "self"}))
		}
		day := s.Terms.LatePayment(due).RemindOn
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
		s.paperSays(content, "OCMW Leuven betaalt in jouw plaats", "A. Vesaliusstraat 47", "DOSSIER 77", "gaf jou op als betaler", "Kind1", dunning.LastDay(day, true))
		if _, theirs, _ := strings.Cut(s.paper(content), "A. Vesaliusstraat 47"); strings.Contains(theirs, "Kerkstraat") || strings.Contains(theirs, "VT") {
			t.Errorf("the payer reads what is the family's: %s", theirs)
		}
		must(t, s.BatchPosted(ctx(), who, batch, day))
		s.sound()
	}
}

func (s *shop) paperSays(content []byte, wants ...any) {
	s.t.Helper()
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
			s.t.Errorf("no %q in %q", say, text)
		}
	}
}

// paper is the text of a PDF; "" on a machine without the tool for it.
func (s *shop) paper(content []byte) string {
	s.t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("CI") != "" {
			s.t.Fatal(err)
		}
		return ""
	}
	file := filepath.Join(s.t.TempDir(), "brief.pdf")
	must(s.t, os.WriteFile(file, content, 0o600))
	out, err := exec.Command(tool, file, "-").Output()
	must(s.t, err)
	return strings.Join(strings.Fields(strings.ReplaceAll(string(out), "\u00a0", " ")), " ")
}

func dutch(d civil.Date) string { return messages.Date("nl", d) }

// fieldOf is the field that a fault is about; "" when it is about several or none.
func fieldOf(err error) string {
	f := fault.Of(err)
	if f == nil || len(f.Fields) != 1 {
		return ""
	}
	return slices.Collect(maps.Keys(f.Fields))[0]
}

// Who pays between printing and posting is not reminded; who never had mail that works gets no notice, and a letter at once.
func TestLettersOfThosePaid(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	who := s.bookkeeper("Rita")
	s.bounce(order)
	s.remind(due.AddDays(-booking.NoticeBefore), 0)
	if step := s.lastStep(); step.Reason != "no_mail" {
		t.Errorf("a notice: %+v", step)
	}
	day := s.Terms.LatePayment(due).RemindOn
	s.remind(day, 0)
	s.remind(day, 0)
	batch, err := s.PrintLetters(ctx(), who, day, 1)
	must(t, err)
	_, one, err := s.BatchFile(ctx(), batch)
	must(t, err)
	if !bytes.HasPrefix(one, []byte("%PDF-")) {
		t.Error("no PDF")
	}
	s.pay(order, 50_00)
	must(t, s.BatchPosted(ctx(), who, batch, day))
	if step := s.lastStep(); step.Outcome != "skipped" || step.Reason != "paid" {
		t.Errorf("%+v", step)
	}
	s.sound()
}

// lawful are costs as the law allows them, for everybody.
func lawful() dunning.Costs {
	c := dunning.Cap
	c.Clause, c.PlacedFrom = "artikel 9", civil.Must(2020, 1, 1)
	return c
}

// Costs are never asked unless somebody set them, never before the fourteen days of the reminder that announced them are over,
// never above what it announced, once, and not while anything stops reminders.
func TestCostsOfLatePayment(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	who := s.bookkeeper("Rita")
	ask := func(quoted money.Cents) error { return s.AskCosts(ctx(), who, order, due, quoted) }
	none := func(when string) {
		t.Helper()
		if all, err := s.CostsToAsk(ctx()); err != nil || len(all) > 0 {
			t.Errorf("%s: %+v %v", when, all, err)
		}
		if err := ask(20_00); !errors.Is(err, booking.ErrNoCosts) {
			t.Errorf("%s: %v", when, err)
		}
	}
	first := s.Terms.LatePayment(due).RemindOn
	s.moveTo(first.AddDays(60))
	none("nothing was ever set")
	s.moveTo(first)
	over := lawful()
	over.Small++
	if err := s.SetCosts(ctx(), who, over); err == nil {
		t.Error("a clause above the law")
	}
	must(t, s.SetCosts(ctx(), who, lawful()))
	none("nobody was reminded")
	s.remind(first, 1)
	s.letterSays(`SELECT body_text FROM mail WHERE kind = 'payment_reminder'`, "20,00")
	less := lawful()
	less.Small = 15_00
	must(t, s.SetCosts(ctx(), who, less))
	s.moveTo(first.AddDays(14))
	none("the last of the fourteen days")
	s.moveTo(first.AddDays(15))
	all, err := s.CostsToAsk(ctx())
	must(t, err)
	if len(all) != 1 || all[0].Costs != 15_00 || all[0].Open != 50_00 {
		t.Fatalf("%+v", all)
	}
	must(t, s.SetCosts(ctx(), who, lawful())) // more again: no more than what was announced
	if err := ask(15_00); !errors.Is(err, booking.ErrOutdated) {
		t.Errorf("another amount than was seen: %v", err)
	}
	must(t, s.PauseReminders(ctx(), booking.Pause{Order: order, Until: first.AddDays(40), Reason: "plan", By: who.StaffID}))
	none("a plan was agreed")
	must(t, s.PauseReminders(ctx(), booking.Pause{Order: order, Until: first.AddDays(15), Reason: "voorbij", By: who.StaffID}))
	must(t, ask(20_00))
	none("asked once")
	o, err := s.OrderByID(ctx(), order)
	must(t, err)
	if got := o.Bookings[0].Statement; got.Charged != s.count64(`SELECT sum(amount_cents) FROM charge WHERE order_id = $1`, order) || s.count64(`SELECT sum(amount_cents) FROM charge WHERE kind = 'late_costs'`) != 20_00 {
		t.Errorf("%+v", got)
	}
	s.sound()
	in := booking.Cancel{Booking: o.Bookings[0].ID, By: terms.ByCustomer} // the costs go with the booking: its own fee comes in their place
	p, err := s.PreviewCancel(ctx(), in)
	must(t, err)
	out := p.Outcome
	_, err = s.Cancel(ctx(), account.Identity{GuardianID: o.Guardian}, in, booking.Confirmed{Fee: out.Fee, Premium: out.Premium, Refund: out.Refund, Outstanding: out.Outstanding})
	must(t, err)
	s.sound()
}

func (s *shop) count64(query string, args ...any) (n money.Cents) {
	s.t.Helper()
	must(s.t, s.DB.Get(&n, query, args...))
	return n
}

// A plan by agreement: what is typed must be what is open, the reason is kept, reminders pause while it runs, the family gets
// it by mail; another amount than was seen is refused.
func TestPlanIsAgreed(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	who := s.bookkeeper("Rita")
	s.moveTo(due.AddDays(3))
	o, err := s.OrderByID(ctx(), order)
	must(t, err)
	_, open := o.OpenParts()
	today := s.date()
	half := open / 2
	good := booking.Plan{Order: order, Open: open, Pause: true, Reason: "ziek, belde zelf", Parts: []booking.PlanPart{{On: today.AddDays(30), Amount: half}, {}, {On: today.AddDays(60), Amount: open - half}}}
	for name, c := range map[string]struct {
		spoil func(p *booking.Plan)
		field string
		want  error
	}{
		"no reason":        {func(p *booking.Plan) { p.Reason = " " }, "reason", nil},
		"a cent too much":  {func(p *booking.Plan) { p.Parts[0].Amount++ }, "part.0.amount", nil},
		"in the past":      {func(p *booking.Plan) { p.Parts[2].On = today.AddDays(-1) }, "part.2.on", nil},
		"without a day":    {func(p *booking.Plan) { p.Parts[0].On = civil.Date{} }, "part.0.on", nil},
		"nothing on a day": {func(p *booking.Plan) { p.Parts[1].On = today }, "part.1.amount", nil},
		"seen before":      {func(p *booking.Plan) { p.Open -= 100 }, "", booking.ErrOutdated},
	} {
		p := good
		p.Parts = append([]booking.PlanPart(nil), good.Parts...)
		c.spoil(&p)
		err := s.AgreePlan(ctx(), who, p)
		if c.want != nil && !errors.Is(err, c.want) || c.want == nil && fieldOf(err) != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, s.AgreePlan(ctx(), who, good))
	if o, err = s.OrderByID(ctx(), order); err != nil {
		t.Fatal(err)
	}
	parts, still := o.OpenParts()
	if still != open || len(parts) != 2 || parts[0] != good.Parts[0] || parts[1] != good.Parts[2] {
		t.Errorf("%+v, %v open", parts, still)
	}
	past, err := s.PlansOf(ctx(), order)
	must(t, err)
	if len(past) != 1 || past[0].By != "Rita" || past[0].Reason != good.Reason || len(past[0].To) != 2 || past[0].Until != today.AddDays(60) {
		t.Errorf("%+v", past)
	}
	must(t, s.WritePlan(ctx(), booking.PlanArgs{Order: order}))
	s.letterSays(`SELECT body_text FROM mail WHERE kind = 'plan_agreed'`, dutch(today.AddDays(60)))
	s.remind(today.AddDays(40), 0) // ten days late, and agreed
	if n := s.count(`SELECT count(*) FROM job WHERE kind = 'booking.plan'`); n != 1 {
		t.Errorf("%d letters", n)
	}
	s.sound()
}
