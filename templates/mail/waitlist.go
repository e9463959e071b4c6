package mail

import (
	"strings"
	"time"

	"joetz/templates/messages"
	"joetz/terms/civil"
)

// Waitlist is a mail about a family's entry on a waiting list.
type Waitlist struct {
	What        string // joined, offer, reminder, expired, taken or closed
	FirstName   string
	Children    []string // of an offer: those who have a place in it, or among whom the family chooses
	Places      int      // of an offer among whose children the family chooses; 0 when there is nothing to choose
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
	text := w.T(key+".text", args...)
	if i.Places > 0 {
		among := strings.Join(i.Children[:len(i.Children)-1], ", ")
		among = w.T("mail.or", among, i.Children[len(i.Children)-1])
		text, args[1] = messages.N(lang, "mail.waitlist.pick", i.Places, among, day, at), among
	}
	l := Letter{
		Lang: lang, Subject: w.T(key+".subject", args...), Preview: text, Title: w.T(key+".title", args...),
		Parts: []Part{w.greeting(i.FirstName), Text(text),
			Card{Title: i.Holiday, Facts: []Fact{
				{w.T("mail.child.when"), messages.DateRange(lang, i.From, i.To)},
				{w.T("mail.waitlist.who"), args[1].(string)},
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
