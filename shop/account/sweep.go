package account

import "context"

// SweepArgs is the periodic job that removes what has ended.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "account.sweep" }

// Sweep removes ended sessions, codes, known browsers, invitations and counted tries. Nothing depends on when it runs.
func (s *Service) Sweep(ctx context.Context) error {
	if err := sweep(ctx, s.DB, s.now()); err != nil {
		return err
	}
	_, err := s.Throttle.Sweep(ctx)
	return err
}
