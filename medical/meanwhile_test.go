package medical_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/migrations/pg"
	"joetz/terms/fault"
)

// savePage sends a page of the fiche as it was made when the topic had been saved seen times.
func savePage(w *medicaltest.World, seen int, a answers) error {
	return pg.InTx(w.Ctx, w.DB, func(tx *sqlx.Tx) error {
		_, err := w.SaveTopicTx(w.Ctx, tx, w.Parent(), w.Booking, medical.Page{Topic: "sport", Lang: "nl", Seen: seen}, a)
		return err
	})
}

// Two parents, or one in two windows, fill in the same page: the second hears of it, and nothing is replaced before.
func TestAPageThatWasSavedMeanwhile(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	swims := func(how string) answers {
		return answers{"sport.swim": {Text: how}, "sport.limits": {Text: "no"}}
	}
	// All at once on a page that nobody saved yet: one is kept.
	var kept, refused atomic.Int32
	var group sync.WaitGroup
	for _, how := range []string{"no", "25m", "100m", "armbands"} {
		group.Go(func() {
			switch err := savePage(w, 0, swims(how)); {
			case err == nil:
				kept.Add(1)
			case errors.Is(err, medical.ErrMeanwhile):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	if kept.Load() != 1 || refused.Load() != 3 {
		t.Fatalf("%d kept, %d refused", kept.Load(), refused.Load())
	}
	form, err := w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	now := form.Answers()["sport.swim"].Text
	other := "25m"
	if now == other {
		other = "100m"
	}
	// The same answers again are nothing to choose between; others are, until the page is shown anew.
	w.Must(savePage(w, 0, swims(now)))
	if err := savePage(w, 1, swims(other)); !errors.Is(err, medical.ErrMeanwhile) {
		t.Errorf("a page of before replaced what was saved: %v", err)
	}
	w.Must(savePage(w, 2, swims(other)))
}

// The page of a fiche that is there already is saved twice in the same moment: the second waits for the first, and then hears of it.
func TestTheSecondOfTwoSavesWaits(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	w.Must(savePage(w, 0, answers{"sport.swim": {Text: "no"}, "sport.limits": {Text: "no"}}))
	second := make(chan error, 1)
	w.Must(pg.InTx(w.Ctx, w.DB, func(tx *sqlx.Tx) error {
		_, err := w.SaveTopicTx(w.Ctx, tx, w.Parent(), w.Booking, medical.Page{Topic: "sport", Lang: "nl", Seen: 1}, answers{"sport.swim": {Text: "25m"}, "sport.limits": {Text: "no"}})
		if err != nil {
			return err
		}
		go func() { second <- savePage(w, 1, answers{"sport.swim": {Text: "100m"}, "sport.limits": {Text: "no"}}) }()
		for w.Insert(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 0 {
			if len(second) > 0 {
				return errors.New("it did not wait")
			}
		}
		return nil
	}))
	if err := <-second; !errors.Is(err, medical.ErrMeanwhile) {
		t.Errorf("the second replaced what it had not seen: %v", err)
	}
	form, err := w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	if how := form.Answers()["sport.swim"].Text; how != "25m" {
		t.Errorf("kept is %q", how)
	}
}

// What is signed is what was looked through.
func TestNobodySignsWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.FillIn()
	w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	form, err := w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	in := medical.Signing{Lang: "nl", Seen: form.Revision}
	for _, topic := range []string{"sport", "sport"} { // at the same moment of the clock, too
		w.Must(savePage(w, revision(form, topic), answers{"sport.swim": {Text: "no"}, "sport.limits": {Text: "no"}}))
		if err := w.Sign(w.Ctx, w.Parent(), w.Booking, in); fault.Of(err) == nil || fault.Of(err).Key != "medical.changed" {
			t.Fatalf("signed what nobody looked through: %v", err)
		}
		form, err = w.Form(w.Ctx, w.Parent(), w.Booking)
		w.Must(err)
	}
	in.Seen = form.Revision
	w.Must(w.Sign(w.Ctx, w.Parent(), w.Booking, in))
}

func revision(f medical.Form, topic string) int {
	for _, t := range f.Topics {
		if t.ID == topic {
			return t.Revision
		}
	}
	return 0
}
