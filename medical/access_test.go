package medical_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/terms/id"
)

// fillIn answers every question of the fiche, with a word of its own in every text, and signs it.
func (w *world) fillIn() (canaries []string) {
	w.t.Helper()
	defer func(at time.Time) { w.at = at }(w.at)
	w.at = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	v := w.Questions.Current()
	all := everything(v, func(about string) string {
		word := canary(about)
		canaries = append(canaries, word)
		return word
	})
	for _, s := range v.Sections {
		typed := questionnaire.Answers{}
		for id, value := range all {
			if v.Question(id).Section == s.ID {
				typed[id] = value
			}
		}
		problems, err := w.SaveTopic(w.ctx, w.parent(), w.booking, s.ID, "nl", typed)
		w.must(err)
		for _, p := range problems {
			if p.Key != "questionnaire.file_needed" {
				w.t.Fatalf("%s: %s", p.Name(), p.Key)
			}
		}
	}
	return canaries
}

// everything answers every question so that as many as possible are asked. word gives what is typed into a text.
func everything(v *questionnaire.Version, word func(about string) string) questionnaire.Answers {
	cell := func(id string, kind questionnaire.Kind, options []questionnaire.Option, lowest int) questionnaire.Value {
		switch kind {
		case questionnaire.YesNo, questionnaire.YesNoUnknown, questionnaire.Sign:
			return questionnaire.Value{Text: "yes"}
		case questionnaire.One:
			return questionnaire.Value{Text: options[len(options)-1].Value}
		case questionnaire.Many:
			var all []string
			for _, o := range options {
				if o.Value != questionnaire.None {
					all = append(all, o.Value)
				}
			}
			return questionnaire.Value{Many: all}
		case questionnaire.Phone:
			return questionnaire.Value{Text: "0470 12 34 56"}
		case questionnaire.Year:
			return questionnaire.Value{Text: "2025"}
		case questionnaire.Int:
			return questionnaire.Value{Text: fmt.Sprint(lowest)}
		case questionnaire.Day:
			return questionnaire.Value{Text: "2027-07-06"}
		case questionnaire.Clock:
			return questionnaire.Value{Text: "16:30"}
		}
		return questionnaire.Value{Text: word(id)}
	}
	all := questionnaire.Answers{}
	for _, q := range v.Questions {
		keys := []string{"1", "2"}
		switch {
		case q.Kind == questionnaire.File:
			continue
		case q.Kind != questionnaire.Rows && q.Kind != questionnaire.Each:
			value := cell(q.ID, q.Kind, q.Options, q.Min)
			if q.More.NL != "" {
				value.More = word(q.ID + "more")
			}
			all[q.ID] = value
			continue
		case q.Kind == questionnaire.Each:
			keys = []string{"each"}
		case q.Per == "health.list":
			keys = all["health.list"].Many
		}
		var rows []questionnaire.Row
		for _, key := range keys {
			r := questionnaire.Row{Key: key, Cells: map[string]questionnaire.Value{}}
			for _, f := range q.Fields {
				c := cell(q.ID+f.ID, f.Kind, f.Options, f.Min)
				if f.ID == "severity" {
					c.Text = "life-threatening"
				}
				r.Cells[f.ID] = c
			}
			rows = append(rows, r)
		}
		all[q.ID] = questionnaire.Value{Rows: rows}
	}
	all["consent.paracetamol"] = questionnaire.Value{Text: "call"}
	return all
}

