package medical_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

type answers = questionnaire.Answers

func save(t *testing.T, w *medicaltest.World, topic string, a answers) medical.Saved {
	t.Helper()
	saved, err := w.SaveTopic(w.Parent(), w.Booking, topic, a)
	w.Must(err)
	return saved
}

func early(w *medicaltest.World) { w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC) }

func keys(problems []questionnaire.Problem) (out []string) {
	for _, p := range problems {
		out = append(out, p.Name())
	}
	return out
}

func TestSavedPageByPage(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	form, err := w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	if form.State != medical.Missing || form.Complete() || len(form.Topics) != 10 || form.Topics[0].Saved || form.Topics[0].Problems == 0 {
		t.Fatalf("before: state %d, %d topics", form.State, len(form.Topics))
	}
	saved := save(t, w, "allergy", answers{"allergy.any": {Text: "yes"}})
	if got := keys(saved.Problems); len(got) != 1 || got[0] != "allergy.rows" || !saved.Fresh["allergy.rows"] || saved.Fresh["allergy.any"] {
		t.Errorf("after the first yes: %v, fresh %v", got, saved.Fresh)
	}
	saved = save(t, w, "allergy", answers{"allergy.any": {Text: "yes"}, "allergy.rows": {Rows: []questionnaire.Row{{Key: "1", Cells: map[string]questionnaire.Value{
		"kind": {Text: "food"}, "what": {Text: "noten"}, "severity": {Text: "life-threatening"}, "reaction": {Text: "x"}, "todo": {Text: "y"}}}}}})
	if got := keys(saved.Problems); len(got) != 1 || got[0] != "allergy.pen" || !saved.Fresh["allergy.pen"] {
		t.Errorf("life-threatening: %v", got)
	}
	save(t, w, "allergy", answers{"allergy.any": {Text: "no"}})
	form, err = w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	if a := form.Answers(); len(a) != 1 || a["allergy.any"].Text != "no" || form.State != medical.Unsigned {
		t.Errorf("after no: %d answers kept, state %d", len(a), form.State)
	}
	for _, topic := range form.Topics {
		if topic.ID == "allergy" && !topic.Done() || topic.ID != "allergy" && topic.Done() {
			t.Errorf("%s done: %v", topic.ID, topic.Done())
		}
	}
}

// An answer on one page decides about a question on another: what is no longer asked there goes too.
func TestHiddenElsewhereIsDropped(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.AskEverything()
	early(w)
	save(t, w, "health", answers{"health.any": {Text: "yes"}, "health.list": {Many: []string{"epilepsy"}}})
	save(t, w, "incl", answers{"incl.seizure": {Rows: []questionnaire.Row{{Key: "1", Cells: map[string]questionnaire.Value{"type": {Text: "absence"}}}}}, "incl.fun": {Text: "trampoline"}})
	save(t, w, "health", answers{"health.any": {Text: "no"}})
	form, err := w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	if _, still := form.Answers()["incl.seizure"]; still || form.Answers()["incl.fun"].Text != "trampoline" {
		t.Error("the seizures are kept though epilepsy is gone, or something else went with them")
	}
	// and truly gone, not only hidden
	save(t, w, "health", answers{"health.any": {Text: "yes"}, "health.list": {Many: []string{"epilepsy"}}})
	form, err = w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	if _, back := form.Answers()["incl.seizure"]; back {
		t.Error("a dropped answer came back")
	}
}

