package booking

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/payments"
	"joetz/payments/bank"
	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/extra"
	"joetz/shop/queue"
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
// mail's job, in one transaction. The same basket gives the same order however often it is sent. Baskets that are confirmed
// at the same moment may share the transaction (see pg.Shared); each has an outcome of its own.
// ErrHoldExpired, ErrOutdated (the price or the terms are not those that were shown), ErrIncomplete, ErrTwice or ErrNoAddress.
func (s *Service) Place(ctx context.Context, token string, guardian account.Guardian, in PlaceInput) (Placed, error) {
	p := &placing{changing: newChange(token, guardian.ID), family: guardian, in: in}
	if err := s.crowd().placing.InTx(ctx, s.DB, p, s.placeTx); err != nil {
		return Placed{}, s.Tried(ctx, guardian.ID, err)
	}
	return p.placed, nil
}

// placing is a basket on its way to an order.
type placing struct {
	changing
	family account.Guardian
	in     PlaceInput

	sum      Summary
	order    Order
	bookings []id.Booking // of the offers of sum, in their order
	invoice  id.Invoice   // 0 when nothing is asked yet
	placed   Placed       // the outcome, unless it has an Err
}

func (p *placing) actor() string { return p.guardian.Actor() }

// placeTx turns those of the baskets that can be placed into orders, and notes for each what became of it.
func (s *Service) placeTx(ctx context.Context, tx *sqlx.Tx, all []*placing) error {
	ready, err := s.readyTx(ctx, tx, all)
	if err != nil || len(ready) == 0 {
		return err
	}
	for _, step := range []func(context.Context, *sqlx.Tx, []*placing) error{s.orderAllTx, s.sellAllTx, s.askAllTx, s.finishAllTx} {
		if err := step(ctx, tx, ready); err != nil {
			return err
		}
	}
	return nil
}

// readyTx locks the baskets and prices them as things are now. Those that differ from what their parents confirmed, or that
// cannot be placed, have their outcome; the others are returned.
func (s *Service) readyTx(ctx context.Context, tx *sqlx.Tx, all []*placing) ([]*placing, error) {
	open, err := s.unplacedTx(ctx, tx, all)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	baskets := basketsOf(open)
	wanted := departuresOf(baskets)
	f, err := s.facts(ctx, tx, baskets...)
	if err != nil {
		return nil, err
	}
	if f.departures, err = s.Catalogue.BindingTx(ctx, tx, wanted...); err != nil {
		return nil, err
	}
	ready := each(open, func(p *placing) (err error) {
		p.sum, err = s.confirmed(f, p)
		return err
	})
	return s.allowedTx(ctx, tx, ready, wanted)
}

