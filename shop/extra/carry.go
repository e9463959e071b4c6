package extra

import (
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// Carried is an extra that goes along to another departure: what the booking has, and what it gets there.
type Carried struct {
	Was Picked
	Is  Picked

	Limited bool // others may take what is left there: nothing is held
	Left    int  // there, where Limited
}

// Carry says which extras of a booking another departure has too (the same name, the same choice, and one is left), and which
// it does not have.
func (s *Service) Carry(ctx context.Context, q sqlx.QueryerContext, has []Picked, to id.Departure) (along []Carried, left []Picked, err error) {
	if len(has) == 0 {
		return nil, nil, nil
	}
	there, err := ofDeparture(ctx, q, to, s.Now(), false)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range has {
		n := slices.IndexFunc(there, func(e Extra) bool { return e.fits(p) })
		if n < 0 {
			p.SoldOut = slices.ContainsFunc(there, func(e Extra) bool { return e.same(p) })
			left = append(left, p)
			continue
		}
		e := there[n]
		there = slices.Delete(there, n, n+1)
		free, limited := e.Left()
		along = append(along, Carried{Limited: limited, Left: free, Was: p, Is: Picked{Pick: Pick{Extra: e.ID, Choice: p.Choice}, NameNL: e.NameNL, NameEN: e.NameEN, Price: e.Price, RefundDays: e.RefundDays, AsPrice: e.AsPrice}})
	}
	return along, left, nil
}

// fits reports whether it is the same as what somebody has on another departure, and one is left.
func (e Extra) fits(p Picked) bool {
	left, limited := e.Left()
	return e.same(p) && (!limited || left > 0)
}

func (e Extra) same(p Picked) bool {
	same := strings.EqualFold(strings.TrimSpace(e.NameNL), strings.TrimSpace(p.NameNL))
	return same && (len(e.Choices) == 0) == (p.Choice == "") && (p.Choice == "" || slices.Contains(e.Choices, p.Choice))
}

// CarryTx gives a booking what Carry said, at the price that was shown. ErrGone when others took it meanwhile.
func (s *Service) CarryTx(ctx context.Context, tx *sqlx.Tx, booking id.Booking, along []Carried, actor string) error {
	picks := make([]Picked, len(along))
	for n, c := range along {
		picks[n] = c.Is
	}
	slices.SortFunc(picks, func(a, b Picked) int { return int(a.Extra - b.Extra) }) // the lock order
	for _, p := range picks {
		e, err := lock(ctx, tx, p.Extra, s.Now(), 0, 0)
		if err != nil {
			return err
		}
		if left, limited := e.Left(); e.StoppedAt != nil || limited && left < 1 {
			return ErrGone
		}
		if err := insertSold(ctx, tx, booking, p, actor, s.Now()); err != nil {
			return err
		}
	}
	return nil
}
