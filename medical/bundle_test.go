package medical_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/terms/civil"
	"joetz/terms/fault"
)

func TestTakeAlongAndReceive(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	prescribe(t, w, w.Booking)
	r := medicaltest.Staff(w.Animator, medical.Animator)
	pack, err := w.TakeAlong(w.Ctx, r, w.Here)
	w.Must(err)
	if len(pack.Children) != 1 || len(pack.Children[0].Medicines) != 3 || pack.Until.Sub(w.At) != 24*time.Hour || pack.Lead {
		t.Fatalf("pack until %s", pack.Until)
	}
	day := given("1", "breakfast", w.At.Add(time.Hour))
	one := medicaltest.Noted(t, pack, w.Booking, day)
	elsewhere := w.Book(w.AddChild("Lou", medicaltest.First.AddMonths(-100)), w.Elsewhere, "placed")
	early, late := given("2", "", w.At.Add(-time.Hour)), given("2", "", w.At.Add(25*time.Hour))
	bad := medicaltest.Noted(t, pack, w.Booking, given("1", "evening", w.At.Add(time.Hour)))
	bad.Data[3] ^= 1
	swapped := medicaltest.Noted(t, pack, w.Booking, given("1", "evening", w.At.Add(time.Hour)))
	swapped.ID = medical.NewClient()
	w.At = w.At.Add(30 * time.Hour)
	all := []medical.Noted{one, bad, swapped, medicaltest.Noted(t, pack, elsewhere, day), medicaltest.Noted(t, pack, w.Booking, early), medicaltest.Noted(t, pack, w.Booking, late), one}
	kept, err := w.Receive(w.Ctx, r, pack.ID, all)
	w.Must(err)
	if len(kept) != 2 || kept[0] != one.ID || kept[1] != one.ID {
		t.Errorf("kept %v", kept)
	}
	if n := w.Insert(`SELECT count(*) FROM fiche_record`); n != 1 {
		t.Errorf("%d records", n)
	}
	diary, _, err := w.Diary(w.Ctx, r, w.Booking)
	w.Must(err)
	if len(diary) != 1 || !diary[0].At.Equal(day.At) || !diary[0].ReceivedAt.Equal(w.At) || !diary[0].Offline {
		t.Errorf("at %s, received %s", diary[0].At, diary[0].ReceivedAt)
	}

	// Not somebody else's pack; and what was done before the place ended is kept afterwards.
	if _, err := w.Receive(w.Ctx, medicaltest.Staff(w.Lead, medical.Lead), pack.ID, nil); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("another's pack: %v", err)
	}
	w.Exec(`UPDATE assignment SET removed_at = now() WHERE staff_id = $1`, w.Animator)
	if may, err := w.MayKeep(w.Ctx, r, w.Here); may || err != nil {
		t.Errorf("a removed animator may keep it: %v %v", may, err)
	}
	if _, err := w.TakeAlong(w.Ctx, r, w.Here); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("a removed animator takes along: %v", err)
	}
	after := medicaltest.Noted(t, pack, w.Booking, given("1", "evening", day.At.Add(6*time.Hour)))
	kept, err = w.Receive(w.Ctx, r, pack.ID, []medical.Noted{after})
	w.Must(err)
	if len(kept) != 1 {
		t.Error("what a removed animator did before is lost")
	}
}

func TestPackEndsWithTheWindow(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	r := medicaltest.Staff(w.Animator, medical.Animator)
	w.At = medicaltest.Last.AddDays(1).Start().Add(20 * time.Hour)
	pack, err := w.TakeAlong(w.Ctx, r, w.Here)
	w.Must(err)
	if want := medicaltest.Last.AddDays(2).Start(); !pack.Until.Equal(want) {
		t.Errorf("until %s, want %s", pack.Until, want)
	}
	w.Settings.OfflineHours = 0
	if _, err := w.TakeAlong(w.Ctx, r, w.Here); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("switched off: %v", err)
	}
	if may, _ := w.MayKeep(w.Ctx, r, w.Here); may {
		t.Error("switched off, and phones may keep it")
	}
}

