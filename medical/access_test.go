package medical_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
	"joetz/terms/id"
)

// The whole way through the database: every kind of reader, standing, day and state of the booking, and every question.
func TestReadMatrix(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.AskEverything()
	w.FillIn()
	v := w.Questions.Current()
	asked := 0
	for _, q := range v.Questions {
		if q.Kind != questionnaire.File {
			asked++
		}
	}
	day := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, time.UTC)
		w.Must(err)
		return at
	}
	during := day("2027-07-06 10:00")
	cases := []struct {
		name  string
		who   medical.Reader
		at    time.Time
		setUp string // and back again by undo
		undo  string
		codes []string // view codes that are shown; nil = not found
	}{
		{"mother", w.Parent(), during, "", "", []string{"A", "L", "S", "S>A", "S>L"}},
		{"mother, long before", w.Parent(), day("2027-01-01 10:00"), "", "", []string{"A", "L", "S", "S>A", "S>L"}},
		{"mother, cancelled", w.Parent(), during, `UPDATE booking SET status = 'cancelled', cancelled_at = now(), cancelled_by = 'customer'`,
			`UPDATE booking SET status = 'placed', cancelled_at = NULL, cancelled_by = NULL`, []string{"A", "L", "S", "S>A", "S>L"}},
		{"father who may not see it", medical.Reader{Guardian: w.Father, Role: medical.Guardian}, during, "", "", nil},
		{"another parent", medical.Reader{Guardian: w.Stranger, Role: medical.Guardian}, during, "", "", nil},
		{"nobody", medical.Reader{}, during, "", "", nil},
		{"no role", medical.Reader{Guardian: w.Mother}, during, "", "", nil},
		{"mother posing as animator", medical.Reader{Guardian: w.Mother, Role: medical.Animator}, during, "", "", nil},
		{"staff posing as guardian", medical.Reader{Staff: w.Animator, Guardian: w.Mother, Role: medical.Guardian}, during, "", "", nil},

		{"animator", medicaltest.Staff(w.Animator, medical.Animator), during, "", "", []string{"A"}},
		{"animator, first evening", medicaltest.Staff(w.Animator, medical.Animator), day("2027-06-27 22:30"), "", "", []string{"A"}}, // 0:30 in Belgium
		{"animator, a day early", medicaltest.Staff(w.Animator, medical.Animator), day("2027-06-27 21:30"), "", "", nil},
		{"animator, last day", medicaltest.Staff(w.Animator, medical.Animator), day("2027-07-10 21:59"), "", "", []string{"A"}},
		{"animator, too late", medicaltest.Staff(w.Animator, medical.Animator), day("2027-07-10 22:00"), "", "", nil},
		{"animator, removed", medicaltest.Staff(w.Animator, medical.Animator), during, `UPDATE assignment SET removed_at = now()`, `UPDATE assignment SET removed_at = NULL`, nil},
		{"animator, left the organisation", medicaltest.Staff(w.Animator, medical.Animator), during, `UPDATE staff SET active = false`, `UPDATE staff SET active = true`, nil},
		{"animator, role taken", medicaltest.Staff(w.Animator, medical.Animator), during, `UPDATE staff_role SET role = 'accounting' WHERE role = 'animator'`,
			`UPDATE staff_role SET role = 'animator' WHERE role = 'accounting' AND staff_id NOT IN (SELECT id FROM staff WHERE name LIKE 'Bert%')`, nil},
		{"animator, cancelled booking", medicaltest.Staff(w.Animator, medical.Animator), during, `UPDATE booking SET status = 'cancelled', cancelled_at = now(), cancelled_by = 'customer'`,
			`UPDATE booking SET status = 'placed', cancelled_at = NULL, cancelled_by = NULL`, nil},
		{"animator, booking in review", medicaltest.Staff(w.Animator, medical.Animator), during, `UPDATE booking SET status = 'in_review'`, `UPDATE booking SET status = 'placed'`, []string{"A"}},
		{"animator, camp cancelled", medicaltest.Staff(w.Animator, medical.Animator), during, `UPDATE departure SET status = 'cancelled'`, `UPDATE departure SET status = 'published'`, nil},
		{"animator posing as lead", medicaltest.Staff(w.Animator, medical.Lead), during, "", "", nil},
		{"animator posing as office", medicaltest.Staff(w.Animator, medical.Office), during, "", "", nil},
		{"animator of another camp", medicaltest.Staff(w.OtherAnimator, medical.Animator), during, "", "", nil},

		{"lead", medicaltest.Staff(w.Lead, medical.Lead), during, "", "", []string{"A", "L"}},
		{"lead as animator", medicaltest.Staff(w.Lead, medical.Animator), during, "", "", []string{"A"}},
		{"lead, two weeks before", medicaltest.Staff(w.Lead, medical.Lead), day("2027-06-21 10:00"), "", "", []string{"A", "L"}},
		{"lead, too early", medicaltest.Staff(w.Lead, medical.Lead), day("2027-06-20 10:00"), "", "", nil},
		{"lead, a week after", medicaltest.Staff(w.Lead, medical.Lead), day("2027-07-16 10:00"), "", "", []string{"A", "L"}},
		{"lead, too late", medicaltest.Staff(w.Lead, medical.Lead), day("2027-07-17 10:00"), "", "", nil},
		{"lead, no longer lead here", medicaltest.Staff(w.Lead, medical.Lead), during, `UPDATE assignment SET lead = false`, `UPDATE assignment SET lead = true WHERE staff_id IN (SELECT id FROM staff WHERE name LIKE 'Lies%')`, nil},

		{"lead posing as office", medicaltest.Staff(w.Lead, medical.Office), during, "", "", nil},
		{"office", medicaltest.Staff(w.Office, medical.Office), during, "", "", []string{"S", "S>A", "S>L"}},
		{"office without purpose", medical.Reader{Staff: w.Office, Role: medical.Office}, during, "", "", nil},
		{"office as animator", medicaltest.Staff(w.Office, medical.Animator), during, "", "", nil},
		{"accounting as office", medicaltest.Staff(w.Accounting, medical.Office), during, "", "", nil},
		{"accounting as animator", medicaltest.Staff(w.Accounting, medical.Animator), during, "", "", nil},
	}
	for _, c := range cases {
		w.At = c.at
		if c.setUp != "" {
			w.Exec(c.setUp)
		}
		before := w.Insert(`SELECT count(*) FROM fiche_access`)
		sheet, err := w.Read(w.Ctx, c.who, w.Booking)
		if c.codes == nil {
			if !errors.Is(err, medical.ErrNotFound) || len(sheet.Answers) > 0 || len(sheet.Flags) > 0 {
				t.Errorf("%s: got %d answers, %v; want not found", c.name, len(sheet.Answers), err)
			}
		} else if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		got := map[string]bool{}
		for _, a := range sheet.Answers {
			got[a.Question.ID] = true
		}
		for _, q := range v.Questions {
			want := slices.Contains(c.codes, q.View.Code()) && q.Kind != questionnaire.File
			if got[q.ID] != want {
				t.Errorf("%s: %s (%s) shown %v, want %v", c.name, q.ID, q.View.Code(), got[q.ID], want)
			}
		}
		if n := w.Insert(`SELECT count(*) FROM fiche_access`); n != before+1 {
			t.Errorf("%s: %d lines in the access log, want 1", c.name, n-before)
		}
		outcome := map[bool]string{true: "refused", false: "allowed"}[c.codes == nil]
		if n := w.Insert(`SELECT count(*) FROM fiche_access WHERE seq = (SELECT max(seq) FROM fiche_access) AND outcome = $1`, outcome); n != 1 {
			t.Errorf("%s: not logged as %s", c.name, outcome)
		}
		if c.undo != "" {
			w.Exec(c.undo)
		}
	}
	if _, broken, err := w.Verify(w.Ctx, medical.Head{}); err != nil || len(broken) > 0 {
		t.Errorf("the log of all that: %v %v", broken, err)
	}
}

