package program

import (
	"sync/atomic"
	"time"
)

// leaving is how a shop goes away without turning anybody from a closed door: for a while /readyz says no and the rest is answered,
// each answer as the last one on its connection, until the load balancer sends nothing here any more.
type leaving struct {
	told  atomic.Bool  // somebody who asked /readyz heard no
	asked atomic.Int64 // when the last request ended that was not the load balancer's own, in Unix nanoseconds
}

// quiet is how long nobody but the load balancer itself has asked anything when the door may close before its time.
const quiet = 2 * time.Second

// heard notes a request. Those of Stripe count as little as the load balancer's own: its stand-in knocks at the shop itself, and what
// finds a closed door is sent again.
func (l *leaving) heard(route string) {
	if route != "/readyz" && route != "/healthz" && route != "/hooks/stripe" {
		l.asked.Store(time.Now().UnixNano())
	}
}

// takeLeave returns after most, sooner when the load balancer knows and sends nothing any more, or when gone is closed.
func (l *leaving) takeLeave(most time.Duration, gone <-chan struct{}) {
	if most <= 0 {
		return
	}
	begun := time.Now()
	end := time.NewTimer(most)
	defer end.Stop()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-end.C:
			return
		case <-gone:
			return
		case now := <-look.C:
			last := time.Unix(0, l.asked.Load())
			if l.told.Load() && now.Sub(begun) >= quiet && now.Sub(last) >= quiet {
				return
			}
		}
	}
}
