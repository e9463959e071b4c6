// Package throttle says how often something may be tried, across all processes of the shop.
//
// Owns: the generic cell rate algorithm and its store.
// Tables: rate_limit.
// May import: the standard library, sqlx.
// Always true: two tries at the same instant in two processes count as two; a refused try costs nothing, so that waiting
// is rewarded and hammering gains nothing; the store holds no address or name, only a hash.
package throttle

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/jmoiron/sqlx"
)

// Rule allows Burst tries at once, and one more every Every after that.
type Rule struct {
	Name  string // part of the key: two rules never share a count
	Burst int
	Every time.Duration
}

// Limiter counts tries. Its tries are not part of anybody's transaction: an act that fails has still been tried.
type Limiter struct {
	DB  *sqlx.DB
	Now func() time.Time
}

// Allow counts one try of subject under the rule. It is allowed when wait is zero; else the same try may succeed after
// wait.
func (l *Limiter) Allow(ctx context.Context, rule Rule, subject string) (wait time.Duration, err error) {
	now := l.Now().Truncate(time.Microsecond)
	free, ok, err := take(ctx, l.DB, key(rule, subject), rule, now)
	if err != nil || ok {
		return 0, err
	}
	return max(rule.wait(free, now), time.Second), nil
}

// wait is how long until one try fits: free is when all have come back, and Burst-1 of them may still be out.
func (r Rule) wait(free, now time.Time) time.Duration {
	if !free.After(now) {
		return 0
	}
	return max(free.Sub(now)-time.Duration(r.Burst-1)*r.Every, 0)
}

// Forget gives subject all its tries back: somebody proved to be who they say.
func (l *Limiter) Forget(ctx context.Context, rule Rule, subject string) error {
	return remove(ctx, l.DB, key(rule, subject))
}

// Sweep removes counts that no longer say anything and returns how many. A periodic job calls it.
func (l *Limiter) Sweep(ctx context.Context) (int64, error) { return sweep(ctx, l.DB, l.Now()) }

// key hashes rule and subject apart, so that no subject can be written that reads as another rule's.
func key(rule Rule, subject string) []byte {
	h := sha256.New()
	h.Write([]byte(rule.Name))
	h.Write([]byte{0})
	h.Write([]byte(subject))
	return h.Sum(nil)
}
