package medical_test

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/seal"
	"joetz/medical/seal/sealtest"
	"joetz/terms/id"
)

func TestLogCannotBeChangedUnseen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change string
		want   []medical.Broken
	}{
		"untouched":       {``, nil},
		"who":             {`UPDATE fiche_access SET actor = 'staff:999' WHERE seq = 2`, []medical.Broken{{Seq: 2, Why: "changed"}}},
		"when":            {`UPDATE fiche_access SET at = at + interval '1 hour' WHERE seq = 3`, []medical.Broken{{Seq: 3, Why: "changed"}}},
		"what":            {`UPDATE fiche_access SET topics = '{}' WHERE seq = 1`, []medical.Broken{{Seq: 1, Why: "changed"}}},
		"refused made ok": {`UPDATE fiche_access SET outcome = 'allowed' WHERE seq = 4`, []medical.Broken{{Seq: 4, Why: "changed"}}},
		"first removed":   {`DELETE FROM fiche_access WHERE seq = 1`, []medical.Broken{{Seq: 2, Why: "missing"}}},
		"one removed":     {`DELETE FROM fiche_access WHERE seq = 3`, []medical.Broken{{Seq: 4, Why: "missing"}}},
		"last removed":    {`DELETE FROM fiche_access WHERE seq = 5`, []medical.Broken{{Seq: 5, Why: "missing"}}},
		"removed and renumbered": {`DELETE FROM fiche_access WHERE seq = 3; UPDATE fiche_access SET seq = seq - 1 WHERE seq > 3`,
			[]medical.Broken{{Seq: 3, Why: "changed"}, {Seq: 4, Why: "changed"}, {Seq: 5, Why: "missing"}}},
		"forged at the end": {`INSERT INTO fiche_access SELECT seq + 1, at, actor, role, action, outcome, participant_id, departure_id, fiche_id, topics,
			purpose, request, ip, device, mac, mac FROM fiche_access WHERE seq = 5`, []medical.Broken{{Seq: 6, Why: "changed"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := medicaltest.New(t)
			for range 3 {
				_, err := w.Read(w.Ctx, w.Parent(), w.Booking, "care")
				w.Must(err)
			}
			w.Read(w.Ctx, medicaltest.Staff(w.OtherAnimator, medical.Animator), w.Booking) // refused
			_, err := w.Today(medicaltest.Staff(w.Animator, medical.Animator), w.Here)
			w.Must(err)
			known, broken, err := w.Verify(w.Ctx, medical.Head{})
			if err != nil || len(broken) > 0 || known.Seq != 5 {
				t.Fatalf("before: %v %v, %d lines", err, broken, known.Seq)
			}
			if c.change != "" {
				w.Exec(`ALTER TABLE fiche_access DISABLE TRIGGER USER`)
				w.Exec(`DO $$ BEGIN ` + c.change + `; END $$`)
			}
			_, broken, err = w.Verify(w.Ctx, known)
			if err != nil || !cmp.Equal(broken, c.want) {
				t.Errorf("got %v %v, want %v", broken, err, c.want)
			}
		})
	}
}

