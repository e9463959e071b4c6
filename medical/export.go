package medical

import (
	"context"
	"fmt"

	"joetz/terms/id"
)

const actionExport = "export"

// Exported is an answer with its question, in words, for the guardian who takes along what is held about their child. It is
// meant to be written into that guardian's own file and nowhere else.
type Exported struct {
	Topic    string   `json:"onderwerp"`
	Question string   `json:"vraag"`
	Answer   []string `json:"antwoord"`
}

// Format keeps answers out of logs.
func (Exported) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("[answer]")) }

// Export gives a guardian all answers of the fiche of a booking, in words, and writes the export down before it opens
// anything. Faults: NotFound when this guardian may not see the fiche; Unavailable when the log cannot be written. A fiche
// that is missing or wiped has no answers.
func (s *Service) Export(ctx context.Context, r Reader, b id.Booking, lang string) ([]Exported, error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	if !ok || r.Role != Guardian {
		return nil, ErrNotFound
	}
	g, err := s.grantFor(ctx, s.DB, r, subject)
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	row, filled, err := ficheOf(ctx, s.DB, subject.Participant, subject.Departure)
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	l := s.lineOf(r, actionExport, allowed, nil)
	l.Participant, l.Departure, l.Fiche = subject.Participant, subject.Departure, row.ID
	if g.none() {
		l.Outcome = refused
	}
	if err := s.record(ctx, l); err != nil {
		return nil, err
	}
	if g.none() {
		return nil, ErrNotFound
	}
	if !filled {
		return nil, nil
	}
	all, err := s.open(ctx, s.DB, []ficheRow{row}, everyTopic)
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	o := all[row.ID]
	sheet := s.assemble(g, subject, nil, o)
	if sheet.State == Unreadable || sheet.Version == nil {
		s.tellUnreadable(ctx, l)
		return nil, nil
	}
	var out []Exported
	for _, a := range sheet.Answers {
		e := Exported{Question: a.Question.Label.In(lang)}
		if section, ok := sheet.Version.Section(a.Question.Section); ok {
			e.Topic = section.Title.In(lang)
		}
		for _, line := range sheet.Version.Lines(a.Question, o.answers, lang) {
			text := line.Text
			if line.Label != "" {
				text = line.Label + ": " + text
			}
			e.Answer = append(e.Answer, text)
		}
		out = append(out, e)
	}
	return out, nil
}
