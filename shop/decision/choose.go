package decision

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/medical"
	"joetz/migrations/pg"
	"joetz/shop/account"
	"joetz/shop/booking"
	"joetz/shop/catalogue"
	"joetz/terms"
	"joetz/terms/id"
	"joetz/terms/money"
)

// Choice is one of the other holidays, with what it costs this family.
type Choice struct {
	Offer int64
	To    catalogue.Departure
	Move  booking.RebookPreview
}

// View is what a family sees of a decision about its booking.
type View struct {
	Item     Item
	Decision Decision
	Was      booking.Booking // that the decision was about
	Booking  booking.Booking // that goes on
	Back     money.Cents     // what goes back when they take it, or leave
	Choices  []Choice        // while they may choose
	MayLeave bool
	Why      []terms.Reason // of a rise
	Rises    []terms.Rise   // of a rise: all that they were told of
	Rise     terms.PriceRise
}

// ForFamily reads what a decision does to a booking of a guardian who pays for it. Another's is ErrNoDecision.
func (s *Service) ForFamily(ctx context.Context, guardian id.Guardian, item int64) (View, error) {
	i, err := itemByID(ctx, s.DB, item)
	if err != nil {
		return View{}, err
	}
	if _, err := s.Bookings.BookingOf(ctx, guardian, i.Booking, booking.ToPay); err != nil {
		return View{}, ErrNoDecision
	}
	return s.view(ctx, i)
}

func (s *Service) view(ctx context.Context, i Item) (v View, err error) {
	v.Item = i
	if v.Decision, err = s.byID(ctx, i.Decision); err != nil {
		return v, err
	}
	if v.Was, err = s.Bookings.BookingByID(ctx, i.Booking); err != nil {
		return v, err
	}
	v.Booking = v.Was
	if i.Fresh != 0 {
		if v.Booking, err = s.Bookings.BookingByID(ctx, i.Fresh); err != nil {
			return v, err
		}
	}
	if i.Outcome == Raised {
		if err := s.addRise(ctx, &v); err != nil {
			return v, err
		}
	}
	v.MayLeave = i.MayLeave(s.today()) && v.Booking.Active() && s.today().Before(v.Booking.DepartsOn)
	if i.State != Asked && !v.MayLeave {
		return v, nil
	}
	end, err := s.Bookings.PreviewEnd(ctx, s.DB, v.Booking, i.leaves())
	if err != nil {
		return v, err
	}
	v.Back = end.Back()
	if i.State == Asked && s.Now().Before(*v.Decision.Until) {
		v.Choices, err = s.choices(ctx, v)
	}
	return v, err
}

// leaves is in whose name a booking ends when its family leaves.
func (i Item) leaves() terms.By {
	if i.Kind == Rise {
		return terms.ByPriceRise
	}
	return terms.ByOrganiser
}

func (s *Service) addRise(ctx context.Context, v *View) error {
	all, err := risesOf(ctx, s.DB, []id.Booking{v.Booking.ID})
	if err != nil {
		return err
	}
	v.Rises = all[v.Booking.ID]
	v.Rise, v.Why, err = s.Bookings.JudgeRise(ctx, s.DB, v.Booking, v.Rises)
	return err
}

func (s *Service) choices(ctx context.Context, v View) (all []Choice, err error) {
	offers, err := offersOf(ctx, s.DB, v.Item.ID)
	if err != nil || len(offers) == 0 {
		return nil, err
	}
	found, err := s.Catalogue.ByID(ctx, v.Decision.Others...)
	if err != nil {
		return nil, err
	}
	for _, o := range offers {
		move, err := s.Bookings.PreviewMove(ctx, s.DB, v.Booking, found[o.Departure], o.move(v.Booking))
		if people(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, Choice{o.ID, found[o.Departure], move})
	}
	return all, nil
}

func (o Offer) move(b booking.Booking) booking.Move {
	return booking.Move{Booking: b.ID, Departure: o.Departure, BoardingPlace: o.Boarding, Kept: o.Checkout}
}

