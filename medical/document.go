package medical

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"joetz/medical/questionnaire"
	"joetz/medical/seal"
	"joetz/terms/id"
)

// agreementsSection holds what staff wrote for the animators; no topic of the questionnaire has that name.
const agreementsSection = "agreements"

func keyPlace(f id.Fiche) seal.Place {
	return seal.Place{Table: "fiche_key", ID: int64(f), Column: "wrapped"}
}

func sectionPlace(f id.Fiche, section string) seal.Place {
	return seal.Place{Table: "fiche_section", ID: int64(f), Column: section}
}

// document is one topic as it is sealed: its head in one line of JSON, then the answers. A list needs only the heads.
type document struct {
	head
	Answers []keptAnswer
}

type head struct {
	Questionnaire int       `json:"questionnaire"`
	Lang          string    `json:"lang"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
	Marks         []string  `json:"marks"`          // ids of the flags that these answers raise
	Text          string    `json:"text,omitempty"` // of agreements and signatures

	Details map[string]json.RawMessage `json:"details,omitempty"` // by mark: what it is about
}

// keptAnswer keeps the words that were asked, so that the answer stays readable whatever becomes of the question.
type keptAnswer struct {
	Question string          `json:"q"`
	Asked    string          `json:"asked"`
	Value    json.RawMessage `json:"v"`
}

// newDocument puts the answers of a section into their order and notes what marks they raise.
func newDocument(v *questionnaire.Version, facts questionnaire.Facts, section, lang, by string, at time.Time, a questionnaire.Answers) document {
	d := document{head: head{Questionnaire: v.Number, Lang: lang, By: by, At: at, Marks: []string{}}}
	for _, q := range v.Questions {
		if value, ok := a[q.ID]; ok && q.Section == section {
			d.Answers = append(d.Answers, keptAnswer{q.ID, q.Label.In(lang), value.Encode()})
		}
	}
	for _, flag := range v.Flags(facts, a) {
		if flag.Section == section {
			d.Marks = append(d.Marks, flag.ID)
			if detail := v.Detail(flag.ID, a); !detail.Empty() {
				if d.Details == nil {
					d.Details = map[string]json.RawMessage{}
				}
				d.Details[flag.ID] = detail.Encode()
			}
		}
	}
	return d
}

func (d document) seal(key *seal.Key, at seal.Place) ([]byte, error) {
	first, errHead := json.Marshal(d.head)
	rest, errRest := json.Marshal(d.Answers)
	if errHead != nil || errRest != nil {
		return nil, errors.New("medical: cannot write a document") // the cause may quote an answer
	}
	return key.Seal(append(append(first, '\n'), rest...), at)
}

// openHead opens a document as far as a list needs it. The seal vouches for the rest.
func openHead(key *seal.Key, sealed []byte, at seal.Place) (h head, rest []byte, err error) {
	raw, err := key.Open(sealed, at)
	if err != nil {
		return h, nil, err
	}
	first, rest, ok := bytes.Cut(raw, []byte("\n"))
	if !ok || json.Unmarshal(first, &h) != nil || h.Marks == nil {
		return h, nil, seal.ErrUnreadable
	}
	return h, rest, nil
}

// answersOf reads the answers behind a head; one that does not decode makes all of them unreadable.
func answersOf(rest []byte) (questionnaire.Answers, error) {
	var kept []keptAnswer
	if json.Unmarshal(rest, &kept) != nil {
		return nil, seal.ErrUnreadable
	}
	out := make(questionnaire.Answers, len(kept))
	for _, k := range kept {
		v, err := questionnaire.Decode(k.Value)
		if err != nil {
			return nil, seal.ErrUnreadable
		}
		out[k.Question] = v
	}
	return out, nil
}
