package questionnaire

import "slices"

// Text is a text in every language of the questionnaire.
type Text struct {
	NL string `json:"nl"`
	EN string `json:"en"`
}

// In is the text in a language; Dutch when it is not there.
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.NL
}

// Version is one version of the questionnaire. It is read-only and safe for concurrent use.
type Version struct {
	Number    int
	Hash      string // SHA-256 of its file, hex
	Live      bool
	YesNo     []Option // the words for yes, no and unknown
	Sections  []Section
	Questions []*Question // in order, section by section
	rules     []FlagRule
	byID      map[string]*Question
}

// Question finds a question; nil when there is none.
func (v *Version) Question(id string) *Question { return v.byID[id] }

// Extra lists the questions of which a target group has some, in order.
func (v *Version) Extra() (extra []*Question) {
	for _, q := range v.Questions {
		if q.Inclusive {
			extra = append(extra, q)
		}
	}
	return extra
}

// Section finds a section.
func (v *Version) Section(id string) (Section, bool) {
	i := slices.IndexFunc(v.Sections, func(s Section) bool { return s.ID == id })
	if i < 0 {
		return Section{}, false
	}
	return v.Sections[i], true
}

// Section is a topic: one page for the parent, one sealed value in the database.
type Section struct {
	ID    string `json:"id"`
	Title Text   `json:"title"`
	Why   Text   `json:"why"` // who sees it, in one sentence
}

// Kind says what an answer looks like.
type Kind uint8

// The kinds. A Rows question repeats its fields: freely (Min to Max), per pick of another question, or per row of another.
const (
	YesNo Kind = iota + 1
	YesNoUnknown
	One
	Many
	Line // one line of text
	Area
	Phone
	Year
	Int
	Day
	Clock
	Sign
	File
	Rows
	Each // every field once, with the question's options
)

// Question is one question.
type Question struct {
	ID, Section string
	Kind        Kind
	Type        string // as the file writes it
	Label, Hint Text
	More        Text // label of a line of text beside the choice; empty when there is none
	Options     []Option
	Fields      []Field // of Rows and Each
	Per         string  // question whose picks or rows this one follows
	Min, Max    int     // rows, or the range of a number
	MaxLength   int
	ShowIf      Condition // nil = always
	Required    bool
	View        View
	Inclusive   bool // asked for target-group holidays only, where the group has it
}

// Option is one choice.
type Option struct {
	Value string `json:"value"`
	NL    string `json:"nl"`
	EN    string `json:"en"`
}

// Label is the choice in a language.
func (o Option) Label(lang string) string { return Text{o.NL, o.EN}.In(lang) }

// Field is one cell of a row.
type Field struct {
	ID         string
	Kind       Kind
	Label      Text
	Options    []Option
	Min, Max   int
	Required   bool
	RequiredIf Condition // over the row's own cells; nil = never
	View       View
}

// None is the option that excludes the others ("none of these").
const None = "none"

// Other is the option that asks for a text beside it.
const Other = "other"

func hasOption(options []Option, value string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == value })
}
