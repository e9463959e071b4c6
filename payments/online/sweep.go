package online

import (
	"context"
	"errors"
	"time"

	"joetz/payments/stripegw"
	"joetz/terms/id"
	"joetz/terms/money"
)

const (
	sweepAtOnce = 50
	sweepRounds = 10
	sweepLease  = 2 * time.Minute
)

// Sweep finishes what was left unfinished: calls whose process died, pages about which no webhook came, and pages that ask
// for more than is still open, because a transfer arrived or a booking was cancelled and nobody closed them.
func (s *Service) Sweep(ctx context.Context) error {
	failed := []error{s.closeOutdated(ctx)}
	for range sweepRounds { // what is left after them is the next minute's
		now := s.Now()
		due, err := takeToCheck(ctx, s.DB, now, now.Add(sweepLease), sweepAtOnce)
		if err != nil {
			return errors.Join(append(failed, err)...)
		}
		for _, a := range due {
			failed = append(failed, s.check(ctx, a))
		}
		if len(due) < sweepAtOnce {
			break
		}
	}
	return errors.Join(failed...)
}

func (s *Service) check(ctx context.Context, a attempt) error {
	if a.Status == Created {
		_, err := s.ask(ctx, a)
		if errors.Is(err, stripegw.ErrRefused) || stripegw.Kept(err) {
			return nil // it has ended; the log has why
		}
		return err
	}
	_, err := s.settleByID(ctx, a.Session)
	if errors.Is(err, stripegw.ErrNotFound) && s.Now().After(a.ExpiresAt) { // gone at Stripe: nobody can pay on it
		return s.end(ctx, a, change{Status: Failed, Failure: "not_found"})
	}
	return err
}

func (s *Service) closeOutdated(ctx context.Context) error {
	pages, err := openPages(ctx, s.DB)
	if err != nil {
		return err
	}
	var instalments []id.Instalment
	for _, p := range pages {
		for _, i := range p.Instalments {
			instalments = append(instalments, id.Instalment(i))
		}
	}
	open, err := s.Payments.OpenAmounts(ctx, s.DB, instalments)
	if err != nil {
		return err
	}
	var failed []error
	for _, p := range pages {
		var sum money.Cents
		for _, i := range p.Instalments {
			sum += open[id.Instalment(i)]
		}
		if sum < p.Amount {
			_, err := s.closePage(ctx, p.attempt)
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}
