package mail

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// PaymentReceived is the mail after money came in for an order.
type PaymentReceived struct {
	FirstName string
	Reference string
	Amount    money.Cents
	On        civil.Date
	Method    string      // stripe, transfer
	Open      money.Cents // still to pay on the order
	Credit    money.Cents // paid too much
	Back      money.Cents // of it, on its way back: it came after the booking had ended
	Next      *Due        // what is due next; nil when nothing is open
	Path      string
}

// Letter says it.
func (p PaymentReceived) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	amount := p.Amount.Format(lang)
	l := Letter{
		Lang:    lang,
		Subject: w.T("mail.payment.subject", amount, p.Reference),
		Preview: w.T("mail.payment.preview", amount, p.On),
		Title:   w.T("mail.payment.title"),
		Parts: []Part{
			w.greeting(p.FirstName),
			Text(w.T("mail.payment.thanks", p.Reference)),
			Sums{{Label: w.T("mail.payment.received"), Note: w.T("mail.payment.by."+p.Method, p.On), Amount: amount}},
		},
	}
	switch {
	case p.Back > 0:
		l.Parts = append(l.Parts, Text(w.T("mail.payment.back", p.Back.Format(lang))))
	case p.Credit > 0:
		l.Parts = append(l.Parts, Text(w.T("mail.payment.credit", p.Credit.Format(lang))))
	case p.Open <= 0:
		l.Parts = append(l.Parts, Text(w.T("mail.payment.all")))
	case p.Next != nil:
		l.Parts = append(l.Parts, Text(w.T("mail.payment.open", p.Open.Format(lang))),
			Sums{{Label: w.T("mail.due." + p.Next.Kind), Note: w.T("mail.due.on", p.Next.On), Amount: p.Next.Amount.Format(lang)}})
	default:
		l.Parts = append(l.Parts, Text(w.T("mail.payment.open", p.Open.Format(lang))))
	}
	l.Parts = append(l.Parts, Button{w.T("mail.payment.button"), head.Site + p.Path})
	return l.close(w, head)
}
