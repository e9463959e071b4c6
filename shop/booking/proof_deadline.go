package booking

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/catalogue"
	"joetz/terms/id"
)

// ProofArgs asks a job to look at the deadlines of proofs.
type ProofArgs struct{}

// Kind names the job.
func (ProofArgs) Kind() string { return "booking.proof" }

// settleIn is how many days after the booking nobody is reminded yet.
const settleIn = 5

// ProofDeadlines reminds families whose deadline comes near, and tells those whose deadline passed that the base price may be
// asked. It never changes a price: a person of the office does (ProofsToPrice). Safe to run twice: each step of each booking
// is written down in the transaction that sends its mail.
func (s *Service) ProofDeadlines(ctx context.Context) (told int, err error) {
	today, remind := s.today(), s.proofs().Remind
	ahead := 0
	if len(remind) > 0 {
		ahead = slices.Max(remind)
	}
	lines, err := proofLines(ctx, s.DB, linesWaiting, today, today.AddDays(ahead))
	if err != nil {
		return 0, err
	}
	for _, line := range lines {
		done, err := s.proofDeadline(ctx, line)
		if err != nil {
			return told, err
		}
		if done {
			told++
		}
	}
	return told, nil
}

func (s *Service) proofDeadline(ctx context.Context, line ProofLine) (told bool, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		told = false // the transaction may be tried again
		c, err := s.lockProofTx(ctx, tx, Booking{ID: line.Booking, Order: line.Order})
		if err != nil || c.Booking.Status != "placed" || c.Booking.Off() || c.Booking.Evidence != ProofAwaited && c.Booking.Evidence != ProofRefused {
			return err
		}
		if c.Proof.Until.Before(s.today()) {
			told, err = s.tellLateTx(ctx, tx, c)
		} else {
			told, err = s.remindTx(ctx, tx, c)
		}
		return err
	})
	return told, err
}

// remindTx sends the reminder whose day came; one at a time, also when several days were missed.
func (s *Service) remindTx(ctx context.Context, tx *sqlx.Tx, c ProofCase) (bool, error) {
	if c.Booking.BookedOn.AddDays(settleIn).After(s.today()) {
		return false, nil
	}
	due, left := 0, s.today().DaysUntil(c.Proof.Until)
	for i, days := range s.proofs().Remind {
		if left <= days {
			due = i + 1
		}
	}
	fresh, err := remindProof(ctx, tx, c.Booking.ID, due)
	if err != nil || !fresh {
		return false, err
	}
	if err := s.note(ctx, tx, c, "proof_reminded", "system", map[string]any{"until": c.Proof.Until}); err != nil {
		return false, err
	}
	return true, s.enqueue(ctx, tx, ProofLetterArgs{Booking: c.Booking.ID, What: "reminder"})
}

func (s *Service) tellLateTx(ctx context.Context, tx *sqlx.Tx, c ProofCase) (bool, error) {
	fresh, err := lateProof(ctx, tx, c.Booking.ID, s.Now())
	if err != nil || !fresh {
		return false, err
	}
	to := c.Booking.Evidence // what was refused stays refused
	if to == ProofAwaited {
		to = ProofLate
	}
	if err := s.setProofTx(ctx, tx, c, to, "proof_late", "system", nil); err != nil {
		return false, err
	}
	change, err := s.anew(ctx, tx, c.Booking, categories(catalogue.Base, c.Booking.BasePrice, c.Booking.BasePrice))
	if err != nil {
		return false, err
	}
	return true, s.enqueue(ctx, tx, ProofLetterArgs{Booking: c.Booking.ID, What: "late", From: change.From, To: change.To})
}

// WipeProofs takes away the files that have served, and reports of how many bookings: Keep days after the proof was accepted,
// the booking was cancelled, or the child left.
func (s *Service) WipeProofs(ctx context.Context) (int, error) {
	due, err := proofsToWipe(ctx, s.DB, s.Now().AddDate(0, 0, -s.proofs().Keep))
	if err != nil {
		return 0, err
	}
	for _, b := range due {
		if err := s.wipeProof(ctx, b); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

func (s *Service) wipeProof(ctx context.Context, booking id.Booking) error {
	b, err := s.BookingByID(ctx, booking)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		n, err := s.Evidence.WipeTx(ctx, tx, booking)
		if err != nil || n == 0 {
			return err
		}
		return insertEvent(ctx, tx, Event{Order: b.Order, Booking: booking, Kind: "proof_wiped", Actor: "system", At: s.Now()})
	})
}
