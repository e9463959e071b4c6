package bench

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// step is one thing that a client does; the name counts its outcomes apart ("" = as wanted), an error is a failure.
type step func(ctx context.Context, client int) (outcome string, err error)

// sample is what one measurement saw.
type sample struct {
	took     time.Duration // from the first start to the last end
	waits    []time.Duration
	outcomes map[string][]time.Duration // other ends than the wanted one: "sold_out"
	errors   int
	first    error // of the errors
	used     cpu
}

// load lets each client repeat a step until the time is over or the step says done. However slow the machine, it goes on until
// somebody came to an end: else it would say nothing.
func load(ctx context.Context, cluster string, clients int, limit time.Duration, do step) sample {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		late    atomic.Bool // the time is over
		ended   atomic.Int64
		all     sample
		mu      sync.Mutex
		wg      sync.WaitGroup
		before  = spent(cluster)
		started = time.Now()
	)
	all.outcomes = map[string][]time.Duration{}
	clock := time.AfterFunc(limit, func() {
		late.Store(true)
		if ended.Load() > 0 {
			cancel()
		}
	})
	defer clock.Stop()
	for client := range clients {
		wg.Go(func() {
			own := sample{outcomes: map[string][]time.Duration{}}
			for ctx.Err() == nil {
				begun := time.Now()
				outcome, err := do(ctx, client)
				wait := time.Since(begun)
				if outcome == done {
					break
				}
				switch {
				case err != nil && ctx.Err() != nil: // cut off by the end of the measurement
				case err != nil:
					own.errors++
					own.first = err
				case outcome != "":
					own.outcomes[outcome] = append(own.outcomes[outcome], wait)
				default:
					own.waits = append(own.waits, wait)
				}
				ended.Add(1)
				if late.Load() {
					cancel()
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all.add(own)
		})
	}
	wg.Wait()
	all.took, all.used = time.Since(started), spent(cluster).since(before)
	return all
}

// done is the outcome of a step that found nothing left to do for its client.
const done = "done"

func (s *sample) add(other sample) {
	s.waits = append(s.waits, other.waits...)
	s.errors += other.errors
	if s.first == nil {
		s.first = other.first
	}
	for name, waits := range other.outcomes {
		s.outcomes[name] = append(s.outcomes[name], waits...)
	}
}

// perSecond is the rate of the wanted outcome.
func (s *sample) perSecond() float64 {
	if s.took <= 0 {
		return 0
	}
	return float64(len(s.waits)) / s.took.Seconds()
}

// percentile is the time within which that share of the waits ended; 0 of none.
func percentile(waits []time.Duration, share float64) time.Duration {
	if len(waits) == 0 {
		return 0
	}
	sorted := slices.Clone(waits)
	slices.Sort(sorted)
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
