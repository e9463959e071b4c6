package mail

import (
	"strings"

	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// Proof is a mail about the proof of a member's price.
type Proof struct {
	What        string // reminder, late, accepted, refused, again or base
	FirstName   string
	Reference   string
	Child       string
	Holiday     string
	From, To    civil.Date
	Category    string // that was claimed: solidaris or vt
	Until       civil.Date
	Reason      string // of proof.Reasons; "" for none
	Words       string // of the office
	Clause      string
	ClauseWords string
	Old, New    money.Cents // the price; equal when it does not change
	Discounts   []KeptExtra // that the new price has, with what they take off
	Refund      money.Cents
	Schedule    []Due
	Pay         *BankTransfer // what is asked on top; nil for nothing
	Papers      int
	Path        string
}

// Letter says it.
func (p Proof) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	key := "mail.proof." + p.What
	intro := w.T(key+".intro", p.Child, p.Holiday, p.Until)
	l := Letter{
		Lang: lang, Subject: w.T(key+".subject", p.Child, p.Reference), Preview: intro, Title: w.T(key + ".title"),
		Parts: []Part{w.greeting(p.FirstName), Text(intro)},
	}
	if p.Reason != "" {
		l.Parts = append(l.Parts, Text(w.T("mail.proof.because", w.T("mail.proof.reason."+p.Reason))))
	}
	if p.Words != "" {
		l.Parts = append(l.Parts, Text(p.Words))
	}
	l.Parts = append(l.Parts, Card{Title: p.Child, Subtitle: p.Holiday, Facts: []Fact{
		{w.T("mail.child.when"), messages.DateRange(lang, p.From, p.To)}, {w.T("mail.proof.claimed"), w.T("mail.proof.category." + p.Category)},
	}})
	l.Parts = append(l.Parts, p.money(w)...)
	if p.What != "accepted" {
		l.Parts = append(l.Parts, Small(w.T("mail.proof.clause", p.Clause, p.ClauseWords)))
	}
	l.Parts = append(l.Parts, Button{w.T(key + ".button"), head.Site + p.Path})
	if p.Papers == 0 {
		return l.close(w, head)
	}
	return l.close(w, head, Small(messages.N(lang, "mail.cancelled.papers", p.Papers)))
}

// after names the discounts of the new price.
func (p Proof) after(w words) string {
	var all []string
	for _, d := range p.Discounts {
		all = append(all, w.T("mail.proof.after", d.Name, d.Amount.Format(string(w))))
	}
	return strings.Join(all, ", ")
}

// money is what the price becomes and when it is due.
func (p Proof) money(w words) (parts []Part) {
	lang := string(w)
	if p.Old == p.New {
		return nil
	}
	change := p.New - p.Old
	parts = append(parts, Sums{
		{Label: w.T("mail.proof.old"), Amount: p.Old.Format(lang)}, {Label: w.T("mail.proof.new"), Note: p.after(w), Amount: p.New.Format(lang)},
		{Label: w.T("mail.proof.change"), Amount: change.Format(lang), Total: true},
	})
	if p.What == "late" {
		return parts
	}
	if len(p.Schedule) > 0 {
		var sums Sums
		for _, d := range p.Schedule {
			note := w.T("mail.due.on", d.On)
			if d.Paid {
				note = w.T("mail.due.paid")
			}
			sums = append(sums, Sum{Label: w.T("mail.due." + d.Kind), Note: note, Amount: d.Amount.Format(lang)})
		}
		parts = append(parts, Heading(w.T("mail.proof.schedule")), sums)
	}
	if p.Refund > 0 {
		parts = append(parts, Text(w.T("mail.proof.refund", p.Refund.Format(lang))))
	}
	if p.Pay != nil {
		parts = append(parts, Heading(w.T("mail.cancelled.pay")), p.Pay.part(w))
	}
	return parts
}
