package booking

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/terms/civil"
	"joetz/terms/money"
)

// PriceChange is what a decision about a proof changes of a price.
type PriceChange struct {
	From, To  money.Cents
	DueOn     civil.Date         // of what is asked on top; zero when the price does not rise
	Category  catalogue.Category // then
	Discounts []Granted          // then, worked out anew
}

// Change is what the booking costs more, or less.
func (p PriceChange) Change() money.Cents { return p.To - p.From }

// off is what the discounts take off then.
func (p PriceChange) off() (sum money.Cents) {
	for _, g := range p.Discounts {
		sum += g.Off
	}
	return sum
}

// PriceAnew works a booking's price out again as on the day when it was booked: the best of the base price and of another that
// is claimed at gross, with the discounts that ran then and fit, as far as they may still be used.
func (s *Service) PriceAnew(ctx context.Context, q sqlx.QueryerContext, b Booking, claimed catalogue.Category, gross money.Cents) (p PriceChange, err error) {
	facts := discount.Facts{Holiday: b.Code, BookedOn: b.BookedOn, DepartsOn: b.DepartsOn}
	if facts.Rank, err = s.rankOf(ctx, q, b, false); err != nil {
		return p, err
	}
	if facts.Code, err = codeOf(ctx, q, b.Order); err != nil {
		return p, err
	}
	ran, err := s.Discounts.RanAt(ctx, q, b.PlacedAt)
	if err != nil {
		return p, err
	}
	own, err := s.Discounts.OfBooking(ctx, q, b.ID)
	if err != nil {
		return p, err
	}
	out, granted, _ := best(discount.Without(ran, own), facts, categories(claimed, gross, b.BasePrice)...)
	return PriceChange{From: b.Price, To: out.Net, Category: catalogue.Category(out.Category), Discounts: granted}, nil
}

// RepriceTx moves a booking of an order to another category's price and discounts: their charges are reversed and the others
// charged, where anything is charged yet. The caller holds the order's lock. ErrOutdated when a discount was used up meanwhile.
func (s *Service) RepriceTx(ctx context.Context, tx *sqlx.Tx, who account.Identity, o Order, b Booking, to PriceChange) (done payments.Revised, err error) {
	var uses []discount.Use
	for _, g := range to.Discounts {
		uses = append(uses, discount.Use{Discount: g.ID, Booking: b.ID, Amount: g.Off})
	}
	if err := s.Discounts.ReplaceTx(ctx, tx, b.ID, uses); errors.Is(err, discount.ErrUsedUp) {
		return done, ErrOutdated
	} else if err != nil {
		return done, err
	}
	if err := setPrice(ctx, tx, b.ID, to); err != nil {
		return done, err
	}
	if b.Status != "placed" { // in review nothing is charged yet
		return done, nil
	}
	return s.Payments.ReviseTx(ctx, tx, payments.Revision{
		Order: o.ID, Booking: b.ID, Payer: o.Payer(), Description: b.InvoiceText(),
		Reverse: []string{"price", "discount"}, Add: priceLines(to.To+to.off(), to.off(), 0, 0),
		DueOn: to.DueOn, Apart: true, Reason: "proof", By: who.StaffID, Actor: who.Actor(),
	})
}

// EvidenceTx moves the proof of a booking from the state that was read to the next. ErrOutdated when somebody moved it meanwhile.
func (s *Service) EvidenceTx(ctx context.Context, tx *sqlx.Tx, b Booking, to string) error {
	return setEvidence(ctx, tx, b.ID, b.Evidence, to)
}
