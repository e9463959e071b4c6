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
		s.premium(p, f.BasePrice, q.Premium)
	}
}

// premium tells how the premium comes about; the minimum binds where it is more than the percentage.
func (s *story) premium(p *InsuranceRules, basePrice, premium money.Cents) {
	percent := p.Premium.percentOf()
	switch {
	case percent == 0:
		s.tell(p.Clause, "quote.premium_flat", Money("amount", premium))
	case premium > basePrice.Percent(percent, s.c.rounding):
		s.tell(p.Clause, "quote.premium_minimum", Percent("percent", percent), Money("base_price", basePrice), Money("amount", premium))
	default:
		s.tell(p.Clause, "quote.premium", Percent("percent", percent), Money("base_price", basePrice), Money("amount", premium))
	}
}
