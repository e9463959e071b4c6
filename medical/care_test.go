package medical_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

func TestCareAnswerFromCheckoutToCamp(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.Must(w.AnswerCare(w.Child, w.Here, w.Mother, medical.CareAnswer{Needed: true, Text: "rustig wakker maken", Lang: "nl"}))

	// The parent reads their own words back.
	sheet, err := w.Read(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	if a := sheet.Kept(); sheet.State != medical.Missing || sheet.Care.State != medical.CareUndecided || a["care.any"].Text != "yes" || a["care.how"].Text != "rustig wakker maken" {
		t.Errorf("parent: state %d, care %d", sheet.State, sheet.Care.State)
	}
	// Office sees them, to decide.
	sheet, err = w.Read(w.Ctx, medicaltest.Staff(w.Office, medical.Office), w.Booking, "care")
	w.Must(err)
	if sheet.Kept()["care.how"].Text != "rustig wakker maken" {
		t.Error("office does not see what it has to decide on")
	}
	// The animator knows that something has to be agreed, and not what the parent wrote.
	camp := medicaltest.Staff(w.Animator, medical.Animator)
	sheet, err = w.Read(w.Ctx, camp, w.Booking)
	w.Must(err)
	if sheet.Care.State != medical.CareUndecided || len(sheet.Answers) != 0 || sheet.Mark() != medical.Red {
		t.Errorf("animator before the decision: care %d, %d answers, mark %d", sheet.Care.State, len(sheet.Answers), sheet.Mark())
	}

	agreed := medical.Decision{Outcome: medical.Agreements, Agreements: "Zacht wekken, eerst het licht.", Lang: "nl"}
	w.Must(w.Decide(medicaltest.Staff(w.Office, medical.Office), w.Booking, agreed))
	sheet, err = w.Read(w.Ctx, camp, w.Booking)
	w.Must(err)
	if sheet.Care.State != medical.CareAgreed || string(sheet.Care.Agreements) != "Zacht wekken, eerst het licht." || len(sheet.Answers) != 0 {
		t.Errorf("animator after the decision: care %d", sheet.Care.State)
	}
	if err := w.Decide(medicaltest.Staff(w.Office, medical.Office), w.Booking, agreed); fault.Of(err) == nil || fault.Of(err).Kind != fault.Conflict {
		t.Errorf("deciding twice: %v", err)
	}
}

func TestCareAnswerNo(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.Must(w.AnswerCare(w.Child, w.Here, w.Mother, medical.CareAnswer{Needed: true, Text: "toch wel"}))
	w.Must(w.AnswerCare(w.Child, w.Here, w.Mother, medical.CareAnswer{Needed: false}))
	sheet, err := w.Read(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Booking)
	w.Must(err)
	if sheet.Care.State != medical.CareNone || sheet.State != medical.Missing {
		t.Errorf("care %d, state %d", sheet.Care.State, sheet.State)
	}
	if _, err := w.Read(w.Ctx, medicaltest.Staff(w.Office, medical.Office), w.Booking); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("office reads where there is nothing to decide: %v", err)
	}
	if n := w.Insert(`SELECT count(*) FROM fiche`); n != 1 {
		t.Errorf("%d fiches for one child on one camp", n)
	}
}

