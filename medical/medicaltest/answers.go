package medicaltest

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/medical/seal/sealtest"
	"joetz/migrations/pg"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// FillIn answers every question of the fiche, with a word of its own in every text. It returns the words.
func (w *World) FillIn() (canaries []string) {
	w.t.Helper()
	defer func(at time.Time) { w.At = at }(w.At)
	w.At = time.Date(2027, 6, 1, 10, 0, 0, 0, time.UTC)
	v := w.Questions.Current()
	all := Everything(v, func(about string) string {
		word := sealtest.Canary(about)
		canaries = append(canaries, word)
		return word
	})
	for _, s := range v.Sections {
		typed := questionnaire.Answers{}
		for id, value := range all {
			if v.Question(id).Section == s.ID {
				typed[id] = value
			}
		}
		saved, err := w.SaveTopic(w.Parent(), w.Booking, s.ID, typed)
		w.Must(err)
		for _, p := range saved.Problems {
			if !p.Later {
				w.t.Fatalf("%s: %s", p.Name(), p.Key)
			}
		}
	}
	return canaries
}

// SaveTopic is medical.SaveTopicTx in a transaction of its own, of answers that come from no page and on which no booking hangs.
// The shop goes through booking.SaveFiche.
func SaveTopic(ctx context.Context, s *medical.Service, r medical.Reader, b id.Booking, topic string, typed questionnaire.Answers) (saved medical.Saved, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		saved, err = s.SaveTopicTx(ctx, tx, r, b, medical.Page{Topic: topic, Lang: "nl", Seen: medical.AnyRevision}, typed)
		return err
	})
	return saved, err
}

// SaveTopic saves answers of the world's fiches.
func (w *World) SaveTopic(r medical.Reader, b id.Booking, topic string, typed questionnaire.Answers) (medical.Saved, error) {
	return SaveTopic(w.Ctx, w.Service, r, b, topic, typed)
}

// Today are the sheets of a camp's page of this day.
func (w *World) Today(r medical.Reader, d id.Departure) ([]medical.Sheet, error) {
	all, err := w.Day(w.Ctx, r, d, civil.Of(w.At))
	sheets := make([]medical.Sheet, len(all))
	for i, c := range all {
		sheets[i] = c.Sheet
	}
	return sheets, err
}

// Everything answers every question so that as many as possible are asked. word gives what is typed into a text.
func Everything(v *questionnaire.Version, word func(about string) string) questionnaire.Answers {
	cell := func(id string, kind questionnaire.Kind, options []questionnaire.Option, lowest int) questionnaire.Value {
		switch kind {
		case questionnaire.YesNo, questionnaire.YesNoUnknown, questionnaire.Sign:
			return questionnaire.Value{Text: "yes"}
		case questionnaire.One:
			return questionnaire.Value{Text: options[len(options)-1].Value}
		case questionnaire.Many:
			var all []string
			for _, o := range options {
				if o.Value != questionnaire.None {
					all = append(all, o.Value)
				}
			}
			return questionnaire.Value{Many: all}
		case questionnaire.Phone:
			return questionnaire.Value{Text: "0470 12 34 56"}
		case questionnaire.Year:
			return questionnaire.Value{Text: "2025"}
		case questionnaire.Int:
			return questionnaire.Value{Text: fmt.Sprint(lowest)}
		case questionnaire.Day:
			return questionnaire.Value{Text: "2027-07-06"}
		case questionnaire.Clock:
			return questionnaire.Value{Text: "16:30"}
		}
		return questionnaire.Value{Text: word(id)}
	}
	all := questionnaire.Answers{}
	for _, q := range v.Questions {
		keys := []string{"1", "2"}
		switch {
		case q.Kind == questionnaire.File:
			continue
		case q.Kind != questionnaire.Rows && q.Kind != questionnaire.Each:
			value := cell(q.ID, q.Kind, q.Options, q.Min)
			if q.More.NL != "" {
				value.More = word(q.ID + "more")
			}
			all[q.ID] = value
			continue
		case q.Kind == questionnaire.Each:
			keys = []string{"each"}
		case q.Per == "health.list":
			keys = all["health.list"].Many
		}
		var rows []questionnaire.Row
		for _, key := range keys {
			r := questionnaire.Row{Key: key, Cells: map[string]questionnaire.Value{}}
			for _, f := range q.Fields {
				c := cell(q.ID+f.ID, f.Kind, f.Options, f.Min)
				if f.ID == "severity" {
					c.Text = "life-threatening"
				}
				r.Cells[f.ID] = c
			}
			rows = append(rows, r)
		}
		all[q.ID] = questionnaire.Value{Rows: rows}
	}
	all["consent.paracetamol"] = questionnaire.Value{Text: "call"}
	return all
}
