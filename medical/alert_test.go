package medical_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/terms/id"
)

// watch looks through the log and gives the kinds of what is new.
func watch(t *testing.T, w *medicaltest.World) (kinds []string) {
	t.Helper()
	w.Must(w.Watch(w.Ctx, func(_ *sqlx.Tx, a medical.Alert) error {
		kinds = append(kinds, fmt.Sprint(a.Kind, " ", a.Figure))
		return nil
	}))
	slices.Sort(kinds)
	return kinds
}

func TestUnusualReading(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.Settings.Unusual = medical.Unusual{Many: 3, ManyMinutes: 10, Night: 2, NightFrom: 23, NightTo: 6, Outside: 2, Refused: 2, Prints: 1}
	var children []id.Booking
	for i := range 5 {
		children = append(children, w.Book(w.AddChild(fmt.Sprint("Kind", i), medicaltest.First.AddMonths(-120)), w.Here, "placed"))
	}
	animator, lead := medicaltest.Staff(w.Animator, medical.Animator), medicaltest.Staff(w.Lead, medical.Lead)
	read := func(at time.Time, r medical.Reader, which ...int) {
		t.Helper()
		w.At = at
		for _, i := range which {
			w.At = w.At.Add(time.Second)
			if _, err := w.Read(w.Ctx, r, children[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := func(all ...string) {
		t.Helper()
		if got := watch(t, w); !slices.Equal(got, all) {
			t.Errorf("%s: %v, want %v", w.At, got, all)
		}
	}
	day := func(n, hour int) time.Time {
		return medicaltest.First.AddDays(n).Start().Add(time.Duration(hour) * time.Hour)
	}
	read(day(1, 10), animator, 0, 1, 2, 2, 2, 1)
	want()
	read(day(1, 10).Add(11*time.Minute), animator, 3, 4)
	want()
	read(day(1, 11), animator, 0, 1, 2, 3)
	want("many 4")
	want() // once
	read(day(1, 12), animator, 0, 1, 2, 3, 4)
	want()
	read(day(1, 23), lead, 0, 1)
	read(day(2, 5), lead, 1)
	want()
	read(day(2, 5), lead, 2) // the third child of the same night
	want("night 3")
	read(day(-3, 10), lead, 0, 1, 2)
	w.At = day(-2, 10)
	want("outside 3")
	for range 3 {
		w.At = day(2, 10)
		w.Read(w.Ctx, medicaltest.Staff(w.OtherAnimator, medical.Animator), children[0])
	}
	want("refused 3")
	for range 2 {
		_, _, err := w.Print(w.Ctx, lead, w.Here)
		w.Must(err)
	}
	want("prints 2")

	// Somebody else of the office looks into it; the page shows what was done, never what was read.
	all, total, err := w.AlertsOpen(w.Ctx, 10)
	w.Must(err)
	if total != 5 || len(all) != 5 {
		t.Fatalf("%d open", total)
	}
	for _, a := range all {
		full, err := w.AlertForReview(w.Ctx, a.ID)
		w.Must(err)
		if len(full.Readings) == 0 {
			t.Errorf("%s shows no readings", a.Kind)
		}
		if err := w.HandleAlert(w.Ctx, medical.Reader{Staff: a.Staff}, a.ID, "Dat was ik zelf, niets aan de hand."); a.Staff != 0 && err == nil {
			t.Error("about oneself")
		}
		w.Must(w.HandleAlert(w.Ctx, medical.Reader{Staff: w.Office}, a.ID, "Gebeld: de fiches lagen klaar voor de dokter."))
		if err := w.HandleAlert(w.Ctx, medical.Reader{Staff: w.Office}, a.ID, "Gebeld: de fiches lagen klaar voor de dokter."); err == nil {
			t.Error("twice")
		}
	}
	want()
}

// A log that was tampered with is told once for each place, and stays known until it was looked into.
func TestBrokenLogIsTold(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	for range 5 {
		_, err := w.Read(w.Ctx, w.Parent(), w.Booking)
		w.Must(err)
	}
	told := 0
	check := func() int {
		t.Helper()
		_, broken, err := w.Check(w.Ctx, func(_ *sqlx.Tx, a medical.Alert) error { told++; return nil })
		w.Must(err)
		return len(broken)
	}
	if n := check(); n != 0 || told != 0 {
		t.Fatalf("%d broken, %d told", n, told)
	}
	w.Exec(`ALTER TABLE fiche_access DISABLE TRIGGER USER`)
	w.Exec(`DELETE FROM fiche_access WHERE seq = 5`) // the end, cut off: only the head that was kept shows it
	if n := check(); n != 1 || told != 1 {
		t.Fatalf("%d broken, %d told", n, told)
	}
	if check(); told != 1 {
		t.Errorf("told %d times", told)
	}
	v, err := w.LastVerified(w.Ctx)
	if err != nil || v.Broken != 1 || v.First != 5 || v.Lines != 4 {
		t.Errorf("%+v %v", v, err)
	}
	w.At = w.At.Add(time.Second)
	_, err = w.Read(w.Ctx, w.Parent(), w.Booking) // a new line in its place does not hide it
	w.Must(err)
	if n := check(); n != 1 {
		t.Errorf("%d broken after another line was written", n)
	}
}

// The organiser sets how long and how much, within bounds; who changed what is kept.
func TestSettingsOfTheOrganiser(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	for _, wrong := range []map[string]int{{"wipe_after": 5}, {"wipe_after": 61}, {"keep_months": 13}, {"night_from": 24}} {
		if err := w.SetRules(w.Ctx, w.Office, wrong); err == nil {
			t.Errorf("%v passes", wrong)
		}
	}
	w.Must(w.SetRules(w.Ctx, w.Office, map[string]int{"wipe_after": 40, "many": 40, "unknown": 3}))
	rules, err := w.Rules(w.Ctx)
	if changes, _ := w.SettingChanges(w.Ctx); err != nil || rules.WipeAfter != 40 || len(changes) != 1 || changes[0].By != "Olga Achternaam" {
		t.Errorf("%+v, %d changes, %v", rules, len(changes), err)
	}
	w.FillIn()
	w.At = medicaltest.Last.AddDays(41).Start()
	if n, err := w.WipeDue(w.Ctx); err != nil || n != 1 {
		t.Errorf("%d wiped, %v", n, err)
	}
}

// What is wiped stands outside the database before it is gone; where it cannot be written there, nothing is wiped.
func TestTombstoneComesFirst(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.FillIn()
	var buried []medical.Tombstone
	full := true
	w.Bury = func(s medical.Tombstone) error {
		if full {
			return fmt.Errorf("the disk is full")
		}
		buried = append(buried, s)
		return nil
	}
	if _, err := w.Erase(w.Ctx, w.Child); err == nil || w.Insert(`SELECT count(*) FROM fiche_key`) != 1 {
		t.Fatalf("wiped without a tombstone: %v", err)
	}
	full = false
	if _, err := w.Erase(w.Ctx, w.Child); err != nil || len(buried) != 1 {
		t.Fatalf("%v, %d tombstones", err, len(buried))
	}
	list, err := w.Tombstones(w.Ctx, time.Time{})
	if err != nil || len(list) != 1 || !list[0].WipedAt.Equal(buried[0].WipedAt) {
		t.Errorf("%v %v", list, err)
	}
}
