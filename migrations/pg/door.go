package pg

import (
	"runtime"
	"sync/atomic"
	"time"
)

// door lets in as many crowds at once as the machine can serve. Who waits before it costs nothing and is joined by others, so
// that a busy shop shares more; inside, each would only slow the others down.
//
// It paces, it does not guard: the one who waits longest behind a lock that others hold must not keep everybody out, so after
// patience one enters anyway.
var door = make(chan struct{}, runtime.GOMAXPROCS(0)+1)

// patience is how long one waits for others before one thinks that they are stuck.
const patience = 50 * time.Millisecond

var queued atomic.Int64

// Queued is how often a crowd found the door full since the program began: while it grows, the shop is busy.
func Queued() int64 { return queued.Load() }

// enter waits for a place inside; leave gives it back.
func enter() (leave func()) {
	select {
	case door <- struct{}{}:
		return func() { <-door }
	default:
		queued.Add(1)
	}
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case door <- struct{}{}:
		return func() { <-door }
	case <-wait.C:
		return func() {}
	}
}
