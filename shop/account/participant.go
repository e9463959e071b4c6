package account

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Child is a participant, as one guardian knows them.
type Child struct {
	ID        id.Participant
	FirstName string
	LastName  string
	BornOn    civil.Date
	Gender    string // f, m or x; "" until a departure needs it
	SeesFiche bool   // this guardian may read the child's medical sheet
}

// Name is the child's whole name.
func (c Child) Name() string { return c.FirstName + " " + c.LastName }

// ChildInput is what a guardian tells about a child.
type ChildInput struct {
	FirstName, LastName string
	BornOn              civil.Date
}

func (in ChildInput) check(today civil.Date) error {
	switch {
	case strings.TrimSpace(in.FirstName) == "":
		return fault.Field("first_name", "form.required")
	case strings.TrimSpace(in.LastName) == "":
		return fault.Field("last_name", "form.required")
	case in.BornOn.IsZero():
		return fault.Field("born_on", "form.required")
	case in.BornOn.After(today) || in.BornOn.Before(today.AddMonths(-12*100)):
		return fault.Field("born_on", "account.born_on_unlikely")
	}
	return nil
}

// ChildrenOf lists the children of a guardian, eldest first.
func (s *Service) ChildrenOf(ctx context.Context, guardian id.Guardian) ([]Child, error) {
	return childrenOf(ctx, s.DB, guardian)
}

// ChildrenOfAllTx is ChildrenOf for many guardians, for who may be inside a transaction.
func (s *Service) ChildrenOfAllTx(ctx context.Context, q sqlx.QueryerContext, guardians ...id.Guardian) (map[id.Guardian][]Child, error) {
	return childrenOfAll(ctx, q, guardians)
}

// ChildOf reads a child of that guardian; somebody else's child is ErrNoSuchPerson.
func (s *Service) ChildOf(ctx context.Context, guardian id.Guardian, child id.Participant) (Child, error) {
	return childOf(ctx, s.DB, guardian, child)
}

// ChildOfTx is ChildOf in the caller's transaction.
func (s *Service) ChildOfTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, child id.Participant) (Child, error) {
	return childOf(ctx, tx, guardian, child)
}

// AddChildTx gives a guardian a child. The same name and birthday a second time is the same child: a form sent twice, or
// a parent who forgot that last year's child is still there.
func (s *Service) AddChildTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, in ChildInput) (id.Participant, error) {
	if err := in.check(civil.Of(s.Now())); err != nil {
		return 0, err
	}
	if err := lockGuardian(ctx, tx, guardian); err != nil { // two forms at once wait for each other here
		return 0, err
	}
	children, err := childrenOf(ctx, tx, guardian)
	if err != nil {
		return 0, err
	}
	for _, c := range children {
		if c.BornOn == in.BornOn && strings.EqualFold(c.FirstName, in.FirstName) && strings.EqualFold(c.LastName, in.LastName) {
			return c.ID, nil
		}
	}
	return insertChild(ctx, tx, guardian, in, s.now())
}

// UpdateChildTx corrects a child of a guardian who may change it; somebody else's child is ErrNoSuchPerson.
func (s *Service) UpdateChildTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, child id.Participant, in ChildInput) error {
	if err := in.check(civil.Of(s.Now())); err != nil {
		return err
	}
	if err := updateChild(ctx, tx, guardian, child, in); err != nil {
		return err
	}
	return insertGuardianshipEvent(ctx, tx, child, "corrected", 0, guardianActor(guardian), s.now())
}