// The whole way through the database: every kind of reader, standing, day and state of the booking, and every question.
func TestReadMatrix(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`UPDATE holiday SET inclusive = true, country = 'FR', trip = 'flight'`)
	w.exec(`UPDATE participant SET born_on = '2014-07-06'`)
	w.fillIn()
	v := w.Questions.Current()
	asked := 0
	for _, q := range v.Questions {
		if q.Kind != questionnaire.File {
			asked++
		}
	}
	day := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, time.UTC)
		w.must(err)
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
		{"mother", w.parent(), during, "", "", []string{"A", "L", "S", "S>A", "S>L"}},
		{"mother, long before", w.parent(), day("2027-01-01 10:00"), "", "", []string{"A", "L", "S", "S>A", "S>L"}},
		{"mother, cancelled", w.parent(), during, `UPDATE booking SET status = 'cancelled', cancelled_at = now(), cancelled_by = 'customer'`,
			`UPDATE booking SET status = 'placed', cancelled_at = NULL, cancelled_by = NULL`, []string{"A", "L", "S", "S>A", "S>L"}},
		{"father who may not see it", medical.Reader{Guardian: w.father, Role: medical.Guardian}, during, "", "", nil},
		{"another parent", medical.Reader{Guardian: w.stranger, Role: medical.Guardian}, during, "", "", nil},
		{"nobody", medical.Reader{}, during, "", "", nil},
		{"no role", medical.Reader{Guardian: w.mother}, during, "", "", nil},
		{"mother posing as animator", medical.Reader{Guardian: w.mother, Role: medical.Animator}, during, "", "", nil},
		{"staff posing as guardian", medical.Reader{Staff: w.animator, Guardian: w.mother, Role: medical.Guardian}, during, "", "", nil},

		{"animator", staffReader(w.animator, medical.Animator), during, "", "", []string{"A"}},
		{"animator, first evening", staffReader(w.animator, medical.Animator), day("2027-06-27 22:30"), "", "", []string{"A"}}, // 0:30 in Belgium
		{"animator, a day early", staffReader(w.animator, medical.Animator), day("2027-06-27 21:30"), "", "", nil},
		{"animator, last day", staffReader(w.animator, medical.Animator), day("2027-07-10 21:59"), "", "", []string{"A"}},
		{"animator, too late", staffReader(w.animator, medical.Animator), day("2027-07-10 22:00"), "", "", nil},
		{"animator, removed", staffReader(w.animator, medical.Animator), during, `UPDATE assignment SET removed_at = now()`, `UPDATE assignment SET removed_at = NULL`, nil},
		{"animator, left the organisation", staffReader(w.animator, medical.Animator), during, `UPDATE staff SET active = false`, `UPDATE staff SET active = true`, nil},
		{"animator, role taken", staffReader(w.animator, medical.Animator), during, `UPDATE staff_role SET role = 'accounting' WHERE role = 'animator'`,
			`UPDATE staff_role SET role = 'animator' WHERE role = 'accounting' AND staff_id NOT IN (SELECT id FROM staff WHERE name LIKE 'Bert%')`, nil},
		{"animator, cancelled booking", staffReader(w.animator, medical.Animator), during, `UPDATE booking SET status = 'cancelled', cancelled_at = now(), cancelled_by = 'customer'`,
			`UPDATE booking SET status = 'placed', cancelled_at = NULL, cancelled_by = NULL`, nil},
		{"animator, excluded child", staffReader(w.animator, medical.Animator), during, `UPDATE booking SET status = 'excluded'`, `UPDATE booking SET status = 'placed'`, nil},
		{"animator, booking in review", staffReader(w.animator, medical.Animator), during, `UPDATE booking SET status = 'in_review'`, `UPDATE booking SET status = 'placed'`, []string{"A"}},
		{"animator, camp cancelled", staffReader(w.animator, medical.Animator), during, `UPDATE departure SET status = 'cancelled'`, `UPDATE departure SET status = 'published'`, nil},
		{"animator posing as lead", staffReader(w.animator, medical.Lead), during, "", "", nil},
		{"animator posing as office", staffReader(w.animator, medical.Office), during, "", "", nil},
		{"animator of another camp", staffReader(w.otherAnimator, medical.Animator), during, "", "", nil},

		{"lead", staffReader(w.lead, medical.Lead), during, "", "", []string{"A", "L"}},
		{"lead as animator", staffReader(w.lead, medical.Animator), during, "", "", []string{"A"}},
		{"lead, two weeks before", staffReader(w.lead, medical.Lead), day("2027-06-21 10:00"), "", "", []string{"A", "L"}},
		{"lead, too early", staffReader(w.lead, medical.Lead), day("2027-06-20 10:00"), "", "", nil},
		{"lead, a week after", staffReader(w.lead, medical.Lead), day("2027-07-16 10:00"), "", "", []string{"A", "L"}},
		{"lead, too late", staffReader(w.lead, medical.Lead), day("2027-07-17 10:00"), "", "", nil},
		{"lead, no longer lead here", staffReader(w.lead, medical.Lead), during, `UPDATE assignment SET lead = false`, `UPDATE assignment SET lead = true WHERE staff_id IN (SELECT id FROM staff WHERE name LIKE 'Lies%')`, nil},

		{"office", staffReader(w.office, medical.Office), during, "", "", []string{"S", "S>A", "S>L"}},
		{"office without purpose", medical.Reader{Staff: w.office, Role: medical.Office}, during, "", "", nil},
		{"office as animator", staffReader(w.office, medical.Animator), during, "", "", nil},
		{"accounting as office", staffReader(w.accounting, medical.Office), during, "", "", nil},
		{"accounting as animator", staffReader(w.accounting, medical.Animator), during, "", "", nil},
	}
	for _, c := range cases {
		w.at = c.at
		if c.setUp != "" {
			w.exec(c.setUp)
		}
		before := w.insert(`SELECT count(*) FROM fiche_access`)
		sheet, err := w.Read(w.ctx, c.who, w.booking)
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
		if n := w.insert(`SELECT count(*) FROM fiche_access`); n != before+1 {
			t.Errorf("%s: %d lines in the access log, want 1", c.name, n-before)
		}
		outcome := map[bool]string{true: "refused", false: "allowed"}[c.codes == nil]
		if n := w.insert(`SELECT count(*) FROM fiche_access WHERE seq = (SELECT max(seq) FROM fiche_access) AND outcome = $1`, outcome); n != 1 {
			t.Errorf("%s: not logged as %s", c.name, outcome)
		}
		if c.undo != "" {
			w.exec(c.undo)
		}
	}
	if _, broken, err := w.Verify(w.ctx, medical.Head{}); err != nil || len(broken) > 0 {
		t.Errorf("the log of all that: %v %v", broken, err)
	}
}

