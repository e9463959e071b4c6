package medical

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"

	"github.com/jmoiron/sqlx"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// Read gives what the reader may see of the fiche of a booking: of the topics asked for, or of all of them. It is the one
// way to an answer: it decides, writes the access log, and only then opens. Faults: NotFound when the reader may see
// nothing of it; Unavailable when the log cannot be written. A fiche that is missing or does not open is no fault: its
// State says so.
func (s *Service) Read(ctx context.Context, r Reader, b id.Booking, topics ...string) (Sheet, error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil {
		return Sheet{}, ErrUnavailable.With(err)
	}
	if !ok {
		return Sheet{}, ErrNotFound
	}
	sheet, _, err := s.read(ctx, r, subject, topics)
	return sheet, err
}

// ReadDay is Read of a whole fiche at camp, with what is due on a day and what was given and done.
func (s *Service) ReadDay(ctx context.Context, r Reader, b id.Booking, day civil.Date) (ChildDay, error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil {
		return ChildDay{}, ErrUnavailable.With(err)
	}
	if !ok || r.Role != Animator && r.Role != Lead {
		return ChildDay{}, ErrNotFound
	}
	return s.readDay(ctx, r, subject, day)
}

func (s *Service) readDay(ctx context.Context, r Reader, subject subjectRow, day civil.Date) (ChildDay, error) {
	sheet, o, err := s.read(ctx, r, subject, nil)
	if err != nil {
		return ChildDay{}, err
	}
	out := ChildDay{Sheet: sheet, Medicines: medicinesOf(sheet, subject.campRow)}
	if o != nil {
		records, err := s.recordsOf(ctx, s.DB, map[id.Participant]*opened{subject.Participant: o})
		if err != nil {
			return ChildDay{}, ErrUnavailable.With(err)
		}
		out.Records = records[o.row.ID]
	}
	out.Doses, out.Forgotten = dosesOn(out.Medicines, day, out.Records), forgotten(out.Medicines, day, subject.campRow, out.Records)
	return out, nil
}

// ReadDraft is Read for a child in a basket, before there is a booking: for the guardian only.
func (s *Service) ReadDraft(ctx context.Context, r Reader, p id.Participant, d id.Departure, topics ...string) (Sheet, error) {
	subject, ok, err := draftOf(ctx, s.DB, p, d)
	if err != nil {
		return Sheet{}, ErrUnavailable.With(err)
	}
	if !ok || r.Role != Guardian {
		return Sheet{}, ErrNotFound
	}
	sheet, _, err := s.read(ctx, r, subject, topics)
	return sheet, err
}

func (s *Service) read(ctx context.Context, r Reader, subject subjectRow, topics []string) (Sheet, *opened, error) {
	for _, t := range topics {
		if _, known := s.Questions.Current().Section(t); !known {
			return Sheet{}, nil, ErrNotFound
		}
	}
	g, err := s.grantFor(ctx, s.DB, r, subject)
	if err != nil {
		return Sheet{}, nil, ErrUnavailable.With(err)
	}
	row, filled, err := ficheOf(ctx, s.DB, subject.Participant, subject.Departure)
	if err != nil {
		return Sheet{}, nil, ErrUnavailable.With(err)
	}
	l := s.lineOf(r, actionView, allowed, topics)
	l.Participant, l.Departure, l.Fiche = subject.Participant, subject.Departure, row.ID
	if g.none() {
		l.Outcome = refused
	}
	if err := s.record(ctx, l); err != nil {
		return Sheet{}, nil, err
	}
	if g.none() {
		return Sheet{}, nil, g.refusal()
	}
	if !filled {
		return s.assemble(g, subject, topics, nil), nil, nil
	}
	all, err := s.open(ctx, s.DB, []ficheRow{row}, everyTopic)
	if err != nil {
		return Sheet{}, nil, ErrUnavailable.With(err)
	}
	sheet := s.assemble(g, subject, topics, all[row.ID])
	if sheet.State == Unreadable || len(sheet.Broken) > 0 {
		s.tellUnreadable(ctx, l)
	}
	return sheet, all[row.ID], nil
}

