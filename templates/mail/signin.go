package mail

import "time"

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
