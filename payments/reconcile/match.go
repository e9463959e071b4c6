package reconcile

import (
	"regexp"
	"slices"
	"strings"

	"joetz/payments"
	"joetz/payments/ledger"
	"joetz/terms/id"
	"joetz/terms/money"
)

// The ways in which a movement was matched: movement_match_how_known.
const (
	howStructured  = "structured"   // structured communication
	howText        = "text"         // the same, written in free text
	howOrderNumber = "order_number" // our order number in free text
	howEndToEnd    = "end_to_end"   // our own transfer: its end-to-end id
	howPayout      = "payout"       // Stripe's payout
	howCosts       = "costs"        // the bank's own costs
	howHand        = "hand"         // a person
)

// Order is what matching knows of an order.
type Order struct {
	ID        id.Order    `db:"order_id"`
	OGM       string      `db:"structured_comm"`
	Reference string      `db:"reference"`
	Guardian  id.Guardian `db:"guardian_id"`
	Payer     string      `db:"payer_name"`
	Open      money.Cents `db:"open_cents"`
	Children  stringArray `db:"children"`
	Due       centsArray  `db:"due_cents"` // of it, what falls due on each day, the first day first; only of open orders
}

// amounts are what somebody would pay who pays an open order as it is asked: what falls due on one day, what does up to one, or all.
func (o Order) amounts() []money.Cents {
	all, sum := []money.Cents{o.Open}, money.Cents(0)
	for _, d := range o.Due {
		due := money.Cents(d)
		sum += due
		all = append(all, due, sum)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// first is what an order asks first.
func (o Order) first() money.Cents {
	if len(o.Due) == 0 {
		return 0
	}
	return money.Cents(o.Due[0])
}

// directory answers, for one file, which references are ours.
type directory struct {
	orders  map[string]Order // by structured communication and by order number
	refunds map[id.Refund]payments.RefundDetail
	files   map[string][]id.Refund   // of refunds that left together, by the name of their file
	payouts map[money.Cents][]Payout // not seen at the bank yet, by amount, oldest first
}

// Payout is one transfer of Stripe to our account.
type Payout struct {
	ID     string
	Amount money.Cents
}

// decision says what a movement was for; the zero decision is that a person must look.
type decision struct {
	how     string
	order   id.Order
	refund  id.Refund
	file    []id.Refund // all that left with one sum
	account ledger.Account
	payout  string
}

func (d decision) made() bool { return d.how != "" }

// decide matches one movement where only one answer is possible. Money that comes back, though it may carry the reference
// of a cancelled order, is never a payment.
func (d directory) decide(m movement) decision {
	switch {
	case m.money == 0:
		return decision{}
	case m.money > 0 && m.IsReturn():
		return d.ownTransfer(m, -m.money)
	case m.money > 0:
		if by := d.incoming(m); by.made() {
			return by
		}
		return d.payout(m)
	case isCosts(m):
		return decision{how: howCosts, account: ledger.PaymentCosts}
	case m.IsReturn(): // a payer's bank takes a payment back: a person finds which
		return decision{}
	}
	if by := d.ownTransfer(m, m.money); by.made() {
		return by
	}
	return d.ownFile(m)
}

// incoming finds the one order that a payment names. A structured reference goes before text; two orders in one place are
// for a person.
func (d directory) incoming(m movement) decision {
	for _, by := range []struct {
		how  string
		refs []string
	}{
		{howStructured, m.found[:m.structured]}, {howText, m.found[m.structured:]}, {howOrderNumber, orderNumbers(m)},
	} {
		var hits []id.Order
		for _, ref := range by.refs {
			if o, ours := d.orders[ref]; ours && !slices.Contains(hits, o.ID) {
				hits = append(hits, o.ID)
			}
		}
		switch len(hits) {
		case 1:
			return decision{how: by.how, order: hits[0]}
		case 0:
		default:
			return decision{}
		}
	}
	return decision{}
}

var orderNumber = regexp.MustCompile(`(?i)\bV ?(\d{7})\b`)

// orderNumbers lists the order numbers that a movement's texts may name.
func orderNumbers(m movement) []string { return orderNumbersIn(append([]string{m.Text}, m.Info...)...) }

func orderNumbersIn(texts ...string) (numbers []string) {
	for _, text := range texts {
		for _, hit := range orderNumber.FindAllStringSubmatch(text, -1) {
			numbers = append(numbers, "V"+hit[1])
		}
	}
	return numbers
}

// ownTransfer recognises a refund of ours by its end-to-end id, as it leaves (amount negative) or comes back.
func (d directory) ownTransfer(m movement, amount money.Cents) decision {
	refund, ok := payments.RefundOfEndToEnd(m.EndToEndID)
	if !ok {
		return decision{}
	}
	r, known := d.refunds[refund]
	if !known || r.Method != "transfer" || -r.Amount != amount {
		return decision{}
	}
	left := r.State == "requested" || r.State == "sent"
	if m.money < 0 && !left || m.money > 0 && r.State != "done" {
		return decision{}
	}
	return decision{how: howEndToEnd, refund: refund}
}

// ownFile recognises a file of refunds that the bank took off the account in one sum: it names the file, and the sum is what of it
// had not left yet.
func (d directory) ownFile(m movement) decision {
	var file []id.Refund
	sum := money.Cents(0)
	for _, name := range fileNames(m) {
		for _, refund := range d.files[name] {
			r := d.refunds[refund]
			if r.State != "requested" && r.State != "sent" || slices.Contains(file, refund) {
				continue
			}
			file, sum = append(file, refund), sum+r.Amount
		}
	}
	if len(file) == 0 || sum != -m.money {
		return decision{}
	}
	return decision{how: howEndToEnd, file: file}
}

// fileNames lists our files of refunds that a movement names.
func fileNames(m movement) []string {
	return payments.RefundFilesIn(slices.Concat(m.Batch, []string{m.EndToEndID, m.Text}, m.Info)...)
}

// payout recognises Stripe's transfer: it names itself, and a payout of that amount is on its way.
func (d directory) payout(m movement) decision {
	named := strings.Contains(strings.ToUpper(m.Counterparty.Name+" "+m.Text), "STRIPE") || strings.HasPrefix(m.EndToEndID, "po_")
	waiting := d.payouts[m.money]
	if !named || len(waiting) == 0 {
		return decision{}
	}
	for _, p := range waiting {
		if p.ID == m.EndToEndID {
			return decision{how: howPayout, account: ledger.PayoutTransit, payout: p.ID}
		}
	}
	return decision{how: howPayout, account: ledger.PayoutTransit, payout: waiting[0].ID}
}

// isCosts reports whether the bank charges for its own services: CODA family 35 or 80, or operation 37 of any family;
// camt charges.
func isCosts(m movement) bool {
	if parts := strings.Split(m.Code, "/"); len(parts) == 3 {
		return parts[2] == "CHRG" || parts[2] == "FEES" || parts[2] == "COMM"
	}
	if len(m.Code) != 8 {
		return false
	}
	family, operation := m.Code[1:3], m.Code[3:5]
	return family == "35" || family == "80" || operation == "37"
}
