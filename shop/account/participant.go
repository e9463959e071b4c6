package account

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
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

// Check gives the fault that a guardian can mend, on the fields first_name, last_name or born_on.
func (in ChildInput) Check(now time.Time) error {
	switch today := civil.Of(now); {
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
	if len(guardians) == 0 {
		return nil, nil
	}
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

// MostChildren is how many children one guardian may have: more than any family or home has, and too few to fill the database by.
const MostChildren = 100

// ErrManyChildren refuses a child above MostChildren.
var ErrManyChildren = fault.New(fault.Invalid, "account.many_children").WithArgs(MostChildren)

// AddChild gives a guardian a child. The same name and birthday a second time is the same child: a form sent twice, or
// a parent who forgot that last year's child is still there.
func (s *Service) AddChild(ctx context.Context, guardian id.Guardian, in ChildInput) (child id.Participant, err error) {
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		added, err := s.AddChildrenTx(ctx, tx, map[id.Guardian]ChildInput{guardian: in})
		child = added[guardian]
		return err
	})
	return child, err
}

// AddChildrenTx is AddChild for many families, a child each.
func (s *Service) AddChildrenTx(ctx context.Context, tx *sqlx.Tx, all map[id.Guardian]ChildInput) (map[id.Guardian]id.Participant, error) {
	for _, in := range all {
		if err := in.Check(s.Now()); err != nil {
			return nil, err
		}
	}
	guardians := slices.Sorted(maps.Keys(all))
	if err := lockGuardians(ctx, tx, guardians); err != nil { // two forms at once wait for each other here
		return nil, err
	}
	families, err := childrenOfAll(ctx, tx, guardians)
	if err != nil {
		return nil, err
	}
	children, fresh := make(map[id.Guardian]id.Participant, len(all)), maps.Clone(all)
	for guardian, in := range all {
		if i := slices.IndexFunc(families[guardian], in.is); i >= 0 {
			children[guardian] = families[guardian][i].ID
			delete(fresh, guardian)
		} else if len(families[guardian]) >= MostChildren {
			return nil, ErrManyChildren
		}
	}
	added, err := insertChildren(ctx, tx, fresh, s.now())
	maps.Copy(children, added)
	return children, err
}

// is reports whether a child that is there already is the one that is told about.
func (in ChildInput) is(c Child) bool {
	return c.BornOn == in.BornOn && strings.EqualFold(c.FirstName, in.FirstName) && strings.EqualFold(c.LastName, in.LastName)
}

// UpdateChildTx corrects a child of a guardian who may change it; somebody else's child is ErrNoSuchPerson.
func (s *Service) UpdateChildTx(ctx context.Context, tx *sqlx.Tx, guardian id.Guardian, child id.Participant, in ChildInput) error {
	if err := in.Check(s.Now()); err != nil {
		return err
	}
	if err := updateChild(ctx, tx, guardian, child, in); err != nil {
		return err
	}
	return insertGuardianshipEvent(ctx, tx, child, "corrected", 0, guardian.Actor(), s.now())
}
