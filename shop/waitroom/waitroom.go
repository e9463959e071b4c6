// Package waitroom makes the morning of the sale fair: who came before the opening is put in an order by lot, who comes
// later stands behind them, and as many are let in as the shop can serve.
//
// Owns: openings (moments at which departures go on sale) that people wait for, and who waits. Tables: sale_opening,
// sale_visitor.
// May import: terms, migrations/pg, sqlx.
// Always true: a family has one place in the line of an opening, however many windows it has open; coming earlier, or
// looking again, gives no better place; the lot is drawn once, after the opening, from a number that nobody knew before;
// whoever was let in stays in; an opening that nobody waits for has no line at all.
//
// How: the order of the early ones is that of SHA-256 over the seed and the guardian's number, so that it can be checked
// afterwards. Let in is a number that grows with time, Rate a second; while this process waits for its own database it
// grows at a tenth of that. Several processes share it: a look that finds it
// behind moves it on. Most looks read one row and write nothing.
package waitroom

import (
	"context"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// Settings say how long a line can be joined and how fast it moves.
type Settings struct {
	Before time.Duration // how long before the opening the room opens
	After  time.Duration // how long after it the line stays; then everybody walks in
	Rate   int           // people let in per second
	Slow   time.Duration // average wait for a database connection from which the line moves slower
}

// DefaultSettings lets 3,000 people a minute in: almost four times the busiest minute that is known of a Belgian organiser.
var DefaultSettings = Settings{Before: time.Hour, After: 30 * time.Minute, Rate: 50, Slow: 20 * time.Millisecond}

// Service is the waiting room of one process.
type Service struct {
	DB  *sqlx.DB
	Now func() time.Time
	Settings

	mu      sync.Mutex
	calls   int64         // of the pool's waits, at the last look
	waits   time.Duration // likewise
	counted count
	active  active
}

// State is where somebody stands.
type State string

// The states of a visitor.
const (
	None    State = "none"    // there is no line: walk in
	Early   State = "early"   // the room is not open yet
	Waiting State = "waiting" // in the room, before the lot is drawn
	InLine  State = "in_line" // drawn, not let in yet
	In      State = "in"      // let in
)

// Place is somebody's place.
type Place struct {
	State   State
	Waiting int // State Waiting: how many families wait
	Ahead   int // State InLine: how many are before them
	Line    int // State InLine: how long the line was made to be
	Behind  int // State InLine: how many are after them
	Wait    time.Duration
}

// opening reports whether a sale that opens then can have a line now.
func (s *Service) opening(opensAt time.Time) State {
	now := s.Now()
	switch {
	case now.Before(opensAt.Add(-s.Before)):
		return Early
	case !now.Before(opensAt.Add(s.After)):
		return None
	}
	return Waiting
}

// Enter gives a guardian a place in the line of the sale that opens then, or tells the one that they have. Before the
// opening it is a place in the room; after it, the end of the line, when there is a line.
func (s *Service) Enter(ctx context.Context, opensAt time.Time, guardian id.Guardian) (p Place, err error) {
	if state := s.opening(opensAt); state != Waiting {
		return Place{State: state}, nil
	}
	l, err := look(ctx, s.DB, opensAt, guardian)
	if err == nil && !l.settled(s.Now(), s.rate()) {
		err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
			l, err = s.stepTx(ctx, tx, l, opensAt, guardian)
			return err
		})
	}
	if err != nil {
		return Place{}, err
	}
	return s.place(ctx, opensAt, l)
}

// stepTx does what a look found to be due: to join, to draw the lot, to stand at the end, to let the next ones in.
func (s *Service) stepTx(ctx context.Context, tx *sqlx.Tx, l looked, opensAt time.Time, guardian id.Guardian) (looked, error) {
	now := s.Now()
	if now.Before(opensAt) {
		err := joinEarly(ctx, tx, opensAt, guardian, now)
		l.Joined = true
		return l, err
	}
	if l.Drawn && l.Rank > 0 { // only the line has to move on; one mover at a time is enough
		let, moved, err := s.moveTx(ctx, tx, opensAt)
		if moved {
			l.LetIn = let
		}
		return l, err
	}
	o, ok, err := lockOpening(ctx, tx, opensAt)
	if err != nil || !ok {
		return l, err
	}
	if o.DrawnAt == nil {
		if o, err = draw(ctx, tx, opensAt, now); err != nil {
			return l, err
		}
	}
	if l.Rank, err = rankOf(ctx, tx, opensAt, guardian, now); err != nil {
		return l, err
	}
	l.Exists, l.Joined, l.Drawn, l.Last = true, true, true, max(o.Last, l.Rank)
	o.Last = l.Last
	l.LetIn, err = advance(ctx, tx, o, s.rate(), now)
	return l, err
}

