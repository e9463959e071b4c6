package mail

// RefundAccountChanged is the mail after a member of staff named another account for a family's refunds: whoever did not
// ask for that has a day to say so.
type RefundAccountChanged struct {
	FirstName string
	Reference string
}

// Letter says it. It has no account number: a mail is no place for one.
func (p RefundAccountChanged) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	l := Letter{
		Lang:    lang,
		Subject: w.T("mail.refund_account.subject", p.Reference),
		Preview: w.T("mail.refund_account.preview"),
		Title:   w.T("mail.refund_account.title"),
		Parts:   []Part{w.greeting(p.FirstName), Text(w.T("mail.refund_account.what", p.Reference)), Text(w.T("mail.refund_account.object", head.Email))},
	}
	return l.close(w, head)
}
