package mail

import (
	"slices"
	"strings"
	"time"

	"joetz/templates/messages"
)

// Notice is a short mail about a family or a request: what happened, and where to read on. Its texts are
// mail.notice.KIND.subject, title, text and button, which all take Args.
type Notice struct {
	Kind      string
	FirstName string // "" where it is not known
	Args      []any
	Quote     string    // somebody's own words; never about health
	Path      string    // where the button leads
	Secret    bool      // the path is a key: forgotten once sent
	Until     time.Time // useless after; zero: never
}

// Letter says it.
func (n Notice) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	key := "mail.notice." + n.Kind
	n.Args = slices.Clone(n.Args) // the same notice may be written in another language
	for i, a := range n.Args {
		if at, ok := a.(time.Time); ok { // a letter is read on another day
			n.Args[i] = messages.Instant(lang, at)
		}
	}
	text := w.T(key+".text", n.Args...)
	first, _, _ := strings.Cut(text, "\n\n")
	l := Letter{Lang: lang, Subject: w.T(key+".subject", n.Args...), Preview: first, Title: w.T(key+".title", n.Args...),
		Parts: []Part{w.greeting(n.FirstName)}}
	for _, paragraph := range strings.Split(text, "\n\n") {
		l.Parts = append(l.Parts, Text(paragraph))
	}
	for _, paragraph := range strings.Split(n.Quote, "\n\n") {
		if strings.TrimSpace(paragraph) != "" {
			l.Parts = append(l.Parts, Text(paragraph))
		}
	}
	l.Parts = append(l.Parts, Button{w.T(key+".button", n.Args...), head.Site + n.Path})
	return l.close(w, head)
}

// Names lists people as a sentence does: "Lotte, Milan en Noor".
func Names(lang string, all []string) string { return words(lang).names(all) }
