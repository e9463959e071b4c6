package medical_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// The nightly wiping comes to a fiche on which somebody is at work: it waits, and then leaves alone what a file holds now, what is
// booked again, and what a family went on with.
func TestWipingWaitsAndLooksAgain(t *testing.T) {
	t.Parallel()
	due := civil.Must(2027, 9, 8) // 60 days after 9 July
	for name, meanwhile := range map[string]func(w *medicaltest.World, tx *sqlx.Tx, f id.Fiche) error{
		"a file holds it": func(w *medicaltest.World, tx *sqlx.Tx, f id.Fiche) error {
			_, err := tx.Exec(`INSERT INTO fiche_hold (fiche_id, placed_at, placed_by, reference) VALUES ($1, $2, $3, '2027-0012')`, f, w.At, w.Office)
			return err
		},
		"its consent runs longer": func(w *medicaltest.World, tx *sqlx.Tx, f id.Fiche) error {
			_, err := tx.Exec(`UPDATE fiche SET keep_until = $2 WHERE id = $1`, f, due)
			return err
		},
		"nothing": func(*medicaltest.World, *sqlx.Tx, id.Fiche) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := medicaltest.New(t)
			early(w)
			w.FillIn()
			fate, _, err := w.FateOf(w.Ctx, w.Booking)
			w.Must(err)
			w.At = due.Start()
			wiped, failed := waits(w, func() (int, error) { return w.WipeDue(w.Ctx) }, func(tx *sqlx.Tx) error {
				if _, err := tx.Exec(`SELECT 1 FROM fiche WHERE id = $1 FOR UPDATE`, fate.Fiche); err != nil {
					return err
				}
				return meanwhile(w, tx, fate.Fiche)
			})
			want := 0
			if name == "nothing" {
				want = 1
			}
			if failed != nil || wiped != want {
				t.Errorf("%d wiped, %v; want %d", wiped, failed, want)
			}
		})
	}
}

// A family that left comes back in the moment in which its fiche is wiped: what it answered now stays.
func TestWipingLeavesWhatAFamilyJustAnswered(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	lou := w.AddChild("Lou", medicaltest.First.AddMonths(-120))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, lou)
	answer := func(tx *sqlx.Tx, needed bool) error {
		return w.AnswerCareTx(w.Ctx, tx, medical.CareFor{Participant: lou, Departure: w.Here, By: w.Mother, CareAnswer: medical.CareAnswer{Needed: needed, Text: "x"}})
	}
	w.Must(pg.InTx(w.Ctx, w.DB, func(tx *sqlx.Tx) error { return answer(tx, false) }))
	w.At = w.At.AddDate(0, 0, 61) // nobody booked
	wiped, err := waits(w, func() (int, error) { return w.WipeDue(w.Ctx) }, func(tx *sqlx.Tx) error { return answer(tx, true) })
	if err != nil || wiped != 0 {
		t.Errorf("%d wiped, %v", wiped, err)
	}
	w.Book(lou, w.Elsewhere, "placed")
	plan, err := w.WipePlan(w.Ctx)
	w.Must(err)
	if len(plan) != 1 || plan[0].Because != "not_booked" || plan[0].On != civil.Of(w.At).AddDays(61) { // though another child goes on that camp, and this one on another
		t.Errorf("plan %+v", plan)
	}
	w.At = w.At.AddDate(0, 0, 61)
	if wiped, err = w.WipeDue(w.Ctx); err != nil || wiped != 1 {
		t.Errorf("two months later: %d wiped, %v", wiped, err)
	}
}

// A family saves a page of a fiche that is wiped in that moment: it hears that there is none, and nothing is kept.
func TestASaveThatWaitsForAWipedFiche(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	swims := answers{"sport.swim": {Text: "no"}, "sport.limits": {Text: "no"}}
	w.Must(savePage(w, 0, swims))
	saved := make(chan error, 1)
	w.Must(pg.InTx(w.Ctx, w.DB, func(tx *sqlx.Tx) error {
		if _, err := tx.Exec(`SELECT 1 FROM fiche FOR UPDATE`); err != nil { // as wiping begins
			return err
		}
		go func() { saved <- savePage(w, 1, swims) }()
		for w.Insert(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
			if len(saved) > 0 {
				return errors.New("it did not wait")
			}
		}
		_, err := tx.Exec(`UPDATE fiche SET wiped_at = $1, wiped_because = 'erasure'`, w.At)
		return err
	}))
	if err := <-saved; !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("a page of a wiped fiche: %v", err)
	}
}

// waits runs f until it waits for what a transaction did, ends that, and gives what f answers.
func waits(w *medicaltest.World, f func() (int, error), first func(tx *sqlx.Tx) error) (n int, err error) {
	done := make(chan struct{})
	failed := pg.InTx(w.Ctx, w.DB, func(tx *sqlx.Tx) error {
		if err := first(tx); err != nil {
			close(done)
			return err
		}
		go func() {
			defer close(done)
			n, err = f()
		}()
		for w.Insert(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
			select {
			case <-done:
				return errors.New("it did not wait")
			default:
			}
		}
		return nil
	})
	<-done
	return n, errors.Join(err, failed)
}
