package office

import (
	"encoding/json"
	"strings"

	"joetz/payments"
	"joetz/payments/invoice"
	"joetz/shop/booking"
	"joetz/templates/layout"
	"joetz/templates/messages"
	"joetz/templates/office"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// moneyKinds are the events that the filter shows as money.
var moneyKinds = map[string]bool{
	"paid": true, "balance_invoiced": true, "dunning_notice": true, "dunning_reminder": true, "dunning_second": true, "dunning_post": true, "dunning_pause": true, "late_costs": true, "replanned": true, "refund_account": true,
	"goodwill": true, "overpaid_back": true, "difference_let_go": true, "difference_kept": true, "difference_back": true, "goodwill_asked": true, "goodwill_refused": true, "price_base": true, "cancelled": true, "rebooked": true, "extra_added": true, "extra_removed": true, "paid_too_late": true, "price_rise": true,
}

// told is what an event's detail may say; which of it is there depends on the kind.
type told struct {
	By       string          `json:"by"`
	Fee      money.Cents     `json:"fee"`
	Refund   money.Cents     `json:"refund"`
	Amount   money.Cents     `json:"amount"`
	Note     string          `json:"note"`
	Reason   string          `json:"reason"`
	From     json.RawMessage `json:"from"`
	To       json.RawMessage `json:"to"`
	FromOn   civil.Date      `json:"from_on"`
	ToOn     civil.Date      `json:"to_on"`
	Until    civil.Date      `json:"until"`
	Number   string          `json:"number"`
	Computed money.Cents     `json:"computed"`
	Granted  money.Cents     `json:"granted"`
}

func word(raw json.RawMessage) (s string) {
	_ = json.Unmarshal(raw, &s) // a number is no word
	return s
}

func cents(raw json.RawMessage) (c money.Cents) {
	_ = json.Unmarshal(raw, &c) // a word is no amount
	return c
}

// eventText is an event in a sentence: from what to what, and why. TestEveryEventHasItsWords holds that each kind has a text.
func eventText(p layout.Page, e booking.Event) string {
	var d told
	_ = json.Unmarshal(e.Detail, &d) // an event without detail has none to show
	args, why := []any(nil), d.Note
	switch e.Kind {
	case "paid", "price_rise", "late_costs", "overpaid_back", "difference_let_go", "difference_kept", "difference_back":
		args = []any{p.MoneyExact(d.Amount)}
	case "rebooked":
		args = []any{word(d.From) + ", " + p.DatePlain(d.FromOn), word(d.To) + ", " + p.DatePlain(d.ToOn), p.MoneyExact(d.Fee), p.MoneyExact(d.Refund)}
	case "boarding", "renamed", "transferred", "payer":
		args = []any{word(d.From), word(d.To)}
	case "photos":
		args = []any{p.T("checkout.photo." + word(d.From)), p.T("checkout.photo." + word(d.To))}
	case "restored": // from is who had ended it, to is why it goes on
		args, why = []any{p.T("office.by." + word(d.From))}, word(d.To)
	case "goodwill", "goodwill_asked", "goodwill_refused":
		args = []any{p.MoneyExact(d.Granted), p.MoneyExact(d.Computed)}
	case "extra_added", "extra_removed":
		args = []any{word(d.To), p.MoneyExact(d.Granted)}
	case "cancelled":
		args = []any{p.T("office.by." + d.By), p.MoneyExact(d.Fee), p.MoneyExact(d.Refund)}
	case "price_base":
		args = []any{p.MoneyExact(cents(d.From)), p.MoneyExact(cents(d.To))}
	case "proof_reminded":
		args = []any{p.DatePlain(d.Until)}
	case "dunning_pause":
		args, why = []any{p.DatePlain(d.Until)}, d.Reason
	case "request_opened":
		args = []any{d.Number}
	case "proof_refused", "proof_asked":
		if key := "office.proof.reasons." + d.Reason; d.Reason != "" && messages.Has(p.Lang, key) {
			why = strings.TrimSuffix(p.T(key)+". "+d.Note, ". ")
		}
	}
	text := p.T("office.event."+e.Kind, args...)
	if why != "" {
		text += ": " + why
	}
	return text
}

// eventRow is an event about a child, whose name it bears where the order has several.
func eventRow(p layout.Page, e booking.Event, children map[id.Booking]string) office.EventRow {
	row := office.EventRow{At: e.At, Text: eventText(p, e)}
	if len(children) > 1 && children[e.Booking] != "" {
		row.Text = children[e.Booking] + ": " + row.Text
	}
	kind, _, _ := strings.Cut(e.Actor, ":")
	row.Who = p.T("office.who." + kind)
	return row
}

// moneyRows are the documents and refunds of an order as lines of its history.
func moneyRows(p layout.Page, documents []invoice.Invoice, refunds []payments.RefundDetail) (rows []office.EventRow) {
	for _, d := range documents {
		number := d.Number
		if number == "" {
			number = p.T("parent.invoice.in_the_making")
		}
		rows = append(rows, office.EventRow{At: d.CreatedAt, Who: p.T("office.who.system"), Href: invoicePath(d.ID),
			Text: p.T("dossier.invoice", p.T("parent.invoice."+d.Kind), number, p.MoneyExact(d.Total))})
	}
	for _, r := range refunds {
		rows = append(rows, office.EventRow{At: r.RequestedAt, Who: p.T("office.who.system"), Text: p.T("dossier.refund", p.MoneyExact(r.Amount), p.T("office.method."+r.Method), p.DatePlain(r.DueOn))})
	}
	return rows
}
