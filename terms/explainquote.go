package terms

import "joetz/terms/money"

// ExplainQuote tells why Quote answers what it does.
func (t Terms) ExplainQuote(f QuoteFacts) []Reason {
	c := t.c
	f.Trip = f.Trip.known()
	q := t.Quote(f)
	s := &story{c: c}
	p := &c.policy
	if q.FullPayment {
		s.tell(p.Payment.AtOnce, "quote.at_once", Count("days", q.DaysBefore), Money("amount", q.Total))
	} else {
		s.deposit(&f, &q)
		s.balance(&q)
	}
	s.insurance(&f, &q)
	return s.reasons
}

func (s *story) deposit(f *QuoteFacts, q *Quote) {
	p := s.c.policy.Deposit
	switch {
	case p == nil:
		return
	case q.Deposit == 0:
		s.tell(p.Clause, "quote.no_deposit")
		return
	case q.Deposit == f.Price:
		s.tell(p.Clause, "quote.deposit_is_price", Word("trip", f.Trip.String()), Money("amount", q.Deposit))
	default:
		s.tell(p.Clause, "quote.deposit", Word("trip", f.Trip.String()), Money("amount", q.Deposit))
	}
	s.tell(p.DueClause, "quote.deposit_due", On("due", q.Schedule[0].Due), Money("amount", q.Deposit))
}

func (s *story) balance(q *Quote) {
	p := &s.c.policy.Payment
	for _, line := range q.Schedule {
		if line.Kind == KindStage {
			s.tell(p.Clause, "quote.stage", On("due", line.Due), Money("amount", line.Amount))
		}
	}
	rest, parts := money.Cents(0), 0
	for _, line := range q.Schedule {
		if line.Kind == KindBalance {
			rest, parts = rest+line.Amount, parts+1
		}
	}
	if parts == 0 {
		return
	}
	last := q.Schedule[len(q.Schedule)-1]
	if parts == 1 {
		s.tell(p.Clause, "quote.balance", On("due", last.Due), Money("amount", rest))
		switch most := s.c.maxInstalments(); {
		case most == 1:
		case q.MaxInstalments == 1:
			s.tell(p.Instalments.Clause, "quote.parts_too_late")
		default:
			s.tell(p.Instalments.Clause, "quote.parts_offered", Count("parts", q.MaxInstalments))
		}
	} else {
		first := q.Schedule[len(q.Schedule)-parts]
		s.tell(p.Instalments.Clause, "quote.instalments", Count("parts", parts), On("first", first.Due), On("due", last.Due), Money("amount", rest))
		if first.Amount != last.Amount {
			s.tell(p.Instalments.Clause, "quote.last_part", Money("amount", last.Amount))
		}
	}
	if q.Inverted {
		s.tell(p.Clause, "quote.inverted", On("deposit_due", q.Schedule[0].Due), On("due", last.Due))
	}
}

func (s *story) insurance(f *QuoteFacts, q *Quote) {
	p := s.c.policy.Insurance
	if p == nil {
		return
	}
	d := s.c.days(f.BookedOn, f.DepartsOn, &f.Circumstances)
	until := p.OfferedUntil.at(&d)
	switch {
	case !q.InsuranceAvailable:
		s.tell(p.OfferClause, "quote.insurance_closed", On("until", until))
	case !f.Insurance:
		s.tell(p.OfferClause, "quote.insurance_open", On("until", until))
	default:
		s.premium(p, f, q.Premium)
	}
}

// premium tells how the premium comes about; the minimum binds where it is more than the percentage.
func (s *story) premium(p *InsuranceRules, f *QuoteFacts, premium money.Cents) {
	if parts := p.Premium.parts; len(parts) != 1 || parts[0].base != ofBasePrice {
		s.tell(p.Clause, "quote.premium_flat", Money("amount", premium))
		s.parts(p.Clause, &p.Premium, &bases{ofPrice: f.Price, ofBasePrice: f.BasePrice, ofExtras: f.Extras, ofTotal: f.Price + f.Extras})
		return
	}
	percent := p.Premium.parts[0].percent
	key := "quote.premium"
	if premium > f.BasePrice.Percent(percent, s.c.rounding) {
		key = "quote.premium_minimum"
	}
	s.tell(p.Clause, key, Percent("percent", percent), Money("base_price", f.BasePrice), Money("amount", premium))
}

// parts tells what an amount that is more than a share of the price is made of.
func (s *story) parts(clause string, a *Amount, b *bases) {
	for i := range a.parts {
		p := &a.parts[i]
		amount := Money("amount", sum(a.parts[i:i+1], b, s.c.rounding))
		switch {
		case p.base == none && len(a.parts) > 1:
			s.tell(clause, "part.flat", amount)
		case p.base == none:
		case p.percent == money.Hundred:
			s.tell(clause, "part.whole", Word("of", baseNames[p.base]), amount)
		default:
			s.tell(clause, "part.percent", Percent("percent", p.percent), Word("of", baseNames[p.base]), Money("sum", b[p.base]), amount)
		}
	}
}