// unplacedTx locks the baskets and returns those that can still become an order.
func (s *Service) unplacedTx(ctx context.Context, tx *sqlx.Tx, all []*placing) (open []*placing, err error) {
	own, err := lockedTx(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	for _, p := range own {
		switch c := p.basket; {
		case c.Status == "placed": // the form was sent twice, or from two tabs
			if p.placed, err = placedBefore(ctx, tx, c.ID); err != nil {
				return nil, err
			}
		case c.Status != "open" || !s.Now().Before(c.HeldUntil):
			p.Err = ErrHoldExpired
		default:
			open = append(open, p)
		}
	}
	return open, nil
}

// confirmed prices a basket, and refuses what differs from what the parent confirmed.
func (s *Service) confirmed(f facts, p *placing) (Summary, error) {
	sum, err := s.summarise(f, p.basket, p.in.Instalments)
	switch g := p.family; {
	case err != nil:
		return Summary{}, err
	case g.FirstName == "" || g.LastName == "" || g.Street == "" || g.PostalCode == "" || g.City == "":
		return Summary{}, ErrNoAddress
	case p.in.TermsHash != s.Terms.Hash() || p.in.QuotedTotal != sum.Total || p.in.Instalments != sum.Instalments:
		return Summary{}, ErrOutdated
	}
	for _, o := range sum.Offers {
		if !o.On.Bookable(s.Now()) {
			return Summary{}, ErrNotOnSale
		}
	}
	return sum, nil
}

// allowedTx leaves out the baskets that are refused for what may have changed since their children were chosen: a bar, or a
// birthday that was corrected and now counts for a sub-limit.
func (s *Service) allowedTx(ctx context.Context, tx *sqlx.Tx, ready []*placing, departures []id.Departure) (allowed []*placing, err error) {
	var children []account.Child
	for _, p := range ready {
		for _, o := range p.sum.Offers {
			children = append(children, o.Person)
		}
	}
	barred, err := barredLike(ctx, tx, children, s.today())
	if err != nil {
		return nil, err
	}
	limited, err := lockLimits(ctx, tx, departures...)
	if err != nil {
		return nil, err
	}
	for _, p := range ready {
		for _, o := range p.sum.Offers {
			if by := barred[o.Person.ID]; by != 0 && p.Err == nil {
				p.Err = contactFirst(by, o.Person, o.On.ID, "")
			}
		}
		if p.Err == nil {
			p.Err = s.withinTx(ctx, tx, p.basket, limited)
		}
		switch {
		case p.Err == nil:
			allowed = append(allowed, p)
		case fault.Of(p.Err) == nil: // not a refusal: the transaction is lost
			return nil, p.Err
		}
	}
	return allowed, nil
}

// orderAllTx writes the orders and their bookings.
func (s *Service) orderAllTx(ctx context.Context, tx *sqlx.Tx, ready []*placing) error {
	now := s.Now()
	if !s.policySaved.Load() {
		there, err := savePolicy(ctx, tx, s.Terms, now)
		if err != nil {
			return err
		}
		s.policySaved.Store(there)
	}
	numbers, err := nextOrderNumbers(ctx, tx, len(ready))
	if err != nil {
		return err
	}
	for i, p := range ready {
		if p.order, err = s.newOrder(ctx, tx, p, numbers[i], now); err != nil {
			return err
		}
	}
	if err := insertOrders(ctx, tx, ready, now); err != nil {
		return err
	}
	return asLimit(insertBookings(ctx, tx, s.Terms.Hash(), ready, now))
}

// sellAllTx gives the bookings their places, extras, discounts and what they claim.
func (s *Service) sellAllTx(ctx context.Context, tx *sqlx.Tx, ready []*placing) error {
	if err := sellPlaces(ctx, tx, ready, s.Now()); err != nil {
		return err
	}
	if err := s.lockExtrasTx(ctx, tx, ready); err != nil {
		return err
	}
	for _, p := range ready {
		if err := s.sellExtrasTx(ctx, tx, p.basket.ID, p.sum.Offers, p.bookings, p.actor()); err != nil {
			return err
		}
	}
	if err := s.useDiscountsTx(ctx, tx, ready); err != nil {
		return err
	}
	for _, p := range ready {
		for i, o := range p.sum.Offers {
			if err := s.claimTx(ctx, tx, p.bookings[i], o); err != nil {
				return err
			}
		}
	}
	return nil
}

// askAllTx charges the bookings and asks what is due first. Of a booking in review nothing is due until staff and parent
// have spoken.
func (s *Service) askAllTx(ctx context.Context, tx *sqlx.Tx, ready []*placing) error {
	orders := make([]payments.NewOrder, len(ready))
	for i, p := range ready {
		p.placed = Placed{Order: p.order.ID, Reference: p.order.Reference}
		orders[i] = payments.NewOrder{Order: p.order.ID, Payer: p.order.Payer()}
		for n, o := range p.sum.Offers {
			if !*o.Care {
				opening, first := opening(o, p.bookings[n])
				orders[i].Openings, p.placed.Asked = append(orders[i].Openings, opening), p.placed.Asked+first
			}
		}
	}
	invoices, err := s.Payments.OpenAllTx(ctx, tx, orders)
	for _, p := range ready {
		p.invoice = invoices[p.order.ID]
	}
	return err
}

// finishAllTx ends the baskets, begins the orders' histories and asks for their mails.
func (s *Service) finishAllTx(ctx context.Context, tx *sqlx.Tx, ready []*placing) error {
	now := s.Now()
	if err := finishCheckouts(ctx, tx, ready, now); err != nil {
		return err
	}
	placed, letters := make(map[id.Checkout]id.Order, len(ready)), make([]queue.Args, len(ready))
	for i, p := range ready {
		placed[p.basket.ID], letters[i] = p.order.ID, PlacedArgs{Order: p.order.ID, Invoice: p.invoice}
		if p.order.Other.ID != 0 {
			parent := p.order
			parent.Other = OrderPayer{}
			if err := payerEvent(ctx, tx, parent, p.order, p.actor(), now); err != nil {
				return err
			}
		}
	}
	if s.Placed != nil {
		if err := s.Placed(ctx, tx, placed); err != nil {
			return err
		}
	}
	return queue.InsertAllTx(ctx, tx, letters...)
}

// newOrder is the order of a basket, with its reference and structured communication, both from one number.
func (s *Service) newOrder(ctx context.Context, tx *sqlx.Tx, p *placing, number int64, now time.Time) (Order, error) {
	comm, err := bank.NewOGM(uint64(number))
	if err != nil {
		return Order{}, fmt.Errorf("booking: structured communication of %d: %w", number, err)
	}
	g := p.family
	o := Order{
		Reference: fmt.Sprintf("V%d", number), StructuredComm: comm.Digits(), Guardian: g.ID, PlacedAt: now,
		PayerName: strings.TrimSpace(g.FirstName + " " + g.LastName), PayerEmail: g.Email, PayerStreet: g.Street,
		PayerPostalCode: g.PostalCode, PayerCity: g.City, PayerCountry: g.Country, PayerPhone: g.Phone,
		Instalments: p.in.Instalments, PaymentMethod: p.in.PaymentMethod, PolicyHash: s.Terms.Hash(), TermsAcceptedAt: now, Lang: g.Lang,
	}
	if p.basket.Payer != 0 {
		o.Other.Payer, err = payerOf(ctx, tx, g.ID, p.basket.Payer)
	}
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