func TestWhoMayFillIn(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	for name, r := range map[string]medical.Reader{
		"father who may not see it": {Guardian: w.Father, Role: medical.Guardian}, "stranger": {Guardian: w.Stranger, Role: medical.Guardian},
		"animator": medicaltest.Staff(w.Animator, medical.Animator), "office": medicaltest.Staff(w.Office, medical.Office), "nobody": {},
	} {
		if _, err := w.SaveTopic(r, w.Booking, "sport", answers{"sport.swim": {Text: "no"}}); !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("%s saves: %v", name, err)
		}
		if err := w.Sign(w.Ctx, r, w.Booking, medical.Signing{Lang: "nl", SecondStep: true, Seen: medical.AnyRevision}); !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("%s signs: %v", name, err)
		}
		if _, err := w.Form(w.Ctx, r, w.Booking); !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("%s opens the form: %v", name, err)
		}
	}
	if n := w.Insert(`SELECT count(*) FROM fiche`); n != 0 {
		t.Errorf("%d fiches were made", n)
	}
	if _, err := w.SaveTopic(w.Parent(), w.Booking, "no such topic", nil); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("an unknown topic: %v", err)
	}
	w.At = time.Date(2027, 7, 5, 21, 0, 0, 0, time.UTC) // the evening of the first day
	save(t, w, "sport", answers{"sport.swim": {Text: "no"}})
	w.At = time.Date(2027, 7, 5, 22, 0, 0, 0, time.UTC) // the second day in Belgium
	if _, err := w.SaveTopic(w.Parent(), w.Booking, "sport", answers{}); fault.Of(err) == nil || fault.Of(err).Kind != fault.Conflict {
		t.Errorf("saved during the camp: %v", err)
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	if err := w.Sign(w.Ctx, w.Parent(), w.Booking, medical.Signing{Lang: "nl", SecondStep: true, Seen: medical.AnyRevision}); fault.Of(err) == nil || fault.Of(err).Kind != fault.Conflict {
		t.Errorf("an empty fiche was signed: %v", err)
	}
	w.FillIn()
	save(t, w, "consent", answers{"consent.photo": {Text: "no"}})
	if err := w.Sign(w.Ctx, w.Parent(), w.Booking, medical.Signing{Lang: "nl", SecondStep: true, Seen: medical.AnyRevision}); fault.Of(err) == nil || fault.Of(err).Kind != fault.Conflict {
		t.Errorf("signed without the statements: %v", err)
	}
	w.FillIn()
	early(w)
	w.Must(w.Sign(w.Ctx, w.Parent(), w.Booking, medical.Signing{Lang: "nl", SecondStep: true, Seen: medical.AnyRevision}))
	w.At = w.At.AddDate(0, 1, 0)
	sheet, err := w.Read(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Booking)
	w.Must(err)
	if sheet.State != medical.Signed || sheet.SignedAt.IsZero() || sheet.ChangedAt.After(sheet.SignedAt) {
		t.Errorf("state %d, signed %v, changed %v", sheet.State, sheet.SignedAt, sheet.ChangedAt)
	}
	save(t, w, "sport", answers{"sport.swim": {Text: "no"}})
	sheet, err = w.Read(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Booking)
	w.Must(err)
	if !sheet.ChangedAt.After(sheet.SignedAt) {
		t.Error("a change after signing does not show")
	}
	w.Exec(`DELETE FROM fiche_section WHERE section = 'signature'`)
	w.Exec(`UPDATE fiche_section SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE section = 'sleep'`)
	if sheet, _ = w.Read(w.Ctx, medicaltest.Staff(w.Animator, medical.Animator), w.Booking); sheet.State != medical.Unreadable {
		t.Errorf("one topic does not open: state %d", sheet.State)
	}
}

// A yes to the care question after the booking opens a review; taking it back says so, and the booking decides whether it
// is closed.
func TestReviewFollowsAnswers(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	open := func() int64 { return w.Insert(`SELECT count(*) FROM care_review WHERE decided_at IS NULL`) }
	save(t, w, "care", answers{"care.any": {Text: "no"}})
	if open() != 0 {
		t.Error("a no opens a review")
	}
	save(t, w, "care", answers{"care.any": {Text: "yes"}, "care.how": {Text: "x"}})
	save(t, w, "care", answers{"care.any": {Text: "yes"}, "care.how": {Text: "xy"}})
	if open() != 1 {
		t.Errorf("%d open reviews", open())
	}
	if saved := save(t, w, "care", answers{"care.any": {Text: "no"}}); saved.Review != medical.ReviewWithdrawn || open() != 1 {
		t.Error("taking a yes back decides by itself")
	}
	if err := pg.InTx(w.Ctx, w.DB, func(tx *sqlx.Tx) error { _, err := w.CloseReviewTx(w.Ctx, tx, w.Booking); return err }); err != nil || open() != 0 {
		t.Errorf("the review of a no stays open (%v)", err)
	}
	save(t, w, "med", answers{"med.any": {Text: "yes"}, "med.nursing": {Text: "yes"}})
	if open() != 1 {
		t.Error("a nursing act needs a review")
	}
}

