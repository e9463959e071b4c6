package mail

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// PaymentReminder is the mail about money that is due soon, or late: then it is the free reminder of art. XIX.2 WER, which
// names the amount, the day it was due, what it is for, who asks, and the fourteen days. No costs are ever
// asked with it; where the terms know any, it says what may follow.
type PaymentReminder struct {
	FirstName string
	Reference string
	Late      bool
	Second    bool        // the reminder after the first one's term
	Costs     money.Cents // that a first reminder announces; 0 for none
	Clause    string      // where the terms say so
	Amount    money.Cents
	DueOn     civil.Date
	Until     civil.Date // of a reminder: the last of the fourteen days
	For       []string   // what is not paid, one line per child
	Payer     string     // who has the invoice in the parent's place, and got a reminder too; "" for nobody
	Pay       BankTransfer
	Path      string
}

// Letter says it.
func (p PaymentReminder) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	amount, key := p.Amount.Format(lang), "mail.notice"
	l := Letter{Lang: lang}
	switch {
	case p.Second:
		key = "mail.second"
	case p.Late:
		key = "mail.reminder"
	}
	l.Subject, l.Preview, l.Title = w.T(key+".subject", amount, p.Reference), w.T(key+".preview", p.DueOn), w.T(key+".title")
	l.Parts = []Part{w.greeting(p.FirstName), Text(w.T(key+".what", amount, p.DueOn, p.Reference))}
	for _, line := range p.For {
		l.Parts = append(l.Parts, Text(line))
	}
	if p.Payer != "" {
		l.Parts = append(l.Parts, Text(w.T("mail.reminder.other", p.Payer)))
	}
	if p.Late {
		term := w.T(key+".term", p.Until)
		if p.Costs > 0 {
			term = w.T("mail.reminder.term_costs", p.Until, p.Costs.Format(lang), p.Clause)
		}
		l.Parts = append(l.Parts, Text(term), Text(w.T("mail.reminder.creditor", head.Name, head.Enterprise)))
	}
	l.Parts = append(l.Parts, p.Pay.part(w), Text(w.T("mail.reminder.trouble")), Button{w.T("mail.payment.button"), head.Site + p.Path})
	return l.close(w, head)
}
