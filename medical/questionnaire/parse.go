package questionnaire

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The file's shape. Unknown keys are refused: a misspelt "show_if" would ask everybody.
type (
	fileVersion struct {
		Questionnaire string         `json:"questionnaire"`
		Version       int            `json:"version"`
		Languages     []string       `json:"languages"`
		YesNo         []Option       `json:"yes_no"`
		Sections      []Section      `json:"sections"`
		Questions     []fileQuestion `json:"questions"`
		Flags         []fileFlag     `json:"flags"`
	}
	fileQuestion struct {
		ID        string      `json:"id"`
		Section   string      `json:"section"`
		Scope     string      `json:"scope"`
		Type      string      `json:"type"`
		Label     Text        `json:"label"`
		Hint      Text        `json:"hint"`
		More      Text        `json:"more"`
		Options   []Option    `json:"options"`
		Fields    []fileField `json:"fields"`
		Per       string      `json:"per"`
		Min       int         `json:"min"`
		Max       int         `json:"max"`
		MaxLength int         `json:"max_length"`
		ShowIf    string      `json:"show_if"`
		Required  bool        `json:"required"`
		View      string      `json:"view"`
	}
	fileField struct {
		ID         string   `json:"id"`
		Type       string   `json:"type"`
		Label      Text     `json:"label"`
		Options    []Option `json:"options"`
		Min        int      `json:"min"`
		Max        int      `json:"max"`
		Required   bool     `json:"required"`
		RequiredIf string   `json:"required_if"`
		View       string   `json:"view"`
	}
	fileFlag struct {
		ID    string `json:"id"`
		Level string `json:"level"`
		If    string `json:"if"`
		Of    string `json:"of"`
		Label Text   `json:"label"`
	}
)

// Parse reads a version and checks all of it; its errors name the question.
func Parse(text []byte) (*Version, error) {
	var f fileVersion
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, err
	}
	if f.Questionnaire != "medical" || f.Version < 1 || !slices.Equal(f.Languages, []string{"nl", "en"}) {
		return nil, fmt.Errorf("not a medical questionnaire in nl and en")
	}
	if err := checkOptions(One, f.YesNo, 0, 0); err != nil || !hasOption(f.YesNo, "yes") || !hasOption(f.YesNo, "no") || !hasOption(f.YesNo, "unknown") {
		return nil, fmt.Errorf("yes_no: words for yes, no and unknown are needed")
	}
	sum := sha256.Sum256(text)
	v := &Version{Number: f.Version, Hash: hex.EncodeToString(sum[:]), YesNo: f.YesNo, Sections: f.Sections, byID: map[string]*Question{}}
	for i, s := range f.Sections {
		if s.ID == "" || !complete(s.Title) || !complete(s.Why) {
			return nil, fmt.Errorf("section %d %q: id, title and why are needed in both languages", i, s.ID)
		}
	}
	section := 0
	for _, q := range f.Questions {
		if err := v.add(q); err != nil {
			return nil, fmt.Errorf("%s: %w", q.ID, err)
		}
		at := slices.IndexFunc(f.Sections, func(s Section) bool { return s.ID == q.Section })
		if at < section {
			return nil, fmt.Errorf("%s: section %q is not known or stands before the question's neighbours", q.ID, q.Section)
		}
		section = at
	}
	for _, flag := range f.Flags {
		if err := v.addFlag(flag); err != nil {
			return nil, fmt.Errorf("flag %s: %w", flag.ID, err)
		}
	}
	return v, nil
}

func complete(t Text) bool { return t.NL != "" && t.EN != "" }

var kinds = map[string]Kind{
	"yn": YesNo, "ynu": YesNoUnknown, "one": One, "many": Many, "text": Line, "area": Area, "phone": Phone, "year": Year,
	"int": Int, "int kg": Int, "date": Day, "time": Clock, "sign": Sign, "file": File, "file per row": File,
	"rows": Rows, "rows per pick": Rows, "one each": Each,
}

func (v *Version) add(f fileQuestion) error {
	q := &Question{ID: f.ID, Section: f.Section, Type: f.Type, Label: f.Label, Hint: f.Hint, More: f.More, Options: f.Options,
		Per: f.Per, Min: f.Min, Max: f.Max, MaxLength: f.MaxLength, Required: f.Required, Inclusive: f.Scope == "inclusive"}
	switch {
	case !strings.HasPrefix(f.ID, f.Section+"."):
		return fmt.Errorf("its id does not start with its section %q", f.Section)
	case v.byID[f.ID] != nil:
		return fmt.Errorf("stands twice")
	case f.Scope != "all" && f.Scope != "inclusive":
		return fmt.Errorf("scope %q is not known", f.Scope)
	case !complete(f.Label):
		return fmt.Errorf("a label is needed in both languages")
	case (f.Hint.NL == "") != (f.Hint.EN == "") || (f.More.NL == "") != (f.More.EN == ""):
		return fmt.Errorf("a hint or more in one language only")
	}
	var note string
	var err error
	if q.View, note, err = parseView(f.View); err != nil {
		return err
	}
	if err := q.setKind(f); err != nil {
		return err
	}
	if err := q.setFields(f.Fields, note); err != nil {
		return err
	}
	if err := v.setCondition(q, f.ShowIf); err != nil {
		return err
	}
	v.Questions = append(v.Questions, q)
	v.byID[q.ID] = q
	return nil
}

