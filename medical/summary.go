package medical

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/terms/id"
)

// want says which answers are opened; of the other topics only the heads. The zero value is none, as for a list.
type want struct {
	all    bool
	topics []string
}

// The two plain ways to open a fiche: with all answers, and for a list.
var (
	everyTopic = want{all: true}
	noTopic    = want{}
)

func (w want) has(topic string) bool { return w.all || slices.Contains(w.topics, topic) }

// summary is what a list needs of a fiche: the heads of its topics and the answer to the care question. Sum is over the
// sealed topics that it was made from.
type summary struct {
	Heads map[string]head `json:"heads"`
	Care  json.RawMessage `json:"care,omitempty"` // the answer to careAny; absent when it was not answered
	Sum   []byte          `json:"sum"`
}

func summaryPlace(f id.Fiche) seal.Place {
	return seal.Place{Table: "fiche_summary", ID: int64(f), Column: "sealed"}
}

// openSummary opens the summary of a fiche; false when it is missing, does not open, or stands for other topics than there
// are now: then the topics are read themselves, and what is wrong with them is found.
func openSummary(key *seal.Key, row summaryRow) (out summary, ok bool) {
	if row.Sealed == nil || row.Sum == nil {
		return out, false
	}
	raw, err := key.Open(row.Sealed, summaryPlace(row.Fiche))
	if err != nil || json.Unmarshal(raw, &out) != nil || !bytes.Equal(out.Sum, row.Sum) {
		return summary{}, false
	}
	return out, true
}

// take gives an opened fiche what its summary says; false when the care answer does not decode.
func (o *opened) take(in summary) bool {
	if in.Care != nil {
		v, err := questionnaire.Decode(in.Care)
		if err != nil {
			return false
		}
		o.answers[careAny] = v
	}
	for section, h := range in.Heads {
		if h.Marks == nil {
			h.Marks = []string{}
		}
		o.heads[section] = h
	}
	return true
}

// summarizeTx writes the summary of a fiche anew after a topic of it was saved. before is the summary as it was; when it
// does not stand for the other topics, all of them are opened once.
func (s *Service) summarizeTx(ctx context.Context, tx *sqlx.Tx, f id.Fiche, key *seal.Key, before summaryRow, section string, d document) error {
	now, fits := openSummary(key, before)
	if !fits {
		now = summary{Heads: map[string]head{}}
		if before.Sum != nil {
			ok, err := s.headsTx(ctx, tx, f, key, &now)
			if err != nil || !ok {
				return err // a topic does not open: no summary says otherwise
			}
		}
	}
	now.put(section, d)
	return s.keepSummary(ctx, tx, f, key, now)
}

func (s *summary) put(section string, d document) {
	h := d.head
	if section != agreementsSection {
		h.Text = "" // of a signature: a list needs only that it is there
	}
	s.Heads[section] = h
	if section != careSection {
		return
	}
	s.Care = nil
	for _, a := range d.Answers {
		if a.Question == careAny {
			s.Care = a.Value
		}
	}
}

// headsTx opens every topic for its head, all but the one that was saved just now, which is put on top anyway.
func (s *Service) headsTx(ctx context.Context, tx *sqlx.Tx, f id.Fiche, key *seal.Key, into *summary) (ok bool, err error) {
	sections, err := sectionsOf(ctx, tx, []id.Fiche{f}, everyTopic)
	if err != nil {
		return false, err
	}
	for _, sec := range sections {
		h, rest, err := openHead(key, sec.Sealed, sectionPlace(f, sec.Section))
		if err != nil {
			return false, nil
		}
		var answers []keptAnswer
		if sec.Section == careSection && json.Unmarshal(rest, &answers) != nil {
			return false, nil
		}
		into.put(sec.Section, document{head: h, Answers: answers})
	}
	return true, nil
}

func (s *Service) keepSummary(ctx context.Context, tx *sqlx.Tx, f id.Fiche, key *seal.Key, now summary) error {
	rows, err := summariesOf(ctx, tx, []id.Fiche{f})
	if err != nil {
		return err
	}
	now.Sum = rows[0].Sum
	sealed, err := now.seal(key, f)
	if err != nil {
		return err
	}
	return saveSummary(ctx, tx, f, sealed)
}

func (s *summary) seal(key *seal.Key, f id.Fiche) ([]byte, error) {
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, errors.New("medical: cannot write a summary") // the cause may quote an answer
	}
	return key.Seal(raw, summaryPlace(f))
}
