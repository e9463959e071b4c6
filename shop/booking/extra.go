package booking

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/shop/extra"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
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

// sellExtrasTx gives the bookings of an order what was shown of extras; ErrGone of extra when others took it.
func (s *Service) sellExtrasTx(ctx context.Context, tx *sqlx.Tx, checkout id.Checkout, offers []Offer, bookings []id.Booking, actor string) error {
	now, err := s.Extras.OfCheckout(ctx, tx, checkout)
	if err != nil {
		return err
	}
	at, shown := map[int]id.Booking{}, 0
	for i, o := range offers {
		at[o.Position], shown = bookings[i], shown+len(o.Extras)
	}
	var price, was = extra.Sum(now), extra.Sum(nil)
	for _, o := range offers {
		was += extra.Sum(o.Extras)
	}
	if len(now) != shown || price != was { // another tab changed them meanwhile
		return ErrOutdated
	}
	return s.Extras.SellTx(ctx, tx, checkout, now, at, actor)
}

// extrasText names extras on an invoice line, in the organiser's language.
func extrasText(all []extra.Picked) string {
	if len(all) == 0 {
		return ""
	}
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name("nl")
	}
	return " + " + strings.Join(names, ", ")
}

// ExtrasOfOrder lists what an order's bookings have on top.
func (s *Service) ExtrasOfOrder(ctx context.Context, o Order) (map[id.Booking][]extra.Picked, error) {
	return s.Extras.OfBookings(ctx, s.DB, o.bookingIDs()...)
}

// withKept are the facts of an end, with the extras that stay to be paid: those whose own rule pays nothing back on that day,
// when it is not the organiser who ends the booking. Extras are in no fee of the terms (edges.md 36).
func (s *Service) withKept(ctx context.Context, q sqlx.QueryerContext, b Booking, on civil.Date, in Cancel) (terms.CancelFacts, error) {
	switch in.By {
	case terms.ByCustomer, terms.ByNonpayment, terms.ByExclusion, terms.ByUntruthful:
	default:
		return b.cancelFacts(on, in), nil
	}
	has, err := s.Extras.OfBookings(ctx, q, b.ID)
	for _, p := range has[b.ID] {
		if b.Status == "placed" && !p.Refundable(on, b.DepartsOn) {
			in.Costs += p.Price
		}
	}
	return b.cancelFacts(on, in), err
}