// Limits of what a person types, where the file sets none.
const (
	maxLine = 200
	maxArea = 500
	maxRows = 10
)

func (q *Question) setKind(f fileQuestion) error {
	name := f.Type
	if bounds, ok := strings.CutPrefix(name, "rows "); ok && strings.Contains(bounds, "-") {
		if _, err := fmt.Sscanf(bounds, "%d-%d", &q.Min, &q.Max); err != nil || q.Min < 0 || q.Max < max(q.Min, 1) {
			return fmt.Errorf("type %q is not known", f.Type)
		}
		name = "rows"
	}
	if q.Kind = kinds[name]; q.Kind == 0 {
		return fmt.Errorf("type %q is not known", f.Type)
	}
	if q.Kind == Area && len(f.Fields) > 0 { // a text that falls apart into fields
		q.Kind = Rows
	}
	if q.Kind == Rows && q.Max == 0 {
		q.Max = maxRows
	}
	switch perRow := f.Type == "rows per pick" || f.Type == "file per row"; {
	case perRow && q.Per == "":
		return fmt.Errorf("type %q needs the question that it follows", f.Type)
	case q.Per != "" && q.Kind != Rows && q.Kind != File:
		return fmt.Errorf("type %q cannot follow another question", f.Type)
	}
	if q.MaxLength == 0 {
		q.MaxLength = map[bool]int{true: maxArea, false: maxLine}[q.Kind == Area]
	}
	return checkOptions(q.Kind, q.Options, q.Min, q.Max)
}

func checkOptions(kind Kind, options []Option, lowest, highest int) error {
	switch chooses := kind == One || kind == Many || kind == Each; {
	case chooses && len(options) < 2:
		return fmt.Errorf("a choice needs options")
	case !chooses && len(options) > 0:
		return fmt.Errorf("options without a choice")
	case kind == Int && (highest == 0 || lowest > highest):
		return fmt.Errorf("a number needs min and max")
	}
	seen := map[string]bool{}
	for _, o := range options {
		if o.Value == "" || seen[o.Value] || o.NL == "" || o.EN == "" || strings.ContainsAny(o.Value, " .,") {
			return fmt.Errorf("option %q: once, a plain word, with a text in both languages", o.Value)
		}
		seen[o.Value] = true
	}
	return nil
}

// setFields reads the cells of a row. note names the fields that fewer people see, "reason: L".
func (q *Question) setFields(fields []fileField, note string) error {
	if repeats := q.Kind == Rows || q.Kind == Each; repeats != (len(fields) > 0) {
		return fmt.Errorf("type %q and its fields do not go together", q.Type)
	}
	narrowed := ""
	for _, f := range fields {
		out := Field{ID: f.ID, Kind: kinds[f.Type], Label: f.Label, Options: f.Options, Min: f.Min, Max: f.Max, Required: f.Required, View: q.View}
		if q.Kind == Each {
			out.Options = q.Options
		}
		switch {
		case f.ID == "" || strings.ContainsAny(f.ID, " .") || slices.ContainsFunc(q.Fields, func(o Field) bool { return o.ID == f.ID }):
			return fmt.Errorf("field %q: once, a plain word", f.ID)
		case out.Kind == 0 || out.Kind >= Sign:
			return fmt.Errorf("field %s: type %q cannot be in a row", f.ID, f.Type)
		case !complete(f.Label):
			return fmt.Errorf("field %s: a label is needed in both languages", f.ID)
		}
		if err := checkOptions(out.Kind, out.Options, f.Min, f.Max); err != nil {
			return fmt.Errorf("field %s: %w", f.ID, err)
		}
		if f.View != "" {
			view, _, err := parseView(f.View)
			if err != nil {
				return fmt.Errorf("field %s: %w", f.ID, err)
			}
			out.View, narrowed = view, f.ID+": "+f.View
		}
		if f.RequiredIf != "" {
			c, err := parseInRow(f.RequiredIf)
			if err != nil {
				return fmt.Errorf("field %s: %w", f.ID, err)
			}
			out.RequiredIf = c
		}
		q.Fields = append(q.Fields, out)
	}
	if note != narrowed {
		return fmt.Errorf("view says %q, the fields say %q", note, narrowed)
	}
	return nil
}

// setCondition reads the condition and the question that it follows: both may only look back.
func (v *Version) setCondition(q *Question, text string) error {
	if q.Per != "" {
		if on := v.byID[q.Per]; on == nil || on.Kind != Rows && on.Kind != Many {
			return fmt.Errorf("follows %q, which is no earlier question with rows or picks", q.Per)
		}
	}
	if text == "" {
		return nil
	}
	of := q.Per
	for i := len(v.Questions) - 1; i >= 0 && of == ""; i-- {
		if prior := v.Questions[i]; prior.Section == q.Section && prior.Kind == Rows {
			of = prior.ID
		}
	}
	c, err := parseCondition(text, of)
	if err != nil {
		return err
	}
	if err := v.checkCondition(c); err != nil {
		return fmt.Errorf("condition %q: %w", text, err)
	}
	q.ShowIf = c
	return nil
}
