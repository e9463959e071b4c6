package medical

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Form is the fiche as its guardian fills it in.
type Form struct {
	Sheet
	Facts  questionnaire.Facts
	Topics []Topic
	Closed bool // the camp has begun: from now on it is only read
	// Revision grows with every page that is saved: who signs sends it back, so that nobody signs what they did not see.
	Revision int
	kept     questionnaire.Answers
}

// Topic is one page of the form.
type Topic struct {
	questionnaire.Section
	Saved    bool // was on screen and saved; a topic of optional questions is not done before that
	Revision int  // how often it was saved: the page sends it back, so that two who fill in the same page notice
	Problems int  // what is missing or wrong
	Later    int  // photos and documents that may still follow
}

// Done reports whether nothing is left to do on the page.
func (t Topic) Done() bool { return t.Saved && t.Problems == 0 }

// Complete reports whether the fiche can be signed.
func (f Form) Complete() bool {
	return len(f.Topics) > 0 && !slices.ContainsFunc(f.Topics, func(t Topic) bool { return !t.Done() })
}

// Answers gives what was filled in so far.
func (f Form) Answers() questionnaire.Answers { return f.kept }

// Form reads the whole fiche for the guardian who fills it in. Faults: as Read.
func (s *Service) Form(ctx context.Context, r Reader, b id.Booking) (Form, error) {
	if r.Role != Guardian {
		return Form{}, ErrNotFound
	}
	sheet, err := s.Read(ctx, r, b)
	if err != nil {
		return Form{}, err
	}
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil || !ok {
		return Form{}, notFoundOr(err)
	}
	saved, err := revisions(ctx, s.DB, subject.Participant, subject.Departure)
	if err != nil {
		return Form{}, ErrUnavailable.With(err)
	}
	return s.form(sheet, subject, saved), nil
}

func (s *Service) form(sheet Sheet, subject subjectRow, saved map[string]int) Form {
	f := Form{Sheet: sheet, Facts: factsOf(subject, s.today()), Closed: s.closed(subject), kept: sheet.Kept()}
	if sheet.Version == nil {
		return f
	}
	for _, section := range sheet.Version.Sections {
		f.Revision += saved[section.ID]
		t := Topic{Section: section, Revision: saved[section.ID], Saved: saved[section.ID] > 0 && !slices.Contains(sheet.Broken, section.ID)}
		asked, _ := sheet.Version.Ask(f.Facts, f.kept)
		if !slices.ContainsFunc(asked, func(q questionnaire.Asked) bool { return q.Section == section.ID }) {
			continue
		}
		for _, p := range sheet.Version.Check(f.Facts, f.kept, section.ID) {
			if p.Later {
				t.Later++
			} else {
				t.Problems++
			}
		}
		f.Topics = append(f.Topics, t)
	}
	return f
}

// closed: a fiche changes until the day of departure; from the next day on it is what the animators work with.
func (s *Service) closed(b subjectRow) bool {
	return s.today().After(b.StartsOn) || b.BookingStatus != "placed" && b.BookingStatus != "in_review"
}

// Saved is what a saved page still lacks.
type Saved struct {
	Answers  questionnaire.Answers // all of the fiche, as they are kept now
	Problems []questionnaire.Problem
	Fresh    map[string]bool // questions that are asked only since this save: nobody could have answered them
	Review   ReviewChange
}

// ReviewChange is what a save did to the care review. What becomes of the booking is the caller's (shop/booking).
type ReviewChange uint8

// The changes.
const (
	ReviewSame      ReviewChange = iota
	ReviewAsked                  // the answers newly ask for a review: one is open now
	ReviewWithdrawn              // they ask for none any more. An undecided one is still open: CloseReviewTx takes it back
)

// Page is one page of the form as it comes back.
type Page struct {
	Topic string
	Lang  string // in which the questions were shown
	Seen  int    // the topic's Revision on which the page was made; AnyRevision when nobody looked
}

// AnyRevision is the Seen of answers that come from no page: they replace whatever there is.
const AnyRevision = -1

// ErrMeanwhile says that a topic was saved since its page was shown, with other answers than are saved now. Nothing was kept.
var ErrMeanwhile error = fault.New(fault.Conflict, "medical.meanwhile")

// SaveTopicTx keeps the answers to one topic as the guardian typed them, also when something is still missing, and drops
// answers elsewhere that are no longer asked for. Faults: NotFound; Conflict once the camp has begun; ErrMeanwhile.
func (s *Service) SaveTopicTx(ctx context.Context, tx *sqlx.Tx, r Reader, b id.Booking, page Page, typed questionnaire.Answers) (Saved, error) {
	subject, row, key, kept, err := s.ownTx(ctx, tx, r, b)
	if err != nil {
		return Saved{}, err
	}
	v, topic, lang := s.Questions.Version(row.Questionnaire), page.Topic, page.Lang
	if _, known := v.Section(topic); !known {
		return Saved{}, ErrNotFound
	}
	facts := factsOf(subject, s.today())
	before, _ := v.Ask(facts, kept)
	after, next := v.Ask(facts, withTyped(v, topic, kept, typed))
	if page.Seen != AnyRevision {
		saved, err := revisions(ctx, tx, subject.Participant, subject.Departure)
		if err != nil {
			return Saved{}, err
		}
		if saved[topic] != page.Seen && changed(v, topic, kept, next) {
			return Saved{}, ErrMeanwhile
		}
	}
	out := Saved{Answers: next, Problems: v.Check(facts, next, topic), Fresh: map[string]bool{}}
	for _, q := range after {
		out.Fresh[q.ID] = !slices.ContainsFunc(before, func(old questionnaire.Asked) bool { return old.ID == q.ID })
	}
	if err := s.saveChanged(ctx, tx, v, facts, row.ID, key, topic, lang, r, kept, next); err != nil {
		return out, err
	}
	if err := dropOrphans(ctx, tx, v, row.ID, kept, next); err != nil {
		return out, err
	}
	if out.Review = reviewChange(kept, next); out.Review == ReviewAsked {
		return out, openReview(ctx, tx, row.ID, s.now())
	}
	return out, nil
}

