package medical_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
	"joetz/medical/seal/sealtest"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// prescribe fills in two medicines: one at breakfast and in the evening, one only when needed, twice a day at most and
// six hours apart; and says that paracetamol may be given after a call.
func prescribe(t testing.TB, w *medicaltest.World, b id.Booking) {
	t.Helper()
	defer func(at time.Time) { w.At = at }(w.At)
	w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	text := func(s string) questionnaire.Value { return questionnaire.Value{Text: s} }
	row := func(key, name string, when ...string) questionnaire.Row {
		return questionnaire.Row{Key: key, Cells: map[string]questionnaire.Value{"name": text(name), "reason": text("geheim"), "dose": text("1 tablet"), "route": text("mouth"),
			"when": {Many: when}, "storage": text("room"), "who": text("leader"), "prescription": text("no")}}
	}
	answers := map[string]questionnaire.Answers{
		"med": {"med.any": text("yes"), "med.nursing": text("no"), "med.rows": {Rows: []questionnaire.Row{row("1", "Pilzacht", "breakfast", "evening"), row("2", "Nodig", "needed")}},
			"med.needed": {Rows: []questionnaire.Row{{Key: "2", Cells: map[string]questionnaire.Value{"when": text("bij pijn"), "max_per_day": text("2"), "hours_between": text("6")}}}}},
		"consent": {"consent.paracetamol": text("call"), "consent.weight": text("31")},
	}
	for topic, a := range answers {
		if _, err := w.SaveTopic(w.Parent(), b, topic, a); err != nil {
			t.Fatal(err)
		}
	}
}

func given(medicine, slot string, at time.Time) medical.Report {
	return medical.Report{Kind: medical.OfMedicine, Medicine: medicine, Slot: slot, Outcome: medical.Given, At: at}
}

func broken(t *testing.T, err error) medical.Limits {
	t.Helper()
	var l medical.LimitFault
	if err != nil && !errors.As(err, &l) {
		t.Fatalf("%v", err)
	}
	return l.Limits
}

func TestDosesOfTheDay(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	prescribe(t, w, w.Booking)
	r := medicaltest.Staff(w.Animator, medical.Animator)
	day := medicaltest.First.AddDays(1)
	list, err := w.Day(w.Ctx, r, w.Here, day)
	w.Must(err)
	if len(list) != 1 || len(list[0].Doses) != 2 || len(list[0].Medicines) != 3 {
		t.Fatalf("%d children, %d doses, %d medicines", len(list), len(list[0].Doses), len(list[0].Medicines))
	}
	first := list[0].Doses[0]
	if first.Slot != "breakfast" || string(first.Medicine.Name) != "Pilzacht" || first.At.Hour() != 8 || !first.Late(w.At) || list[0].Doses[1].Late(w.At) {
		t.Errorf("first: %s at %s", first.Slot, first.At)
	}
	for _, a := range list[0].Sheet.Answers {
		if s := a.Question.Section; s != "med" && s != "consent" {
			t.Errorf("the day opened %s", a.Question.ID)
		}
		if a.Question.ID == "med.rows" && len(a.Value.Rows[0].Cells["reason"].Text) > 0 {
			t.Error("an animator sees what a medicine is for")
		}
	}
	if _, err := w.Write(w.Ctx, r, w.Booking, given("1", "breakfast", time.Time{})); err != nil {
		t.Fatal(err)
	}
	list, err = w.Day(w.Ctx, r, w.Here, day)
	w.Must(err)
	if d := list[0].Doses[0]; len(d.Done) != 1 || d.Done[0].Outcome != medical.Given || d.Done[0].ByName != "Amber" || d.Late(w.At) {
		t.Errorf("not done: %d", len(d.Done))
	}
	list, err = w.Day(w.Ctx, r, w.Here, day.AddDays(1))
	w.Must(err)
	if len(list[0].Doses[0].Done) != 0 {
		t.Error("done tomorrow too")
	}
}

