package medical_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"strings"
	"testing"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
	"joetz/medical/seal/sealtest"
	"joetz/terms/fault"
)

func photo(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pdf(words string) []byte { return []byte("%PDF-1.4\n% " + words + "\n%%EOF\n") }

// medicines saves two medicines: one that needs a label, one that does not.
func medicines(t *testing.T, w *medicaltest.World, keys ...string) {
	t.Helper()
	var rows []questionnaire.Row
	for _, key := range keys {
		prescribed := map[string]string{"1": "yes", "2": "no"}[key]
		rows = append(rows, questionnaire.Row{Key: key, Cells: map[string]questionnaire.Value{"name": {Text: "Middel " + key}, "who": {Text: "child"}, "prescription": {Text: prescribed}}})
	}
	save(t, w, "med", answers{"med.any": {Text: "yes"}, "med.rows": {Rows: rows}, "med.nursing": {Text: "no"}})
}

func TestFiles(t *testing.T) {
	t.Parallel()
	w := medicaltest.New(t)
	early(w)
	medicines(t, w, "1", "2")
	word := sealtest.Canary("etiket")
	add := func(question, row, name string, data []byte) error {
		return w.AddFile(w.Ctx, w.Parent(), w.Booking, question, row, name, "nl", data)
	}
	w.Must(add("med.label", "1", word+".pdf", pdf(word)))
	for name, c := range map[string]struct {
		question, row string
		data          []byte
		kind          fault.Kind
	}{
		"medicine without a label": {"med.label", "2", photo(t), fault.NotFound},
		"no such medicine":         {"med.label", "9", photo(t), fault.NotFound},
		"without a row":            {"med.label", "", photo(t), fault.NotFound},
		"not asked":                {"med.helper", "", photo(t), fault.NotFound},
		"no question for files":    {"med.any", "", photo(t), fault.NotFound},
		"no picture":               {"med.label", "1", []byte("<html>"), fault.Invalid},
	} {
		if err := add(c.question, c.row, "x", c.data); fault.Of(err) == nil || fault.Of(err).Kind != c.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A page saved again keeps its files; the parent and the lead open it, an animator does not.
	medicines(t, w, "1", "2")
	form, err := w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	ids := form.Answers()["med.label"].Files("1")
	if len(ids) != 1 {
		t.Fatalf("%d files after saving the page again", len(ids))
	}
	var file int64
	fmt.Sscan(ids[0], &file)
	got, err := w.ReadFile(w.Ctx, w.Parent(), w.Booking, file)
	if err != nil || !bytes.Equal(got.Data, pdf(word)) || got.Name != word+".pdf" || got.Type != "application/pdf" {
		t.Errorf("parent: %d bytes, %v", len(got.Data), err)
	}
	w.At = medicaltest.First.Start()
	if _, err := w.ReadFile(w.Ctx, medicaltest.Staff(w.Lead, medical.Lead), w.Booking, file); err != nil {
		t.Errorf("lead: %v", err)
	}
	for name, r := range map[string]medical.Reader{"animator": medicaltest.Staff(w.Animator, medical.Animator), "stranger": {Guardian: w.Stranger, Role: medical.Guardian},
		"other camp": medicaltest.Staff(w.OtherAnimator, medical.Animator)} {
		if _, err := w.ReadFile(w.Ctx, r, w.Booking, file); !errors.Is(err, medical.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.Log.Info("too much", "file", got, "p", &got)
	sealtest.Absent(t, "the database", dump(t, w), word)
	sealtest.Absent(t, "the log", w.Logged.Bytes(), word)

	// Another child's file does not open from here, whatever the number.
	lou := w.AddChild("Lou", medicaltest.First.AddMonths(-120))
	w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, lou)
	other := w.Book(lou, w.Here, "placed")
	if _, err := w.ReadFile(w.Ctx, w.Parent(), other, file); !errors.Is(err, medical.ErrNotFound) {
		t.Errorf("through another child: %v", err)
	}
	label := questionnaire.Row{Key: "1", Cells: map[string]questionnaire.Value{"name": {Text: "Middel"}, "who": {Text: "child"}, "prescription": {Text: "yes"}}}
	_, err = w.SaveTopic(w.Parent(), other, "med", answers{"med.any": {Text: "yes"}, "med.rows": {Rows: []questionnaire.Row{label}}, "med.nursing": {Text: "no"}})
	w.Must(err)
	w.Must(w.RemoveFile(w.Ctx, w.Parent(), other, "med.label", file, "nl"))
	if n := w.Insert(`SELECT count(*) FROM fiche_upload WHERE id = $1`, file); n != 1 {
		t.Error("removed through another child")
	}

	early(w)
	medicines(t, w, "2") // the medicine goes, and its label with it
	if n := w.Insert(`SELECT count(*) FROM fiche_upload`); n != 0 {
		t.Errorf("%d labels of medicines that are gone", n)
	}
	medicines(t, w, "1")
	for i := range 10 {
		w.Must(add("med.label", "1", fmt.Sprint(i), photo(t)))
	}
	if err := add("med.label", "1", "11", photo(t)); fault.Of(err) == nil || fault.Of(err).Kind != fault.Invalid || !strings.Contains(fmt.Sprint(fault.Of(err).Fields), "upload_many") {
		t.Errorf("the eleventh file: %v", err)
	}
	form, err = w.Form(w.Ctx, w.Parent(), w.Booking)
	w.Must(err)
	fmt.Sscan(form.Answers()["med.label"].Files("1")[0], &file)
	w.Must(w.RemoveFile(w.Ctx, w.Parent(), w.Booking, "med.label", file, "nl"))
	if n := w.Insert(`SELECT count(*) FROM fiche_upload`); n != 9 {
		t.Errorf("%d files after removing one", n)
	}
	if _, err := w.Erase(w.Ctx, w.Child); err != nil || w.Insert(`SELECT count(*) FROM fiche_upload`) != 0 {
		t.Errorf("files are left after wiping: %v", err)
	}
}
