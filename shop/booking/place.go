package booking

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	"joetz/payments/bank"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/extra"
	"joetz/terms/fault"
	"joetz/terms/id"
	"joetz/terms/money"
)

// ErrNoAddress is returned when the parent's address for the invoice is not complete.
var ErrNoAddress error = fault.New(fault.Conflict, "booking.no_address")

// PlaceInput is what a parent confirms on the last page. What was shown is sent back: the terms' hash and the total.
type PlaceInput struct {
	Instalments   int
	PaymentMethod string // stripe or transfer
	TermsHash     string
	QuotedTotal   money.Cents
}

// Placed is an order that was just made, or made before by the same basket.
type Placed struct {
	Order     id.Order
	Reference string
	Asked     money.Cents // what the first invoice asks; 0 while care is being looked at
}

// PlacedArgs asks a job to write to the parent of a new order, with its invoice.
type PlacedArgs struct {
	Order   id.Order   `json:"order"`
	Invoice id.Invoice `json:"invoice"` // 0 when nothing is asked yet
}

// Kind names the job.
func (PlacedArgs) Kind() string { return "booking.placed" }

// Place turns a basket into an order: bookings on the held places, what they cost, the first invoice, the books and the
// mail's job, in one transaction. The same basket gives the same order however often it is sent.
// ErrHoldExpired, ErrOutdated (the price or the terms are not those that were shown), ErrIncomplete, ErrTwice or ErrNoAddress.
func (s *Service) Place(ctx context.Context, token string, guardian account.Guardian, in PlaceInput) (placed Placed, err error) {
	err = s.Tried(ctx, guardian.ID, pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		c, err := lockCheckout(ctx, tx, hashToken(token))
		switch {
		case err != nil:
			return err
		case c.Guardian != guardian.ID:
			return ErrNoCheckout
		case c.Status == "placed": // the form was sent twice, or from two tabs
			placed, err = placedBefore(ctx, tx, c.ID)
			return err
		case c.Status != "open" || !s.Now().Before(c.HeldUntil):
			return ErrHoldExpired
		}
		sum, err := s.confirmedTx(ctx, tx, c, guardian, in)
		if err != nil {
			return err
		}
		placed, err = s.placeTx(ctx, tx, c, guardian, in, sum)
		return err
	}))
	return placed, err
}

// confirmedTx prices a locked basket as things are now, and refuses what differs from what the parent confirmed.
func (s *Service) confirmedTx(ctx context.Context, tx *sqlx.Tx, c Checkout, guardian account.Guardian, in PlaceInput) (Summary, error) {
	departures, err := s.Catalogue.BindingTx(ctx, tx, c.Departures()...)
	if err != nil {
		return Summary{}, err
	}
	sum, err := s.summarise(ctx, tx, c, departures, in.Instalments)
	switch {
	case err != nil:
		return Summary{}, err
	case guardian.FirstName == "" || guardian.LastName == "" || guardian.Street == "" || guardian.PostalCode == "" || guardian.City == "":
		return Summary{}, ErrNoAddress
	case in.TermsHash != s.Terms.Hash() || in.QuotedTotal != sum.Total || in.Instalments != sum.Instalments:
		return Summary{}, ErrOutdated
	}
	for _, o := range sum.Offers {
		if !o.On.Bookable(s.Now()) {
			return Summary{}, ErrNotOnSale
		}
	}
	return sum, nil
}

