package booking_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"joetz/shop/booking"
	"joetz/terms/fault"
)

// Two colleagues note an agreement with one family at the same time: one of them learns of the other's. Pressed twice it is noted
// once, and what somebody saw can be replaced.
func TestPauseOfRemindersIsNotOverwrittenUnseen(t *testing.T) {
	t.Parallel()
	s, order, _, _ := late(t)
	rita, piet, today := s.Colleague("Rita"), s.Colleague("Piet"), s.Date()
	together := func(pauses [2]booking.Pause) [2]error {
		var errs [2]error
		var both sync.WaitGroup
		for i := range errs {
			both.Go(func() { errs[i] = s.PauseReminders(ctx(), pauses[i]) })
		}
		both.Wait()
		return errs
	}
	running := func() booking.RunningPause {
		t.Helper()
		all, err := s.Pauses(ctx())
		must(t, err)
		if len(all) != 1 || all[0].Order != order {
			t.Fatalf("%+v", all)
		}
		return all[0]
	}
	hers := booking.Pause{Order: order, Until: today.AddDays(30), Reason: "betaalt na het loon", By: rita.StaffID}
	his := booking.Pause{Order: order, Until: today.AddDays(60), Reason: "ligt in het ziekenhuis", By: piet.StaffID}
	errs := together([2]booking.Pause{hers, his})
	if !errors.Is(errors.Join(errs[:]...), booking.ErrPauseRuns) || errs[0] != nil && errs[1] != nil {
		t.Errorf("two colleagues: %v", errs)
	}
	first := running()
	if want := map[bool]booking.Pause{true: hers, false: his}[errs[0] == nil]; first.Until != want.Until || first.Reason != want.Reason || first.StaffID != want.By {
		t.Errorf("runs: %+v", first)
	}
	if err := s.PauseReminders(ctx(), booking.Pause{Order: order, Until: today, Reason: "niet nagekomen", By: rita.StaffID}); !errors.Is(err, booking.ErrPauseRuns) {
		t.Errorf("ended unseen: %v", err)
	}
	longer := booking.Pause{Order: order, Until: today.AddDays(90), Reason: "nog wat langer", By: rita.StaffID, Over: first.ID}
	if errs := together([2]booking.Pause{longer, longer}); errs[0] != nil || errs[1] != nil {
		t.Errorf("pressed twice: %v", errs)
	}
	if n := s.Count(`SELECT count(*) FROM booking_event WHERE kind = 'dunning_pause'`); n != 2 {
		t.Errorf("noted %d times", n)
	}
	far := longer
	far.Until = today.AddDays(4000)
	if f := fault.Of(s.PauseReminders(ctx(), far)); f == nil || !strings.Contains(f.Fields["until"], "day") {
		t.Errorf("until a slip of the keys: %+v", f)
	}
	must(t, s.PauseReminders(ctx(), booking.Pause{Order: order, Until: today, Reason: "niet nagekomen", By: piet.StaffID, Over: running().ID}))
	if all, err := s.Pauses(ctx()); err != nil || len(all) != 0 {
		t.Errorf("still: %+v %v", all, err)
	}
}