func TestLogIsInsertOnly(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	_, err := w.Read(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	for _, stmt := range []string{`UPDATE fiche_access SET actor = 'x'`, `DELETE FROM fiche_access`} {
		if _, err := w.DB.Exec(stmt); err == nil {
			t.Errorf("%s was let through", stmt)
		}
	}
}

// What cannot be logged is not shown.
func TestNoLogNoFiche(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.Must(w.AnswerCare(w.Child, w.Here, w.Mother, medical.CareAnswer{Needed: true, Text: "x"}))
	w.Exec(`ALTER TABLE fiche_access ADD CONSTRAINT full_disk CHECK (false) NOT VALID`)
	sheet, err := w.Read(w.Ctx, w.Parent(), w.Booking)
	if !errors.Is(err, medical.ErrUnavailable) || len(sheet.Answers) > 0 {
		t.Errorf("read: %d answers, %v", len(sheet.Answers), err)
	}
	list, err := w.Today(medicaltest.Staff(w.Animator, medical.Animator), w.Here)
	if !errors.Is(err, medical.ErrUnavailable) || len(list) > 0 {
		t.Errorf("list: %d, %v", len(list), err)
	}
}

func TestManyReadersAtOnce(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				if _, err := w.Read(context.WithoutCancel(w.Ctx), w.Parent(), w.Booking); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if head, broken, err := w.Verify(w.Ctx, medical.Head{}); err != nil || len(broken) > 0 || head.Seq != 40 {
		t.Errorf("%d lines, %v %v", head.Seq, broken, err)
	}
}

func TestWhoRead(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.Must(w.AnswerCare(w.Child, w.Here, w.Mother, medical.CareAnswer{Needed: true, Text: "x"}))
	step := func() { w.At = w.At.Add(time.Minute) }
	read := func(r medical.Reader, topics ...string) { step(); _, _ = w.Read(w.Ctx, r, w.Booking, topics...) }
	read(w.Parent())
	read(medicaltest.Staff(w.Animator, medical.Animator), "care")
	read(medicaltest.Staff(w.OtherAnimator, medical.Animator))
	step()
	_, err := w.Today(medicaltest.Staff(w.Lead, medical.Lead), w.Here)
	w.Must(err)
	step()
	_, err = w.Today(medicaltest.Staff(w.OtherAnimator, medical.Animator), w.Elsewhere)
	w.Must(err)

	got, err := w.WhoRead(w.Ctx, w.Mother, w.Child)
	w.Must(err)
	var lines []string
	for _, o := range got {
		lines = append(lines, strings.Join([]string{o.At.UTC().Format("15:04"), o.Role, o.FirstName, o.Action, o.Outcome, strings.Join(o.Topics, "+"), map[bool]string{true: "me"}[o.Mine]}, " "))
	}
	want := []string{"10:04 lead Lies list allowed med+consent ", "10:03 animator Ander view refused  ", "10:02 animator Amber view allowed care ", "10:01 guardian  view allowed  me"}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	for _, g := range []id.Guardian{w.Father, w.Stranger, 0} {
		if _, err := w.WhoRead(w.Ctx, g, w.Child); !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("guardian %d: %v", g, err)
		}
	}
}

// A word typed into every field is nowhere but on its reader's screen.
func TestCanaries(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.AskEverything()
	words := w.FillIn()
	agreed, asked := sealtest.Canary("afspraak"), sealtest.Canary("checkout")
	w.Must(w.Decide(medicaltest.Staff(w.Office, medical.Office), w.Booking, medical.Decision{Outcome: medical.Agreements, Agreements: seal.Text(agreed)}))
	lou := w.AddChild("Lou", medicaltest.First.AddMonths(-120))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, lou)
	w.Book(lou, w.Here, "in_review")
	w.Must(w.AnswerCare(lou, w.Here, w.Mother, medical.CareAnswer{Needed: true, Text: seal.Text(asked)}))
	words = append(words, agreed, asked)

	sheet, err := w.Read(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	w.Log.Info("somebody logs too much", "sheet", sheet, "care", sheet.Care, "answers", sheet.Answers, "kept", sheet.Kept())
	shown := ""
	for _, a := range sheet.Answers {
		for _, line := range sheet.Version.Lines(a.Question, sheet.Kept(), "nl") {
			shown += line.Text + "\n"
		}
	}
	if len(words) < 80 {
		t.Fatalf("only %d fields were typed into", len(words))
	}
	for _, word := range words[:len(words)-2] {
		if _, found := sealtest.Find([]byte(shown), word); !found {
			t.Errorf("%s is lost: its own reader does not see it", word)
		}
	}
	sealtest.Absent(t, "the log", w.Logged.Bytes(), words...)
	sealtest.Absent(t, "the database", dump(t, w), words...)

	w.Exec(`DELETE FROM fiche_key`)
	_, err = w.Read(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	sealtest.Absent(t, "the log about what does not open", w.Logged.Bytes(), words...)
}

// dump is every row of every table as text, and what pg_dump makes of the database where there is one.
func dump(t *testing.T, w *medicaltest.World) []byte {
	t.Helper()
	var tables, rows []string
	w.Must(w.DB.Select(&tables, `SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`))
	var out []byte
	for _, table := range tables {
		rows = nil
		w.Must(w.DB.Select(&rows, `SELECT t::text FROM `+table+` t`))
		out = append(out, strings.Join(rows, "\n")...)
	}
	programs, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if path, err := exec.LookPath("pg_dump"); err == nil {
		programs = append(programs, path)
	}
	for _, p := range programs {
		text, err := exec.CommandContext(w.Ctx, p, "--dbname", w.DSN).Output()
		if err == nil && len(text) > 0 {
			return append(out, text...)
		}
	}
	t.Log("no pg_dump: only the rows were searched")
	return out
}
