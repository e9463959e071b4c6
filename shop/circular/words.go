package circular

import (
	"context"
	"regexp"
	"slices"
	"strings"

	letters "joetz/templates/mail"
	"joetz/templates/messages"
	"joetz/terms/fault"
)

// Places are what a text may name between braces; the words are the same in both languages.
var Places = []string{"naam", "kind", "vakantie", "van", "tot", "opstapplaats", "open", "boeking"}

var place = regexp.MustCompile(`\{([^{}\n]*)\}`)

const (
	longestSubject = 150
	longestBody    = 10_000
)

// Check refuses words that could not be sent: none, too many, or a place that is not known.
func (w Words) Check() error {
	fields := map[string]string{}
	if strings.TrimSpace(w.SubjectNL) == "" {
		fields["subject_nl"] = errNoSubject
	}
	if strings.TrimSpace(w.BodyNL) == "" {
		fields["body_nl"] = errNoBody
	}
	if (w.SubjectEN == "") != (w.BodyEN == "") {
		fields["subject_en"] = "circular.half_english"
	}
	for name, text := range map[string]string{"subject_nl": w.SubjectNL, "body_nl": w.BodyNL, "subject_en": w.SubjectEN, "body_en": w.BodyEN} {
		if strings.HasPrefix(name, "subject") && (len([]rune(text)) > longestSubject || strings.ContainsAny(text, "\r\n")) || len([]rune(text)) > longestBody {
			fields[name] = "circular.too_long"
		}
		for _, m := range place.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(Places, m[1]) {
				return &fault.Fault{Kind: fault.Invalid, Key: "circular.unknown_place", Args: []any{"{" + m[1] + "}"}, Fields: map[string]string{name: "circular.unknown_place"}}
			}
		}
	}
	if len(fields) > 0 {
		return &fault.Fault{Kind: fault.Invalid, Key: "form.check_answers", Fields: fields}
	}
	return nil
}

// fill writes a family's own words in the places. What is filled in is never read as a place again.
func fill(text, lang string, f Family) string {
	and := messages.T(lang, "mail.and", "\x00", "\x01")
	join := func(all []string) string {
		if len(all) < 2 {
			return strings.Join(all, "")
		}
		return strings.NewReplacer("\x00", strings.Join(all[:len(all)-1], ", "), "\x01", all[len(all)-1]).Replace(and)
	}
	first, _, _ := strings.Cut(f.Name, " ")
	return place.ReplaceAllStringFunc(text, func(name string) string {
		switch strings.Trim(name, "{}") {
		case "naam":
			return first
		case "kind":
			return join(f.Children)
		case "vakantie":
			return f.Holiday
		case "van":
			return messages.Date(lang, f.StartsOn)
		case "tot":
			return messages.Date(lang, f.EndsOn)
		case "opstapplaats":
			return join(f.Boardings)
		case "open":
			return messages.Money(lang, f.Open)
		case "boeking":
			return f.Reference
		}
		return name
	})
}

func (s *Service) render(ctx context.Context, l Letter, f Family) (letters.Rendered, error) {
	subject, body, lang := l.in(f.Lang)
	subject = strings.Join(strings.Fields(fill(subject, lang, f)), " ")
	letter := letters.Letter{Lang: lang, Subject: subject, Title: subject}
	for _, paragraph := range strings.Split(strings.ReplaceAll(fill(body, lang, f), "\r\n", "\n"), "\n\n") {
		for _, line := range strings.Split(paragraph, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				letter.Parts = append(letter.Parts, letters.Text(line))
			}
		}
	}
	return letters.Render(ctx, s.Outbox.Head, letter)
}
