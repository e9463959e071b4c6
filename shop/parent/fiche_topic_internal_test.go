package parent

import (
	"testing"

	"joetz/medical/questionnaire"
)

// A topic may have several questions for a file: each field belongs to its own, and a strange name to none.
func TestFileBelongsToItsOwnQuestion(t *testing.T) {
	t.Parallel()
	questions, err := questionnaire.Load()
	if err != nil {
		t.Fatal(err)
	}
	version, files := questions.Current(), 0
	for _, q := range version.Questions {
		if q.Kind != questionnaire.File {
			continue
		}
		files++
		if got, row, ok := fileField(version, q.Section, q.ID+".file"); !ok || got != q.ID || row != "" {
			t.Errorf("%s.file: question %q, row %q", q.ID, got, row)
		}
		if got, row, ok := fileField(version, q.Section, q.ID+".2.file"); !ok || got != q.ID || row != "2" {
			t.Errorf("%s.2.file: question %q, row %q", q.ID, got, row)
		}
		if got, _, ok := fileField(version, q.Section, "strange.file"); ok {
			t.Errorf("strange.file went to %q", got)
		}
	}
	if files == 0 {
		t.Fatal("the questionnaire asks for no file: this test sees nothing")
	}
}
