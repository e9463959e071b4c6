package mail

import (
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// BookingCancelled is the mail after one child's booking was cancelled.
type BookingCancelled struct {
	FirstName   string
	Reference   string
	Child       string
	Holiday     string
	From, To    civil.Date
	On          civil.Date // the day that counts for the fee
	By          string     // who ends it and why, as terms.By names it
	Fee         money.Cents
	Premium     money.Cents // of the insurance, kept so that it can be claimed on
	Costs       money.Cents // proven costs
	Kept        []KeptExtra // extras of which something stays to be paid
	Reasons     []string    // why the fee is what it is, from the terms, in the reader's language
	Paid        money.Cents
	Refund      Refund
	Outstanding *BankTransfer // what is still to pay; nil for nothing
	Insured     bool          // the insurer may pay the fee back
	Papers      int           // how many documents are attached
	Path        string
}

// Refund is money that goes back.
type Refund struct {
	Amount money.Cents // zero: nothing goes back
	Method string      // stripe, transfer
	DueOn  civil.Date
}

// Letter says it.
func (c BookingCancelled) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	intro := w.T("mail.cancelled.intro", c.Child, c.Holiday, c.On)
	if messages.Has(lang, "mail.cancelled.by."+c.By) {
		intro = w.T("mail.cancelled.by."+c.By, c.Child, c.Holiday)
	}
	l := Letter{
		Lang:    lang,
		Subject: w.T("mail.cancelled.subject", c.Child, c.Reference),
		Preview: intro,
		Title:   w.T("mail.cancelled.title"),
		Parts: []Part{w.greeting(c.FirstName), Text(intro),
			Card{Title: c.Child, Subtitle: c.Holiday, Facts: []Fact{{w.T("mail.child.when"), messages.DateRange(lang, c.From, c.To)}}},
		},
	}
	l.Parts = append(l.Parts, c.money(w)...)
	l.Parts = append(l.Parts, Button{w.T("mail.cancelled.button"), head.Site + c.Path})
	if c.Papers == 0 {
		return l.close(w, head)
	}
	return l.close(w, head, Small(messages.N(lang, "mail.cancelled.papers", c.Papers)))
}

// money is what the ending costs and why; one sentence when no cent was paid, is owed or goes back.
func (c BookingCancelled) money(w words) []Part {
	if c.nothing() {
		return []Part{Text(w.T("mail.cancelled.free"))}
	}
	parts := []Part{Heading(w.T("mail.cancelled.costs"))}
	if c.By != "care_refused" || c.Fee > 0 { // without a fee the first words said all; the terms' would name what was told in confidence
		for _, r := range c.Reasons {
			parts = append(parts, Text(r))
		}
	}
	return append(append(parts, c.sums(w)), c.next(w)...)
}

func (c BookingCancelled) nothing() bool {
	return c.Fee == 0 && c.Premium == 0 && c.Costs == 0 && len(c.Kept) == 0 && c.Paid == 0 && c.Refund.Amount == 0 && c.Outstanding == nil
}

func (c BookingCancelled) sums(w words) Sums {
	lang := string(w)
	sums := Sums{{Label: w.T("mail.cancelled.fee"), Amount: c.Fee.Format(lang)}}
	if c.By == "exclusion" { // no fee: what was paid stays
		sums[0].Label = w.T("mail.cancelled.stays")
	}
	if c.Premium > 0 {
		sums = append(sums, Sum{Label: w.T("mail.cancelled.premium"), Amount: c.Premium.Format(lang)})
	}
	for _, k := range c.Kept {
		sums = append(sums, Sum{Label: k.Name, Amount: k.Amount.Format(lang)})
	}
	if c.Costs > 0 {
		sums = append(sums, Sum{Label: w.T("mail.cancelled.proven"), Amount: c.Costs.Format(lang)})
	}
	sums = append(sums, Sum{Label: w.T("mail.cancelled.paid"), Amount: (-c.Paid).Format(lang)})
	switch {
	case c.Refund.Amount > 0:
		return append(sums, Sum{Label: w.T("mail.cancelled.refund"), Amount: c.Refund.Amount.Format(lang), Total: true})
	case c.Outstanding != nil:
		return append(sums, Sum{Label: w.T("mail.cancelled.outstanding"), Amount: c.Outstanding.Amount.Format(lang), Total: true})
	}
	return sums
}

// next is what happens with the money now.
func (c BookingCancelled) next(w words) []Part {
	var parts []Part
	switch {
	case c.Refund.Amount > 0:
		parts = append(parts, Text(w.T("mail.cancelled.refund_by."+c.Refund.Method, c.Refund.Amount.Format(string(w)), c.Refund.DueOn)))
	case c.Outstanding != nil:
		parts = append(parts, Heading(w.T("mail.cancelled.pay")), c.Outstanding.part(w))
	case len(c.Reasons) == 0: // else they end with it
		parts = append(parts, Text(w.T("mail.cancelled.even")))
	}
	if c.Insured && c.Fee > 0 {
		parts = append(parts, Text(w.T("mail.cancelled.insured")))
	}
	return parts
}