// withTyped puts what was typed for one topic in place of what was kept of it. Files come and go by themselves.
func withTyped(v *questionnaire.Version, topic string, kept, typed questionnaire.Answers) questionnaire.Answers {
	next := questionnaire.Answers{}
	for id, value := range kept {
		if q := v.Question(id); q.Section != topic || q.Kind == questionnaire.File {
			next[id] = value
		}
	}
	for id, value := range typed {
		if q := v.Question(id); q != nil && q.Section == topic && q.Kind != questionnaire.File {
			next[id] = value
		}
	}
	return next
}

// ownTx opens, locked, the fiche that the guardian may change, and makes it when there is none.
func (s *Service) ownTx(ctx context.Context, tx *sqlx.Tx, r Reader, b id.Booking) (subject subjectRow, row ficheRow, key *seal.Key, kept questionnaire.Answers, err error) {
	subject, ok, err := subjectOf(ctx, tx, b)
	if err != nil || !ok || r.Role != Guardian {
		return subject, row, nil, nil, notFoundOr(err)
	}
	if g, err := s.grantFor(ctx, tx, r, subject); err != nil || !g.all {
		return subject, row, nil, nil, notFoundOr(err)
	}
	if s.closed(subject) {
		return subject, row, nil, nil, errClosed
	}
	if row, key, err = s.ficheTx(ctx, tx, subject.Participant, subject.Departure, r.Guardian, s.now()); err != nil {
		return subject, row, nil, nil, err
	}
	all, err := s.open(ctx, tx, []ficheRow{row}, everyTopic)
	if err != nil {
		return subject, row, nil, nil, err
	}
	o := all[row.ID]
	v := s.Questions.Version(row.Questionnaire)
	if v == nil {
		return subject, row, nil, nil, ErrUnavailable
	}
	return subject, row, key, v.Clean(factsOf(subject, s.today()), o.answers), nil
}

// saveChanged seals the topic in hand, and others from which something was dropped.
func (s *Service) saveChanged(ctx context.Context, tx *sqlx.Tx, v *questionnaire.Version, facts questionnaire.Facts, f id.Fiche, key *seal.Key, topic, lang string, r Reader, before, after questionnaire.Answers) error {
	at := s.now()
	for _, section := range v.Sections {
		if section.ID != topic && !dropped(v, section.ID, before, after) {
			continue
		}
		if err := s.saveTx(ctx, tx, f, key, section.ID, newDocument(v, facts, section.ID, lang, r.actor(), at, after)); err != nil {
			return err
		}
	}
	return nil
}

// reviewReasons: more support than children of the same age, or a nursing act that a volunteer may do only on a care plan.
var reviewReasons = []string{careAny, "med.nursing"}

// reviewChange compares the reasons for a review: each new one asks for it, also when another was discussed before.
func reviewChange(before, after questionnaire.Answers) ReviewChange {
	was, is := false, false
	for _, reason := range reviewReasons {
		old, now := before[reason].Text == "yes", after[reason].Text == "yes"
		if now && !old {
			return ReviewAsked
		}
		was, is = was || old, is || now
	}
	if was && !is {
		return ReviewWithdrawn
	}
	return ReviewSame
}

// changed reports whether a topic has other answers than before.
func changed(v *questionnaire.Version, section string, before, after questionnaire.Answers) bool {
	return dropped(v, section, before, after) || dropped(v, section, after, before)
}

// dropped reports whether an answer to a topic is another one now, or gone.
func dropped(v *questionnaire.Version, section string, before, after questionnaire.Answers) bool {
	for id, value := range before {
		if v.Question(id).Section == section && string(value.Encode()) != string(after[id].Encode()) {
			return true
		}
	}
	return false
}

// Previous gives the answers of the child's latest signed fiche that the guardian let us keep, to be looked through and
// saved again page by page; none when there is no such fiche. It is a reading like any other.
func (s *Service) Previous(ctx context.Context, r Reader, b id.Booking) (questionnaire.Answers, error) {
	subject, ok, err := subjectOf(ctx, s.DB, b)
	if err != nil || !ok {
		return nil, notFoundOr(err)
	}
	departure, ok, err := keptDeparture(ctx, s.DB, subject.Participant, subject.Departure, s.today())
	if err != nil || !ok {
		return nil, err
	}
	sheet, err := s.ReadDraft(ctx, r, subject.Participant, departure)
	if err != nil || sheet.State != Signed {
		return nil, err
	}
	kept := sheet.Kept()
	for _, q := range s.Questions.Current().Questions {
		if q.Kind == questionnaire.Sign || q.Kind == questionnaire.File { // a signature and a label are of one year
			delete(kept, q.ID)
		}
	}
	return kept, nil
}