// Choose takes one of the other holidays, on the place that is held for it. confirmed is what the page said.
// ErrAnswered when the family answered before, ErrOver when the time for it is over, booking.ErrOutdated.
func (s *Service) Choose(ctx context.Context, who account.Identity, r medical.Reader, item, offer int64, confirmed booking.RebookConfirmed) (fresh id.Booking, err error) {
	v, err := s.ForFamily(ctx, who.GuardianID, item)
	if err != nil {
		return 0, err
	}
	err = s.answer(ctx, v, func(tx *sqlx.Tx, i Item, offers []Offer) error {
		var others []Offer
		var chosen *Offer
		for n := range offers {
			if offers[n].ID == offer {
				chosen = &offers[n]
			} else {
				others = append(others, offers[n])
			}
		}
		if chosen == nil {
			return ErrNoDecision
		}
		move := chosen.move(v.Booking)
		move.Note = v.Decision.Reason
		var p booking.RebookPreview
		if fresh, p, err = s.Bookings.MoveTx(ctx, tx, who, r, move, &confirmed); err != nil {
			return err
		}
		if err := s.Bookings.DropKeptTx(ctx, tx, kept(others)...); err != nil {
			return err
		}
		i.Fresh = fresh
		return s.doneTx(ctx, tx, i, Rebooked, p.Refund)
	})
	return fresh, err
}

// TakeBack takes the money instead of another holiday. confirmed is the amount that the page said.
func (s *Service) TakeBack(ctx context.Context, who account.Identity, item int64, confirmed money.Cents) error {
	v, err := s.ForFamily(ctx, who.GuardianID, item)
	if err != nil {
		return err
	}
	return s.answer(ctx, v, func(tx *sqlx.Tx, i Item, offers []Offer) error {
		b, err := s.Bookings.LockedTx(ctx, tx, i.Booking)
		if err != nil {
			return err
		}
		if err := s.asShown(ctx, tx, b, i, confirmed); err != nil {
			return err
		}
		return s.refundTx(ctx, tx, who, v.Decision, subject{i, b, offers})
	})
}

func (s *Service) asShown(ctx context.Context, tx *sqlx.Tx, b booking.Booking, i Item, confirmed money.Cents) error {
	end, err := s.Bookings.PreviewEnd(ctx, tx, b, i.leaves())
	if err == nil && end.Back() != confirmed {
		return booking.ErrOutdated
	}
	return err
}

// answer runs f on an item that still waits for its family, under the locks of its places and its order.
func (s *Service) answer(ctx context.Context, v View, f func(tx *sqlx.Tx, i Item, offers []Offer) error) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		offers, err := offersOf(ctx, tx, v.Item.ID)
		if err != nil {
			return err
		}
		if err := s.Bookings.LockKeptTx(ctx, tx, kept(offers)...); err != nil {
			return err
		}
		if _, err := s.Bookings.LockedTx(ctx, tx, v.Item.Booking); err != nil {
			return err
		}
		i, err := lockItem(ctx, tx, v.Item.ID)
		switch {
		case err != nil:
			return err
		case i.State != Asked:
			return ErrAnswered
		case !s.Now().Before(*v.Decision.Until):
			return ErrOver
		}
		return f(tx, i, offers)
	})
}

// Leave ends a booking for free, because its price rose above the threshold or it was moved. confirmed is what the page said
// that goes back. ErrOver when the time for it is over.
func (s *Service) Leave(ctx context.Context, who account.Identity, item int64, confirmed money.Cents) error {
	v, err := s.ForFamily(ctx, who.GuardianID, item)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		b, err := s.Bookings.LockedTx(ctx, tx, v.Item.Current())
		if err != nil {
			return err
		}
		i, err := lockItem(ctx, tx, v.Item.ID)
		switch {
		case err != nil:
			return err
		case i.Outcome == Left || !b.Active():
			return ErrAnswered
		case !i.MayLeave(s.today()) || !s.today().Before(b.DepartsOn):
			return ErrOver
		}
		if err := s.asShown(ctx, tx, b, i, confirmed); err != nil {
			return err
		}
		back, err := s.endTx(ctx, tx, who, i.leaves(), v.Decision.Reason, b)
		if err != nil {
			return err
		}
		if err := s.doneTx(ctx, tx, i, Left, back[0]); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, LetterArgs{Item: i.ID, What: Left})
	})
}