func TestLimitsAreGuarded(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	prescribe(t, w, w.Booking)
	animator, lead := medicaltest.Staff(w.Animator, medical.Animator), medicaltest.Staff(w.Lead, medical.Lead)
	write := func(r medical.Reader, in medical.Report) error {
		_, err := w.Write(w.Ctx, r, w.Booking, in)
		return err
	}
	w.Must(write(animator, given("1", "breakfast", time.Time{})))
	if got := broken(t, write(animator, given("1", "breakfast", time.Time{}))); !slices.Equal(got, medical.Limits{medical.LimitTwice}) {
		t.Errorf("the same moment twice: %v", got)
	}
	w.Must(write(animator, given("1", "evening", time.Time{})))
	w.Must(write(animator, given("2", "", time.Time{})))
	w.At = w.At.Add(6*time.Hour - time.Minute)
	if got := broken(t, write(animator, given("2", "", time.Time{}))); !slices.Equal(got, medical.Limits{medical.LimitInterval}) {
		t.Errorf("a minute too soon: %v", got)
	}
	w.At = w.At.Add(time.Minute)
	w.Must(write(animator, given("2", "", time.Time{})))
	w.At = w.At.Add(7 * time.Hour)
	if got := broken(t, write(animator, given("2", "", time.Time{}))); !slices.Equal(got, medical.Limits{medical.LimitDaily}) {
		t.Errorf("a third time: %v", got)
	}
	in := given("2", "", time.Time{})
	in.Reason = "De huisarts zei aan de telefoon dat het mag"
	if got := broken(t, write(animator, in)); len(got) != 1 {
		t.Errorf("an animator overrode: %v", got)
	}
	w.Must(write(lead, in))
	refused := given("2", "", time.Time{})
	refused.Outcome = medical.NotTaken
	w.Must(write(animator, refused))
	if got := broken(t, write(animator, given(medical.Paracetamol, "", time.Time{}))); got != nil {
		t.Errorf("paracetamol: %v", got)
	}
	if got := broken(t, write(animator, given(medical.Paracetamol, "", time.Time{}))); !slices.Equal(got, medical.Limits{medical.LimitDaily}) {
		t.Errorf("paracetamol twice: %v", got)
	}
	if err := write(animator, given("9", "", time.Time{})); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("a medicine that is not on the fiche: %v", err)
	}
	if err := write(animator, medical.Report{Kind: medical.OfMedicine, Medicine: "1", Outcome: "swallowed"}); err == nil {
		t.Error("an unknown outcome")
	}
}

// Late entries are guarded for the hour at which it was given. What is given in between two others counts with both; what has happened
// is not forbidden, but written down with what it broke once somebody says so.
func TestLateEntries(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	prescribe(t, w, w.Booking)
	animator := medicaltest.Staff(w.Animator, medical.Animator)
	write := func(in medical.Report) (medical.Record, error) { return w.Write(w.Ctx, animator, w.Booking, in) }
	now := w.At
	first, err := write(given("2", "", now.Add(-20*time.Hour)))
	w.Must(err)
	if !first.Noted.Equal(now) || !first.At.Equal(now.Add(-20*time.Hour)) || first.Broken != nil {
		t.Errorf("at %s, noted %s, broke %v", first.At, first.Noted, first.Broken)
	}
	_, err = write(given("2", "", time.Time{})) // 20 hours after it
	w.Must(err)
	in := given("2", "", now.Add(-10*time.Hour)) // ten hours from both: three in 24 hours, two before or after none
	if got := broken(t, func() error { _, err := write(in); return err }()); !slices.Equal(got, medical.Limits{medical.LimitDaily}) {
		t.Errorf("between two: %v", got)
	}
	in.Happened = true
	rec, err := write(in)
	w.Must(err)
	if !slices.Equal(rec.Broken, medical.Limits{medical.LimitDaily}) || rec.Reason != "" {
		t.Errorf("it happened: %v", rec.Broken)
	}
	in = given("2", "", time.Time{})
	in.Happened = true
	if got := broken(t, func() error { _, err := write(in); return err }()); len(got) == 0 {
		t.Error("what is given now was not stopped")
	}
	for field, at := range map[string]time.Time{"ahead": now.Add(time.Hour), "old": now.Add(-49 * time.Hour)} {
		if _, err := write(given("1", "evening", at)); fault.Of(err) == nil || len(fault.Of(err).Fields) == 0 {
			t.Errorf("%s: %v", field, err)
		}
	}
	day := medicaltest.First.AddDays(2)
	w.At = day.Start().Add(30 * time.Minute)
	list, err := w.Day(w.Ctx, animator, w.Here, day)
	w.Must(err)
	if got := list[0].Forgotten; len(got) != 2 || got[0].Day != day.AddDays(-1) || got[1].Slot != "evening" {
		t.Errorf("forgotten yesterday: %d", len(got))
	}
	late := given("1", "evening", w.At.Add(-2*time.Hour))
	late.Day = day.AddDays(-1)
	_, err = write(late)
	w.Must(err)
	if list, err = w.Day(w.Ctx, animator, w.Here, day); err != nil || len(list[0].Forgotten) != 1 || len(list[0].Doses[1].Done) != 0 {
		t.Errorf("after it was written down: %v", err)
	}
	list, err = w.Day(w.Ctx, animator, w.Here, medicaltest.First.AddDays(1))
	w.Must(err)
	if got := list[0].Forgotten; len(got) != 1 || got[0].Slot != "evening" {
		t.Errorf("of the first day: %d, want the evening only", len(got))
	}
}

