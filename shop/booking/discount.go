package booking

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Granted is a discount that a child of a basket gets.
type Granted struct {
	discount.Discount
	Off money.Cents
}

// SetCode keeps the discount code that a parent typed, once it is good; "" takes it away. Invalid on field "code".
func (s *Service) SetCode(ctx context.Context, token string, guardian id.Guardian, code string) error {
	if code != "" {
		if _, err := s.Discounts.ByCode(ctx, code); err != nil {
			return err
		}
	}
	return s.changeCheckout(ctx, token, func(tx *sqlx.Tx, c Checkout) error {
		if c.Guardian != guardian {
			return ErrNoCheckout
		}
		return setCheckoutCode(ctx, tx, c.ID, discount.Spelled(code))
	})
}

// priced gives an offer its discounts: the best combination for the category that was chosen, and where the base price with
// its discounts is lower than a claimed price that stands alone (VT), the base price.
func (s *Service) priced(o Offer, all []discount.Discount, code string, rank int) Offer {
	facts := discount.Facts{Rank: rank, Holiday: o.On.Code, BookedOn: o.Facts.BookedOn, DepartsOn: o.Facts.DepartsOn, Code: code}
	out, granted, left := best(all, facts, categories(o.Category, o.Price, o.On.Prices.Base)...)
	o.Chosen, o.Category, o.Gross, o.Price = o.Category, catalogue.Category(out.Category), out.Gross, out.Net
	o.Discounts, o.Left = append(o.Discounts, granted...), append(o.Left, left...)
	o.Facts.Price = o.Price
	o.Quote = s.Terms.Quote(o.Facts)
	return o
}

// ranks counts the children of a basket: each child once, in the order in which it was added.
func ranks(children []Child) map[id.Participant]int {
	order := map[id.Participant]int{}
	for _, c := range children {
		if _, known := order[c.Participant]; !known {
			order[c.Participant] = len(order) + 1
		}
	}
	return order
}

// Off is what the discounts of an offer take off together.
func (o Offer) Off() money.Cents { return o.Gross - o.Price }

// useDiscountsTx gives the bookings of orders their discounts. A code that others used up meanwhile is ErrUsedUp of discount.
func (s *Service) useDiscountsTx(ctx context.Context, tx *sqlx.Tx, ready []*placing) error {
	var uses []discount.Use
	for _, p := range ready {
		for i, o := range p.sum.Offers {
			for _, g := range o.Discounts {
				uses = append(uses, discount.Use{Discount: g.ID, Booking: p.bookings[i], Amount: g.Off})
			}
		}
	}
	return s.Discounts.UseTx(ctx, tx, uses)
}
