package booking

import (
	"context"
	"errors"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"joetz/payments"
	"joetz/shop/catalogue"
	"joetz/shop/discount"
	"joetz/shop/extra"
	rules "joetz/terms/discount"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Along is what goes along to another holiday beside the child, and what does not, with the money.
type Along struct {
	Gross     money.Cents // of the category there, before discounts
	Discounts []Granted   // that it gets there
	Lost      []Granted   // that it has now and does not get there
	Extras    []extra.Carried
	Dropped   []extra.Picked // extras that the other holiday does not have; Kept is what stays to be paid of each
	Kept      money.Cents    // of those, and of what was taken off before
	kept      []extra.Picked // all that Kept adds up
	Goodwill  money.Cents    // that was given on the old booking: it goes along
}

// Off is what the discounts take off together.
func (a Along) Off() (sum money.Cents) {
	for _, g := range a.Discounts {
		sum += g.Off
	}
	return sum
}

// ExtrasThere is what the extras that go along cost there.
func (a Along) ExtrasThere() (sum money.Cents) {
	for _, c := range a.Extras {
		sum += c.Is.Price
	}
	return sum
}

// picked are the extras that go along.
func (a Along) picked() (all []extra.Picked) {
	for _, c := range a.Extras {
		all = append(all, c.Is)
	}
	return all
}

// best is the lowest price of the categories with the discounts that the facts give a right to.
func best(all []discount.Discount, f discount.Facts, categories ...rules.Category) (out rules.Result, granted []Granted, left []discount.Discount) {
	out = rules.Best(discount.For(all, f), categories...)
	named := func(key int64) discount.Discount {
		i := slices.IndexFunc(all, func(d discount.Discount) bool { return d.ID == key })
		return all[i]
	}
	for _, a := range out.Applied {
		granted = append(granted, Granted{named(a.ID), a.Amount})
	}
	for _, key := range out.Left {
		left = append(left, named(key))
	}
	return out, granted, left
}

// categories are a claimed price and the base price, as the rule of discounts wants them: VT stands alone.
func categories(claimed catalogue.Category, price, base money.Cents) []rules.Category {
	all := []rules.Category{{Name: string(claimed), Price: price, Base: claimed == catalogue.Base, Single: claimed == catalogue.VT}}
	if claimed != catalogue.Base {
		all = append(all, rules.Category{Name: string(catalogue.Base), Price: base, Base: true})
	}
	return all
}

// rankOf counts the children of an order in the order in which they came, and says which one this is: of those that still go, or
// of all that were booked.
func (s *Service) rankOf(ctx context.Context, q sqlx.QueryerContext, b Booking, going bool) (int, error) {
	rows, err := bookings(ctx, q, `WHERE order_id = ANY ($1) ORDER BY id`, pq.Array([]int64{int64(b.Order)}))
	if err != nil {
		return 0, err
	}
	goes := map[id.Participant]bool{}
	for _, r := range rows {
		goes[r.Participant] = goes[r.Participant] || r.Active() || !going
	}
	rank, seen := 0, map[id.Participant]bool{}
	for _, r := range rows {
		if !goes[r.Participant] || seen[r.Participant] {
			continue
		}
		seen[r.Participant] = true
		if rank++; r.Participant == b.Participant {
			break
		}
	}
	return rank, nil
}

// rights is what decides which discounts a booking gets on another holiday.
type rights struct {
	all   []discount.Discount
	own   []discount.Given
	facts discount.Facts // without the holiday
}

// rightsOf reads them: those of today, or where the organiser moves the child those of the day on which it was booked.
func (s *Service) rightsOf(ctx context.Context, q sqlx.QueryerContext, b Booking, free bool) (r rights, err error) {
	if r.own, err = s.Discounts.OfBooking(ctx, q, b.ID); err != nil {
		return r, err
	}
	r.facts.BookedOn = s.today()
	if r.facts.Rank, err = s.rankOf(ctx, q, b, true); err != nil {
		return r, err
	}
	if r.facts.Code, err = codeOf(ctx, q, b.Order); err != nil {
		return r, err
	}
	if free {
		r.facts.BookedOn = b.BookedOn
		r.all, err = s.Discounts.RanAt(ctx, q, b.PlacedAt)
	} else {
		r.all, err = s.Discounts.Running(ctx, q)
	}
	r.all = discount.Without(r.all, r.own)
	return r, err
}

// on is the best price on a departure, for a child that has that category now.
func (r rights) on(d catalogue.Departure, has catalogue.Category) (rules.Result, []Granted) {
	claimed, price := has, d.Prices.Base
	if there, ok := d.Prices.Of(has); ok {
		price = there
	} else {
		claimed = catalogue.Base
	}
	f := r.facts
	f.Holiday, f.DepartsOn = d.Code, d.StartsOn
	out, granted, _ := best(r.all, f, categories(claimed, price, d.Prices.Base)...)
	return out, granted
}

// PricesThere is what a booking's child would pay for each of these holidays, after discounts.
func (s *Service) PricesThere(ctx context.Context, b Booking, open []catalogue.Departure) (map[id.Departure]money.Cents, error) {
	r, err := s.rightsOf(ctx, s.DB, b, b.Status == "in_review")
	if err != nil {
		return nil, err
	}
	prices := make(map[id.Departure]money.Cents, len(open))
	for _, d := range open {
		out, _ := r.on(d, b.Category)
		prices[d.ID] = out.Net
	}
	return prices, nil
}

// addAlong works out what goes along: the best price there, and the extras that the other holiday has too. Where the organiser
// moves the child (free), nothing stays to be paid of extras; atMost caps what each part costs at what it costs now.
func (s *Service) addAlong(ctx context.Context, q sqlx.QueryerContext, p *RebookPreview, free, atMost bool) (base money.Cents, err error) {
	b := p.Booking
	r, err := s.rightsOf(ctx, q, b, free)
	if err != nil {
		return 0, err
	}
	out, granted := r.on(p.To, b.Category)
	p.Category, p.Price, p.Along.Discounts, base = catalogue.Category(out.Category), out.Net, granted, p.To.Prices.Base
	if atMost {
		p.Price, base = min(p.Price, b.Price), min(base, b.BasePrice)
	}
	p.Along.Gross = p.Price + p.Along.Off()
	for _, g := range r.own {
		if atMost && p.Price == b.Price { // nothing is lost: it costs what it cost
			break
		}
		if !slices.ContainsFunc(granted, func(x Granted) bool { return x.ID == g.ID }) {
			p.Along.Lost = append(p.Along.Lost, Granted{g.Discount, g.Off})
		}
	}
	if p.claim, err = s.claimAlong(ctx, q, b, r, p.To, atMost); err != nil {
		return 0, err
	}
	return base, s.addExtrasAlong(ctx, q, p, free, atMost)
}

func (s *Service) addExtrasAlong(ctx context.Context, q sqlx.QueryerContext, p *RebookPreview, free, atMost bool) error {
	b := p.Booking
	has, err := s.Extras.OfBookings(ctx, q, b.ID)
	if err != nil {
		return err
	}
	if p.Along.Extras, p.Along.Dropped, err = s.Extras.Carry(ctx, q, has[b.ID], p.To.ID); err != nil {
		return err
	}
	for n := range p.Along.Extras {
		if c := &p.Along.Extras[n]; atMost {
			c.Is.Price = min(c.Is.Price, c.Was.Price)
		}
	}
	if p.Along.Goodwill, err = s.Payments.RunningOf(ctx, q, b.ID, "goodwill"); err != nil {
		return err
	}
	p.Along.Goodwill = -p.Along.Goodwill
	if free || !p.exit.IsZero() || b.Status != "placed" {
		return nil
	}
	if p.Along.kept, err = s.Extras.KeptOf(ctx, q, b.ID, false); err != nil {
		return err
	}
	for n := range p.Along.Dropped { // by its own rule; one that follows the price follows it to the other holiday, and is no fee
		x := &p.Along.Dropped[n]
		if x.Kept = x.Keeps(s.today(), b.DepartsOn, func(money.Cents) money.Cents { return 0 }); x.Kept > 0 {
			p.Along.kept = append(p.Along.kept, *x)
		}
	}
	for _, x := range p.Along.kept {
		p.Along.Kept += x.Kept
	}
	return nil
}

// lessGoodwill takes what was given before off a schedule, the last part first, and says how much fitted.
func lessGoodwill(schedule []payments.Due, given money.Cents) (less money.Cents) {
	for n := len(schedule) - 1; n >= 0 && less < given; n-- {
		part := min(schedule[n].Amount, given-less)
		schedule[n].Amount, less = schedule[n].Amount-part, less+part
	}
	return less
}

// alongTx gives the new booking its extras and discounts, and takes the extras off the old one. ErrOutdated when others took
// meanwhile what was shown.
func (s *Service) alongTx(ctx context.Context, tx *sqlx.Tx, actor string, p RebookPreview, fresh id.Booking) error {
	stays := map[int64]money.Cents{}
	for _, x := range p.Along.Dropped {
		stays[x.Extra] = x.Kept
	}
	if err := s.Extras.FreeTx(ctx, tx, p.Booking.ID, stays); err != nil {
		return err
	}
	uses := make([]discount.Use, len(p.Along.Discounts))
	for n, g := range p.Along.Discounts {
		uses[n] = discount.Use{Discount: g.ID, Booking: fresh, Amount: g.Off}
	}
	err := s.Extras.CarryTx(ctx, tx, fresh, p.Along.Extras, actor)
	if err == nil {
		err = s.Discounts.ReplaceTx(ctx, tx, fresh, uses)
	}
	if errors.Is(err, extra.ErrGone) || errors.Is(err, discount.ErrUsedUp) {
		return ErrOutdated
	}
	return err
}