// A correction is a row of its own; what was a mistake no longer counts.
func TestCorrections(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	prescribe(t, w, w.Booking)
	r := medicaltest.Staff(w.Animator, medical.Animator)
	rec, err := w.Write(w.Ctx, r, w.Booking, given("1", "breakfast", time.Time{}))
	w.Must(err)
	_, err = w.Write(w.Ctx, r, w.Booking, medical.Report{Kind: medical.Addendum, Corrects: rec.Client, Outcome: medical.Mistake, Note: "Verkeerd kind aangetikt"})
	w.Must(err)
	_, err = w.Write(w.Ctx, r, w.Booking, given("1", "breakfast", time.Time{}))
	w.Must(err)
	diary, _, err := w.Diary(w.Ctx, r, w.Booking)
	w.Must(err)
	if len(diary) != 3 {
		t.Fatalf("%d records", len(diary))
	}
	mistaken := 0
	for _, d := range diary {
		if d.Mistaken {
			mistaken++
		}
	}
	if mistaken != 1 {
		t.Errorf("%d mistaken", mistaken)
	}
	for _, stmt := range []string{`UPDATE fiche_record SET staff_id = 1`, `DELETE FROM fiche_record`} {
		if _, err := w.DB.Exec(stmt); err == nil {
			t.Errorf("%s went through", stmt)
		}
	}
}

// The same report from a phone that did not hear our answer, many times at once, is one row.
func TestReportedOnce(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	prescribe(t, w, w.Booking)
	r := medicaltest.Staff(w.Animator, medical.Animator)
	in := given("1", "breakfast", w.At.Add(-2*time.Hour))
	in.Client, in.Offline = medical.NewClient(), true
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := w.Write(w.Ctx, r, w.Booking, in); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := w.Insert(`SELECT count(*) FROM fiche_record`); n != 1 {
		t.Errorf("%d rows", n)
	}
	// Somebody with signal gave it too: what happened is written down, with what it broke.
	again := given("1", "breakfast", w.At.Add(-time.Hour))
	again.Client, again.Offline = medical.NewClient(), true
	rec, err := w.Write(w.Ctx, r, w.Booking, again)
	w.Must(err)
	if !slices.Equal(rec.Broken, medical.Limits{medical.LimitTwice}) || !rec.At.Equal(again.At) {
		t.Errorf("broken %v at %s", rec.Broken, rec.At)
	}
}

