package mail

import (
	"joetz/terms/civil"
	"joetz/terms/money"
)

// PayerPapers is the mail to somebody who pays in a parent's place: the documents, whose holiday they are for, and how to
// pay. It says nothing else about the child or the booking; everything else goes to the parent.
type PayerPapers struct {
	Name      string // of the payer
	Parent    string
	Children  []string // first names
	Reference string
	Late      bool          // it is the free reminder of art. XIX.2 WER
	Pay       *BankTransfer // what is open; nil: nothing
	Schedule  []Due         // what the documents ask on which day; Pay is the first
	Until     civil.Date    // of a reminder: the last of the fourteen days
	Second    bool          // the reminder after the first one's term
	Costs     money.Cents   // that a first reminder announces; 0 for none
	Clause    string        // where the terms say so
}

// Letter says it.
func (p PayerPapers) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	key := "mail.payer.invoice"
	switch {
	case p.Late:
		key = "mail.payer.reminder"
	case p.Pay == nil:
		key = "mail.payer.papers"
	}
	children := w.names(p.Children)
	l := Letter{Lang: lang, Subject: w.T(key+".subject", children, p.Reference), Preview: w.T(key+".preview", p.Parent), Title: w.T(key + ".title"),
		Parts: []Part{w.greeting(p.Name), Text(w.T(key+".text", p.Parent, children, head.Brand))}}
	if p.Pay != nil {
		if p.Late {
			l.Parts = append(l.Parts, Text(p.term(w, lang)), Text(w.T("mail.reminder.creditor", head.Name, head.Enterprise)))
			pay := *p.Pay
			pay.DueOn = p.Until
			l.Parts = append(l.Parts, pay.part(w))
		} else {
			l.Parts = append(l.Parts, w.inParts(p.Schedule, *p.Pay)...)
		}
	}
	return l.close(w, head, Small(w.T("mail.payer.about", p.Parent)))
}

// term says until when, and what may follow: the first reminder announces costs or says that there are none.
func (p PayerPapers) term(w words, lang string) string {
	amount := p.Pay.Amount.Format(lang)
	switch {
	case p.Second:
		return w.T("mail.payer.term_second", amount, p.Pay.DueOn, p.Until)
	case p.Costs > 0:
		return w.T("mail.payer.term_costs", amount, p.Pay.DueOn, p.Until) + " " + w.T("mail.payer.costs", p.Costs.Format(lang), p.Clause)
	}
	return w.T("mail.payer.term", amount, p.Pay.DueOn, p.Until)
}

// InvoiceMade is the mail to the parent with an invoice that was made by itself: that of the balance.
type InvoiceMade struct {
	FirstName string
	Reference string
	Payer     string // who got the invoice in the parent's place; "" for nobody
	Pay       *BankTransfer
	Schedule  []Due // what it asks on which day; Pay is the first
	Path      string
}

// inParts says how to pay: where it is asked on several days first what when, and then the first of them.
func (w words) inParts(schedule []Due, first BankTransfer) []Part {
	if len(schedule) < 2 {
		return []Part{first.part(w)}
	}
	var sums Sums
	for _, d := range schedule {
		sums = append(sums, Sum{Label: w.T("mail.due." + d.Kind), Note: w.T("mail.due.on", d.On), Amount: d.Amount.Format(string(w))})
	}
	return []Part{sums, Heading(w.T("mail.confirmed.pay")), first.part(w)}
}

// Letter says it.
func (i InvoiceMade) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	l := Letter{Lang: lang, Subject: w.T("mail.invoice.subject", i.Reference), Preview: w.T("mail.invoice.preview", i.Reference), Title: w.T("mail.invoice.title"),
		Parts: []Part{w.greeting(i.FirstName)}}
	switch {
	case i.Payer != "":
		l.Parts = append(l.Parts, Text(w.T("mail.invoice.other", i.Reference, i.Payer)))
	case i.Pay != nil:
		l.Parts = append(l.Parts, Text(w.T("mail.invoice.text", i.Reference)))
		l.Parts = append(l.Parts, w.inParts(i.Schedule, *i.Pay)...)
	default:
		l.Parts = append(l.Parts, Text(w.T("mail.invoice.paid", i.Reference)))
	}
	l.Parts = append(l.Parts, Button{w.T("mail.payment.button"), head.Site + i.Path})
	return l.close(w, head)
}