func TestCareAnswerIsChecked(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	for name, c := range map[string]struct {
		by   id.Guardian
		in   medical.CareAnswer
		kind fault.Kind
	}{
		"yes without words": {w.Mother, medical.CareAnswer{Needed: true, Text: " \n "}, fault.Invalid},
		"too long":          {w.Mother, medical.CareAnswer{Needed: true, Text: seal.Text(strings.Repeat("é", 2001))}, fault.Invalid},
		"not the parent":    {w.Stranger, medical.CareAnswer{}, fault.NotFound},
	} {
		err := w.AnswerCare(w.Child, w.Here, c.by, c.in)
		if f := fault.Of(err); f == nil || f.Kind != c.kind || f.Kind == fault.Invalid && f.Fields["care_text"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := w.AnswerCare(w.AddChild("Vreemd", medicaltest.First.AddMonths(-120)), w.Here, w.Mother, medical.CareAnswer{}); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("a parent of another child: %v", err)
	}
	w.Must(w.AnswerCare(w.Child, w.Here, w.Mother, medical.CareAnswer{Needed: true, Text: seal.Text(strings.Repeat("é", 2000))}))
	w.Must(w.AnswerCare(w.Child, w.Here, w.Father, medical.CareAnswer{})) // acts for the child, though he may not read
}

func TestDropShredsOnlyWhatNobodyNeeds(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	p := w.AddChild("Lou", medicaltest.First.AddMonths(-120))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, p)
	drop := func() {
		t.Helper()
		w.Must(pg.InTx(w.Ctx, w.DB, func(tx *sqlx.Tx) error { return w.DropTx(w.Ctx, tx, p, w.Here) }))
	}
	left := func() int64 {
		return w.Insert(`SELECT (SELECT count(*) FROM fiche_key k JOIN fiche f ON f.id = k.fiche_id WHERE f.participant_id = $1)
			+ (SELECT count(*) FROM fiche_section s JOIN fiche f ON f.id = s.fiche_id WHERE f.participant_id = $1)`, p)
	}
	drop() // nothing there yet
	w.Must(w.AnswerCare(p, w.Here, w.Mother, medical.CareAnswer{Needed: true, Text: "x"}))
	for i, status := range []string{"open", "open"} { // the same child in two baskets
		checkout := w.Insert(`INSERT INTO checkout (token_hash, guardian_id, status, held_until, created_at) VALUES ($1, $2, $3, now(), now()) RETURNING id`,
			[]byte(fmt.Sprint("t", i)), w.Mother, status)
		w.Exec(`INSERT INTO checkout_child (checkout_id, position, departure_id, participant_id, care) VALUES ($1, 1, $2, $3, true)`, checkout, w.Here, p)
	}
	drop()
	if left() != 2 {
		t.Fatal("shredded while two baskets are open")
	}
	w.Exec(`UPDATE checkout SET status = 'expired' WHERE token_hash = $1`, []byte("t0"))
	drop()
	if left() != 2 {
		t.Fatal("shredded while another basket of the family is open")
	}
	b := w.Book(p, w.Here, "in_review")
	w.Exec(`UPDATE checkout SET status = 'placed' WHERE token_hash = $1`, []byte("t1"))
	drop()
	if left() != 2 {
		t.Fatal("shredded under a booking")
	}
	w.Exec(`UPDATE booking SET status = 'cancelled', cancelled_at = now(), cancelled_by = 'customer' WHERE id = $1`, b)
	fate, _, err := w.FateOf(w.Ctx, b)
	w.Must(err)
	olga := medicaltest.Staff(w.Office, medical.Office)
	w.Must(w.Hold(w.Ctx, olga, fate.Fiche, "2027-0012", "De verzekering vraagt het op."))
	drop()
	if left() != 2 {
		t.Fatal("shredded while a file holds it")
	}
	file, err := w.FileOf(w.Ctx, fate.Fiche)
	w.Must(err)
	w.Must(w.ReleaseHold(w.Ctx, olga, file.Holds[0].ID, "De zaak is afgesloten."))
	w.Book(p, w.Elsewhere, "placed") // which needs another fiche
	drop()
	drop()
	if left() != 0 {
		t.Fatal("not shredded")
	}
	if n := w.Insert(`SELECT count(*) FROM fiche_tombstone t JOIN fiche f ON f.id = t.fiche_id WHERE f.participant_id = $1 AND f.wiped_because = 'not_booked'`, p); n != 1 {
		t.Errorf("%d tombstones", n)
	}
	w.Must(w.AnswerCare(p, w.Here, w.Mother, medical.CareAnswer{})) // and booked again later
	if n := w.Insert(`SELECT count(*) FROM fiche WHERE participant_id = $1`, p); n != 2 {
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
			w := medicaltest.New(t)
			w.Must(w.AnswerCare(w.Child, w.Here, w.Mother, medical.CareAnswer{Needed: false}))
			w.Exec(breakIt)
			camp := medicaltest.Staff(w.Animator, medical.Animator)
			sheet, err := w.Read(w.Ctx, camp, w.Booking)
			w.Must(err)
			list, err := w.Today(camp, w.Here)
			w.Must(err)
			for _, s := range append(list, sheet) {
				if s.State != medical.Unreadable || s.Care.State != medical.CareUnreadable || s.Mark() != medical.Red {
					t.Errorf("state %d, care %d, mark %d", s.State, s.Care.State, s.Mark())
				}
			}
			if n := w.Insert(`SELECT count(*) FROM fiche_access WHERE outcome = 'unreadable'`); n != 1 {
				t.Errorf("%d lines say that it did not open", n)
			}
		})
	}
	t.Run("answers swapped between two children", func(t *testing.T) {
		t.Parallel()
		w := medicaltest.New(t)
		p := w.AddChild("Lou", medicaltest.First.AddMonths(-120))
		w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, p)
		other := w.Book(p, w.Here, "placed")
		w.Must(w.AnswerCare(w.Child, w.Here, w.Mother, medical.CareAnswer{Needed: true, Text: "noten"}))
		w.Must(w.AnswerCare(p, w.Here, w.Mother, medical.CareAnswer{}))
		w.Exec(`UPDATE fiche_section SET sealed = (SELECT s.sealed FROM fiche_section s WHERE s.fiche_id <> fiche_section.fiche_id)`)
		w.Exec(`UPDATE fiche_key SET wrapped = (SELECT k.wrapped FROM fiche_key k WHERE k.fiche_id <> fiche_key.fiche_id)`)
		for _, b := range []id.Booking{w.Booking, other} {
			if sheet, err := w.Read(w.Ctx, w.Parent(), b); err != nil || sheet.Care.State != medical.CareUnreadable || len(sheet.Answers) != 0 {
				t.Errorf("booking %d: care %d, %v", b, sheet.Care.State, err)
			}
		}
	})
	t.Run("nothing filled in", func(t *testing.T) {
		t.Parallel()
		w := medicaltest.New(t)
		sheet, err := w.Read(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Booking)
		w.Must(err)
		if sheet.State != medical.Missing || sheet.Care.State != medical.CareMissing || sheet.Mark() != medical.Unknown {
			t.Errorf("state %d, care %d, mark %d", sheet.State, sheet.Care.State, sheet.Mark())
		}
	})
}