func TestReadOneTopic(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fillIn()
	sheet, err := w.Read(w.ctx, staffReader(w.lead, medical.Lead), w.booking, "med")
	w.must(err)
	for _, a := range sheet.Answers {
		if a.Question.Section != "med" {
			t.Errorf("%s was not asked for", a.Question.ID)
		}
	}
	if len(sheet.Answers) == 0 || sheet.Care.State != medical.CareUnreadable {
		t.Errorf("%d answers, care %d: what was not asked for is not known", len(sheet.Answers), sheet.Care.State)
	}
	if _, err := w.Read(w.ctx, w.parent(), w.booking, "no such topic"); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("an unknown topic: %v", err)
	}
	if _, err := w.Read(w.ctx, w.parent(), 999); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("an unknown booking: %v", err)
	}
}

// Marks come from answers that everybody on the camp may see, so that a red dot tells nobody more than the fiche would.
func TestMarksTellNoMoreThanTheFiche(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.Questions.Current()
	all := everything(v, func(string) string { return "x" })
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
	w := newWorld(t)
	w.fillIn()
	p := w.participant("Lou", campStart.AddMonths(-120))
	w.exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.mother, p)
	other := w.book(p, w.camp, "placed")
	w.must(w.answerCare(p, w.camp, w.mother, medical.CareAnswer{}))
	gone := w.participant("Weg", campStart.AddMonths(-120))
	w.exec(`UPDATE booking SET status = 'excluded' WHERE id = $1`, w.book(gone, w.camp, "placed"))

	list, err := w.Camp(w.ctx, staffReader(w.animator, medical.Animator), w.camp)
	w.must(err)
	got := map[id.Booking]medical.Sheet{}
	for _, s := range list {
		got[s.Booking] = s
		if len(s.Answers) > 0 {
			t.Error("the list holds answers")
		}
	}
	if len(got) != 2 || got[w.booking].Level() != questionnaire.Red || len(got[w.booking].Flags) == 0 || got[other].Level() != questionnaire.Amber {
		t.Errorf("%d children, levels %d and %d", len(got), got[w.booking].Level(), got[other].Level())
	}
	for name, r := range map[string]medical.Reader{"other camp": staffReader(w.otherAnimator, medical.Animator), "office": staffReader(w.office, medical.Office),
		"parent": w.parent(), "animator as lead": staffReader(w.animator, medical.Lead)} {
		if _, err := w.Camp(w.ctx, r, w.camp); !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if empty, err := w.Camp(w.ctx, staffReader(w.otherAnimator, medical.Animator), w.other); err != nil || len(empty) != 0 {
		t.Errorf("a camp without children: %d, %v", len(empty), err)
	}
	if n := w.insert(`SELECT count(*) FROM fiche_access WHERE action = 'list'`); n != 6 {
		t.Errorf("%d lines for 6 lists", n)
	}
}