func TestNextYear(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.AskEverything()
	early(w)
	w.FillIn()
	next := w.Book(w.Child, w.Elsewhere, "placed")
	previous := func() answers {
		t.Helper()
		a, err := w.Previous(w.Ctx, w.Parent(), next)
		w.Must(err)
		return a
	}
	if previous() != nil {
		t.Error("an unsigned fiche is offered")
	}
	early(w)
	w.Must(w.Sign(w.Ctx, w.Parent(), w.Booking, medical.Signing{Lang: "nl", SecondStep: true, Seen: medical.AnyRevision}))
	a := previous()
	if a["allergy.any"].Text != "yes" || len(a) < 60 {
		t.Errorf("%d answers are offered", len(a))
	}
	if _, signed := a["consent.truth"]; signed {
		t.Error("last year's signature is offered")
	}
	if form, err := w.Form(w.Ctx, w.Parent(), next); err != nil || form.State != medical.Missing {
		t.Errorf("offering answers already fills them in: %v", err)
	}
	w.At = w.At.AddDate(1, 0, 0)
	if previous() == nil {
		t.Error("not offered on the last day")
	}
	w.At = w.At.AddDate(0, 0, 1)
	if previous() != nil {
		t.Error("offered after twelve months")
	}
	early(w)
	form, err := w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	consent := answers{}
	for id, v := range form.Answers() {
		if form.Version.Question(id).Section == "consent" {
			consent[id] = v
		}
	}
	consent["consent.keep"] = questionnaire.Value{Text: "no"}
	save(t, w, "consent", consent)
	w.Must(w.Sign(w.Ctx, w.Parent(), w.Booking, medical.Signing{Lang: "nl", SecondStep: true, Seen: medical.AnyRevision}))
	if previous() != nil {
		t.Error("offered without consent to keep it")
	}
}

func TestWiping(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	w.FillIn() // consent.keep is yes, but it is not signed
	on := func(s string) int {
		t.Helper()
		d, err := civil.Parse(s)
		w.Must(err)
		w.At = d.Start().Add(3 * time.Hour)
		n, err := w.WipeDue(w.Ctx)
		w.Must(err)
		return n
	}
	lou := w.AddChild("Lou", medicaltest.First.AddMonths(-120))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, lou)
	kept := w.Book(lou, w.Here, "placed")
	early(w)
	w.Must(w.AnswerCare(lou, w.Here, w.Mother, medical.CareAnswer{}))
	fate, _, err := w.FateOf(w.Ctx, kept)
	w.Must(err)
	olga := medicaltest.Staff(w.Office, medical.Office)
	for range 2 {
		w.Must(w.Hold(w.Ctx, olga, fate.Fiche, "2027-0012", "De verzekering vraagt het op."))
	}
	if err := w.Hold(w.Ctx, olga, fate.Fiche, "gebroken arm", "De verzekering vraagt het op."); err == nil {
		t.Error("a reference may be words")
	}

	if n := on("2027-09-07"); n != 0 { // 60 days after 9 July
		t.Fatalf("%d wiped on the sixtieth day", n)
	}
	plan, err := w.WipePlan(w.Ctx)
	w.Must(err)
	if len(plan) != 2 || plan[0].On != civil.Must(2027, 9, 8) || plan[0].Held == plan[1].Held {
		t.Errorf("plan %+v", plan)
	}
	if n := on("2027-09-08"); n != 1 {
		t.Fatalf("%d wiped", n)
	}
	if n := on("2027-09-09"); n != 0 {
		t.Errorf("%d wiped again", n)
	}
	if plan, err = w.WipePlan(w.Ctx); err != nil || len(plan) != 1 || plan[0].Fiche != fate.Fiche {
		t.Errorf("plan after wiping: %+v, %v", plan, err)
	}
	gone, _, err := w.FateOf(w.Ctx, w.Booking)
	w.Must(err)
	if err := w.Hold(w.Ctx, olga, gone.Fiche, "2027-0013", "De verzekering vraagt het op."); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("a file holds what is wiped: %v", err)
	}
	sheet, err := w.Read(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	if sheet.State != medical.Missing || len(sheet.Answers) != 0 {
		t.Errorf("after wiping: state %d, %d answers", sheet.State, len(sheet.Answers))
	}
	if left := w.Insert(`SELECT (SELECT count(*) FROM fiche_key) * 100 + (SELECT count(*) FROM fiche_section)`); left != 101 {
		t.Errorf("left: %d, want the held fiche's key and one section", left)
	}
	file, err := w.FileOf(w.Ctx, fate.Fiche)
	w.Must(err)
	if len(file.Holds) != 1 || file.Holds[0].Why != "De verzekering vraagt het op." || !file.Held {
		t.Errorf("%d holds", len(file.Holds))
	}
	if err := w.EraseOne(w.Ctx, olga, fate.Fiche); err == nil {
		t.Error("erased while a file holds it")
	}
	w.Must(w.ReleaseHold(w.Ctx, olga, file.Holds[0].ID, "De zaak is afgesloten."))
	if err := w.ReleaseHold(w.Ctx, olga, file.Holds[0].ID, "De zaak is afgesloten."); err == nil {
		t.Error("released twice")
	}
	if n := on("2027-09-10"); n != 1 {
		t.Errorf("%d wiped after the release", n)
	}
	if n := w.Insert(`SELECT count(*) FROM fiche_access WHERE action = 'wipe'`); n != 2 {
		t.Errorf("%d lines about wiping", n)
	}
}

