package medical_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/seal/sealtest"
	"joetz/terms/id"
)

const why = "Noa is gevallen en antwoordt niet"

func quiet(*sqlx.Tx, medical.Override, []id.Guardian) error { return nil }

// Who may open one fiche in an emergency, and what they then see: the office and a lead from anywhere, an animator only of
// the own camp outside its days; nobody who was taken off it, or left.
func TestWhoOpensInAnEmergency(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		who  func(w *medicaltest.World) id.Staff
		may  bool
		lead bool // sees what only a lead sees
	}{
		"office":                   {func(w *medicaltest.World) id.Staff { return w.Office }, true, true},
		"lead of another camp":     {func(w *medicaltest.World) id.Staff { return w.AddStaff("Leen", "lead") }, true, true},
		"animator of another camp": {func(w *medicaltest.World) id.Staff { return w.OtherAnimator }, false, false},
		"animator here, after it":  {func(w *medicaltest.World) id.Staff { return w.Animator }, true, false},
		"accounting":               {func(w *medicaltest.World) id.Staff { return w.Accounting }, false, false},
		"lead taken off this camp": {func(w *medicaltest.World) id.Staff { w.Exec(`UPDATE assignment SET removed_at = now()`); return w.Lead }, false, false},
		"lead who left":            {func(w *medicaltest.World) id.Staff { w.Exec(`UPDATE staff SET active = false`); return w.Lead }, false, false},
		"office, camp called off": {func(w *medicaltest.World) id.Staff {
			w.Exec(`UPDATE departure SET status = 'cancelled'`)
			return w.Office
		}, false, false},
		"office, booking called off": {func(w *medicaltest.World) id.Staff {
			w.Exec(`UPDATE booking SET status = 'cancelled', cancelled_at = now(), cancelled_by = 'customer'`)
			return w.Office
		}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := medicaltest.New(t)
			early(w)
			w.FillIn()
			w.At = medicaltest.Last.AddDays(20).Start()
			r := medical.Reader{Staff: c.who(w)}
			_, err := w.Today(medicaltest.Staff(r.Staff, medical.Animator), w.Here)
			if err == nil {
				t.Error("reads the camp without an emergency")
			}
			if _, own, err := w.ReadsAnyway(w.Ctx, r, w.Booking); own || err != nil {
				t.Errorf("reads it anyway: %v %v", own, err)
			}
			o, err := w.OpenOverride(w.Ctx, r, w.Booking, why, quiet)
			if got := err == nil; got != c.may {
				t.Fatalf("opened: %v", err)
			}
			if !c.may {
				if n := w.Insert(`SELECT count(*) FROM fiche_access WHERE action = 'override' AND outcome = 'refused'`); !errors.Is(err, medical.ErrNotFound) || n != 1 {
					t.Errorf("%v; %d refusals in the log", err, n)
				}
				return
			}
			day, _, err := w.ReadOverride(w.Ctx, r, o.ID)
			w.Must(err)
			kept := day.Sheet.Kept()
			_, doctor := kept["contact.gp_name"]
			if _, allergy := kept["allergy.any"]; !allergy || doctor != c.lead || kept["care.diagnosis"].Text != "" {
				t.Errorf("sees allergy %v, doctor %v, diagnosis %v", allergy, doctor, kept["care.diagnosis"].Text != "")
			}
		})
	}
}