func (s *Service) moveTx(ctx context.Context, tx *sqlx.Tx, opensAt time.Time) (let int, moved bool, err error) {
	o, ok, err := lockOpeningIfFree(ctx, tx, opensAt)
	if err != nil || !ok {
		return 0, false, err
	}
	let, err = advance(ctx, tx, o, s.rate(), s.Now())
	return let, true, err
}

// place says in words of a page what a look found.
func (s *Service) place(ctx context.Context, opensAt time.Time, l looked) (Place, error) {
	var p Place
	switch {
	case s.Now().Before(opensAt):
		n, err := s.waiting(ctx, opensAt)
		p.State, p.Waiting = Waiting, max(n, 1)
		return p, err
	case !l.Exists:
		p.State = None
	case l.Rank <= l.LetIn:
		p.State = In
	default:
		p.State, p.Ahead, p.Line, p.Behind = InLine, l.Rank-l.LetIn-1, l.Last, l.Last-l.Rank
		p.Wait = time.Duration(p.Ahead/max(1, s.Rate)+1) * time.Second
	}
	return p, nil
}

// waiting counts who waits for an opening; for all who look within two seconds it is counted once.
func (s *Service) waiting(ctx context.Context, opensAt time.Time) (int, error) {
	now := s.Now()
	s.mu.Lock()
	c := s.counted
	s.mu.Unlock()
	if age := now.Sub(c.at); c.opensAt.Equal(opensAt) && 0 <= age && age < 2*time.Second {
		return c.n, nil
	}
	n, err := countWaiting(ctx, s.DB, opensAt)
	if err == nil {
		s.mu.Lock()
		s.counted = count{opensAt, now, n}
		s.mu.Unlock()
	}
	return n, err
}

type count struct {
	opensAt, at time.Time
	n           int
}

// Active reports whether any sale has a line now; for all who ask within a second it is read once.
func (s *Service) Active(ctx context.Context) (bool, error) {
	now := s.Now()
	s.mu.Lock()
	a := s.active
	s.mu.Unlock()
	if age := now.Sub(a.at); !a.at.IsZero() && 0 <= age && age < time.Second {
		return a.yes, nil
	}
	yes, err := anyLine(ctx, s.DB, now.Add(-s.After), now)
	if err == nil {
		s.mu.Lock()
		s.active = active{now, yes}
		s.mu.Unlock()
	}
	return yes, err
}

type active struct {
	at  time.Time
	yes bool
}

// MayStart reports whether a guardian may hold places of a departure that went on sale then. 0 is somebody who is not
// signed in. It asks the database only in the time in which there can be a line.
func (s *Service) MayStart(ctx context.Context, opensAt time.Time, guardian id.Guardian) (bool, error) {
	if s.opening(opensAt) != Waiting || s.Now().Before(opensAt) { // before it nothing can be held at all
		return true, nil
	}
	if guardian == 0 {
		waits, err := anybodyWaits(ctx, s.DB, opensAt)
		return !waits, err
	}
	p, err := s.Enter(ctx, opensAt, guardian)
	return p.State == None || p.State == In, err
}

// rate is how many are let in per second now.
func (s *Service) rate() int {
	if s.slow() {
		return max(1, s.Rate/10)
	}
	return max(1, s.Rate)
}

// slow reports whether requests of this process wait for connections: letting more people in would only make it worse.
func (s *Service) slow() bool {
	stats := s.DB.Stats()
	s.mu.Lock()
	defer s.mu.Unlock()
	calls, waits := stats.WaitCount-s.calls, stats.WaitDuration-s.waits
	if calls < 100 && stats.InUse < stats.MaxOpenConnections {
		return false
	}
	s.calls, s.waits = stats.WaitCount, stats.WaitDuration
	return calls > 0 && waits/time.Duration(calls) > s.Slow
}