func TestWhoWritesAndReadsTheDiary(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	word := sealtest.Canary("eerstehulp")
	aid := medical.Report{Kind: medical.Incident, Note: word}
	animator := medicaltest.Staff(w.Animator, medical.Animator)
	for name, r := range map[string]medical.Reader{"other camp": medicaltest.Staff(w.OtherAnimator, medical.Animator), "mother": w.Parent(),
		"office": medicaltest.Staff(w.Office, medical.Office), "animator as lead": medicaltest.Staff(w.Animator, medical.Lead), "nobody": {}} {
		if _, err := w.Write(w.Ctx, r, w.Booking, aid); !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("%s writes: %v", name, err)
		}
		if _, _, err := w.Diary(w.Ctx, r, w.Booking); name != "mother" && !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("%s reads: %v", name, err)
		}
	}
	_, err := w.Write(w.Ctx, animator, w.Booking, aid) // the child has no fiche yet
	w.Must(err)
	read := func(r medical.Reader) []medical.Record {
		diary, _, err := w.Diary(w.Ctx, r, w.Booking)
		w.Must(err)
		return diary
	}
	if got := read(w.Parent()); got != nil {
		t.Error("the parent reads it while the camp is on")
	}
	sheet, err := w.Read(w.Ctx, animator, w.Booking)
	w.Must(err)
	if sheet.State != medical.Missing {
		t.Errorf("a record made the fiche look filled in: %v", sheet.State)
	}
	w.At = medicaltest.Last.AddDays(1).Start()
	if got := read(w.Parent()); len(got) != 1 || string(got[0].Note) != word {
		t.Error("the parent does not read it afterwards")
	}
	if _, _, err := w.Diary(w.Ctx, medical.Reader{Guardian: w.Father, Role: medical.Guardian}, w.Booking); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("the father who may not see the fiche: %v", err)
	}
	// The incident holds the fiche; released, the record goes with it.
	w.At = medicaltest.Last.AddDays(70).Start()
	n, err := w.WipeDue(w.Ctx)
	w.Must(err)
	if n != 0 {
		t.Fatal("wiped while an incident holds it")
	}
	open, err := w.HoldsOpen(w.Ctx)
	w.Must(err)
	if len(open) != 1 || !open[0].Incident || strings.Contains(open[0].Reference, word) {
		t.Fatalf("%d files, or the reference tells", len(open))
	}
	w.Must(w.ReleaseHold(w.Ctx, medicaltest.Staff(w.Office, medical.Office), open[0].ID, "De verzekering heeft betaald."))
	n, err = w.WipeDue(w.Ctx)
	w.Must(err)
	if left := w.Insert(`SELECT count(*) FROM fiche_record`); n != 1 || left != 0 {
		t.Errorf("wiped %d, %d records left", n, left)
	}
}

// Nothing opens before the promise, and another year wants another one.
func TestPromiseFirst(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.FillIn()
	fresh := w.AddStaff("Nieuw", "animator")
	w.Assign(fresh, w.Here, false)
	r := medicaltest.Staff(fresh, medical.Animator)
	if _, err := w.Read(w.Ctx, r, w.Booking); !errors.Is(err, medical.ErrPromise) {
		t.Errorf("read: %v", err)
	}
	if _, err := w.Day(w.Ctx, r, w.Here, medicaltest.First); !errors.Is(err, medical.ErrPromise) {
		t.Errorf("day: %v", err)
	}
	if _, err := w.Write(w.Ctx, r, w.Booking, medical.Report{Kind: medical.FirstAid, Note: "pleister"}); !errors.Is(err, medical.ErrPromise) {
		t.Errorf("write: %v", err)
	}
	w.Exec(`INSERT INTO fiche_promise (staff_id, year, version, promised_at, ip, device) VALUES ($1, 2026, 1, now(), '', '')`, fresh)
	if _, err := w.Read(w.Ctx, r, w.Booking); !errors.Is(err, medical.ErrPromise) {
		t.Errorf("with last year's promise: %v", err)
	}
	w.Exec(`INSERT INTO fiche_promise (staff_id, year, version, promised_at, ip, device) VALUES ($1, 2027, $2, now(), '', '')`, fresh, medical.PromiseVersion-1)
	if _, err := w.Read(w.Ctx, r, w.Booking); !errors.Is(err, medical.ErrPromise) {
		t.Errorf("with a promise of another text: %v", err)
	}
	w.Must(w.Promise(w.Ctx, r))
	w.Must(w.Promise(w.Ctx, r))
	if _, err := w.Read(w.Ctx, r, w.Booking); err != nil {
		t.Errorf("after the promise: %v", err)
	}
	stranger := medicaltest.Staff(w.AddStaff("Vreemd", "animator"), medical.Animator)
	if _, err := w.Read(w.Ctx, stranger, w.Booking); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("without a place at the camp the promise is not even asked: %v", err)
	}
}
