package baddays

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"joetz/terms/money"
)

// balancer stands before shops, as a load balancer does: it asks each whether it is ready, and tries nothing twice.
type balancer struct {
	t      *testing.T
	doors  []*door
	turn   atomic.Int64
	failed atomic.Int64
}

// door is a shop as the balancer sees it. It is asked whether it is ready while none of its answers is awaited, so that what it hears
// afterwards was sent to somebody who knew.
type door struct {
	site  *url.URL
	proxy *httputil.ReverseProxy
	mu    sync.RWMutex
	ready bool
}

func newBalancer(t *testing.T, addrs ...string) (b *balancer, site string) {
	t.Helper()
	b = &balancer{t: t}
	for _, addr := range addrs {
		d := &door{site: &url.URL{Scheme: "http", Host: addr}}
		d.proxy = httputil.NewSingleHostReverseProxy(d.site)
		d.proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 20}
		d.proxy.ErrorHandler = func(w http.ResponseWriter, r *http.Request, err error) {
			b.failed.Add(1)
			t.Errorf("%s %s got no answer: %v", r.Method, r.URL.Path, err)
			w.WriteHeader(http.StatusBadGateway)
		}
		b.doors = append(b.doors, d)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: b}
	go func() { _ = server.Serve(l) }() // until it is closed
	over := make(chan struct{})
	var asking sync.WaitGroup
	for _, d := range b.doors {
		asking.Go(func() {
			for {
				d.ask()
				select {
				case <-over:
					return
				case <-time.After(20 * time.Millisecond):
				}
			}
		})
	}
	t.Cleanup(func() { close(over); asking.Wait(); _ = server.Close() })
	return b, "http://" + l.Addr().String()
}

func (d *door) ask() {
	d.mu.Lock()
	defer d.mu.Unlock()
	answer, _, _ := status(d.site.String(), "/readyz")
	d.ready = answer == http.StatusOK
}

// isReady tells what the balancer knows of a door.
func (d *door) isReady() bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.ready
}

// ServeHTTP sends a request to the next shop that is ready.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for {
		d := b.doors[int(b.turn.Add(1))%len(b.doors)]
		d.mu.RLock()
		if d.ready {
			d.proxy.ServeHTTP(w, r)
			d.mu.RUnlock()
			return
		}
		d.mu.RUnlock()
		select {
		case <-r.Context().Done(): // the browser has gone
			return
		case <-time.After(time.Millisecond):
		}
	}
}

// Two shops behind a load balancer are replaced one after the other in the middle of a busy minute, as for a new release: not one
// request goes without its answer, and each shop says that all went well.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	tool(t, "postgres")
	b := &busy{town: newTown(t, buyers, 12, 2000), over: make(chan struct{}), banked: map[int64]money.Cents{}}
	b.vars = append(b.vars, "SHOP_LEAVE_SECONDS=300") // it ends as soon as the balancer sends nothing any more
	addrs := []string{freePort(t), freePort(t)}
	shops := []*process{start(t, addrs[0], b.vars...), start(t, addrs[1], b.vars...)}
	lb, site := newBalancer(t, addrs...)
	b.sites = []string{site}
	b.crowd(30, func() []string {
		for i := range shops {
			waitFor(t, "the other one to be ready", lb.doors[1-i].isReady)
			shops[i].stop()
			shops[i] = start(t, addrs[i], b.vars...)
			waitFor(t, "it to be ready", lb.doors[i].isReady)
			b.sees(2)
		}
		return b.sites
	})
	b.end(0, shops...)
	if n := lb.failed.Load(); n > 0 {
		t.Errorf("%d requests got no answer", n)
	}
}
