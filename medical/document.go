package medical

import (
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

// document is one topic as it is sealed. It exists as JSON only between here and the seal.
type document struct {
	Questionnaire int          `json:"questionnaire"`
	Lang          string       `json:"lang"`
	By            string       `json:"by"`
	At            time.Time    `json:"at"`
	Answers       []keptAnswer `json:"answers,omitempty"`
	Text          string       `json:"text,omitempty"` // of agreements
}

// keptAnswer keeps the words that were asked, so that the answer stays readable whatever becomes of the question.
type keptAnswer struct {
	Question string          `json:"q"`
	Asked    string          `json:"asked"`
	Value    json.RawMessage `json:"v"`
}

// newDocument puts the answers of a section into their order.
func newDocument(v *questionnaire.Version, section, lang, by string, at time.Time, a questionnaire.Answers) document {
	d := document{Questionnaire: v.Number, Lang: lang, By: by, At: at}
	for _, q := range v.Questions {
		if value, ok := a[q.ID]; ok && q.Section == section {
			d.Answers = append(d.Answers, keptAnswer{q.ID, q.Label.In(lang), value.Encode()})
		}
	}
	return d
}

func (d document) seal(key *seal.Key, at seal.Place) ([]byte, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, errors.New("medical: cannot write a document") // the cause may quote an answer
	}
	return key.Seal(raw, at)
}

func openDocument(key *seal.Key, sealed []byte, at seal.Place) (document, error) {
	raw, err := key.Open(sealed, at)
	if err != nil {
		return document{}, err
	}
	var d document
	if json.Unmarshal(raw, &d) != nil {
		return document{}, seal.ErrUnreadable
	}
	return d, nil
}

// answers reads the answers; one that does not decode makes the whole document unreadable.
func (d document) answers() (questionnaire.Answers, error) {
	out := make(questionnaire.Answers, len(d.Answers))
	for _, k := range d.Answers {
		v, err := questionnaire.Decode(k.Value)
		if err != nil {
			return nil, seal.ErrUnreadable
		}
		out[k.Question] = v
	}
	return out, nil
}
