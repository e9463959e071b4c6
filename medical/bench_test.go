package medical_test

import (
	"fmt"
	"testing"

	"joetz/medical"
	"joetz/medical/medicaltest"
	"joetz/medical/questionnaire"
)

// BenchmarkCamp lists a camp of 200 whole fiches, without answers and with what is due today: decided, logged, opened,
// marked.
func BenchmarkCamp(b *testing.B) {
	w := medicaltest.New(b)
	early(w)
	v := w.Questions.Current()
	all := medicaltest.Everything(v, func(about string) string {
		return "Een antwoord van gewone lengte op " + about + ", met wat uitleg erbij."
	})
	for i := range 200 {
		p := w.AddChild(fmt.Sprint("Kind", i), medicaltest.First.AddMonths(-120))
		w.Exec(`INSERT INTO guardianship (guardian_id, participant_id) VALUES ($1, $2)`, w.Mother, p)
		booking := w.Book(p, w.Here, "placed")
		for _, s := range v.Sections {
			typed := questionnaire.Answers{}
			for id, value := range all {
				if v.Question(id).Section == s.ID {
					typed[id] = value
				}
			}
			if _, err := w.SaveTopic(w.Parent(), booking, s.ID, typed); err != nil {
				b.Fatal(err)
			}
		}
	}
	w.At = medicaltest.First.Start()
	r := medicaltest.Staff(w.Animator, medical.Animator)
	b.Run("today", func(b *testing.B) {
		for b.Loop() {
			if list, err := w.Day(w.Ctx, r, w.Here, medicaltest.First); err != nil || len(list) != 201 {
				b.Fatal(len(list), err)
			}
		}
	})
}
