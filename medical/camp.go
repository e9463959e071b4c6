package medical

import (
	"context"
	"fmt"
	"slices"

	"joetz/terms/civil"
	"joetz/terms/id"
)

// campReading is a camp's fiches, opened for one reader after the decision and the line in the log.
type campReading struct {
	grant    grant
	camp     campRow
	subjects []subjectRow
	byChild  map[id.Participant]*opened
}

// readCamp decides once for a whole camp, writes one line, and opens what is wanted of each fiche. topics are what the
// line says was looked at: empty = everything.
func (s *Service) readCamp(ctx context.Context, r Reader, d id.Departure, action string, topics []string, wanted want) (campReading, error) {
	var out campReading
	camp, ok, err := campOf(ctx, s.DB, d)
	if err != nil {
		return out, ErrUnavailable.With(err)
	}
	if ok && (r.Role == Animator || r.Role == Lead) { // decided once: the same for every child who is coming
		if out.grant, err = s.grantFor(ctx, s.DB, r, subjectRow{campRow: camp, BookingStatus: "placed"}); err != nil {
			return out, ErrUnavailable.With(err)
		}
	}
	l := s.lineOf(r, action, allowed, topics)
	l.Departure = d
	if out.grant.none() {
		l.Outcome = refused
	}
	if err := s.record(ctx, l); err != nil {
		return out, err
	}
	if out.grant.none() {
		return out, out.grant.refusal()
	}
	out.camp = camp
	if out.subjects, err = subjectsOn(ctx, s.DB, d); err != nil {
		return out, ErrUnavailable.With(err)
	}
	rows, err := fichesOn(ctx, s.DB, d)
	if err != nil {
		return out, ErrUnavailable.With(err)
	}
	all, err := s.open(ctx, s.DB, rows, wanted)
	if err != nil {
		return out, ErrUnavailable.With(fmt.Errorf("open the fiches of camp %d: %w", d, err))
	}
	out.byChild = make(map[id.Participant]*opened, len(all))
	for _, o := range all {
		out.byChild[o.row.Participant] = o
	}
	return out, nil
}

// dayTopics are what a page for one day at camp opens: medicines, and what leaders may give.
var dayTopics = []string{"med", "consent"}

// ChildDay is a child on one day at camp.
type ChildDay struct {
	Sheet     Sheet // with the answers about medicines only
	Medicines []Medicine
	Forgotten []Dose   // due the day before, and nobody wrote it down
	Doses     []Dose   // due on that day, by time
	Records   []Record // all that was given and done, newest first
}

// Day gives every child of a camp with what is due on a day: marks, what each is about and care as everywhere, answers about
// medicines only. One line in the access log stands for the whole list. Faults: as Read, and ErrPromise.
func (s *Service) Day(ctx context.Context, r Reader, d id.Departure, day civil.Date) ([]ChildDay, error) {
	return s.days(ctx, r, d, day, actionList, dayTopics)
}

// Bundle gives every child of a camp with all that the reader may see, to be taken along without signal. Faults: as Day.
func (s *Service) Bundle(ctx context.Context, r Reader, d id.Departure) ([]ChildDay, error) {
	return s.days(ctx, r, d, s.today(), actionOffline, nil)
}

func (s *Service) days(ctx context.Context, r Reader, d id.Departure, day civil.Date, action string, topics []string) ([]ChildDay, error) {
	c, err := s.readCamp(ctx, r, d, action, topics, want{all: topics == nil, topics: topics})
	if err != nil {
		return nil, err
	}
	records, err := s.recordsOf(ctx, s.DB, c.byChild)
	if err != nil {
		return nil, ErrUnavailable.With(err)
	}
	out := make([]ChildDay, len(c.subjects))
	for i, subject := range c.subjects {
		o := c.byChild[subject.Participant]
		child := ChildDay{Sheet: s.assemble(c.grant, subject, nil, o)}
		if topics != nil { // flags and care as on the list; answers of these topics only
			child.Sheet.Answers = slices.DeleteFunc(child.Sheet.Answers, func(a Answer) bool { return !slices.Contains(topics, a.Question.Section) })
		}
		child.Medicines = medicinesOf(child.Sheet, c.camp)
		if o != nil {
			child.Records = records[o.row.ID]
		}
		child.Doses, child.Forgotten = dosesOn(child.Medicines, day, child.Records), forgotten(child.Medicines, day, c.camp, child.Records)
		out[i] = child
	}
	return out, nil
}
