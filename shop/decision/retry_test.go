package decision_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"

	"joetz/shop/decision"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// stick lets the database refuse to end a booking, as a fault in the program would, until it is called.
func (s *shop) stick(b id.Booking) (loosen func()) {
	s.T.Helper()
	name := fmt.Sprintf("stuck_%d", b)
	s.DB.MustExec(fmt.Sprintf(`
		CREATE FUNCTION %[1]s () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stuck'; END $$;
		CREATE TRIGGER %[1]s BEFORE UPDATE ON booking FOR EACH ROW WHEN (OLD.id = %[2]d) EXECUTE FUNCTION %[1]s ()`, name, b))
	return func() { s.DB.MustExec(`DROP FUNCTION ` + name + ` CASCADE`) }
}

// callOff calls a departure off, and leaves it to the job.
func (s *shop) callOff(d id.Departure) (key int64) {
	s.T.Helper()
	in := decision.CallOff{Departure: d, Reason: "Storm"}
	p, err := s.PreviewCallOff(ctx, in)
	must(s.T, err)
	key, err = s.StartCallOff(ctx, s.office, in, p.Confirms())
	must(s.T, err)
	return key
}

// One of two siblings cannot be refunded: the other is, it stands there as failed with nothing of it done, and waits until somebody
// lets it be tried again. That leaves alone what is done, and what failed of another decision.
func TestWhatFailedIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	leaves := civil.Must(2027, 7, 19)
	off, elsewhere := s.Holiday("OFF", "domestic", 33500, 9, leaves), s.Holiday("ELSE", "domestic", 33500, 9, leaves)
	o, p := s.bookSiblings(off, s.family(), "Lou", "Noa"), s.bookSiblings(elsewhere, s.family(), "Ada")
	lou, noa, ada := o.Bookings[0].ID, o.Bookings[1].ID, p.Bookings[0].ID
	loosen := s.stick(noa)
	s.stick(ada)
	key, other := s.callOff(off), s.callOff(elsewhere)
	for _, k := range []int64{key, other, key, other} { // the second time there is nothing to do
		must(t, s.Carry(ctx, decision.CarryArgs{Decision: k}))
	}
	if i := s.itemOf(key, noa); i.State != decision.Failed || i.Problem != "decide.problem_program" || i.Tries != 1 || !s.Again(noa).Active() {
		t.Fatalf("the one that failed: %+v", i)
	}
	if i := s.itemOf(key, lou); i.State != decision.Done || i.Outcome != decision.Refunded || s.refunds(o.ID) != 33500 {
		t.Fatalf("the other: %+v, %v goes back", i, s.refunds(o.ID))
	}
	s.Sound()

	loosen()
	must(t, s.Sweep(ctx)) // by itself nothing is tried again
	if i := s.itemOf(key, noa); i.State != decision.Failed {
		t.Fatalf("nobody asked for it: %+v", i)
	}
	must(t, s.Retry(ctx, key))
	if n := s.Count(`SELECT count(*) FROM decision_item WHERE state = 'waiting'`); n != 1 {
		t.Errorf("%d wait to be tried again", n)
	}
	must(t, s.Carry(ctx, decision.CarryArgs{Decision: key}))
	for _, b := range []id.Booking{lou, noa} {
		if i := s.itemOf(key, b); i.State != decision.Done || i.Outcome != decision.Refunded || i.Problem != "" || s.Again(b).Active() {
			t.Errorf("afterwards: %+v", i)
		}
	}
	if back := s.refunds(o.ID); back != 2*33500+1000 { // the last one of the order takes what was paid too much along
		t.Errorf("%v goes back", back)
	}
	if i := s.itemOf(other, ada); i.State != decision.Failed || i.Tries != 1 {
		t.Errorf("another decision: %+v", i)
	}
	s.Sound()
}

// Two processes carry a decision out. What one of them could not do and the other did meanwhile is done, not failed.
func TestWhatAnotherProcessDidHasNotFailed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	off := s.Holiday("OFF", "domestic", 33500, 9, civil.Must(2027, 7, 19))
	o := s.bookSiblings(off, s.family(), "Lou")
	lou := o.Bookings[0].ID
	loosen := s.stick(lou)
	key := s.callOff(off)
	second := *s.Service
	first := *s.Service
	first.Log = slog.New(told{func() { // it tells of its trouble before it writes it down
		loosen()
		must(t, second.Carry(ctx, decision.CarryArgs{Decision: key}))
	}})
	must(t, first.Carry(ctx, decision.CarryArgs{Decision: key}))
	if i := s.itemOf(key, lou); i.State != decision.Done || i.Outcome != decision.Refunded || i.Tries != 0 || s.refunds(o.ID) != 34500 {
		t.Errorf("%+v, %v goes back", i, s.refunds(o.ID))
	}
	s.Sound()
}

// told runs a function for each line of a log.
type told struct{ hear func() }

func (told) Enabled(context.Context, slog.Level) bool { return true }

func (h told) Handle(context.Context, slog.Record) error {
	h.hear()
	return nil
}

func (h told) WithAttrs([]slog.Attr) slog.Handler { return h }

func (h told) WithGroup(string) slog.Handler { return h }
