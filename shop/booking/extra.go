package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/shop/extra"
	"joetz/templates/messages"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// withExtras adds to an offer what its line of the basket has on top.
func (s *Service) withExtras(o Offer, picked []extra.Picked) Offer {
	for _, p := range picked {
		if p.Position == o.Position {
			o.Extras = append(o.Extras, p)
		}
	}
	o.Facts.Extras = extra.Sum(o.Extras)
	return o
}

// lockExtrasTx locks the extras of all baskets that are placed together.
func (s *Service) lockExtrasTx(ctx context.Context, tx *sqlx.Tx, ready []*placing) error {
	var held []extra.Picked
	for _, p := range ready {
		for _, o := range p.sum.Offers {
			held = append(held, o.Extras...)
		}
	}
	return s.Extras.LockTx(ctx, tx, held)
}

// sellExtrasTx gives the bookings of an order the extras that they were priced with, under the lock of their basket; ErrGone
// of extra when others took one.
func (s *Service) sellExtrasTx(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, offers []Offer, bookings []id.Booking, actor string) error {
	at := map[int]id.Booking{}
	var sold []extra.Picked
	for i, o := range offers {
		at[o.Position], sold = bookings[i], append(sold, o.Extras...)
	}
	return s.Extras.SellTx(ctx, tx, checkout, sold, at, actor)
}

// extraItems are the invoice lines of extras, in the organiser's language: who has what.
func extraItems(child string, all []extra.Picked) (items []payments.Item) {
	for _, p := range all {
		if !p.Apart {
			items = append(items, payments.Item{Description: child + ": " + p.Name("nl"), Amount: p.Price})
		}
	}
	return items
}

func (b Booking) name() string { return b.FirstName + " " + b.LastName }

// ExtrasOfOrder lists what an order's bookings have on top.
func (s *Service) ExtrasOfOrder(ctx context.Context, o Order) (map[id.Booking][]extra.Picked, error) {
	return s.Extras.OfBookings(ctx, s.DB, o.bookingIDs()...)
}

// marginal is what the terms keep of a sum that is priced as the holiday is, when the customer cancels on that day: the fee
// with it less the fee without it.
func marginal(t terms.Terms, b Booking, on civil.Date) func(money.Cents) money.Cents {
	fee := func(price money.Cents) money.Cents {
		f := b.cancelFacts(on, Cancel{By: terms.ByCustomer})
		f.Price = price
		return t.Cancel(f).Fee
	}
	return func(sum money.Cents) money.Cents { return fee(b.Price+sum) - fee(b.Price) }
}

// withKept are the facts of an end, with the extras that stay to be paid: by their own rule on that day, when it is the
// customer's doing, and what stayed to be paid of those that were taken off before. Extras are in no fee of the terms
// (edges.md 36); an exclusion keeps what was paid, extras and all (edges.md 126).
func (s *Service) withKept(ctx context.Context, q sqlx.QueryerContext, t terms.Terms, b Booking, on civil.Date, in Cancel) (terms.CancelFacts, []extra.Picked, error) {
	switch in.By {
	case terms.ByCustomer, terms.ByNonpayment, terms.ByUntruthful:
	default:
		return b.cancelFacts(on, in), nil, nil
	}
	kept, err := s.Extras.KeptOf(ctx, q, b.ID, false)
	if err != nil {
		return terms.CancelFacts{}, nil, err
	}
	has, err := s.Extras.OfBookings(ctx, q, b.ID)
	for _, p := range has[b.ID] {
		if p.Kept = p.Keeps(on, b.DepartsOn, marginal(t, b, on)); b.Status == "placed" && p.Kept > 0 {
			kept = append(kept, p)
		}
	}
	for _, p := range kept {
		in.Costs += p.Kept
	}
	return b.cancelFacts(on, in), kept, err
}

func keptItems(child string, kept []extra.Picked) (items []payments.Item) {
	for _, p := range kept {
		items = append(items, payments.Item{Description: child + ": " + p.Name("nl"), Amount: p.Kept})
	}
	return items
}

// tell puts reasons in words: an extra that stays to be paid is called by its name, costs is what is proven beside them.
func tell(lang string, because []terms.Reason, costs money.Cents, kept []extra.Picked) (lines []ReasonLine) {
	for _, r := range because {
		if r.Key != "cancel.costs" {
			lines = append(lines, Reason(lang, r))
			continue
		}
		for _, p := range kept {
			lines = append(lines, ReasonLine{
				Clause: messages.T(lang, "extra.clause"), Text: messages.T(lang, "extra.kept", p.Name(lang), p.Kept.Format(lang)), Amount: p.Kept, HasSum: true,
			})
		}
		if costs > 0 {
			r.Args = []terms.Arg{terms.Money("amount", costs)}
			lines = append(lines, Reason(lang, r))
		}
	}
	return lines
}

// Told is why ending costs what it costs, in words.
func (p CancelPreview) Told(lang string) []ReasonLine {
	return tell(lang, p.Because, p.Cancel.Costs, p.Kept)
}

// keptAtEnd lists the extras of an ended booking of which something stayed to be paid.
func (s *Service) keptAtEnd(ctx context.Context, b Booking) ([]extra.Picked, error) {
	switch terms.ParseBy(b.CancelledBy) {
	case terms.ByCustomer, terms.ByNonpayment, terms.ByUntruthful:
	default:
		return nil, nil
	}
	before, err := s.Extras.KeptOf(ctx, s.DB, b.ID, false)
	if err != nil {
		return nil, err
	}
	then, err := s.Extras.KeptOf(ctx, s.DB, b.ID, true)
	return append(before, then...), err
}