// tellUnreadable leaves a second line, so that somebody looks into it. Showing the reader that it does not open matters
// more than the line.
func (s *Service) tellUnreadable(ctx context.Context, l line) {
	l.Outcome = unreadable
	if err := s.record(ctx, l); err != nil {
		s.Log.ErrorContext(ctx, "access log", "error", err)
	}
	s.Log.ErrorContext(ctx, "a fiche does not open", "fiche", int64(l.Fiche))
}

// grantFor asks the database who the reader is to this child, now, and decides.
func (s *Service) grantFor(ctx context.Context, q sqlx.QueryerContext, r Reader, subject subjectRow) (grant, error) {
	a, err := s.attemptOf(ctx, q, r, subject)
	if err != nil {
		return grant{}, err
	}
	return s.Settings.decide(a), nil
}

func (s *Service) attemptOf(ctx context.Context, q sqlx.QueryerContext, r Reader, subject subjectRow) (attempt, error) {
	a := attempt{
		role: r.Role, today: s.today(), starts: subject.StartsOn, ends: subject.EndsOn, purposeStated: len(r.Purpose) > 0,
		coming: (subject.BookingStatus == "placed" || subject.BookingStatus == "in_review") && subject.DepartureStatus != "cancelled",
	}
	switch {
	case r.Role == Guardian && r.Staff == 0:
		sees, err := guardianSees(ctx, q, r.Guardian, subject.Participant)
		if err != nil {
			return a, err
		}
		a.holdsRole = sees
	case r.Role != Guardian && r.Guardian == 0:
		st, err := standingOf(ctx, q, r.Staff, r.Role, subject.Departure)
		if err != nil {
			return a, err
		}
		a.holdsRole, a.assigned, a.leads, a.takenOff = st.HoldsRole, st.Assigned, st.Leads, st.TakenOff
		if a.byOverride = r.Override != 0; a.byOverride {
			if a.overrideOpen, err = overrideOpen(ctx, q, r, subject, s.now()); err != nil {
				return a, err
			}
		}
		if r.Role == Animator || r.Role == Lead {
			year, _, _ := subject.StartsOn.YMD()
			now, _, _ := s.today().YMD()
			if a.promised, err = promised(ctx, q, r.Staff, year, now); err != nil {
				return a, err
			}
		}
		if r.Role == Office {
			if a.review, err = hasReview(ctx, q, subject.Participant, subject.Departure); err != nil {
				return a, err
			}
		}
	}
	return a, nil
}

// opened is a fiche with its answers. It never leaves this package as it is.
type opened struct {
	row      ficheRow
	key      *seal.Key
	readable bool // the key opens
	summed   bool // its summary stands for the topics as they are
	heads    map[string]head
	broken   []string
	answers  questionnaire.Answers
	review   reviewRow
}

// open unseals fiches: the answers to the topics that are wanted, and of the others the heads, for a list. The care
// question is always opened. What does not open is marked, not skipped. Where not all is wanted, the summaries are read, and
// the topics only of fiches that have none that fits.
func (s *Service) open(ctx context.Context, q sqlx.QueryerContext, rows []ficheRow, wanted want) (map[id.Fiche]*opened, error) {
	out := make(map[id.Fiche]*opened, len(rows))
	ids := make([]id.Fiche, 0, len(rows))
	for _, row := range rows {
		out[row.ID] = &opened{row: row, heads: map[string]head{}, answers: questionnaire.Answers{}}
		ids = append(ids, row.ID)
	}
	sections, err := s.sectionsFor(ctx, q, out, ids, wanted)
	if err != nil {
		return nil, err
	}
	bySheet := make(map[id.Fiche][]sectionRow, len(rows))
	for _, sec := range sections {
		bySheet[sec.Fiche] = append(bySheet[sec.Fiche], sec)
	}
	each(out, func(o *opened) {
		s.unwrap(o)
		for _, sec := range bySheet[o.row.ID] {
			if !o.readable || !o.add(o.key, sec, wanted.has(sec.Section) || sec.Section == careSection) {
				o.broken = append(o.broken, sec.Section)
			}
		}
	})
	reviews, err := reviewsOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range reviews {
		out[r.Fiche].review = r
	}
	return out, nil
}