func (s *Service) placeTx(ctx context.Context, tx *sqlx.Tx, c Checkout, guardian account.Guardian, in PlaceInput, sum Summary) (Placed, error) {
	now := s.Now()
	for _, o := range sum.Offers { // the office may have decided since the child was chosen
		if err := s.barredTx(ctx, tx, o.Person, o.On.ID, ""); err != nil {
			return Placed{}, err
		}
	}
	if !s.policySaved.Load() {
		there, err := savePolicy(ctx, tx, s.Terms, now)
		if err != nil {
			return Placed{}, err
		}
		s.policySaved.Store(there)
	}
	order, err := s.newOrder(ctx, tx, c, guardian, in, now)
	if err != nil {
		return Placed{}, err
	}
	if err := s.limitsTx(ctx, tx, c); err != nil { // a birthday may have been corrected since
		return Placed{}, err
	}
	bookings, err := insertBookings(ctx, tx, order.ID, s.Terms.Hash(), sum.Offers, now)
	if err != nil {
		return Placed{}, asLimit(err)
	}
	if err := sellPlaces(ctx, tx, c.ID, sum.Offers, bookings, now); err != nil {
		return Placed{}, err
	}
	if err := s.sellExtrasTx(ctx, tx, c.ID, sum.Offers, bookings, actorOf(guardian.ID)); err != nil {
		return Placed{}, err
	}
	if err := s.useDiscountsTx(ctx, tx, sum.Offers, bookings); err != nil {
		return Placed{}, err
	}
	var openings []payments.Opening
	var asked money.Cents
	for i, o := range sum.Offers {
		if err := s.claimTx(ctx, tx, bookings[i], o); err != nil {
			return Placed{}, err
		}
		if *o.Care { // in review: nothing is due until staff and parent have spoken
			continue
		}
		opening, first := opening(o, bookings[i])
		openings, asked = append(openings, opening), asked+first
	}
	inv, err := s.Payments.OpenTx(ctx, tx, order.ID, order.payer(), openings)
	if err != nil {
		return Placed{}, err
	}
	if err := finishCheckout(ctx, tx, c.ID, in, order.ID, guardian.ID, now); err != nil {
		return Placed{}, err
	}
	if s.Placed != nil {
		if err := s.Placed(ctx, tx, c.ID, order.ID); err != nil {
			return Placed{}, err
		}
	}
	if order.Other.ID != 0 {
		parent := order
		parent.Other = OrderPayer{}
		if err := payerEvent(ctx, tx, parent, order, actorOf(guardian.ID), now); err != nil {
			return Placed{}, err
		}
	}
	if err := s.enqueue(ctx, tx, PlacedArgs{Order: order.ID, Invoice: inv}); err != nil {
		return Placed{}, err
	}
	return Placed{Order: order.ID, Reference: order.Reference, Asked: asked}, nil
}

// newOrder writes the order with its reference and structured communication, both from one number.
func (s *Service) newOrder(ctx context.Context, tx *sqlx.Tx, c Checkout, g account.Guardian, in PlaceInput, now time.Time) (Order, error) {
	number, err := nextOrderNumber(ctx, tx)
	if err != nil {
		return Order{}, err
	}
	comm, err := bank.NewOGM(uint64(number))
	if err != nil {
		return Order{}, fmt.Errorf("booking: structured communication of %d: %w", number, err)
	}
	o := Order{
		Reference: fmt.Sprintf("V%d", number), StructuredComm: comm.Digits(), Guardian: g.ID, PlacedAt: now,
		PayerName: strings.TrimSpace(g.FirstName + " " + g.LastName), PayerEmail: g.Email, PayerStreet: g.Street,
		PayerPostalCode: g.PostalCode, PayerCity: g.City, PayerCountry: g.Country, PayerPhone: g.Phone,
		Instalments: in.Instalments, PaymentMethod: in.PaymentMethod, PolicyHash: s.Terms.Hash(), TermsAcceptedAt: now, Lang: g.Lang,
	}
	if c.Payer != 0 {
		if o.Other.Payer, err = payerOf(ctx, tx, g.ID, c.Payer); err != nil {
			return o, err
		}
	}
	o.ID, err = insertOrder(ctx, tx, c.ID, o)
	return o, err
}

// priceLines are the charges of a booking: the price of its category and what discounts take off apart.
func priceLines(gross, off, extras, premium money.Cents) []payments.Line {
	return []payments.Line{{Kind: "price", Amount: gross}, {Kind: "discount", Amount: -off}, {Kind: "extra", Amount: extras}, {Kind: "premium", Amount: premium}}
}

// opening is what one booking costs, for payments; first is the part that is asked now.
func opening(o Offer, booking id.Booking) (op payments.Opening, first money.Cents) {
	op = payments.Opening{
		Numbered: true, // by WritePlaced
		Booking:  booking, Description: invoiceText(o.Person, o.On), Items: extraItems(o.Person.FirstName+" "+o.Person.LastName, o.Extras),
		Lines: priceLines(o.Gross, o.Off(), extra.Sum(o.Extras), o.Quote.Premium),
	}
	for _, due := range o.Quote.Schedule {
		op.Schedule = append(op.Schedule, payments.Due{Kind: due.Kind.String(), On: due.Due, Amount: due.Amount})
		if k := due.Kind.String(); k == "deposit" || k == "full" {
			first += due.Amount
		}
	}
	return op, first
}

// invoiceText names who goes where and when on an invoice line: names and dates only, so it needs no translation.
func invoiceText(child account.Child, d catalogue.Departure) string {
	return fmt.Sprintf("%s %s - %s (%s), %s - %s", child.FirstName, child.LastName, d.Title, d.Code, d.StartsOn, d.EndsOn)
}