// A backup that is put back must not bring wiped fiches back.
func TestWipedStaysWipedAfterRestore(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	w.FillIn()
	w.Exec(`CREATE TABLE backup_key AS SELECT * FROM fiche_key`)
	w.Exec(`CREATE TABLE backup_section AS SELECT * FROM fiche_section`)
	backup := w.At
	w.At = w.At.Add(time.Hour)
	if held, err := w.Erase(w.Ctx, w.Child); err != nil || len(held) != 0 {
		t.Fatalf("erase: %v %v", held, err)
	}
	list, err := w.Tombstones(w.Ctx, backup)
	w.Must(err)
	w.Exec(`ALTER TABLE fiche_tombstone DISABLE TRIGGER USER`) // the backup
	w.Exec(`DELETE FROM fiche_tombstone`)
	w.Exec(`UPDATE fiche SET wiped_at = NULL, wiped_because = NULL`)
	w.Exec(`INSERT INTO fiche_key SELECT * FROM backup_key`)
	w.Exec(`INSERT INTO fiche_section SELECT * FROM backup_section`)
	if sheet, err := w.Read(w.Ctx, w.Parent(), w.Booking); err != nil || len(sheet.Answers) == 0 {
		t.Fatalf("the backup has nothing to restore: %v", err)
	}
	if n, err := w.Reapply(w.Ctx, list); err != nil || n != 1 {
		t.Fatalf("reapplied %d: %v", n, err)
	}
	sheet, err := w.Read(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	if len(sheet.Answers) != 0 || w.Insert(`SELECT count(*) FROM fiche_key`) != 0 {
		t.Error("the wiped fiche is back")
	}
	if n, err := w.Reapply(w.Ctx, list); err != nil || n != 0 {
		t.Errorf("a second time: %d %v", n, err)
	}
	// The numbers go on from where the backup ends: a fiche that was made after that number was wiped is another one.
	save(t, w, "sport", answers{"sport.swim": {Text: "no"}, "sport.limits": {Text: "no"}})
	fresh, _, err := w.FateOf(w.Ctx, w.Booking)
	w.Must(err)
	if n, err := w.Reapply(w.Ctx, []medical.Tombstone{{Fiche: fresh.Fiche, WipedAt: w.At.Add(-time.Second), Because: "erasure"}}); err != nil || n != 0 {
		t.Errorf("a fiche that was made later: %d %v", n, err)
	}
	if !fresh.WipedAt.IsZero() || fresh.Fiche == list[0].Fiche {
		t.Errorf("the child's fiche is %+v", fresh)
	}
}

func TestRewrap(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	w.FillIn()
	old := w.Keys.Primary()
	w.Rotate()
	use, err := w.KeysInUse(w.Ctx)
	w.Must(err)
	if use[old] != 1 || use[w.Keys.Primary()] != 0 {
		t.Errorf("before: %v", use)
	}
	n, lost, err := w.Rewrap(w.Ctx)
	if err != nil || n != 1 || len(lost) != 0 {
		t.Fatalf("re-wrapped %d, lost %v, %v", n, lost, err)
	}
	if n, _, err = w.Rewrap(w.Ctx); err != nil || n != 0 {
		t.Errorf("a second time: %d %v", n, err)
	}
	if use, err = w.KeysInUse(w.Ctx); err != nil || use[old] != 0 || use[w.Keys.Primary()] != 1 {
		t.Errorf("after: %v %v", use, err)
	}
	w.Retire(old)
	if sheet, err := w.Read(w.Ctx, w.Parent(), w.Booking); err != nil || len(sheet.Answers) < 30 {
		t.Errorf("after retiring the old key: %d answers, %v", len(sheet.Answers), err)
	}
	w.Exec(`UPDATE fiche_key SET wrapped = set_byte(wrapped, 30, get_byte(wrapped, 30) # 1), keyset_key = 1`)
	if _, lost, err := w.Rewrap(w.Ctx); err != nil || len(lost) != 1 || lost[0] != id.Fiche(1) {
		t.Errorf("a damaged key: %v %v", lost, err)
	}
}

// A holiday asks the questions of its own target group and no other; what is not asked is not kept, nor shown to anybody.
func TestEachTargetGroupAsksItsOwnQuestions(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	w.AskEverything()
	early(w)
	w.Exec(`INSERT INTO target_group (name, questions) VALUES ('rolstoel', '{incl.move}'), ('niets', '{}')`)
	w.Exec(`UPDATE holiday SET target_group = 'rolstoel'`)
	save(t, w, "incl", answers{"incl.move": {Text: "pushed"}, "incl.fun": {Text: "trampoline"}})
	asked := func() (ids []string) {
		form, err := w.Form(w.Ctx, w.Parent(), w.Booking)
		w.Must(err)
		all, _ := form.Version.Ask(form.Facts, form.Answers())
		for _, q := range all {
			if q.Inclusive {
				ids = append(ids, q.ID)
			}
		}
		if form.Answers()["incl.fun"].Text != "" {
			t.Error("an answer to another group's question is kept")
		}
		return ids
	}
	if ids := asked(); len(ids) != 1 || ids[0] != "incl.move" {
		t.Errorf("a wheelchair holiday asks %v", ids)
	}
	w.Exec(`UPDATE holiday SET target_group = 'niets'`)
	if ids := asked(); len(ids) != 0 {
		t.Errorf("a group without questions asks %v", ids)
	}
	w.Exec(`UPDATE holiday SET target_group = NULL`)
	if ids := asked(); len(ids) < 20 {
		t.Errorf("without a group all are asked, not %d", len(ids))
	}
}

// What was told about the family for one child is offered for the next: not to a guardian who may not read that fiche, and
// nothing about health.
func TestOfSibling(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	w.FillIn()
	lou := w.AddChild("Lou", medicaltest.First.AddMonths(-120))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2), ($3, $2)`, w.Mother, lou, w.Father)
	booking := w.Book(lou, w.Here, "placed")
	got, of, err := w.OfSibling(w.Ctx, w.Parent(), booking, "contact")
	if err != nil || of != w.Child || len(got["contact.persons"].Rows) == 0 || got["contact.gp_name"].Empty() {
		t.Fatalf("of %d: %d answers, %v", of, len(got), err)
	}
	for q := range got {
		if !slices.Contains([]string{"contact.persons", "contact.pickup", "contact.gp_name", "contact.gp_phone", "contact.fund"}, q) {
			t.Errorf("%s is taken over", q)
		}
	}
	for _, r := range []medical.Reader{{Guardian: w.Father, Role: medical.Guardian}, {Guardian: w.Stranger, Role: medical.Guardian}, medicaltest.Staff(w.Animator, medical.Animator)} {
		if got, _, _ := w.OfSibling(w.Ctx, r, booking, "contact"); len(got) > 0 {
			t.Errorf("%+v gets %d answers", r.Role, len(got))
		}
	}
	if got, _, _ := w.OfSibling(w.Ctx, w.Parent(), booking, "allergy"); len(got) > 0 {
		t.Error("allergies of another child")
	}
	// Another family's page, another topic of another child, and the child's own page were all saved later.
	theirs, mia := w.AddChild("Vreemd", medicaltest.First.AddMonths(-120)), w.AddChild("Mia", medicaltest.First.AddMonths(-120))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2), ($3, $4)`, w.Stranger, theirs, w.Mother, mia)
	for _, c := range []struct {
		by    id.Guardian
		child id.Booking
		topic string
	}{{w.Stranger, w.Book(theirs, w.Here, "placed"), "contact"}, {w.Mother, w.Book(mia, w.Here, "placed"), "sport"}, {w.Mother, booking, "contact"}} {
		w.At = w.At.Add(time.Minute)
		_, err := w.SaveTopic(medical.Reader{Guardian: c.by, Role: medical.Guardian}, c.child, c.topic, answers{"contact.gp_name": {Text: "Dokter"}})
		w.Must(err)
	}
	if again, of, err := w.OfSibling(w.Ctx, w.Parent(), booking, "contact"); err != nil || of != w.Child || len(again) != len(got) {
		t.Errorf("afterwards of %d: %d answers, %v", of, len(again), err)
	}
	_, err = w.Erase(w.Ctx, w.Child)
	w.Must(err)
	if got, of, err := w.OfSibling(w.Ctx, w.Parent(), booking, "contact"); err != nil || of != 0 || len(got) != 0 {
		t.Errorf("of a fiche that was wiped: %d, %d answers, %v", of, len(got), err)
	}
}
