package decision

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/terms"
	"joetz/terms/civil"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Causes are what may make a holiday dearer after it was booked (edges.md 50): fuel and energy, taxes, exchange rates.
var Causes = []string{"fuel", "taxes", "exchange"}

// Raise says that departures get dearer for those who booked them.
type Raise struct {
	Departures []id.Departure
	Cause      string             // one of Causes
	Reason     string             // the calculation, as families read it
	Percent    money.MilliPercent // of what each booked; 0 with an Amount
	Amount     money.Cents        // for each; 0 with a Percent
}

// of is what one booking's price rises, rounded down.
func (r Raise) of(b booking.Booking) money.Cents {
	if r.Amount > 0 {
		return r.Amount
	}
	return b.Price.Percent(r.Percent, money.Down)
}

func (r *Raise) check() error {
	r.Reason = strings.TrimSpace(r.Reason)
	slices.Sort(r.Departures)
	r.Departures = slices.Compact(r.Departures)
	switch {
	case len(r.Departures) == 0 || !slices.Contains(Causes, r.Cause):
		return ErrNothing
	case (r.Amount > 0) == (r.Percent > 0) || r.Amount < 0 || r.Percent < 0 || r.Percent > money.Hundred:
		return ErrAmount
	case r.Reason == "":
		return ErrNoReason
	}
	return nil
}

// PreviewRaise says per booking what a rise would be, whether the law allows it, and who may leave for free until when.
func (s *Service) PreviewRaise(ctx context.Context, in Raise) (Preview, error) {
	if err := in.check(); err != nil {
		return Preview{}, err
	}
	p, err := s.lines(ctx, s.DB, Rise, in.Departures...)
	if err != nil {
		return p, err
	}
	return p, s.addRises(ctx, s.DB, &p, in)
}

func (s *Service) addRises(ctx context.Context, q sqlx.QueryerContext, p *Preview, in Raise) error {
	keys := make([]id.Booking, len(p.Lines))
	for n, l := range p.Lines {
		keys[n] = l.Booking.ID
	}
	before, err := risesOf(ctx, q, keys)
	if err != nil {
		return err
	}
	for n := range p.Lines {
		l := &p.Lines[n]
		if l.Added, l.Rise, l.Why, err = s.judge(ctx, q, l.Booking, before[l.Booking.ID], in.of(l.Booking)); err != nil {
			return err
		}
		if l.Booking.Status == "in_review" {
			l.Problem = booking.ErrCareFirst
			l.Added = 0
			continue
		}
		p.Added += l.Added
		if !l.Rise.Valid[len(l.Rise.Valid)-1] {
			p.Void++
		} else if l.Rise.Exit {
			p.Exits++
		}
	}
	return nil
}

// judge says what a rise of today adds to what a booking costs, after those before; 0 when the law does not allow it.
func (s *Service) judge(ctx context.Context, q sqlx.QueryerContext, b booking.Booking, before []terms.Rise, amount money.Cents) (added money.Cents, out terms.PriceRise, why []terms.Reason, err error) {
	was, _, err := s.Bookings.JudgeRise(ctx, q, b, before)
	if err != nil {
		return 0, out, nil, err
	}
	all := append(slices.Clone(before), terms.Rise{NotifiedOn: s.today(), Amount: amount})
	if out, why, err = s.Bookings.JudgeRise(ctx, q, b, all); err != nil {
		return 0, out, nil, err
	}
	if !out.Valid[len(all)-1] {
		return 0, out, why, nil
	}
	return out.Charged - was.Charged, out, why, nil
}

// StartRaise lets a job tell every family, and ask what its price rises. ErrAllVoid when the law allows it for nobody;
// booking.ErrOutdated when it is not as it was shown.
func (s *Service) StartRaise(ctx context.Context, who account.Identity, in Raise, confirmed Confirmed) (decision int64, err error) {
	p, err := s.PreviewRaise(ctx, in)
	switch {
	case err != nil:
		return 0, err
	case len(p.Lines) == 0:
		return 0, ErrNothing
	case p.Void == len(p.Lines):
		return 0, ErrAllVoid
	}
	_ = in.check() // in order, without doubles: PreviewRaise found nothing wrong
	d := Decision{Kind: Rise, Reason: in.Reason, Cause: in.Cause, About: in.Departures, Staff: who.StaffID, At: s.Now()}
	if in.Amount > 0 {
		d.Amount = &in.Amount
	} else {
		percent := int64(in.Percent)
		d.Percent = &percent
	}
	err = s.inTurn(ctx, Rise, func(tx *sqlx.Tx) error {
		decision, err = s.startTx(ctx, tx, d, p, confirmed)
		return err
	})
	return decision, err
}

// raiseTx asks what one price rises, judged by the day on which the family is told.
func (s *Service) raiseTx(ctx context.Context, tx *sqlx.Tx, d Decision, i Item, b booking.Booking) error {
	before, err := risesOf(ctx, tx, []id.Booking{b.ID})
	if err != nil {
		return err
	}
	in := Raise{}
	if d.Amount != nil {
		in.Amount = *d.Amount
	} else {
		in.Percent = money.MilliPercent(*d.Percent)
	}
	amount := in.of(b)
	added, out, _, err := s.judge(ctx, tx, b, before[b.ID], amount)
	if err != nil {
		return err
	}
	if added <= 0 {
		return s.doneTx(ctx, tx, i, Void, 0)
	}
	detail, err := json.Marshal(map[string]any{"amount": added, "note": d.Reason, "cause": d.Cause, "total": out.Charged})
	if err != nil {
		return err
	}
	if _, err := s.Bookings.RaiseTx(ctx, tx, d.who(), b, added, detail); err != nil {
		return err
	}
	if err := insertRise(ctx, tx, b.ID, d.ID, s.today(), amount); err != nil {
		return err
	}
	if i.ExitUntil = (civil.Date{}); out.Exit {
		i.ExitUntil = out.ExitUntil
	}
	if err := s.doneTx(ctx, tx, i, Raised, added); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, LetterArgs{Item: i.ID, What: Raised})
}
