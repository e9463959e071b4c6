package mail

import "joetz/terms/money"

// ExtraChanged is the mail after an extra was added to a booking or taken off it.
type ExtraChanged struct {
	FirstName string
	Child     string
	Holiday   string
	Extra     string
	Added     bool
	Amount    money.Cents   // what it costs, or what comes off
	Refund    Refund        // of what comes off, what goes back
	Pay       *BankTransfer // what is asked now; nil for nothing
	Path      string
}

// KeptExtra is an extra of which something stays to be paid after an end.
type KeptExtra struct {
	Name   string
	Amount money.Cents
}

// Letter says it.
func (e ExtraChanged) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	key := "mail.extra.removed"
	if e.Added {
		key = "mail.extra.added"
	}
	text := w.T(key+".text", e.Extra, e.Child, e.Holiday, e.Amount.Format(lang))
	l := Letter{
		Lang: lang, Subject: w.T(key+".subject", e.Extra, e.Child), Preview: text, Title: w.T(key + ".title"),
		Parts: []Part{w.greeting(e.FirstName), Text(text)},
	}
	switch {
	case e.Pay != nil:
		l.Parts = append(l.Parts, Heading(w.T("mail.rebooked.pay")), e.Pay.part(w))
	case e.Refund.Amount > 0:
		l.Parts = append(l.Parts, Text(w.T("mail.rebooked.refund_by", e.Refund.Amount.Format(lang), e.Refund.DueOn)))
	case !e.Added && e.Amount > 0:
		l.Parts = append(l.Parts, Text(w.T("mail.extra.less")))
	}
	l.Parts = append(l.Parts, Button{w.T("mail.rebooked.button"), head.Site + e.Path})
	return l.close(w, head)
}