// sectionsFor reads the sealed topics that have to be opened: of a fiche with a summary that fits, the wanted ones; of
// another, all of them.
func (s *Service) sectionsFor(ctx context.Context, q sqlx.QueryerContext, all map[id.Fiche]*opened, ids []id.Fiche, wanted want) ([]sectionRow, error) {
	if wanted.all {
		return sectionsOf(ctx, q, ids, wanted)
	}
	sums, err := summariesOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	bySheet := make(map[id.Fiche]summaryRow, len(sums))
	for _, row := range sums {
		bySheet[row.Fiche] = row
	}
	each(all, func(o *opened) {
		if s.unwrap(o); o.readable {
			sum, fits := openSummary(o.key, bySheet[o.row.ID])
			o.summed = fits && o.take(sum)
		}
	})
	var whole, some []id.Fiche
	for _, f := range ids {
		switch {
		case !all[f].summed:
			whole = append(whole, f)
		case len(wanted.topics) > 0:
			some = append(some, f)
		}
	}
	var out []sectionRow
	if len(whole) > 0 {
		if out, err = sectionsOf(ctx, q, whole, everyTopic); err != nil {
			return nil, err
		}
	}
	if len(some) > 0 {
		more, err := sectionsOf(ctx, q, some, wanted)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// unwrap opens the key of a fiche, once.
func (s *Service) unwrap(o *opened) {
	if o.key != nil {
		return
	}
	if key, err := s.Keys.Key(o.row.Wrapped, keyPlace(o.row.ID)); err == nil {
		o.key, o.readable = key, true
	}
}

// each works on fiches on all processors, each by one of them. Nothing in clear outlives the request.
func each(all map[id.Fiche]*opened, work func(*opened)) {
	todo := make(chan *opened, len(all))
	for _, o := range all {
		todo <- o
	}
	close(todo)
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(all)) {
		group.Go(func() {
			for o := range todo {
				work(o)
			}
		})
	}
	group.Wait()
}

func (o *opened) add(key *seal.Key, sec sectionRow, whole bool) bool {
	h, rest, err := openHead(key, sec.Sealed, sectionPlace(sec.Fiche, sec.Section))
	if err != nil {
		return false
	}
	if whole {
		answers, err := answersOf(rest)
		if err != nil {
			return false
		}
		maps.Copy(o.answers, answers)
	}
	o.heads[sec.Section] = h
	return true
}

// flags gathers the marks that were noted when each topic was saved, and what each is about.
func (o *opened) flags(v *questionnaire.Version) (out []questionnaire.FlagRule, details questionnaire.Answers) {
	details = questionnaire.Answers{}
	for _, section := range v.Sections {
		head := o.heads[section.ID]
		for _, id := range head.Marks {
			if rule, ok := v.Flag(id); ok {
				out = append(out, rule)
			}
		}
		for id, raw := range head.Details {
			if detail, err := questionnaire.Decode(raw); err == nil { // else the mark stands by itself
				details[id] = detail
			}
		}
	}
	slices.SortStableFunc(out, func(a, b questionnaire.FlagRule) int { return int(b.Level) - int(a.Level) })
	return out, details
}

// assemble builds what a reader sees. o is nil when there is no fiche.
func (s *Service) assemble(g grant, subject subjectRow, topics []string, o *opened) Sheet {
	sheet := Sheet{Booking: subject.Booking, Participant: subject.Participant, Departure: subject.Departure,
		State: Missing, Version: s.Questions.Current()}
	wanted := func(topic string) bool { return len(topics) == 0 || slices.Contains(topics, topic) }
	if o == nil {
		if wanted(careSection) {
			sheet.Care.State = CareMissing
		}
		return sheet
	}
	sheet.Version = s.Questions.Version(o.row.Questionnaire)
	sheet.ChangedAt, sheet.SignedAt = o.row.ChangedAt, o.row.SignedAt.Time
	sheet.State = o.state()
	if sheet.Version == nil { // a version that this program does not have
		sheet.State = Unreadable
		return sheet
	}
	sheet.Answers = g.answers(sheet.Version, factsOf(subject, s.today()), o.answers, wanted)
	for _, topic := range o.broken {
		if wanted(topic) || topic == agreementsSection && wanted(careSection) {
			sheet.Broken = append(sheet.Broken, topic)
		}
	}
	if wanted(careSection) {
		sheet.Care = o.care()
	}
	if g.all || g.audience == questionnaire.Animators || g.audience == questionnaire.Leads {
		sheet.Flags, sheet.Details = o.flags(sheet.Version)
	}
	return sheet
}

// answers are those that are asked for, kept, wanted, and for the reader's eyes.
func (g grant) answers(v *questionnaire.Version, facts questionnaire.Facts, given questionnaire.Answers, wanted func(topic string) bool) (out []Answer) {
	asked, kept := v.Ask(facts, given)
	for _, q := range asked {
		if value, ok := kept[q.ID]; ok && wanted(q.Section) {
			if value, sight := g.reduce(q.Question, value); sight == questionnaire.Whole {
				out = append(out, Answer{q.Question, value})
			}
		}
	}
	return out
}

// state of the whole fiche. The care question alone, asked before payment, is not yet a fiche filled in.
func (o *opened) state() State {
	switch {
	case !o.readable:
		return Unreadable
	case o.row.SignedAt.Valid && len(o.broken) == 0:
		return Signed
	case o.row.SignedAt.Valid:
		return Unreadable
	}
	for section := range o.heads {
		if section != careSection && section != agreementsSection {
			return Unsigned
		}
	}
	if len(o.broken) > 0 {
		return Unreadable
	}
	return Missing
}

// care says what the reader may know about extra support. The agreements are for the camp and for those who made them.
func (o *opened) care() Care {
	c := Care{OpenedAt: o.review.OpenedAt, Outcome: Outcome(o.review.Outcome.String)}
	answer, answered := o.answers[careAny]
	switch {
	case !o.readable || slices.Contains(o.broken, careSection):
		c.State = CareUnreadable
	case !answered:
		c.State = CareMissing
	case answer.Text == "no":
		c.State = CareNone
	case slices.Contains(o.broken, agreementsSection):
		return Care{State: CareUnreadable, OpenedAt: c.OpenedAt, Outcome: c.Outcome}
	case c.Outcome == OtherHoliday && o.heads[agreementsSection].Text == "": // this is that holiday
		c.State, c.AgreedAt = CareWelcome, o.review.DecidedAt.Time
	case c.Outcome == Agreements || c.Outcome == OtherHoliday:
		d, ok := o.heads[agreementsSection]
		if !ok || d.Text == "" {
			return Care{State: CareUnreadable, OpenedAt: c.OpenedAt, Outcome: c.Outcome}
		}
		c.State, c.Agreements, c.AgreedAt = CareAgreed, seal.Text(d.Text), o.review.DecidedAt.Time
	case c.Outcome == Welcome:
		c.State, c.AgreedAt = CareWelcome, o.review.DecidedAt.Time
	default:
		c.State = CareUndecided
	}
	return c
}

func factsOf(b subjectRow, today civil.Date) questionnaire.Facts {
	return questionnaire.Facts{Today: today, Age: Age(b.BornOn, b.StartsOn), Abroad: b.Abroad, Transport: b.Carried, Inclusive: b.Inclusive, Extra: b.Extra}
}

// Age counts birthdays; a child born on 29 February has it on 1 March in other years.
func Age(born, on civil.Date) int {
	y, m, d := born.YMD()
	year, month, day := on.YMD()
	if month < m || month == m && day < d {
		return year - y - 1
	}
	return year - y
}
