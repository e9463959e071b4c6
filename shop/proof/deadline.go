package proof

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/shop/memberprice"
	"joetz/shop/queue"
	"joetz/terms/id"
)

// Args asks a job to look at the deadlines of proofs.
type Args struct{}

// Kind names the job.
func (Args) Kind() string { return "booking.proof" }

// remindAt is how many days before the deadline a family is reminded, the longest first.
var remindAt = []int{21, 7}

// keep is for how many days files stay after the decision, or the departure.
const keep = 60

// settleIn is how many days after the booking nobody is reminded yet.
const settleIn = 5

// Deadlines reminds families whose deadline comes near, and tells those whose deadline passed that the base price may be
// asked. It never changes a price: a person of the office does (ToPrice). Safe to run twice: each step of each booking
// is written down in the transaction that sends its mail.
func (s *Service) Deadlines(ctx context.Context) (told int, err error) {
	today := s.today()
	waiting, err := lines(ctx, s.DB, linesWaiting, today, today.AddDays(slices.Max(remindAt)))
	if err != nil {
		return 0, err
	}
	for _, line := range waiting {
		done, err := s.deadline(ctx, line)
		if err != nil {
			return told, err
		}
		if done {
			told++
		}
	}
	return told, nil
}

func (s *Service) deadline(ctx context.Context, line Line) (told bool, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		told = false // the transaction may be tried again
		c, err := s.lockTx(ctx, tx, line.Order, line.Booking)
		if err != nil || c.Booking.Status != "placed" || c.Booking.Off() || c.Booking.Evidence != memberprice.Awaited && c.Booking.Evidence != memberprice.Refused {
			return err
		}
		if c.Claim.Until.Before(s.today()) {
			told, err = s.tellLateTx(ctx, tx, c)
		} else {
			told, err = s.remindTx(ctx, tx, c)
		}
		return err
	})
	return told, err
}

// remindTx sends the reminder whose day came; one at a time, also when several days were missed.
func (s *Service) remindTx(ctx context.Context, tx *sqlx.Tx, c Case) (bool, error) {
	if c.Booking.BookedOn.AddDays(settleIn).After(s.today()) {
		return false, nil
	}
	due, left := 0, s.today().DaysUntil(c.Claim.Until)
	for i, days := range remindAt {
		if left <= days {
			due = i + 1
		}
	}
	fresh, err := memberprice.RemindTx(ctx, tx, c.Booking.ID, due)
	if err != nil || !fresh {
		return false, err
	}
	if err := s.noteTx(ctx, tx, c, "proof_reminded", "system", map[string]any{"until": c.Claim.Until}); err != nil {
		return false, err
	}
	return true, queue.InsertTx(ctx, tx, LetterArgs{Booking: c.Booking.ID, What: "reminder"})
}

func (s *Service) tellLateTx(ctx context.Context, tx *sqlx.Tx, c Case) (bool, error) {
	fresh, err := memberprice.LateTx(ctx, tx, c.Booking.ID, s.Now())
	if err != nil || !fresh {
		return false, err
	}
	to := c.Booking.Evidence // what was refused stays refused
	if to == memberprice.Awaited {
		to = memberprice.Late
	}
	if err := s.moveTx(ctx, tx, c, to, "proof_late", "system", nil); err != nil {
		return false, err
	}
	change, err := s.Bookings.PriceAnew(ctx, tx, c.Booking, catalogue.Base, c.Booking.BasePrice)
	if err != nil {
		return false, err
	}
	return true, queue.InsertTx(ctx, tx, LetterArgs{Booking: c.Booking.ID, What: "late", From: change.From, To: change.To})
}

// Wipe takes away the files that have served, and reports of how many bookings: keep days after the proof was accepted,
// the booking was cancelled, or the child left.
func (s *Service) Wipe(ctx context.Context) (int, error) {
	due, err := toWipe(ctx, s.DB, s.Now().AddDate(0, 0, -keep))
	if err != nil {
		return 0, err
	}
	for _, b := range due {
		if err := s.wipe(ctx, b); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

func (s *Service) wipe(ctx context.Context, key id.Booking) error {
	b, err := s.Bookings.BookingByID(ctx, key)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		n, err := s.Bookings.Evidence.WipeTx(ctx, tx, key)
		if err != nil || n == 0 {
			return err
		}
		return s.Bookings.EventTx(ctx, tx, booking.Event{Order: b.Order, Booking: key, Kind: "proof_wiped", Actor: "system", At: s.Now()})
	})
}
