package booking

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/extra"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Offer is what one child of a basket costs, and when.
type Offer struct {
	Child
	Person        account.Child
	On            catalogue.Departure
	Chosen        catalogue.Category // by the parent; Category is the one that is best
	Gross         money.Cents        // in the category, without discounts
	Price         money.Cents        // that this child pays
	Extras        []extra.Picked
	Discounts     []Granted
	Left          []discount.Discount // that it would have by themselves: they do not go together with what it has
	BoardingPlace catalogue.BoardingPlace
	Facts         terms.QuoteFacts
	Quote         terms.Quote
}

// DueTotal is what an order asks on one day, over all its children.
type DueTotal struct {
	On     civil.Date
	Kind   string // deposit, balance or full; "mixed" when children differ
	Amount money.Cents
}

// Summary is a whole basket, priced.
type Summary struct {
	Checkout       Checkout
	Offers         []Offer
	Total          money.Cents
	MaxInstalments int
	Instalments    int
	Schedule       []DueTotal
	DueNow         money.Cents // the first invoice: deposits, and all of what is near
}

// Summary prices a basket in that many instalments (more than are offered counts as the most). ErrIncomplete until every
// child has its answers.
func (s *Service) Summary(ctx context.Context, token string, guardian id.Guardian, instalments int) (Summary, error) {
	c, err := s.Open(ctx, token)
	if err != nil {
		return Summary{}, err
	}
	if c.Guardian != guardian {
		return Summary{}, ErrNoCheckout
	}
	return s.SummaryOf(ctx, c, instalments)
}

// SummaryOf is Summary of a basket that was just opened.
func (s *Service) SummaryOf(ctx context.Context, c Checkout, instalments int) (Summary, error) {
	departures, err := s.Catalogue.Recent(ctx, c.Departures()...)
	if err != nil {
		return Summary{}, err
	}
	f, err := s.factsOf(ctx, c)
	if err != nil {
		return Summary{}, err
	}
	f.departures = departures
	return s.summarise(f, c, instalments)
}

// facts are what baskets are priced with.
type facts struct {
	departures map[id.Departure]catalogue.Departure
	children   map[id.Guardian][]account.Child
	discounts  []discount.Discount
	extras     map[id.Checkout][]extra.Picked
}

// facts reads what baskets are priced with, but for their departures.
func (s *Service) facts(ctx context.Context, q sqlx.QueryerContext, baskets ...Checkout) (f facts, err error) {
	guardians, checkouts := make([]id.Guardian, len(baskets)), make([]id.Checkout, len(baskets))
	for i, c := range baskets {
		guardians[i], checkouts[i] = c.Guardian, c.ID
	}
	if f.children, err = s.Accounts.ChildrenOfAllTx(ctx, q, guardians...); err != nil {
		return f, err
	}
	if f.discounts, err = s.Discounts.Running(ctx, q); err != nil {
		return f, err
	}
	f.extras, err = s.Extras.OfCheckouts(ctx, q, checkouts...)
	return f, err
}

func (s *Service) summarise(f facts, c Checkout, instalments int) (Summary, error) {
	sum := Summary{Checkout: c, MaxInstalments: 3}
	rank := ranks(c.Children)
	for _, child := range c.Children {
		person, ok := childByID(f.children[c.Guardian], child.Participant)
		if !ok || child.Care == nil {
			return Summary{}, ErrIncomplete
		}
		o := s.priced(s.withExtras(s.offer(child, person, f.departures[child.Departure]), f.extras[c.ID]), f.discounts, c.Code, rank[child.Participant])
		sum.MaxInstalments = min(sum.MaxInstalments, o.Quote.MaxInstalments)
		sum.Offers = append(sum.Offers, o)
	}
	sum.Instalments = max(1, min(instalments, sum.MaxInstalments))
	for i := range sum.Offers {
		o := &sum.Offers[i]
		o.Facts.Instalments = sum.Instalments
		o.Quote = s.Terms.Quote(o.Facts)
		sum.Total += o.Quote.Total
		sum.Schedule = mergeDues(sum.Schedule, o.Quote.Schedule)
		for _, due := range o.Quote.Schedule {
			if due.Kind == terms.KindDeposit || due.Kind == terms.KindFull {
				sum.DueNow += due.Amount
			}
		}
	}
	return sum, nil
}

// In is what the same basket asks on which day, paid in another number of instalments.
func (s *Service) In(sum Summary, instalments int) (schedule []DueTotal) {
	for i := range sum.Offers {
		facts := sum.Offers[i].Facts
		facts.Instalments = max(1, min(instalments, sum.MaxInstalments))
		schedule = mergeDues(schedule, s.Terms.Quote(facts).Schedule)
	}
	return schedule
}

func (s *Service) offer(child Child, person account.Child, d catalogue.Departure) Offer {
	price, _ := d.Prices.Of(child.Category)
	place, _ := d.BoardingPlaceByID(child.BoardingPlace)
	trip, _ := terms.ParseTrip(d.Trip) // the database knows the same four
	facts := terms.QuoteFacts{
		Trip: trip, BookedOn: s.today(), DepartsOn: d.StartsOn, BasePrice: d.Prices.Base, Price: price,
		Insurance: child.Insured != nil && *child.Insured, Instalments: 1,
	}
	return Offer{Child: child, Person: person, On: d, Price: price, BoardingPlace: place, Facts: facts, Quote: s.Terms.Quote(facts)}
}

// Insurance is what the cancellation insurance costs on a departure, and whether it can still be taken. The premium
// follows from the base price, whatever the child pays (edges.md 88).
func (s *Service) Insurance(d catalogue.Departure) (premium money.Cents, available bool) {
	trip, _ := terms.ParseTrip(d.Trip)
	facts := terms.QuoteFacts{
		Trip: trip, BookedOn: s.today(), DepartsOn: d.StartsOn, BasePrice: d.Prices.Base, Price: d.Prices.Base, Instalments: 1,
	}
	if facts.Insurance = s.Terms.Quote(facts).InsuranceAvailable; !facts.Insurance {
		return 0, false
	}
	return s.Terms.Quote(facts).Premium, true
}

// mergeDues adds what one child owes to what others do, by day in order of date.
func mergeDues(all []DueTotal, more []terms.Due) []DueTotal {
	for _, due := range more {
		if due.Amount == 0 {
			continue
		}
		i, found := slices.BinarySearchFunc(all, due.Due, func(t DueTotal, on civil.Date) int { return t.On.Compare(on) })
		if !found {
			all = slices.Insert(all, i, DueTotal{On: due.Due, Kind: due.Kind.String(), Amount: due.Amount})
			continue
		}
		all[i].Amount += due.Amount
		if all[i].Kind != due.Kind.String() {
			all[i].Kind = "mixed"
		}
	}
	return all
}
