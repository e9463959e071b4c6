package medical_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

func TestCareAnswerFromCheckoutToCamp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.answerCare(w.child, w.camp, w.mother, medical.CareAnswer{Needed: true, Text: "rustig wakker maken", Lang: "nl"}))

	// The parent reads their own words back.
	sheet, err := w.Read(w.ctx, w.parent(), w.booking)
	w.must(err)
	if a := sheet.Kept(); sheet.State != medical.Missing || sheet.Care.State != medical.CareUndecided || a["care.any"].Text != "yes" || a["care.how"].Text != "rustig wakker maken" {
		t.Errorf("parent: state %d, care %d", sheet.State, sheet.Care.State)
	}
	// Office sees them, to decide.
	sheet, err = w.Read(w.ctx, staffReader(w.office, medical.Office), w.booking, "care")
	w.must(err)
	if sheet.Kept()["care.how"].Text != "rustig wakker maken" {
		t.Error("office does not see what it has to decide on")
	}
	// The animator knows that something has to be agreed, and not what the parent wrote.
	camp := staffReader(w.animator, medical.Animator)
	sheet, err = w.Read(w.ctx, camp, w.booking)
	w.must(err)
	if sheet.Care.State != medical.CareUndecided || len(sheet.Answers) != 0 || sheet.Level() == 0 {
		t.Errorf("animator before the decision: care %d, %d answers, level %d", sheet.Care.State, len(sheet.Answers), sheet.Level())
	}

	agreed := medical.Decision{Outcome: medical.Agreements, Agreements: "Zacht wekken, eerst het licht.", Lang: "nl"}
	w.must(w.decide(staffReader(w.office, medical.Office), w.booking, agreed))
	sheet, err = w.Read(w.ctx, camp, w.booking)
	w.must(err)
	if sheet.Care.State != medical.CareAgreed || string(sheet.Care.Agreements) != "Zacht wekken, eerst het licht." || len(sheet.Answers) != 0 {
		t.Errorf("animator after the decision: care %d", sheet.Care.State)
	}
	if err := w.decide(staffReader(w.office, medical.Office), w.booking, agreed); fault.Of(err) == nil || fault.Of(err).Kind != fault.Conflict {
		t.Errorf("deciding twice: %v", err)
	}
}

func TestCareAnswerNo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.answerCare(w.child, w.camp, w.mother, medical.CareAnswer{Needed: true, Text: "toch wel"}))
	w.must(w.answerCare(w.child, w.camp, w.mother, medical.CareAnswer{Needed: false}))
	sheet, err := w.Read(w.ctx, staffReader(w.animator, medical.Animator), w.booking)
	w.must(err)
	if sheet.Care.State != medical.CareNone || sheet.State != medical.Missing {
		t.Errorf("care %d, state %d", sheet.Care.State, sheet.State)
	}
	if _, err := w.Read(w.ctx, staffReader(w.office, medical.Office), w.booking); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("office reads where there is nothing to decide: %v", err)
	}
	if n := w.insert(`SELECT count(*) FROM fiche`); n != 1 {
		t.Errorf("%d fiches for one child on one camp", n)
	}
}

func TestCareAnswerIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		by   id.Guardian
		in   medical.CareAnswer
		kind fault.Kind
	}{
		"yes without words": {w.mother, medical.CareAnswer{Needed: true, Text: " \n "}, fault.Invalid},
		"too long":          {w.mother, medical.CareAnswer{Needed: true, Text: seal.Text(strings.Repeat("é", 2001))}, fault.Invalid},
		"not the parent":    {w.stranger, medical.CareAnswer{}, fault.NotFound},
	} {
		err := w.answerCare(w.child, w.camp, c.by, c.in)
		if f := fault.Of(err); f == nil || f.Kind != c.kind || f.Kind == fault.Invalid && f.Fields["care_text"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.must(w.answerCare(w.child, w.camp, w.mother, medical.CareAnswer{Needed: true, Text: seal.Text(strings.Repeat("é", 2000))}))
	w.must(w.answerCare(w.child, w.camp, w.father, medical.CareAnswer{})) // acts for the child, though he may not read
}

func TestDropShredsOnlyWhatNobodyNeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.participant("Lou", campStart.AddMonths(-120))
	w.exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.mother, p)
	drop := func() {
		t.Helper()
		w.must(pg.InTx(w.ctx, w.DB, func(tx *sqlx.Tx) error { return w.DropTx(w.ctx, tx, p, w.camp) }))
	}
	left := func() int64 {
		return w.insert(`SELECT (SELECT count(*) FROM fiche_key k JOIN fiche f ON f.id = k.fiche_id WHERE f.participant_id = $1)
			+ (SELECT count(*) FROM fiche_section s JOIN fiche f ON f.id = s.fiche_id WHERE f.participant_id = $1)`, p)
	}
	drop() // nothing there yet
	w.must(w.answerCare(p, w.camp, w.mother, medical.CareAnswer{Needed: true, Text: "x"}))
	for i, status := range []string{"open", "open"} { // the same child in two baskets
		checkout := w.insert(`INSERT INTO checkout (token_hash, guardian_id, status, held_until, created_at) VALUES ($1, $2, $3, now(), now()) RETURNING id`,
			[]byte(fmt.Sprint("t", i)), w.mother, status)
		w.exec(`INSERT INTO checkout_child (checkout_id, position, departure_id, participant_id, care) VALUES ($1, 1, $2, $3, true)`, checkout, w.camp, p)
	}
	drop()
	if left() != 2 {
		t.Fatal("shredded while two baskets are open")
	}
	w.exec(`UPDATE checkout SET status = 'expired' WHERE token_hash = $1`, []byte("t0"))
	drop()
	if left() != 2 {
		t.Fatal("shredded while another basket of the family is open")
	}
	b := w.book(p, w.camp, "in_review")
	w.exec(`UPDATE checkout SET status = 'placed' WHERE token_hash = $1`, []byte("t1"))
	drop()
	if left() != 2 {
		t.Fatal("shredded under a booking")
	}
	w.exec(`UPDATE booking SET status = 'cancelled', cancelled_at = now(), cancelled_by = 'customer' WHERE id = $1`, b)
	drop()
	drop()
	if left() != 0 {
		t.Fatal("not shredded")
	}
	if n := w.insert(`SELECT count(*) FROM fiche_tombstone t JOIN fiche f ON f.id = t.fiche_id WHERE f.participant_id = $1 AND f.wiped_because = 'not_booked'`, p); n != 1 {
		t.Errorf("%d tombstones", n)
	}
	w.must(w.answerCare(p, w.camp, w.mother, medical.CareAnswer{})) // and booked again later
	if n := w.insert(`SELECT count(*) FROM fiche WHERE participant_id = $1`, p); n != 2 {
		t.Errorf("%d fiches, want the wiped and the new one", n)
	}
}

// What is missing or does not open must never look like nothing to report.
func TestUnreadableIsLoud(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]string{
		"key shredded":      `DELETE FROM fiche_key`,
		"key damaged":       `UPDATE fiche_key SET wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1)`,
		"answer damaged":    `UPDATE fiche_section SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)`,
		"answer emptied":    `UPDATE fiche_section SET sealed = ''`,
		"unknown questions": `UPDATE fiche SET questionnaire = 99`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.must(w.answerCare(w.child, w.camp, w.mother, medical.CareAnswer{Needed: false}))
			w.exec(breakIt)
			camp := staffReader(w.animator, medical.Animator)
			sheet, err := w.Read(w.ctx, camp, w.booking)
			w.must(err)
			list, err := w.Camp(w.ctx, camp, w.camp)
			w.must(err)
			for _, s := range append(list, sheet) {
				if s.State != medical.Unreadable || s.Care.State != medical.CareUnreadable || s.Level() != 2 {
					t.Errorf("state %d, care %d, level %d", s.State, s.Care.State, s.Level())
				}
			}
			if n := w.insert(`SELECT count(*) FROM fiche_access WHERE outcome = 'unreadable'`); n != 1 {
				t.Errorf("%d lines say that it did not open", n)
			}
		})
	}
	t.Run("answers swapped between two children", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		p := w.participant("Lou", campStart.AddMonths(-120))
		w.exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.mother, p)
		other := w.book(p, w.camp, "placed")
		w.must(w.answerCare(w.child, w.camp, w.mother, medical.CareAnswer{Needed: true, Text: "noten"}))
		w.must(w.answerCare(p, w.camp, w.mother, medical.CareAnswer{}))
		w.exec(`UPDATE fiche_section SET sealed = (SELECT s.sealed FROM fiche_section s WHERE s.fiche_id <> fiche_section.fiche_id)`)
		w.exec(`UPDATE fiche_key SET wrapped = (SELECT k.wrapped FROM fiche_key k WHERE k.fiche_id <> fiche_key.fiche_id)`)
		for _, b := range []id.Booking{w.booking, other} {
			if sheet, err := w.Read(w.ctx, w.parent(), b); err != nil || sheet.Care.State != medical.CareUnreadable || len(sheet.Answers) != 0 {
				t.Errorf("booking %d: care %d, %v", b, sheet.Care.State, err)
			}
		}
	})
	t.Run("nothing filled in", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		sheet, err := w.Read(w.ctx, staffReader(w.animator, medical.Animator), w.booking)
		w.must(err)
		if sheet.State != medical.Missing || sheet.Care.State != medical.CareMissing || sheet.Level() == 0 {
			t.Errorf("state %d, care %d, level %d", sheet.State, sheet.Care.State, sheet.Level())
		}
	})
}
