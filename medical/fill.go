package medical

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/migrations/pg"
	"joetz/terms/id"
)

// Form is the fiche as its guardian fills it in.
type Form struct {
	Sheet
	Facts  questionnaire.Facts
	Topics []Topic
	Closed bool // the camp has begun: from now on it is only read
	kept   questionnaire.Answers
}

// Topic is one page of the form.
type Topic struct {
	questionnaire.Section
	Saved    bool // was on screen and saved; a topic of optional questions is not done before that
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
	saved, err := savedSections(ctx, s.DB, subject.Participant, subject.Departure)
	if err != nil {
		return Form{}, ErrUnavailable.With(err)
	}
	return s.form(sheet, subject, saved), nil
}

func (s *Service) form(sheet Sheet, subject subjectRow, saved []string) Form {
	f := Form{Sheet: sheet, Facts: factsOf(subject, s.today()), Closed: s.closed(subject), kept: sheet.Kept()}
	if sheet.Version == nil {
		return f
	}
	for _, section := range sheet.Version.Sections {
		t := Topic{Section: section, Saved: slices.Contains(saved, section.ID) && !slices.Contains(sheet.Broken, section.ID)}
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

// SaveTopic keeps the answers to one topic as the guardian typed them, also when something is still missing, and drops
// answers elsewhere that are no longer asked for. It returns what is missing or wrong on this page. Faults: NotFound;
// Conflict once the camp has begun.
func (s *Service) SaveTopic(ctx context.Context, r Reader, b id.Booking, topic, lang string, typed questionnaire.Answers) (problems []questionnaire.Problem, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		subject, row, key, kept, err := s.ownTx(ctx, tx, r, b)
		if err != nil {
			return err
		}
		v := s.Questions.Version(row.Questionnaire)
		if _, known := v.Section(topic); !known {
			return ErrNotFound
		}
		facts := factsOf(subject, s.today())
		next := questionnaire.Answers{}
		for id, value := range kept {
			if v.Question(id).Section != topic {
				next[id] = value
			}
		}
		for id, value := range typed {
			if q := v.Question(id); q != nil && q.Section == topic {
				next[id] = value
			}
		}
		next = v.Clean(facts, next)
		problems = v.Check(facts, next, topic)
		if err := s.saveChanged(ctx, tx, v, row.ID, key, topic, lang, r, kept, next); err != nil {
			return err
		}
		return s.reviewTx(ctx, tx, row.ID, kept, next)
	})
	return problems, err
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
	all, err := s.open(ctx, tx, []ficheRow{row})
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
func (s *Service) saveChanged(ctx context.Context, tx *sqlx.Tx, v *questionnaire.Version, f id.Fiche, key *seal.Key, topic, lang string, r Reader, before, after questionnaire.Answers) error {
	at := s.now()
	for _, section := range v.Sections {
		if section.ID != topic && !dropped(v, section.ID, before, after) {
			continue
		}
		if err := s.saveTx(ctx, tx, f, key, section.ID, newDocument(v, section.ID, lang, r.actor(), at, after)); err != nil {
			return err
		}
	}
	return nil
}

// reviewTx opens a care review when the answers newly ask for one, and takes an undecided one back when they no longer do.
func (s *Service) reviewTx(ctx context.Context, tx *sqlx.Tx, f id.Fiche, before, after questionnaire.Answers) error {
	switch was, is := needsReview(before), needsReview(after); {
	case is && !was:
		return openReview(ctx, tx, f, s.now())
	case was && !is:
		return closeReview(ctx, tx, f)
	}
	return nil
}

// needsReview: more support than children of the same age, or a nursing act that a volunteer may do only on a care plan.
func needsReview(a questionnaire.Answers) bool {
	return a[careAny].Text == "yes" || a["med.nursing"].Text == "yes"
}

func dropped(v *questionnaire.Version, section string, before, after questionnaire.Answers) bool {
	for id, value := range before {
		if v.Question(id).Section == section && string(value.Encode()) != string(after[id].Encode()) {
			return true
		}
	}
	return false
}

// signatureSection holds what was signed; no topic of the questionnaire has that name.
const signatureSection = "signature"

// signature proves what a guardian signed: which questions in which words, which answers, when and from where.
type signature struct {
	Questionnaire string            `json:"questionnaire"` // hash of the version
	Answers       string            `json:"answers"`       // hash of the answers
	Statements    map[string]string `json:"statements"`    // the texts that were agreed to
	Lang          string            `json:"lang"`
	By            string            `json:"by"`
	At            time.Time         `json:"at"`
	IP            string            `json:"ip"`
	Device        string            `json:"device"`
	SecondStep    bool              `json:"second_step"` // signed in again by code shortly before
}

// Sign signs the fiche as it is now. Faults: NotFound; Conflict when something is still missing or the camp has begun.
func (s *Service) Sign(ctx context.Context, r Reader, b id.Booking, lang string, secondStep bool) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		subject, row, key, kept, err := s.ownTx(ctx, tx, r, b)
		if err != nil {
			return err
		}
		saved, err := savedSections(ctx, tx, subject.Participant, subject.Departure)
		if err != nil {
			return err
		}
		v := s.Questions.Version(row.Questionnaire)
		sheet := Sheet{Version: v}
		for id, value := range kept {
			sheet.Answers = append(sheet.Answers, Answer{v.Question(id), value})
		}
		if !s.form(sheet, subject, saved).Complete() {
			return errIncomplete
		}
		at := s.now()
		sig := signature{Questionnaire: v.Hash, Answers: hashOf(v, kept), Statements: statements(v, kept, lang), Lang: lang,
			By: r.actor(), At: at, IP: r.IP, Device: r.Device, SecondStep: secondStep}
		raw, err := json.Marshal(sig)
		if err != nil {
			return fmt.Errorf("sign fiche %d: %w", row.ID, err)
		}
		d := document{Questionnaire: v.Number, Lang: lang, By: r.actor(), At: at, Text: string(raw)}
		if err := s.saveTx(ctx, tx, row.ID, key, signatureSection, d); err != nil {
			return err
		}
		if err := signFiche(ctx, tx, row.ID, r.Guardian, at); err != nil {
			return err
		}
		l := s.lineOf(r, "sign", allowed, nil)
		l.Participant, l.Departure, l.Fiche = subject.Participant, subject.Departure, row.ID
		return s.recordTx(ctx, tx, l)
	})
}

// hashOf is over every answer in the questionnaire's order.
func hashOf(v *questionnaire.Version, a questionnaire.Answers) string {
	h := sha256.New()
	for _, q := range v.Questions {
		if value, ok := a[q.ID]; ok {
			fmt.Fprintf(h, "%s=%s\n", q.ID, value.Encode())
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

func statements(v *questionnaire.Version, a questionnaire.Answers, lang string) map[string]string {
	out := map[string]string{}
	for _, q := range v.Questions {
		if _, ok := a[q.ID]; ok && q.Kind == questionnaire.Sign {
			out[q.ID] = q.Label.In(lang)
		}
	}
	return out
}
