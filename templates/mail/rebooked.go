package mail

import (
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// BookingRebooked is the mail after one child goes elsewhere.
type BookingRebooked struct {
	FirstName string
	Reference string
	Child     string
	Old, New  string // the holidays
	From, To  civil.Date
	Boarding  string
	Price     money.Cents // before discounts
	Discounts []KeptExtra // with what they take off
	Extras    []KeptExtra // with what they cost
	Premium   money.Cents
	Goodwill  money.Cents // that goes along
	Fee       money.Cents
	Kept      money.Cents // of extras that are not paid back
	Paid      money.Cents // on the old booking
	Refund    Refund
	Open      money.Cents   // fee and new booking together
	Pay       *BankTransfer // what is asked now; nil for nothing
	Path      string
}

// Letter says it.
func (r BookingRebooked) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	facts := []Fact{{w.T("mail.child.when"), messages.DateRange(lang, r.From, r.To)}}
	if r.Boarding != "" {
		facts = append(facts, Fact{w.T("mail.child.boarding"), r.Boarding})
	}
	intro := w.T("mail.rebooked.intro", r.Child, r.Old, r.New)
	l := Letter{
		Lang: lang, Subject: w.T("mail.rebooked.subject", r.Child, r.New, r.Reference), Preview: intro, Title: w.T("mail.rebooked.title"),
		Parts: []Part{w.greeting(r.FirstName), Text(intro), Card{Title: r.Child, Subtitle: r.New, Facts: facts}, Heading(w.T("mail.rebooked.costs")), r.sums(w)},
	}
	if r.Refund.Amount > 0 {
		l.Parts = append(l.Parts, Text(w.T("mail.rebooked.refund_by", r.Refund.Amount.Format(lang), r.Refund.DueOn)))
	}
	if r.Pay != nil {
		l.Parts = append(l.Parts, Heading(w.T("mail.rebooked.pay")), r.Pay.part(w))
	}
	l.Parts = append(l.Parts, Text(w.T("mail.rebooked.fiche")), Button{w.T("mail.rebooked.button"), head.Site + r.Path})
	return l.close(w, head)
}

func (r BookingRebooked) sums(w words) Sums {
	lang := string(w)
	sums := Sums{{Label: w.T("mail.rebooked.price"), Amount: r.Price.Format(lang)}}
	for _, d := range r.Discounts {
		sums = append(sums, Sum{Label: w.T("mail.rebooked.discount", d.Name), Amount: (-d.Amount).Format(lang)})
	}
	for _, x := range r.Extras {
		sums = append(sums, Sum{Label: x.Name, Amount: x.Amount.Format(lang)})
	}
	if r.Premium > 0 {
		sums = append(sums, Sum{Label: w.T("mail.rebooked.premium"), Amount: r.Premium.Format(lang)})
	}
	if r.Goodwill > 0 {
		sums = append(sums, Sum{Label: w.T("mail.rebooked.goodwill"), Amount: (-r.Goodwill).Format(lang)})
	}
	sums = append(sums, Sum{Label: w.T("mail.rebooked.fee"), Amount: r.Fee.Format(lang)})
	if r.Kept > 0 {
		sums = append(sums, Sum{Label: w.T("mail.rebooked.kept"), Amount: r.Kept.Format(lang)})
	}
	sums = append(sums, Sum{Label: w.T("mail.rebooked.paid"), Amount: (-r.Paid).Format(lang)})
	if r.Refund.Amount > 0 {
		return append(sums, Sum{Label: w.T("mail.rebooked.refund"), Amount: r.Refund.Amount.Format(lang), Total: true})
	}
	return append(sums, Sum{Label: w.T("mail.rebooked.open"), Amount: r.Open.Format(lang), Total: true})
}
