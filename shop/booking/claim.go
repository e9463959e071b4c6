package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/shop/catalogue"
	"joetz/shop/memberprice"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// firstBalance is the day on which the first part after the deposit is due; zero when all is asked at once.
func firstBalance(schedule []terms.Due) civil.Date {
	for _, due := range schedule {
		if due.Kind != terms.KindDeposit && due.Kind != terms.KindFull {
			return due.Due
		}
	}
	return civil.Date{}
}

// claimTx writes down that a new booking claims a member's price.
func (s *Service) claimTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, o Offer) error {
	if o.Category == catalogue.Base {
		return nil
	}
	return memberprice.AddTx(ctx, tx, memberprice.Claim{
		Booking: booking, Category: o.Category, Price: o.Price, Discount: o.Off(), Until: memberprice.Until(o.Facts.BookedOn, o.Facts.DepartsOn, firstBalance(o.Quote.Schedule)),
	})
}

// claimAlong is the claim of a member's price that goes along to another holiday though the base price is asked by now: a proof
// may still come late there too, as it could have here. The zero Claim when there is none, or none to win. atMost caps what it
// costs there at what it would cost here.
func (s *Service) claimAlong(ctx context.Context, q sqlx.QueryerContext, b Booking, r rights, to catalogue.Departure, atMost bool) (memberprice.Claim, error) {
	if b.Category != catalogue.Base || b.Evidence == memberprice.NotNeeded || b.Evidence == memberprice.Accepted {
		return memberprice.Claim{}, nil
	}
	known, err := memberprice.Of(ctx, q, b.ID)
	if err != nil {
		return memberprice.Claim{}, err
	}
	old, ok := known[b.ID]
	gross, there := to.Prices.Of(old.Category)
	if !ok || !old.Corrected() || !there {
		return memberprice.Claim{}, nil
	}
	if atMost {
		gross = min(gross, old.Gross())
	}
	f := r.facts
	f.Holiday, f.DepartsOn = to.Code, to.StartsOn
	out, _, _ := best(r.all, f, categories(old.Category, gross, gross)[:1]...)
	now := s.Now()
	return memberprice.Claim{Category: old.Category, Price: out.Net, Discount: gross - out.Net, Until: old.Until, LateAt: &now, CorrectedAt: &now}, nil
}

// reclaimTx claims a member's price for the new booking: a proof that was accepted counts, another one is asked anew; a claim
// that the base price took the place of goes along.
func (s *Service) reclaimTx(ctx context.Context, tx *sqlx.Tx, fresh id.Booking, p RebookPreview) error {
	if p.Category == catalogue.Base {
		if !p.claim.Corrected() {
			return nil
		}
		along := p.claim
		along.Booking = fresh
		return memberprice.CarryTx(ctx, tx, along)
	}
	first := civil.Date{}
	for _, d := range p.Schedule {
		if d.Kind == "balance" && (first.IsZero() || d.On.Before(first)) {
			first = d.On
		}
	}
	return memberprice.AddTx(ctx, tx, memberprice.Claim{Booking: fresh, Category: p.Category, Price: p.Price, Discount: p.Along.Off(), Until: memberprice.Until(p.quote.BookedOn, p.To.StartsOn, first)})
}

// ClaimsOf reads the claims of orders' bookings.
func (s *Service) ClaimsOf(ctx context.Context, orders ...Order) (map[id.Booking]memberprice.Claim, error) {
	var all []id.Booking
	for _, o := range orders {
		all = append(all, o.bookingIDs()...)
	}
	return memberprice.Of(ctx, s.DB, all...)
}
