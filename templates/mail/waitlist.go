package mail

import (
	"time"

	"joetz/templates/messages"
	"joetz/terms/civil"
)

// Waitlist is a mail about a family's entry on a waiting list.
type Waitlist struct {
	What        string // joined, offer, reminder, expired, taken or closed
	FirstName   string
	Children    []string // of an offer: those who have a place in it
	Holiday     string
	From, To    civil.Date
	Position    int
	Deadline    time.Time // of an offer
	Path        string    // of the entry's page
	HolidayPath string
}

// Letter says it. An offer's subject and first line have its end: that is what must not be missed.
func (i Waitlist) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	day, at := messages.Weekday(lang, civil.Of(i.Deadline))+" "+messages.Date(lang, civil.Of(i.Deadline)), messages.Clock(lang, i.Deadline)
	key := "mail.waitlist." + i.What
	args := []any{i.Holiday, w.names(i.Children), day, at, i.Position}
	l := Letter{
		Lang: lang, Subject: w.T(key+".subject", args...), Preview: w.T(key+".text", args...), Title: w.T(key+".title", args...),
		Parts: []Part{w.greeting(i.FirstName), Text(w.T(key+".text", args...)),
			Card{Title: i.Holiday, Facts: []Fact{
				{w.T("mail.child.when"), messages.DateRange(lang, i.From, i.To)},
				{w.T("mail.waitlist.who"), w.names(i.Children)},
			}}},
	}
	l.Parts = append(l.Parts, Text(w.T(key+".next", args...)))
	path := i.Path
	if i.What == "expired" || i.What == "closed" {
		path = i.HolidayPath
	}
	l.Parts = append(l.Parts, Button{w.T(key + ".button"), head.Site + path})
	return l.close(w, head)
}