// It is one fiche, for an hour, by who opened it; the guardians who read the fiche are told; the reason is sealed and goes
// with the fiche; somebody else looks into it.
func TestOneFicheForAnHour(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	w.FillIn()
	word := sealtest.Canary("reden")
	leen := medical.Reader{Staff: w.AddStaff("Leen", "lead")}
	if _, err := w.OpenOverride(w.Ctx, leen, w.Booking, "ziek", quiet); err == nil {
		t.Error("a reason of four letters passes")
	}
	failed := errors.New("no mail")
	if _, err := w.OpenOverride(w.Ctx, leen, w.Booking, why, func(*sqlx.Tx, medical.Override, []id.Guardian) error { return failed }); !errors.Is(err, failed) {
		t.Errorf("opened though nobody could be told: %v", err)
	}
	var told []id.Guardian
	o, err := w.OpenOverride(w.Ctx, leen, w.Booking, why+" "+word, func(_ *sqlx.Tx, _ medical.Override, g []id.Guardian) error { told = g; return nil })
	w.Must(err)
	if len(told) != 1 || told[0] != w.Mother || o.EndsAt.Sub(o.OpenedAt) != time.Hour {
		t.Errorf("told %v, for %v", told, o.EndsAt.Sub(o.OpenedAt))
	}
	sealtest.Absent(t, "the notes", []byte(strings.Join(rowsOf(w, "fiche_note"), "\n")), "kanarie")
	sealtest.Absent(t, "the log", []byte(strings.Join(rowsOf(w, "fiche_access"), "\n")), "kanarie")
	reads := func(r medical.Reader) error { _, _, err := w.ReadOverride(w.Ctx, r, o.ID); return err }
	w.Must(reads(leen))
	if !errors.Is(reads(medical.Reader{Staff: w.Office}), medical.ErrNotFound) {
		t.Error("a colleague reads what another opened")
	}
	other := w.Book(w.AddChild("Lou", medicaltest.First.AddMonths(-120)), w.Here, "placed")
	if _, err := w.Read(w.Ctx, medical.Reader{Staff: leen.Staff, Role: medical.Lead, Override: o.ID}, other); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("another child by the same opening: %v", err)
	}
	mia := medical.Reader{Staff: w.AddStaff("Mia", "lead")}
	w.Must(w.Promise(w.Ctx, mia))
	w.Must(w.Promise(w.Ctx, leen))
	elsewhere := w.Book(w.Child, w.Elsewhere, "placed")
	for name, c := range map[string]struct {
		r medical.Reader
		b id.Booking
	}{
		"another lead":              {medical.Reader{Staff: mia.Staff, Role: medical.Lead, Override: o.ID}, w.Booking},
		"no such opening":           {medical.Reader{Staff: leen.Staff, Role: medical.Lead, Override: o.ID + 1}, w.Booking},
		"in another role":           {medical.Reader{Staff: leen.Staff, Role: medical.Animator, Override: o.ID}, w.Booking},
		"the child on another camp": {medical.Reader{Staff: leen.Staff, Role: medical.Lead, Override: o.ID}, elsewhere},
	} {
		if _, err := w.Read(w.Ctx, c.r, c.b); !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("%s reads by that opening: %v", name, err)
		}
	}
	if _, err := w.Read(w.Ctx, medical.Reader{Staff: leen.Staff, Role: medical.Lead, Override: o.ID}, w.Booking); err != nil {
		t.Errorf("who opened it: %v", err)
	}
	w.At = w.At.Add(59 * time.Minute)
	w.Must(reads(leen))
	w.Must(w.CloseOverride(w.Ctx, leen, o.ID))
	w.Must(w.CloseOverride(w.Ctx, leen, o.ID))
	if !errors.Is(reads(leen), medical.ErrNotFound) {
		t.Error("reads after closing")
	}
	again, err := w.OpenOverride(w.Ctx, leen, w.Booking, why, quiet)
	w.Must(err)
	w.At = w.At.Add(time.Hour)
	if _, _, err := w.ReadOverride(w.Ctx, leen, again.ID); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("reads after an hour: %v", err)
	}

	olga := medical.Reader{Staff: w.Office}
	waiting, total, err := w.OverridesToReview(w.Ctx, 10)
	w.Must(err)
	if total != 2 || waiting[0].ID != o.ID || waiting[0].Reason != "" {
		t.Fatalf("%d wait", total)
	}
	if seen, err := w.OverrideForReview(w.Ctx, olga, o.ID); err != nil || !strings.Contains(string(seen.Reason), word) {
		t.Errorf("the reason is not there: %v", err)
	}
	if _, err := w.OverrideForReview(w.Ctx, medical.Reader{Staff: w.Accounting}, o.ID); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("accounting reads the reason: %v", err)
	}
	if err := w.ReviewOverride(w.Ctx, olga, o.ID, false, ""); err == nil {
		t.Error("not justified, without a word")
	}
	w.Must(w.ReviewOverride(w.Ctx, olga, o.ID, false, "Een telefoon naar de ouder was genoeg."))
	if err := w.ReviewOverride(w.Ctx, olga, o.ID, true, ""); err == nil {
		t.Error("looked into twice")
	}
	mine, err := w.OpenOverride(w.Ctx, olga, w.Booking, why, quiet)
	w.Must(err)
	if err := w.ReviewOverride(w.Ctx, olga, mine.ID, true, ""); err == nil {
		t.Error("finds oneself justified")
	}
	// With the fiche goes what was typed about it; that it was opened stays.
	if _, err := w.Erase(w.Ctx, w.Child); err != nil {
		t.Fatal(err)
	}
	if seen, err := w.OverrideForReview(w.Ctx, olga, o.ID); err != nil || seen.Reason != "" || seen.ReviewedAt.IsZero() {
		t.Errorf("after wiping: %v, %v", seen.Reason == "", err)
	}
	if _, broken, err := w.Verify(w.Ctx, medical.Head{}); err != nil || len(broken) > 0 {
		t.Errorf("the log: %v %v", broken, err)
	}
}

func rowsOf(w *medicaltest.World, table string) (rows []string) {
	w.Must(w.DB.Select(&rows, `SELECT t::text FROM `+table+` t`))
	return rows
}

// A bus full of children is no emergency of one fiche: after a dozen within a day it takes a call to the office.
func TestNotADozenEmergencies(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	for range 12 {
		_, err := w.OpenOverride(w.Ctx, medical.Reader{Staff: w.Office}, w.Booking, why, quiet)
		w.Must(err)
	}
	if _, err := w.OpenOverride(w.Ctx, medical.Reader{Staff: w.Office}, w.Booking, why, quiet); err == nil {
		t.Error("a thirteenth")
	}
	w.At = w.At.Add(24 * time.Hour)
	if _, err := w.OpenOverride(w.Ctx, medical.Reader{Staff: w.Office}, w.Booking, why, quiet); err != nil {
		t.Error(err)
	}
}

// What an animator or lead of the camp may read in its days is no emergency, so that nobody is told of it; for everybody else it
// is one.
func TestOwnCampIsNoEmergency(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.FillIn()
	for who, own := range map[id.Staff]bool{w.Animator: true, w.Lead: true, w.OtherAnimator: false, w.Office: false, w.AddStaff("Leen", "lead"): false} {
		d, may, err := w.ReadsAnyway(w.Ctx, medical.Reader{Staff: who}, w.Booking)
		if err != nil || may != own || may && d != w.Here {
			t.Errorf("staff %d: %d %v %v", who, d, may, err)
		}
	}
}
