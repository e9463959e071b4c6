package booking_test

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"joetz/shop/booking"
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/fault"
)

// A plan by agreement: what is typed must be what is open, the reason is kept, reminders pause while it runs, the family gets
// it by mail; another amount than was seen is refused.
func TestPlanIsAgreed(t *testing.T) {
	t.Parallel()
	s, order, _, due := late(t)
	who := s.Colleague("Rita")
	s.Clock.MoveTo(due.AddDays(3))
	o, err := s.OrderByID(ctx(), order)
	must(t, err)
	_, open := o.OpenParts()
	today := s.Date()
	half := open / 2
	good := booking.Plan{Order: order, Open: open, Pause: true, Reason: "ziek, belde zelf", Parts: []booking.PlanPart{{On: today.AddDays(30), Amount: half}, {}, {On: today.AddDays(60), Amount: open - half}}}
	good.Seen, err = s.PlanSeen(ctx(), o)
	must(t, err)
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
		"another plan":     {func(p *booking.Plan) { p.Seen = "" }, "", booking.ErrOutdated},
	} {
		p := good
		p.Parts = append([]booking.PlanPart(nil), good.Parts...)
		c.spoil(&p)
		err := s.AgreePlan(ctx(), who, p)
		if c.want != nil && !errors.Is(err, c.want) || c.want == nil && fieldOf(err) != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	var errs [2]error // the button pressed twice
	var both sync.WaitGroup
	for i := range errs {
		both.Go(func() { errs[i] = s.AgreePlan(ctx(), who, good) })
	}
	both.Wait()
	if !errors.Is(errors.Join(errs[:]...), booking.ErrOutdated) || errs[0] != nil && errs[1] != nil {
		t.Fatalf("pressed twice: %v", errs)
	}
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
	s.Says(`SELECT body_text FROM mail WHERE kind = 'plan_agreed'`, messages.Date("nl", today.AddDays(60)))
	s.remind(today.AddDays(40), 0) // ten days late, and agreed
	if n := s.Count(`SELECT count(*) FROM job WHERE kind = 'booking.plan'`); n != 1 {
		t.Errorf("%d letters", n)
	}
	s.Sound()
}

// fieldOf is the field that a fault is about; "" when it is about several or none.
func fieldOf(err error) string {
	f := fault.Of(err)
	if f == nil || len(f.Fields) != 1 {
		return ""
	}
	return slices.Collect(maps.Keys(f.Fields))[0]
}
