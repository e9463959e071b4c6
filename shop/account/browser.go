package account

import (
	"context"
	"net/netip"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/shop/throttle"
)

const browserLife = 365 * 24 * time.Hour

// rememberBrowserTx makes the browser known for who, and returns the token to keep in it. A browser that is known already
// keeps its token.
func (s *Service) rememberBrowserTx(ctx context.Context, tx *sqlx.Tx, who Identity, token string) (string, error) {
	now := s.now()
	if token != "" {
		known, err := extendBrowser(ctx, tx, hashOf(token), who.GuardianID, who.StaffID, now.Add(browserLife), now)
		if err != nil || known {
			return token, err
		}
	}
	token, hash := newToken()
	return token, insertBrowser(ctx, tx, hash, who.GuardianID, who.StaffID, now.Add(browserLife), now)
}

// attempt is somebody trying something for an address.
type attempt struct {
	Email   string
	Network string // where the request comes from
	Browser string // token of a known browser, if it has one
	staff   bool
}

// limits are how often one kind of thing may be tried.
type limits struct {
	network throttle.Rule // by one network, for all addresses together
	pair    throttle.Rule // by one network for one address
	address throttle.Rule // for one address by all strangers together
	known   throttle.Rule // by a browser in which the address signed in before
}

// The pair's rule is stricter than the address's in burst and in rate, so that one network alone can never use up the
// tries of an address: its owner, elsewhere, still gets in.
var (
	codeLimits = limits{
		network: throttle.Rule{Name: "code.network", Burst: 30, Every: 30 * time.Second},
		pair:    throttle.Rule{Name: "code.pair", Burst: 4, Every: 30 * time.Minute},
		address: throttle.Rule{Name: "code.address", Burst: 10, Every: 15 * time.Minute},
		known:   throttle.Rule{Name: "code.known", Burst: 6, Every: 5 * time.Minute},
	}
	passwordLimits = limits{
		network: throttle.Rule{Name: "password.network", Burst: 30, Every: 30 * time.Second},
		pair:    throttle.Rule{Name: "password.pair", Burst: 6, Every: 15 * time.Minute},
		address: throttle.Rule{Name: "password.address", Burst: 20, Every: 5 * time.Minute},
		known:   throttle.Rule{Name: "password.known", Burst: 10, Every: 5 * time.Minute},
	}
)

// allow counts one try, or says ErrTooManyTries with the minutes to wait. It does the same, in the same order, for known
// and unknown addresses.
func (s *Service) allow(ctx context.Context, l limits, a attempt) error {
	known, err := s.isKnown(ctx, a)
	if err != nil {
		return err
	}
	if known {
		return s.count(ctx, l.known, string(hashOf(a.Browser)))
	}
	if err := s.count(ctx, l.network, a.Network); err != nil {
		return err
	}
	if err := s.count(ctx, l.pair, pairOf(a)); err != nil {
		return err
	}
	return s.count(ctx, l.address, subjectOf(a))
}

// forgive gives the tries back to who got in.
func (s *Service) forgive(ctx context.Context, l limits, a attempt) error {
	if err := s.Throttle.Forget(ctx, l.pair, pairOf(a)); err != nil {
		return err
	}
	if a.Browser == "" {
		return nil
	}
	return s.Throttle.Forget(ctx, l.known, string(hashOf(a.Browser)))
}

func (s *Service) count(ctx context.Context, rule throttle.Rule, subject string) error {
	wait, err := s.Throttle.Allow(ctx, rule, subject)
	if err != nil || wait == 0 {
		return err
	}
	return ErrTooManyTries.WithArgs(minutes(wait)).After(wait)
}

// isKnown reports whether that account signed in with that browser before.
func (s *Service) isKnown(ctx context.Context, a attempt) (bool, error) {
	if a.Browser == "" {
		return false, nil
	}
	return browserKnows(ctx, s.DB, hashOf(a.Browser), a.Email, a.staff, s.now())
}

func subjectOf(a attempt) string { return strconv.FormatBool(a.staff) + " " + a.Email }
func pairOf(a attempt) string    { return site(a.Network) + " " + subjectOf(a) }

// site is the widest network that one customer is given: a home with IPv6 has 256 networks of /64 or more, which together would use
// up the tries of an address. Only who tries the same address shares this count, so neighbours lose nothing by it.
func site(network string) string {
	if p, err := netip.ParsePrefix(network); err == nil && p.Addr().Is6() && p.Bits() > 48 {
		return netip.PrefixFrom(p.Addr(), 48).Masked().String()
	}
	return network
}

// minutes rounds up: who waits that long is let in.
func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }
