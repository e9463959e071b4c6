package booking

import (
	"context"
	"errors"
	"strconv"

	"github.com/jmoiron/sqlx"

	"joetz/shop/account"
	"joetz/shop/catalogue"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// choosing is a child that gets a place of a basket.
type choosing struct {
	changing
	position int
	// The child: one of the family's, or one that is new to it.
	participant id.Participant
	fresh       *account.ChildInput
	waits       bool // it waits on the list whose offer the basket is

	place Child         // before
	child account.Child // once it is known
}

// ChooseChild puts one of the guardian's children on a place of the basket, when the child's birth year fits and it does
// not go already. Invalid faults name the field "child".
func (s *Service) ChooseChild(ctx context.Context, token string, guardian id.Guardian, position int, participant id.Participant) error {
	c := &choosing{changing: newChange(token, guardian), position: position, participant: participant}
	return s.Tried(ctx, guardian, s.crowd().choosing.InTx(ctx, s.DB, c, s.chooseTx))
}

// SeatWaiting is ChooseChild for a basket that is an offer: its caller knows that the child waits on that list.
func (s *Service) SeatWaiting(ctx context.Context, token string, guardian id.Guardian, position int, participant id.Participant) error {
	c := &choosing{changing: newChange(token, guardian), position: position, participant: participant, waits: true}
	return s.Tried(ctx, guardian, s.crowd().choosing.InTx(ctx, s.DB, c, s.chooseTx))
}

// ChooseNewChild adds a child to the guardian's family and puts it on a place of the basket, both or neither.
func (s *Service) ChooseNewChild(ctx context.Context, token string, guardian id.Guardian, position int, in account.ChildInput) error {
	if err := in.Check(s.Now()); err != nil {
		return err
	}
	c := &choosing{changing: newChange(token, guardian), position: position, fresh: &in}
	err := limitAt("born", s.crowd().choosing.InTx(ctx, s.DB, c, s.chooseTx))
	if errors.As(err, new(ErrLimitFull)) {
		return err
	}
	if barred := (errBarred{}); errors.As(err, &barred) {
		barred.told = fault.Field("first_name", "booking.contact_first", in.FirstName)
		return s.Tried(ctx, guardian, barred)
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid { // of a new child the birthday is what can be mended
		return fault.Field("born", f.Key, f.Args...)
	}
	return err
}

// chooseTx puts each child on its place, or notes why not.
func (s *Service) chooseTx(ctx context.Context, tx *sqlx.Tx, all []*choosing) error {
	open, err := openTx(ctx, tx, all, s.Now())
	if err != nil {
		return err
	}
	if open, err = s.fittingTx(ctx, tx, open); err != nil || len(open) == 0 {
		return err
	}
	if err := s.addFreshTx(ctx, tx, open); err != nil {
		return err
	}
	if err := s.mayGoTx(ctx, tx, open); err != nil {
		return err
	}
	if err := setChildParticipants(ctx, tx, open); err != nil {
		return err
	}
	limited, err := lockLimits(ctx, tx, departuresOf(basketsOf(open))...)
	if err != nil {
		return err
	}
	return none(open, func(c *choosing) error { return limitAt("child", s.withinTx(ctx, tx, c.basket, limited)) })
}

// fittingTx reads the children that their families have, and returns the steps whose child fits its place.
func (s *Service) fittingTx(ctx context.Context, tx *sqlx.Tx, open []*choosing) ([]*choosing, error) {
	var guardians []id.Guardian
	for _, c := range open {
		if c.fresh == nil {
			guardians = append(guardians, c.guardian)
		}
	}
	families, err := s.Accounts.ChildrenOfAllTx(ctx, tx, guardians...)
	if err != nil {
		return nil, err
	}
	departures, err := s.Catalogue.RecentTx(ctx, tx, departuresOf(basketsOf(open))...)
	if err != nil {
		return nil, err
	}
	return each(open, func(c *choosing) (err error) {
		if c.child, err = c.person(families[c.guardian]); err != nil {
			return err
		}
		return c.fits(departures)
	}), nil
}

// person is who is to go; one that is new to the family has no id yet.
func (c *choosing) person(family []account.Child) (account.Child, error) {
	if in := c.fresh; in != nil {
		return account.Child{FirstName: in.FirstName, LastName: in.LastName, BornOn: in.BornOn}, nil
	}
	child, ok := childByID(family, c.participant)
	if !ok {
		return child, ErrNotYourChild
	}
	return child, nil
}

// fits refuses a child that the basket has no place for.
func (c *choosing) fits(departures map[id.Departure]catalogue.Departure) error {
	place, ok := c.basket.child(c.position)
	if !ok {
		return ErrNoCheckout
	}
	c.place = place
	if c.basket.Offered && !c.waits && (c.fresh != nil || c.child.ID != place.Participant) {
		return fault.Field("child", "booking.offered_child")
	}
	if d := departures[place.Departure]; !d.Admits(c.child.BornOn) {
		return fault.Field("child", "booking.wrong_age", c.child.FirstName, strconv.Itoa(d.BirthYearFrom), strconv.Itoa(d.BirthYearTo))
	}
	return nil
}

// addFreshTx adds the new children to their families.
func (s *Service) addFreshTx(ctx context.Context, tx *sqlx.Tx, open []*choosing) error {
	fresh := map[id.Guardian]account.ChildInput{}
	for _, c := range open {
		if c.fresh != nil {
			fresh[c.guardian] = *c.fresh
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	added, err := s.Accounts.AddChildrenTx(ctx, tx, fresh)
	for _, c := range open {
		if c.fresh != nil {
			c.child.ID = added[c.guardian]
		}
	}
	return err
}

// mayGoTx refuses children that are barred, and those that go already.
func (s *Service) mayGoTx(ctx context.Context, tx *sqlx.Tx, open []*choosing) error {
	children, going := make([]account.Child, len(open)), make([]goes, len(open))
	for i, c := range open {
		children[i], going[i] = c.child, goes{c.child.ID, c.place.Departure}
	}
	barred, err := barredLike(ctx, tx, children, s.today())
	if err != nil {
		return err
	}
	already, err := goAlready(ctx, tx, going)
	if err != nil {
		return err
	}
	return none(open, func(c *choosing) error {
		switch by := barred[c.child.ID]; {
		case by != 0:
			return contactFirst(by, c.child, c.place.Departure, "child")
		case already[goes{c.child.ID, c.place.Departure}]:
			return fault.Field("child", "booking.goes_already", c.child.FirstName)
		}
		return nil
	})
}
