package mail

import (
	"time"

	"joetz/terms/civil"
)

// SignInCode is the mail with a code that somebody asked for.
type SignInCode struct {
	Code  string // "482 913"
	Until time.Time
}

// Letter says it.
func (c SignInCode) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	return Letter{
		Lang:    lang,
		Subject: w.T("mail.sign_in.subject", head.Brand),
		Preview: w.T("mail.sign_in.preview", c.Code),
		Title:   w.T("mail.sign_in.title"),
		Parts: []Part{
			Text(w.T("mail.sign_in.type")),
			Code(c.Code),
			Text(w.T("mail.sign_in.until", c.Until)),
			Small(w.T("mail.sign_in.not_you")),
			Small(w.T("mail.sign_in.never", head.Brand)),
		},
	}
}

// Invitation is the mail with which somebody of the organiser sets a password.
type Invitation struct {
	Name  string
	Link  string
	Until time.Time
}

// Letter says it.
func (i Invitation) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	return Letter{
		Lang:    lang,
		Subject: w.T("mail.invitation.subject", head.Brand),
		Preview: w.T("mail.invitation.preview"),
		Title:   w.T("mail.invitation.title", i.Name),
		Parts: []Part{
			Text(w.T("mail.invitation.what", head.Brand)),
			Steps{w.T("mail.invitation.password"), w.T("mail.invitation.app")},
			Button{w.T("mail.invitation.open"), i.Link},
			Text(w.T("mail.invitation.until", civil.Of(i.Until))),
			Small(w.T("mail.invitation.own")),
		},
	}
}
