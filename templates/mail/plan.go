package mail

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// PlanAgreed is the mail with when a family pays what is open, as it was agreed with the office or with accounting.
type PlanAgreed struct {
	FirstName string
	Reference string
	Parts     []PlanPart
	Pay       *BankTransfer // of the first part; nil when somebody else pays
	Path      string
}

// PlanPart is one part of a plan.
type PlanPart struct {
	On     civil.Date
	Amount money.Cents
}

// Letter says it.
func (p PlanAgreed) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	l := Letter{Lang: lang, Subject: w.T("mail.plan.subject", p.Reference), Preview: w.T("mail.plan.preview"), Title: w.T("mail.plan.title"),
		Parts: []Part{w.greeting(p.FirstName), Text(w.T("mail.plan.what", p.Reference))}}
	var sums Sums
	var total money.Cents
	for _, part := range p.Parts {
		total += part.Amount
		sums = append(sums, Sum{Label: w.T("mail.plan.by", part.On), Amount: part.Amount.Format(lang)})
	}
	l.Parts = append(l.Parts, append(sums, Sum{Label: w.T("mail.plan.total"), Amount: total.Format(lang), Total: true}), Text(w.T("mail.plan.papers")))
	if p.Pay != nil {
		l.Parts = append(l.Parts, p.Pay.part(w))
	}
	l.Parts = append(l.Parts, Text(w.T("mail.plan.trouble")), Button{w.T("mail.payment.button"), head.Site + p.Path})
	return l.close(w, head)
}
