package booking

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/payments"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/id"
)

// FicheArgs asks a job to remind families of fiches that are not signed.
type FicheArgs struct{}

// Kind names the job.
func (FicheArgs) Kind() string { return "booking.fiche_remind" }

// ficheReminder is how many days before FicheUntil a family is reminded, and ficheSettle how many after booking at the soonest.
const (
	ficheReminder = 3
	ficheSettle   = 2
)

// RemindFiches writes once for each child whose fiche is not signed a few days before it is wanted, to the parent who booked, where
// that parent may fill it in; children of one order share a mail. It says nothing about health. Safe to run twice: that a family
// was told is written in the transaction of its mail.
func (s *Service) RemindFiches(ctx context.Context) (mails int, err error) {
	today := s.today()
	orders, err := ordersOfFiches(ctx, s.DB, today, today.AddDays(ficheDays+ficheReminder), today.AddDays(-ficheSettle))
	if err != nil {
		return 0, err
	}
	for _, order := range orders {
		told, err := s.remindFiches(ctx, order)
		if err != nil {
			return mails, err
		}
		if told {
			mails++
		}
	}
	return mails, nil
}

func (s *Service) remindFiches(ctx context.Context, order id.Order) (told bool, err error) {
	o, err := s.OrderByID(ctx, order)
	if err != nil {
		return false, err
	}
	signed, err := s.Medical.SignedFor(ctx, o.Guardian, o.bookingIDs())
	if err != nil {
		return false, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		told = false // the transaction may be tried again
		if err := payments.LockOrderTx(ctx, tx, order); err != nil {
			return err
		}
		now, err := bookings(ctx, tx, `WHERE order_id = $1 ORDER BY id`, order)
		if err != nil {
			return err
		}
		before, err := remindedOfFiche(ctx, tx, order)
		if err != nil {
			return err
		}
		due := slices.DeleteFunc(now, func(b Booking) bool {
			done, sees := signed[b.ID]
			return done || !sees || slices.Contains(before, b.ID) || !s.ficheSoon(b)
		})
		if len(due) == 0 {
			return nil
		}
		told = true
		return s.tellFichesTx(ctx, tx, o, due)
	})
	return told, err
}

// ficheSoon reports whether the fiche of a booking is wanted in a few days, or was before.
func (s *Service) ficheSoon(b Booking) bool {
	today := s.today()
	return b.Status == "placed" && !b.Off() && today.Before(b.DepartsOn) && !today.Before(b.FicheUntil().AddDays(-ficheReminder)) && !today.Before(b.BookedOn.AddDays(ficheSettle))
}

func (s *Service) tellFichesTx(ctx context.Context, tx *sqlx.Tx, o Order, due []Booking) error {
	names, until, path := make([]string, len(due)), due[0].FicheUntil(), "/mijn"
	for i, b := range due {
		names[i] = b.FirstName
		if b.FicheUntil().Before(until) {
			until = b.FicheUntil()
		}
		if err := insertEvent(ctx, tx, Event{Order: o.ID, Booking: b.ID, Kind: "fiche_reminded", Actor: "system", At: s.Now()}); err != nil {
			return err
		}
	}
	if len(due) == 1 {
		path = fmt.Sprintf("/mijn/fiche/%d", due[0].ID)
	}
	return s.NoticeTx(ctx, tx, o.ID, letters.Notice{Kind: "fiche_soon", Args: []any{letters.Names(o.Lang, names), due[0].Title, civil.Later(until, s.today())}, Path: path})
}
