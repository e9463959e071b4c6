package medical

import (
	"context"
	"fmt"

	"joetz/terms/id"
)

// Camp gives the sheets of every child who is coming to a camp, with marks and care but without answers: what the list of
// an animator or lead shows. One line in the access log stands for the whole list. Faults: as Read.
func (s *Service) Camp(ctx context.Context, r Reader, d id.Departure) ([]Sheet, error) {
	return s.camp(ctx, r, d, actionList, nil)
}

func (s *Service) camp(ctx context.Context, r Reader, d id.Departure, action string, topics []string) ([]Sheet, error) {
	camp, ok, err := campOf(ctx, s.DB, d)
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	var g grant
	if ok && (r.Role == Animator || r.Role == Lead) { // decided once: the same for every child who is coming
		if g, err = s.grantFor(ctx, s.DB, r, subjectRow{campRow: camp, BookingStatus: "placed"}); err != nil {
			return nil, ErrUnavailable.With(err)
		}
	}
	l := s.lineOf(r, action, allowed, topics)
	l.Departure = d
	if g.none() {
		l.Outcome = refused
	}
	if err := s.record(ctx, l); err != nil {
		return nil, err
	}
	if g.none() {
		return nil, ErrNotFound
	}
	subjects, err := subjectsOn(ctx, s.DB, d)
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	rows, err := fichesOn(ctx, s.DB, d)
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	all, err := s.open(ctx, s.DB, rows, action != actionList)
	if err != nil {
		return nil, ErrUnavailable.With(fmt.Errorf("open the fiches of camp %d: %w", d, err))
	}
	byChild := make(map[id.Participant]*opened, len(all))
	for _, o := range all {
		byChild[o.row.Participant] = o
	}
	sheets := make([]Sheet, len(subjects))
	for i, subject := range subjects {
		sheets[i] = s.assemble(g, subject, topics, byChild[subject.Participant])
		if action == actionList {
			sheets[i].Answers = nil
		}
	}
	return sheets, nil
}
