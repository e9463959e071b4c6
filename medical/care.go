package medical

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/terms/fault"
	"joetz/terms/id"
)

const careTextMax = 2000

// CareAnswer is the answer to the care question that comes before payment: does the child need more or other support than
// children of the same age, and what works well.
type CareAnswer struct {
	Needed bool
	Text   seal.Text // what works well at home and at school; needed when Needed, at most 2000 characters
	Lang   string    // in which the question was asked
}

// String never gives the answer: that care is needed is an answer too.
func (CareAnswer) String() string { return seal.Text("").String() }

// Format never gives the answer, whatever the verb.
func (CareAnswer) Format(f fmt.State, r rune) { seal.Text("").Format(f, r) }

// The questions that the care answer fills in.
const (
	careSection = "care"
	careAny     = "care.any"
	careHow     = "care.how"
)

// check gives the fault a parent can mend, on the form field care_text.
func (c CareAnswer) check() error {
	switch n := utf8.RuneCountInString(string(c.Text)); {
	case c.Needed && strings.TrimSpace(string(c.Text)) == "":
		return errCareText
	case n > careTextMax:
		return errCareLong
	}
	return nil
}

// CareFor is a guardian's care answer about a child who is to go on a departure.
type CareFor struct {
	Participant id.Participant
	Departure   id.Departure
	By          id.Guardian
	CareAnswer
}

