package mail

import (
	"joetz/templates/messages"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// BookingConfirmed is the mail after an order was placed.
type BookingConfirmed struct {
	FirstName    string // of who booked; may be empty
	Reference    string // of the order
	Children     []Child
	Total        money.Cents
	Schedule     []Due
	Pay          *BankTransfer // how to pay the first sum; nil when it is paid online
	Payer        string        // who gets the invoices in the parent's place; "" for nobody
	Paid         money.Cents   // already received
	Invoiced     bool          // an invoice is attached
	TermsVersion string
	Path         string // of the order's page, "/mijn/boekingen/..."
	TermsPath    string // of the terms that bind, "/voorwaarden/..."
}

// Child is one participant on one holiday.
type Child struct {
	FirstName  string
	Holiday    string
	From, To   civil.Date
	Boarding   string // empty when it does not apply
	Category   string // base, solidaris, vt
	Price      money.Cents
	Extras     money.Cents // together; zero: none
	Premium    money.Cents // zero: no insurance
	InReview   bool        // staff look at the care question first
	ProofUntil civil.Date  // zero: no proof is asked
	FicheUntil civil.Date  // zero: the fiche is complete
}

// Due is a sum of the payment schedule.
type Due struct {
	Kind   string // deposit, balance, full, fee, supplement
	On     civil.Date
	Amount money.Cents
	Paid   bool
}

// Letter says it.
func (b BookingConfirmed) Letter(head Letterhead, lang string) Letter {
	w := words(lang)
	var children, reviewed []string
	for _, c := range b.Children {
		children = append(children, c.FirstName)
		if c.InReview {
			reviewed = append(reviewed, c.FirstName)
		}
	}
	l := Letter{
		Lang:    lang,
		Subject: w.T("mail.confirmed.subject", b.Reference),
		Preview: w.T("mail.confirmed.preview", w.names(children)),
		Title:   w.T("mail.confirmed.title"),
		Parts:   []Part{w.greeting(b.FirstName), Text(messages.N(lang, "mail.confirmed.intro", len(b.Children), w.names(children), b.Reference))},
	}
	if len(reviewed) > 0 {
		l.Title = w.T("mail.confirmed.title_review")
		l.Parts = append(l.Parts, Text(w.T("mail.confirmed.review", w.names(reviewed))))
	}
	for _, c := range b.Children {
		l.Parts = append(l.Parts, c.card(w))
	}
	if todo := b.todo(w); len(todo) > 0 {
		l.Parts = append(l.Parts, Heading(w.T("mail.confirmed.todo")), todo)
	}
	l.Parts = append(l.Parts, Button{w.T("mail.confirmed.button"), head.Site + b.Path})
	l.Parts = append(l.Parts, b.money(w)...)
	small := []Part{Small(w.T("mail.confirmed.terms", b.TermsVersion)), Link{w.T("mail.confirmed.terms_read"), head.Site + b.TermsPath}}
	if b.Invoiced {
		small = append([]Part{Small(w.T("mail.confirmed.invoice"))}, small...)
	}
	return l.close(w, head, small...)
}

func (c Child) card(w words) Card {
	card := Card{Title: c.FirstName, Subtitle: c.Holiday, Facts: []Fact{
		{w.T("mail.child.when"), messages.DateRange(string(w), c.From, c.To)},
	}}
	if c.Boarding != "" {
		card.Facts = append(card.Facts, Fact{w.T("mail.child.boarding"), c.Boarding})
	}
	card.Facts = append(card.Facts, Fact{w.T("mail.child.price." + c.Category), c.Price.Format(string(w))})
	if c.Extras > 0 {
		card.Facts = append(card.Facts, Fact{w.T("mail.child.extras"), c.Extras.Format(string(w))})
	}
	if c.Premium > 0 {
		card.Facts = append(card.Facts, Fact{w.T("mail.child.premium"), c.Premium.Format(string(w))})
	}
	return card
}

func (b BookingConfirmed) todo(w words) Steps {
	var todo Steps
	for _, c := range b.Children {
		if !c.ProofUntil.IsZero() {
			todo = append(todo, w.T("mail.todo.proof."+c.Category, c.FirstName, c.ProofUntil))
		}
		if !c.FicheUntil.IsZero() {
			todo = append(todo, w.T("mail.todo.fiche", c.FirstName, c.FicheUntil))
		}
	}
	return todo
}

// money is the price, the schedule and how to pay what comes first.
func (b BookingConfirmed) money(w words) []Part {
	var sums Sums
	for _, d := range b.Schedule {
		note := w.T("mail.due.on", d.On)
		if d.Paid {
			note = w.T("mail.due.paid")
		}
		sums = append(sums, Sum{Label: w.T("mail.due." + d.Kind), Note: note, Amount: d.Amount.Format(string(w))})
	}
	sums = append(sums, Sum{Label: w.T("mail.due.total"), Amount: b.Total.Format(string(w)), Total: true})
	heading := "mail.confirmed.price"
	if len(b.Schedule) == 0 && b.Pay == nil && b.Paid == 0 { // nothing is asked yet: "what you pay" would say the contrary
		heading = "mail.confirmed.costs"
	}
	parts := []Part{Heading(w.T(heading)), sums}
	switch {
	case b.Pay != nil:
		parts = append(parts, Heading(w.T("mail.confirmed.pay")), b.Pay.part(w))
	case b.Paid > 0:
		parts = append(parts, Text(w.T("mail.confirmed.paid", b.Paid.Format(string(w)))))
	case len(b.Schedule) == 0:
		parts = append(parts, Text(w.T("mail.confirmed.nothing_yet")))
	case b.Payer != "":
		parts = append(parts, Text(w.T("mail.confirmed.other_pays", b.Payer)))
	default:
		parts = append(parts, Text(w.T("mail.confirmed.online")))
	}
	return parts
}

// greeting is "Dag Inès,".
func (w words) greeting(firstName string) Text {
	if firstName == "" {
		return Text(w.T("mail.hello"))
	}
	return Text(w.T("mail.hello_name", firstName))
}

// close ends a letter: the sign-off, then what few need.
func (l Letter) close(w words, head Letterhead, small ...Part) Letter {
	l.Parts = append(l.Parts, Text(w.T("mail.bye", head.Brand)))
	l.Parts = append(l.Parts, small...)
	return l
}