func TestReadOneTopic(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.FillIn()
	sheet, err := w.Read(w.Ctx, medicaltest.Staff(w.Lead, medical.Lead), w.Booking, "med")
	w.Must(err)
	for _, a := range sheet.Answers {
		if a.Question.Section != "med" {
			t.Errorf("%s was not asked for", a.Question.ID)
		}
	}
	if len(sheet.Answers) == 0 || sheet.Care.State != medical.CareUnreadable {
		t.Errorf("%d answers, care %d: what was not asked for is not known", len(sheet.Answers), sheet.Care.State)
	}
	if _, err := w.Read(w.Ctx, w.Parent(), w.Booking, "no such topic"); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("an unknown topic: %v", err)
	}
	if _, err := w.Read(w.Ctx, w.Parent(), 999); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("an unknown booking: %v", err)
	}
}

// Marks come from answers that everybody on the camp may see, so that a red dot tells nobody more than the fiche would.
func TestMarksTellNoMoreThanTheFiche(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	v := w.Questions.Current()
	all := medicaltest.Everything(v, func(string) string { return "x" })
	for _, q := range v.Questions {
		if q.View.For(questionnaire.Animators) == questionnaire.Whole {
			delete(all, q.ID)
		}
	}
	facts := questionnaire.Facts{Age: 14, Abroad: true, Transport: true, Inclusive: true}
	if flags := v.Flags(facts, all); len(flags) > 0 {
		t.Errorf("%s is marked from an answer that animators do not see", flags[0].ID)
	}
}

