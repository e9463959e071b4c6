package booking

import (
	"context"
	"slices"

	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/terms/money"
)

// Can says why something cannot be done with a booking; nil where it can.
type Can struct {
	Change   error // free changes and rebooking
	Transfer error
	Cancel   error
	Photos   error
}

// Can looks at the booking and the day only: places and other holidays aside.
func (s *Service) Can(b Booking) Can {
	can := Can{Change: s.changeable(b), Transfer: s.transferable(b)}
	switch {
	case !b.Active():
		can.Cancel, can.Photos = ErrEnded, ErrEnded
	case b.Off():
		can.Cancel = ErrOff
	case b.DepartsOn.Before(s.today()):
		can.Cancel = ErrDeparted
	}
	return can
}

// TransferTo lists the other children of the family who may take a child's place: of the right birth year, and not going
// already.
func (s *Service) TransferTo(ctx context.Context, b Booking) ([]account.Child, error) {
	o, err := orderByID(ctx, s.DB, b.Order)
	if err != nil {
		return nil, err
	}
	children, err := s.Accounts.ChildrenOf(ctx, o.Guardian)
	if err != nil {
		return nil, err
	}
	d, err := s.Catalogue.DepartureByID(ctx, b.Departure)
	if err != nil {
		return nil, err
	}
	going, err := goingOn(ctx, s.DB, b.Departure)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(children, func(c account.Child) bool { return !d.Admits(c.BornOn) || slices.Contains(going, c.ID) }), nil
}

// RebookChoices lists the holidays where a child could go instead: on sale, of the same season, with a place, of its birth
// year, and where it does not go yet. It gives the reason when the booking cannot be rebooked at all.
func (s *Service) RebookChoices(ctx context.Context, who account.Identity, b Booking) ([]catalogue.Departure, error) {
	if _, err := s.maySpend(ctx, who, b.ID); err != nil {
		return nil, err
	}
	all, err := s.Catalogue.Upcoming(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.rebookable(ctx, s.DB, who, b); err != nil {
		return nil, err
	}
	if err := s.BarredTx(ctx, s.DB, who, b.child(), b.Departure, ""); err != nil {
		return nil, err
	}
	open := slices.DeleteFunc(all, func(d catalogue.Departure) bool {
		return d.ID == b.Departure || !d.Bookable(s.Now()) || d.Free == 0 || !d.Admits(b.BornOn) || d.StartsOn.Year() != b.DepartsOn.Year()
	})
	asked := make([]goes, len(open))
	for i, d := range open {
		asked[i] = goes{b.Participant, d.ID}
	}
	already, err := goAlready(ctx, s.DB, asked)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(open, func(d catalogue.Departure) bool { return already[goes{b.Participant, d.ID}] }), nil
}

// GoodwillAllowed is what one member of staff may give back on a booking without a second one.
func (s *Service) GoodwillAllowed() money.Cents { return s.goodwillAlone() }
