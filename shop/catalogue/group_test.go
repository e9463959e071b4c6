package catalogue_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"joetz/shop/catalogue"
	"joetz/terms/fault"
)

// A target group has its own questions; it is renamed on all its holidays at once, never deleted under one, and while children
// may still go its questions can be added but not taken out. Of two colleagues the second is told.
func TestATargetGroupHasItsOwnQuestions(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.at(time.Date(2028, 1, 10, 9, 0, 0, 0, time.UTC))
	ctx, all := t.Context(), []string{"incl.comm", "incl.move", "incl.sense"}
	o, d := w.draft("ZE-28-09")
	named := o.Text
	named.TargetGroup, named.Inclusive = "kinderen met autisme", true
	w.ok(w.SaveHoliday(ctx, by, o.ID, o.Version, named, "")) // as an import does: it asks all questions until somebody chooses
	groups, err := w.Groups(ctx)
	w.ok(err)
	if len(groups) != 1 || groups[0].Questions != nil || groups[0].Holidays != 1 || groups[0].OnSale != 0 || !groups[0].Asks("incl.move") {
		t.Fatalf("named for the first time: %+v", groups)
	}
	g := groups[0]
	w.ok(w.SaveGroup(ctx, by, g.ID, g.Version, "kinderen met een diagnose autisme", []string{"incl.comm", "incl.sense"}, all))
	if err := w.SaveGroup(ctx, by, g.ID, g.Version, "anders", all, all); !errors.Is(err, catalogue.ErrChanged) {
		t.Errorf("over a colleague's: %v", err)
	}
	if again, _ := w.offer(o.ID); again.TargetGroup != "kinderen met een diagnose autisme" {
		t.Errorf("the holiday is for %q", again.TargetGroup)
	}
	chosen, err := w.GroupQuestions(ctx, "kinderen met een diagnose autisme")
	w.ok(err)
	if !slices.Equal(chosen, []string{"incl.comm", "incl.sense"}) {
		t.Errorf("asked: %v", chosen)
	}
	if err := w.DeleteGroup(ctx, by, g.ID); !errors.Is(err, catalogue.ErrGroupUsed) {
		t.Errorf("deleted under a holiday: %v", err)
	}
	w.exec(`UPDATE departure SET status = 'published' WHERE id = $1`, d.ID)
	if err := w.SaveGroup(ctx, by, g.ID, g.Version+1, "kinderen met een diagnose autisme", []string{"incl.comm"}, all); !errors.Is(err, catalogue.ErrGroupLess) {
		t.Errorf("a question taken out while it is online: %v", err)
	}
	w.ok(w.SaveGroup(ctx, by, g.ID, g.Version+1, "kinderen met een diagnose autisme", all, all))
	w.at(time.Date(2028, 9, 1, 9, 0, 0, 0, time.UTC)) // they are home
	w.ok(w.SaveGroup(ctx, by, g.ID, g.Version+2, "kinderen met een diagnose autisme", nil, all))

	other, err := w.AddGroup(ctx, by, " jongeren met een fysieke beperking ", []string{"incl.move"})
	w.ok(err)
	if _, err := w.AddGroup(ctx, by, "jongeren met een fysieke beperking", nil); fault.Of(err) == nil || fault.Of(err).Fields["name"] != "catalogue.group_taken" {
		t.Errorf("twice: %v", err)
	}
	w.ok(w.DeleteGroup(ctx, by, other))
	if _, err := w.GroupByID(ctx, other); !errors.Is(err, catalogue.ErrNoGroup) {
		t.Errorf("still there: %v", err)
	}
	events, err := w.GroupEvents(ctx, g.ID)
	w.ok(err)
	if len(events) != 3 || events[0].Who != "Katelijne" || len(events[2].Changes) != 2 || events[2].Changes[0].From != "kinderen met autisme" {
		t.Errorf("history: %+v", events)
	}
}
