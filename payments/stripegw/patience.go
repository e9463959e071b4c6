package stripegw

import (
	"io"
	"math/rand/v2"
	"net/http"
	"time"
)

// patience keeps a rush within Stripe's rate limits (100 calls a second, 25 per address): so many calls at once, and a call
// that was turned away with 429 is made again after a short wait. stripe-go does not: it repeats only lock time-outs.
// Stripe has not carried out what it answers 429 to.
type patience struct {
	next  http.RoundTripper
	slots chan struct{}
	tries int
	pause time.Duration
}

// RoundTrip makes the call. A wait ends with the request's context.
func (p *patience) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	for try := 1; ; try++ {
		res, err := p.next.RoundTrip(r)
		if err != nil || res.StatusCode != http.StatusTooManyRequests || try >= p.tries || !p.wait(r, try) {
			return res, err
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)) // so that the connection can be used again
		_ = res.Body.Close()
		if r.GetBody != nil {
			if r.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
	}
}

// wait waits longer after each try, each caller a little differently, and reports whether there is time for another.
func (p *patience) wait(r *http.Request, try int) bool {
	pause := p.pause << (try - 1)
	select {
	case <-time.After(pause/2 + rand.N(pause)):
		return true
	case <-r.Context().Done():
		return false
	}
}
