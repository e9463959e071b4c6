package family

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// errBornFixed says that the office corrects a birthday on which a booking rests: it decides who may come.
var errBornFixed = fault.Field("born", "family.edit.born_office")

// Booked reports whether a child of the guardian has a booking that is not over.
func (s *Service) Booked(ctx context.Context, guardian id.Guardian, child id.Participant) (bool, error) {
	orders, err := s.Bookings.FamilyOrders(ctx, guardian)
	if err != nil {
		return false, err
	}
	v := View{Orders: orders, Today: civil.Of(s.Now())}
	for _, b := range v.Coming() {
		if b.Participant == child {
			return true, nil
		}
	}
	return false, nil
}

// Correct changes a child's name, and the birthday while no booking rests on it. Field faults, account.ErrNoSuchPerson.
func (s *Service) Correct(ctx context.Context, guardian id.Guardian, child id.Participant, first, last string, born civil.Date) error {
	now, err := s.Accounts.ChildOf(ctx, guardian, child)
	if err != nil {
		return err
	}
	if born != now.BornOn {
		booked, err := s.Booked(ctx, guardian, child)
		if err != nil {
			return err
		}
		if booked {
			return errBornFixed
		}
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		return s.Accounts.UpdateChildTx(ctx, tx, guardian, child, account.ChildInput{FirstName: first, LastName: last, BornOn: born})
	})
}
