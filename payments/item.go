package payments

import (
	"maps"
	"slices"

	"joetz/payments/invoice"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Item is a part of what a booking costs that has a line of its own on an invoice: an extra.
type Item struct {
	Description string
	Amount      money.Cents
}

// carve gives each item a line of its own, out of the last line of its booking that is large enough for it: what the lines
// of an instalment ask together stays the same. Deposits and supplements are left whole; an item that fits nowhere stays
// inside its line.
func carve(lines []invoice.Line, items map[id.Booking][]Item) []invoice.Line {
	var apart []invoice.Line
	for _, booking := range slices.Sorted(maps.Keys(items)) {
		for _, i := range items[booking] {
			n := lineFor(lines, booking, i.Amount)
			if n < 0 || i.Amount <= 0 {
				continue
			}
			l := &lines[n]
			if l.Amount == i.Amount {
				l.Description = i.Description
				continue
			}
			l.Amount -= i.Amount
			apart = append(apart, invoice.Line{Booking: booking, Instalment: l.Instalment, Kind: l.Kind, Description: i.Description, About: l.About, Amount: i.Amount})
		}
	}
	return append(lines, apart...)
}

func lineFor(lines []invoice.Line, booking id.Booking, amount money.Cents) int {
	for n := len(lines) - 1; n >= 0; n-- {
		if l := lines[n]; l.Booking == booking && l.Amount >= amount && l.Kind != "deposit" && l.Kind != "supplement" {
			return n
		}
	}
	return -1
}
