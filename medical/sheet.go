package medical

import (
	"time"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/terms/id"
)

// State is how far a fiche, or a topic of it, can be relied on. The zero value is the worst.
type State uint8

// The states.
const (
	Unreadable State = iota // there is something, and it does not open
	Missing                 // nothing was filled in
	Unsigned                // filled in, at least in part, and not signed
	Signed                  // whole, signed, opened: only now may a page say "nothing to report"
)

// CareState is what a camp has to know about extra support. The zero value is the worst.
type CareState uint8

// The states.
const (
	CareUnreadable CareState = iota // not known: call the parent
	CareMissing                     // never answered: call the parent
	CareUndecided                   // needed, and staff did not finish discussing it
	CareAgreed                      // needed, and this is what was agreed
	CareWelcome                     // needed, and staff agreed with the parent that nothing special has to be done
	CareNone                        // the parent answered no
)

// Care is the care question as far as the reader may see it.
type Care struct {
	State      CareState
	Agreements seal.Text // for the animators
	AgreedAt   time.Time
	Outcome    Outcome // "" while undecided
	OpenedAt   time.Time
}

// Answer is one answer that the reader may see.
type Answer struct {
	Question *questionnaire.Question
	Value    questionnaire.Value
}

// Sheet is a fiche as one reader may see it.
type Sheet struct {
	Booking     id.Booking
	Participant id.Participant
	Departure   id.Departure
	State       State
	SignedAt    time.Time
	ChangedAt   time.Time // the last time that anything was saved
	Care        Care
	Version     *questionnaire.Version
	Answers     []Answer                 // in the questionnaire's order
	Broken      []string                 // topics that do not open
	Flags       []questionnaire.FlagRule // loudest first; for the camp and the parent
	Details     questionnaire.Answers    // by the id of a flag: what it is about (Version.DetailWords)
}

// Mark is how loud a child's mark on a list is. The zero value is not the quiet one.
type Mark uint8

// The marks.
const (
	Red     Mark = iota // know it before anything else; or the fiche does not open
	Amber               // know it
	Unknown             // nothing marked so far, and not everything is filled in and signed
	Calm                // whole, signed, and nothing to report
)

// Mark is the child's mark on a list.
func (s Sheet) Mark() Mark {
	switch {
	case s.State == Unreadable, s.Care.State == CareUnreadable, s.Care.State == CareUndecided, len(s.Broken) > 0, // undecided is no welcome
		len(s.Flags) > 0 && s.Flags[0].Level == questionnaire.Red:
		return Red
	case len(s.Flags) > 0, s.Care.State == CareAgreed, s.Care.State == CareWelcome:
		return Amber
	case s.State == Signed && s.Care.State == CareNone:
		return Calm
	}
	return Unknown
}

// Kept gives the answers by question, for questionnaire.Lines.
func (s Sheet) Kept() questionnaire.Answers {
	out := make(questionnaire.Answers, len(s.Answers))
	for _, a := range s.Answers {
		out[a.Question.ID] = a.Value
	}
	return out
}