// AnswerCareTx keeps answers to the care question, each sealed in the child's fiche for the departure, which it makes when
// there is none. A yes opens a care review; a no takes an undecided one back. It may be answered again until the booking
// is placed. Faults: Invalid on the field care_text; NotFound when a guardian does not act for the child. With a fault nothing
// may be kept of any of them.
func (s *Service) AnswerCareTx(ctx context.Context, tx *sqlx.Tx, all ...CareFor) error {
	for _, c := range all {
		if err := c.check(); err != nil {
			return err
		}
	}
	if act, err := allAct(ctx, tx, all); err != nil || !act {
		return notFoundOr(err)
	}
	at := s.now()
	made, err := makeFiches(ctx, tx, all, questionnaire.Current, at)
	if err != nil {
		return err
	}
	var begun []begunRow
	var again []CareFor // that find a fiche
	for _, c := range all {
		f, fresh := made[c.on()]
		if !fresh {
			again = append(again, c)
			continue
		}
		delete(made, c.on()) // whoever answers about the same child too, answers again
		row, err := s.begin(f, s.careDocument(questionnaire.Current, c, at))
		if err != nil {
			return err
		}
		row.Care = c.Needed
		begun = append(begun, row)
	}
	if err := insertBegun(ctx, tx, begun, careSection, at); err != nil {
		return err
	}
	slices.SortFunc(again, func(a, b CareFor) int { // in one order for all who lock several
		return cmp.Or(cmp.Compare(a.Participant, b.Participant), cmp.Compare(a.Departure, b.Departure))
	})
	for _, c := range again {
		if err := s.careAgainTx(ctx, tx, c, at); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) careDocument(version int, c CareFor, at time.Time) document {
	v := s.Questions.Version(version)
	a := questionnaire.Answers{careAny: {Text: "no"}}
	if c.Needed {
		a = questionnaire.Answers{careAny: {Text: "yes"}, careHow: {Text: strings.TrimSpace(string(c.Text))}}
	}
	return newDocument(v, questionnaire.Facts{}, careSection, c.Lang, c.By.Actor(), at, v.Clean(questionnaire.Facts{}, a))
}

// begin seals what a fiche that was just made begins with: its key, its first topic and its summary.
func (s *Service) begin(f id.Fiche, d document) (row begunRow, err error) {
	key, wrapped, err := s.Keys.NewKey(keyPlace(f))
	if err != nil {
		return row, err
	}
	sealed, err := d.seal(key, sectionPlace(f, careSection))
	if err != nil {
		return row, err
	}
	sum := summary{Heads: map[string]head{}, Sum: sumOfOne(careSection, sealed)}
	sum.put(careSection, d)
	short, err := sum.seal(key, f)
	return begunRow{Fiche: f, KeysetKey: seal.KeyOf(wrapped), Wrapped: wrapped, Sealed: sealed, Short: short, By: d.By}, err
}

// careAgainTx writes the answer into a fiche that was there.
func (s *Service) careAgainTx(ctx context.Context, tx *sqlx.Tx, c CareFor, at time.Time) error {
	row, key, err := s.ficheTx(ctx, tx, c.Participant, c.Departure, c.By, at)
	if err != nil {
		return err
	}
	if err := s.saveTx(ctx, tx, row.ID, key, careSection, s.careDocument(row.Questionnaire, c, at)); err != nil {
		return err
	}
	if c.Needed {
		return openReview(ctx, tx, row.ID, at)
	}
	_, err = closeReview(ctx, tx, row.ID)
	return err
}

func notFoundOr(err error) error {
	if err != nil {
		return err
	}
	return ErrNotFound
}

// ficheTx opens the child's fiche, locked, with its key; it makes both when there is none.
func (s *Service) ficheTx(ctx context.Context, tx *sqlx.Tx, p id.Participant, d id.Departure, by id.Guardian, at time.Time) (ficheRow, *seal.Key, error) {
	row, made, err := openFiche(ctx, tx, p, d, by, questionnaire.Current, at)
	if err != nil {
		return row, nil, err
	}
	if !made {
		key, err := s.keyOf(row)
		return row, key, err
	}
	key, wrapped, err := s.Keys.NewKey(keyPlace(row.ID))
	if err != nil {
		return row, nil, err
	}
	return row, key, insertKey(ctx, tx, row.ID, seal.KeyOf(wrapped), wrapped, at)
}

func (s *Service) keyOf(row ficheRow) (*seal.Key, error) {
	key, err := s.Keys.Key(row.Wrapped, keyPlace(row.ID))
	if err != nil {
		return nil, ErrUnavailable.With(fmt.Errorf("fiche %d: %w", row.ID, err))
	}
	return key, nil
}

func (s *Service) saveTx(ctx context.Context, tx *sqlx.Tx, f id.Fiche, key *seal.Key, section string, d document) error {
	sealed, err := d.seal(key, sectionPlace(f, section))
	if err != nil {
		return err
	}
	before, err := summariesOf(ctx, tx, []id.Fiche{f})
	if err != nil {
		return err
	}
	if err := saveSection(ctx, tx, f, section, sealed, d.By, d.At); err != nil {
		return err
	}
	return s.summarizeTx(ctx, tx, f, key, before[0], section, d)
}

// DropTx shreds the child's fiche for the departure when nothing needs it any more: no booking, and no open basket in
// which the care question is answered. One that a file holds stays. Call it after the basket was closed, in the same
// transaction; it is safe to call for children without a fiche, and twice.
func (s *Service) DropTx(ctx context.Context, tx *sqlx.Tx, p id.Participant, d id.Departure) error {
	wanted, err := stillWanted(ctx, tx, p, d)
	if err != nil || wanted {
		return err
	}
	row, ok, err := ficheOf(ctx, tx, p, d)
	if err != nil || !ok {
		return err
	}
	locked, ok, err := lockForWipe(ctx, tx, row.ID)
	if err != nil || !ok || locked.Held {
		return err
	}
	if wanted, err = stillWanted(ctx, tx, p, d); err != nil || wanted { // by whoever had the lock before
		return err
	}
	return shred(ctx, tx, row.ID, becauseNotBooked, s.now())
}

// Outcome is what staff decided on a care review, together with the parent.
type Outcome string

// The outcomes.
const (
	Welcome      Outcome = "welcome"       // nothing special needs to be agreed
	Agreements   Outcome = "agreements"    // welcome, with agreements for the animators
	OtherHoliday Outcome = "other_holiday" // another holiday fits better
	Refused      Outcome = "refused"
)

// Decision is the end of a care review.
type Decision struct {
	Outcome    Outcome
	Agreements seal.Text // for the animators, in plain words; needed with Agreements, may go with OtherHoliday, else not kept
	Lang       string
}

// DecideTx ends the care review of a booking and seals the agreements for the animators. What becomes of the booking is
// the caller's, in the same transaction. Faults: NotFound for who may not read it; Conflict when there is no open review;
// Invalid on agreements.
func (s *Service) DecideTx(ctx context.Context, tx *sqlx.Tx, r Reader, b id.Booking, decision Decision) error {
	text := strings.TrimSpace(string(decision.Agreements))
	switch {
	case decision.Outcome == Agreements && text == "":
		return fault.Field("agreements", "medical.agreements_needed")
	case utf8.RuneCountInString(text) > careTextMax:
		return fault.Field("agreements", "medical.care_text_long", careTextMax)
	}
	subject, ok, err := subjectOf(ctx, tx, b)
	if err != nil || !ok {
		return notFoundOr(err)
	}
	row, ok, err := ficheOf(ctx, tx, subject.Participant, subject.Departure)
	if err != nil || !ok {
		return notFoundOr(err)
	}
	if decision.Outcome == OtherHoliday { // the fiche went along; one that was there already may lack the review
		if err := openReview(ctx, tx, row.ID, s.now()); err != nil {
			return err
		}
	}
	r.Purpose = actionDecide
	if g, err := s.grantFor(ctx, tx, r, subject); err != nil || g.none() || r.Role != Office {
		return notFoundOr(err)
	}
	at := s.now()
	if done, err := decideReview(ctx, tx, row.ID, r.Staff, decision.Outcome, at); err != nil || !done {
		if err != nil {
			return err
		}
		return errNoReview
	}
	if text != "" && (decision.Outcome == Agreements || decision.Outcome == OtherHoliday) {
		key, err := s.Keys.Key(row.Wrapped, keyPlace(row.ID))
		if err != nil {
			return ErrUnavailable.With(err)
		}
		d := document{head: head{Questionnaire: row.Questionnaire, Lang: decision.Lang, By: r.Staff.Actor(), At: at, Marks: []string{}, Text: text}}
		if err := s.saveTx(ctx, tx, row.ID, key, agreementsSection, d); err != nil {
			return err
		}
	}
	l := s.lineOf(r, actionDecide, allowed, []string{careSection})
	l.Participant, l.Departure, l.Fiche = subject.Participant, subject.Departure, row.ID
	return s.recordTx(ctx, tx, l)
}

// CloseReviewTx takes a review of a booking back that nobody decided yet: the parent's answers ask for none any more. It
// reports whether there was one.
func (s *Service) CloseReviewTx(ctx context.Context, tx *sqlx.Tx, b id.Booking) (bool, error) {
	subject, ok, err := subjectOf(ctx, tx, b)
	if err != nil || !ok {
		return false, err
	}
	row, ok, err := ficheOf(ctx, tx, subject.Participant, subject.Departure)
	if err != nil || !ok {
		return false, err
	}
	return closeReview(ctx, tx, row.ID)
}

// ReopenReviewTx puts the care of a booking to staff again, whatever was decided: its refusal was taken back.
func (s *Service) ReopenReviewTx(ctx context.Context, tx *sqlx.Tx, b id.Booking) error {
	subject, ok, err := subjectOf(ctx, tx, b)
	if err != nil || !ok {
		return err
	}
	row, ok, err := ficheOf(ctx, tx, subject.Participant, subject.Departure)
	if err != nil || !ok {
		return err
	}
	return openReview(ctx, tx, row.ID, s.now())
}