// What was given an hour before it was noted, and before the fiches were taken along, has that hour; a lead's reason to go against
// a limit counts without signal too. It cannot be dated before that by writing it down later.
func TestNotedLater(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	prescribe(t, w, w.Booking)
	animator, lead := medicaltest.Staff(w.Animator, medical.Animator), medicaltest.Staff(w.Lead, medical.Lead)
	receive := func(r medical.Reader, in ...medical.Report) int {
		pack, err := w.TakeAlong(w.Ctx, r, w.Here)
		w.Must(err)
		var all []medical.Noted
		for _, one := range in {
			all = append(all, medicaltest.Noted(t, pack, w.Booking, one))
		}
		r.Role = medical.Animator // a phone does not say which
		kept, err := w.Receive(w.Ctx, r, pack.ID, all)
		w.Must(err)
		return len(kept)
	}
	at := func(hours, noted int) medical.Report {
		ago := func(h int) time.Time { return w.At.Add(-time.Duration(h) * time.Hour) }
		in := given("2", "", ago(hours))
		in.Noted = ago(noted)
		return in
	}
	reasoned := at(2, 0)
	reasoned.Reason = "De huisarts zei aan de telefoon dat het mag"
	if n := receive(animator, at(4, 0), at(49, 0), at(4, 2)); n != 1 {
		t.Errorf("kept %d of one that is late, one of two days ago, and one from before the pack", n)
	}
	if n := receive(lead, reasoned); n != 1 {
		t.Errorf("kept %d of the lead", n)
	}
	diary, _, err := w.Diary(w.Ctx, animator, w.Booking)
	w.Must(err)
	if len(diary) != 2 || string(diary[0].Reason) != reasoned.Reason || !slices.Equal(diary[0].Broken, medical.Limits{medical.LimitInterval}) ||
		!diary[1].At.Equal(w.At.Add(-4*time.Hour)) || !diary[1].Noted.Equal(w.At) {
		t.Errorf("%d records, with a reason %t", len(diary), diary[0].Reason != "")
	}
}

// A pack's key moves with the keyset, or what phones noted would be lost.
func TestPackSurvivesRotation(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	prescribe(t, w, w.Booking)
	r := medicaltest.Staff(w.Animator, medical.Animator)
	pack, err := w.TakeAlong(w.Ctx, r, w.Here)
	w.Must(err)
	old := w.Keys.Primary()
	w.Rotate()
	use, err := w.KeysInUse(w.Ctx)
	w.Must(err)
	if use[old] != 2 {
		t.Errorf("%d under the old key: a fiche and a pack", use[old])
	}
	_, _, err = w.Rewrap(w.Ctx)
	w.Must(err)
	w.Retire(old)
	kept, err := w.Receive(w.Ctx, r, pack.ID, []medical.Noted{medicaltest.Noted(t, pack, w.Booking, given("1", "breakfast", w.At))})
	w.Must(err)
	if len(kept) != 1 {
		t.Error("lost with the key")
	}
}

// Two who have no signal give the same medicine at the same moment. Both reports arrive, each once however often it is sent, and
// the second one says what it broke; from then on nobody gives it again.
func TestTwoPhonesGiveTheSame(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	prescribe(t, w, w.Booking)
	readers := []medical.Reader{medicaltest.Staff(w.Animator, medical.Animator), medicaltest.Staff(w.Lead, medical.Lead)}
	packs, sent := make([]medical.Pack, len(readers)), make([][]medical.Noted, len(readers))
	at := w.At.Add(time.Hour)
	for i, r := range readers {
		var err error
		packs[i], err = w.TakeAlong(w.Ctx, r, w.Here)
		w.Must(err)
		sent[i] = []medical.Noted{medicaltest.Noted(t, packs[i], w.Booking, given("1", "breakfast", at))}
	}
	w.At = w.At.Add(3 * time.Hour)
	var group sync.WaitGroup
	for i, r := range readers {
		for range 2 { // the answer to the first was lost
			group.Go(func() {
				if kept, err := w.Receive(w.Ctx, r, packs[i].ID, sent[i]); err != nil || len(kept) != 1 {
					t.Errorf("kept %v, %v", kept, err)
				}
			})
		}
	}
	group.Wait()
	day, err := w.Day(w.Ctx, readers[0], w.Here, civil.Of(at))
	w.Must(err)
	broken := 0
	for _, r := range day[0].Records {
		if slices.Equal(r.Broken, medical.Limits{medical.LimitTwice}) {
			broken++
		}
	}
	if len(day[0].Records) != 2 || broken != 1 || len(day[0].Doses[0].Done) != 2 {
		t.Errorf("%d records, %d say what they broke, %d for the moment", len(day[0].Records), broken, len(day[0].Doses[0].Done))
	}
	if _, err := w.Write(w.Ctx, readers[0], w.Booking, given("1", "breakfast", time.Time{})); fault.Of(err) == nil {
		t.Errorf("a third time: %v", err)
	}
}