func TestCampList(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.FillIn()
	p := w.AddChild("Lou", medicaltest.First.AddMonths(-120))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, p)
	other := w.Book(p, w.Here, "placed")
	w.Must(w.AnswerCare(p, w.Here, w.Mother, medical.CareAnswer{}))
	gone := w.AddChild("Weg", medicaltest.First.AddMonths(-120))
	w.Exec(`UPDATE booking SET status = 'cancelled', cancelled_at = now(), cancelled_by = 'exclusion' WHERE id = $1`, w.Book(gone, w.Here, "placed"))

	list, err := w.Today(medicaltest.Staff(w.Animator, medical.Animator), w.Here)
	w.Must(err)
	got := map[id.Booking]medical.Sheet{}
	for _, s := range list {
		got[s.Booking] = s
		for _, a := range s.Answers {
			if topic := a.Question.Section; topic != "med" && topic != "consent" {
				t.Errorf("the list holds answers about %s", topic)
			}
		}
	}
	if len(got) != 2 || got[w.Booking].Mark() != medical.Red || len(got[w.Booking].Flags) == 0 || got[other].Mark() != medical.Unknown {
		t.Errorf("%d children, marks %d and %d", len(got), got[w.Booking].Mark(), got[other].Mark())
	}
	for name, r := range map[string]medical.Reader{"other camp": medicaltest.Staff(w.OtherAnimator, medical.Animator), "office": medicaltest.Staff(w.Office, medical.Office),
		"parent": w.Parent(), "animator as lead": medicaltest.Staff(w.Animator, medical.Lead)} {
		if _, err := w.Today(r, w.Here); !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if empty, err := w.Today(medicaltest.Staff(w.OtherAnimator, medical.Animator), w.Elsewhere); err != nil || len(empty) != 0 {
		t.Errorf("a camp without children: %d, %v", len(empty), err)
	}
	if n := w.Insert(`SELECT count(*) FROM fiche_access WHERE action = 'list'`); n != 6 {
		t.Errorf("%d lines for 6 lists", n)
	}
	w.Exec(`UPDATE booking SET status = 'in_review' WHERE id = $1`, other)
	if list, err := w.Today(medicaltest.Staff(w.Animator, medical.Animator), w.Here); err != nil || len(list) != 2 {
		t.Errorf("with a child whose care is being discussed: %d, %v", len(list), err)
	}
	w.Exec(`UPDATE departure SET status = 'cancelled' WHERE id = $1`, w.Here)
	if list, err := w.Today(medicaltest.Staff(w.Animator, medical.Animator), w.Here); !errors.Is(err, medical.ErrNotFound) || len(list) != 0 {
		t.Errorf("of a camp that does not take place: %d, %v", len(list), err)
	}
}
