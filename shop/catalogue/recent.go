package catalogue

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/terms/id"
)

// Recent is ByID at most Fresh old: for the steps on the way to an order, of which thousands ask for the same departures
// within a second. What binds anybody (the price of an order, whether there is a place) is read with ByID or under a lock.
// The answer's slices are shared: they are not changed.
func (s *Service) Recent(ctx context.Context, ids ...id.Departure) (map[id.Departure]Departure, error) {
	return s.RecentTx(ctx, s.DB, ids...)
}

// RecentOne is Recent of one departure; false when there is none of that id.
func (s *Service) RecentOne(ctx context.Context, key id.Departure) (Departure, bool, error) {
	now := s.Now()
	d, ok := s.recent.get(key, now, s.Fresh)
	if ok {
		return d, true, nil
	}
	found, err := s.renew(ctx, s.DB, []id.Departure{key}, now)
	d, ok = found[key]
	return d, ok, err
}

// RecentTx is Recent for who is inside a transaction: what is missing is read there, never on a second connection.
func (s *Service) RecentTx(ctx context.Context, q sqlx.QueryerContext, ids ...id.Departure) (map[id.Departure]Departure, error) {
	now := s.Now()
	if s.Fresh <= 0 {
		return s.renew(ctx, q, ids, now)
	}
	found := make(map[id.Departure]Departure, len(ids))
	var missing []id.Departure
	for _, key := range ids {
		if d, ok := s.recent.get(key, now, s.Fresh); ok {
			found[key] = d
		} else {
			missing = append(missing, key)
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	read, err := s.renew(ctx, q, missing, now)
	if err != nil {
		return nil, err
	}
	for _, key := range missing {
		if d, ok := read[key]; ok {
			found[key] = d
		}
	}
	return found, nil
}

// renew reads departures, and with them what else is due, and remembers them.
func (s *Service) renew(ctx context.Context, q sqlx.QueryerContext, missing []id.Departure, now time.Time) (map[id.Departure]Departure, error) {
	if s.Fresh <= 0 {
		return s.ByIDTx(ctx, q, missing...)
	}
	read, err := s.ByIDTx(ctx, q, append(missing, s.recent.due(now, s.Fresh, missing)...)...)
	if err == nil {
		s.recent.keep(read, now)
	}
	return read, err
}

// BindingTx is RecentTx with everything that an order rests on (status, dates, prices) as it is now.
func (s *Service) BindingTx(ctx context.Context, q sqlx.QueryerContext, ids ...id.Departure) (map[id.Departure]Departure, error) {
	found, err := s.RecentTx(ctx, q, ids...)
	if err != nil || s.Fresh <= 0 {
		return found, err
	}
	now, err := bindingFacts(ctx, q, s.Now(), ids)
	if err != nil {
		return nil, err
	}
	for _, n := range now {
		d := found[n.ID]
		d.Status, d.OnSaleAt, d.StartsOn, d.EndsOn = n.Status, n.OnSaleAt, n.StartsOn, n.EndsOn
		d.Trip, d.LegalRegime, d.Prices = n.Trip, n.LegalRegime, n.Prices
		found[n.ID] = d
	}
	return found, nil
}

// mostRecent is how many departures are remembered: some seasons of them.
const mostRecent = 2000

// recent remembers departures for a moment.
type recent struct {
	mu  sync.RWMutex
	all map[id.Departure]*remembered
}

type remembered struct {
	Departure
	at      time.Time
	renewed atomic.Bool // somebody reads it anew already
	asked   atomic.Bool // somebody wanted it since it was read
}

// get finds what is not too old. After half the time the first who asks is told to read it anew, while the others still get
// what there is: a crowd never reads the same thing at once.
func (r *recent) get(key id.Departure, now time.Time, fresh time.Duration) (Departure, bool) {
	r.mu.RLock()
	k := r.all[key]
	r.mu.RUnlock()
	if k == nil {
		return Departure{}, false
	}
	k.asked.Store(true)
	age := now.Sub(k.at)
	if age < 0 || age >= fresh || age >= fresh/2 && k.renewed.CompareAndSwap(false, true) {
		return Departure{}, false
	}
	return k.Departure, true
}

// mostTogether is how many departures are read anew along with one: a page's worth.
const mostTogether = 50

// due lists what else has to be read anew soon and is asked for: a season read in one query costs little more than one
// departure of it. The caller reads it.
func (r *recent) due(now time.Time, fresh time.Duration, but []id.Departure) (keys []id.Departure) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for key, k := range r.all {
		if len(keys) == mostTogether {
			break
		}
		if age := now.Sub(k.at); age >= fresh/2 && k.asked.Load() && !slices.Contains(but, key) && k.renewed.CompareAndSwap(false, true) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (r *recent) keep(read map[id.Departure]Departure, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil || len(r.all)+len(read) > mostRecent {
		r.all = make(map[id.Departure]*remembered, len(read))
	}
	for key, d := range read {
		r.all[key] = &remembered{Departure: d, at: at}
	}
}
