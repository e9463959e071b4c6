package mail

// BookingChanged is the mail after a change that costs nothing.
type BookingChanged struct {
	FirstName string
	Child     string
	What      string // boarding, renamed, transferred, photos or restored
	Was, Is   string
	Path      string
}

// Letter says it.
func (c BookingChanged) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	key := "mail.changed." + c.What
	text := w.T(key+".text", c.Child, c.Was, c.Is)
	l := Letter{
		Lang: lang, Subject: w.T(key+".subject", c.Child, c.Was, c.Is), Preview: text, Title: w.T(key + ".title"),
		Parts: []Part{w.greeting(c.FirstName), Text(text), Text(w.T("mail.changed.free")), Button{w.T("mail.changed.button"), head.Site + c.Path}},
	}
	return l.close(w, head)
}
