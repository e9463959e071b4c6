package medical_test

import (
	"testing"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
)

// A list reads summaries. A topic that was damaged, removed or put back from an older day since the summary was made is
// found out; so is a fiche from before there were summaries.
func TestListDoesNotTrustAnOldSummary(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change string
		want   medical.State
		broken int
	}{
		"as saved":         {`SELECT 1`, medical.Unsigned, 0},
		"no summary":       {`DELETE FROM fiche_summary`, medical.Unsigned, 0},
		"damaged topic":    {`UPDATE fiche_section SET sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40)) WHERE section = 'allergy'`, medical.Unreadable, 1},
		"damaged summary":  {`UPDATE fiche_summary SET sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))`, medical.Unsigned, 0},
		"another's topics": {`UPDATE fiche_section SET sealed = (SELECT sealed FROM fiche_section WHERE section = 'care') WHERE section = 'allergy'`, medical.Unreadable, 1},
		"no key":           {`DELETE FROM fiche_key`, medical.Unreadable, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := medicaltest.New(t)
			early(w)
			for topic, a := range map[string]questionnaire.Answers{
				"care":    {"care.any": {Text: "no"}},
				"allergy": {"allergy.any": {Text: "yes"}, "allergy.pen": {Text: "yes"}, "allergy.rows": {Rows: []questionnaire.Row{{Key: "1", Cells: map[string]questionnaire.Value{"kind": {Text: "food"}, "what": {Text: "pinda"}, "severity": {Text: "life-threatening"}}}}}},
			} {
				if _, err := w.SaveTopic(w.Parent(), w.Booking, topic, a); err != nil {
					t.Fatal(err)
				}
			}
			w.Exec(c.change)
			w.At = medicaltest.First.Start()
			list, err := w.Today(medicaltest.Staff(w.Animator, medical.Animator), w.Here)
			if err != nil || len(list) != 1 {
				t.Fatal(len(list), err)
			}
			if s := list[0]; s.State != c.want || len(s.Broken) != c.broken || s.Mark() != medical.Red || len(s.Answers) > 0 {
				t.Errorf("state %v, %d broken, mark %v, %d answers", s.State, len(s.Broken), s.Mark(), len(s.Answers))
			}
		})
	}
}
