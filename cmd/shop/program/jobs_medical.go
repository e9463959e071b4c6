package program

import (
	"context"
	"fmt"
	"time"

	"joetz/shop/queue"
)

// wipeArgs wipes the fiches whose time is over.
type wipeArgs struct{}

// Kind names the job.
func (wipeArgs) Kind() string { return "medical.wipe" }

// verifyArgs reads the access log for signs of tampering.
type verifyArgs struct{}

// Kind names the job.
func (verifyArgs) Kind() string { return "medical.verify" }

// watchArgs looks through the newest part of the access log for unusual reading.
type watchArgs struct{}

// Kind names the job.
func (watchArgs) Kind() string { return "medical.watch" }

// departingArgs tells the office of children who leave while their care is undecided.
type departingArgs struct{}

// Kind names the job.
func (departingArgs) Kind() string { return "medical.departing" }

// medicalJobs registers the nightly work on fiches.
func (p *Program) medicalJobs(work *queue.Runner) {
	s := &p.Services
	queue.Handle(work, func(ctx context.Context, _ wipeArgs) error {
		n, err := s.Medical.WipeDue(ctx)
		if n > 0 {
			p.log.InfoContext(ctx, "fiches wiped", "number", n)
		}
		return err
	})
	work.Every(queue.Daily(3, 10), wipeArgs{})

	queue.Handle(work, func(ctx context.Context, _ verifyArgs) error {
		head, broken, err := p.Services.Watch.Check(ctx)
		for _, b := range broken {
			p.log.ErrorContext(ctx, "the access log of fiches was tampered with", "line", b.Seq, "why", b.Why)
		}
		if err == nil { // whoever collects the log has the head: lines cut off the end show against it
			p.log.InfoContext(ctx, "access log of fiches verified", "lines", head.Seq, "signature", fmt.Sprintf("%x", head.MAC), "broken", len(broken))
		}
		return err
	})
	work.Every(queue.Daily(3, 40), verifyArgs{})

	queue.Handle(work, func(ctx context.Context, _ watchArgs) error { return p.Services.Watch.Look(ctx) })
	work.Every(queue.Each(5*time.Minute), watchArgs{})

	queue.Handle(work, func(ctx context.Context, _ departingArgs) error {
		n, err := s.Bookings.CareDeparting(ctx)
		if err != nil {
			return err
		}
		return s.Watch.TellDeparting(ctx, n)
	})
	work.Every(queue.Daily(7, 0), departingArgs{})
	p.tombstoneJobs(work)
}
