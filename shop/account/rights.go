package account

import (
	"context"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	letters "joetz/templates/mail"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Rights is what a guardian may do for one child.
type Rights struct {
	SeesFiche bool `db:"sees_fiche"` // reads and fills in the medical fiche
	Pays      bool `db:"pays"`       // sees and pays what the bookings cost
	Changes   bool `db:"changes"`    // changes bookings and details, and writes to the office
	Manages   bool `db:"manages"`    // invites other adults, changes their rights, removes them
}

// Tie is an adult who acts for a child, as the child's other guardians know them: a name, never an address.
type Tie struct {
	Guardian id.Guardian
	Name     string
	Rights   Rights
}

var (
	// ErrLastGuardian says that a child would be left without anybody who manages it.
	ErrLastGuardian = fault.New(fault.Conflict, "account.last_guardian")
	// ErrNotManaging is for a guardian who may not decide who else acts for the child.
	ErrNotManaging = fault.New(fault.Denied, "account.not_managing")
)

// RightsOf gives what a guardian may do now, by child. A child that is not there is not theirs.
func (s *Service) RightsOf(ctx context.Context, guardian id.Guardian) (map[id.Participant]Rights, error) {
	return rightsOf(ctx, s.DB, guardian)
}

// TiesOf lists who acts for each of these children, for a guardian of them; children of others are left out.
func (s *Service) TiesOf(ctx context.Context, guardian id.Guardian) (map[id.Participant][]Tie, error) {
	return tiesOf(ctx, s.DB, guardian)
}

// SetRights changes what another adult may do for a child. ErrNotManaging, ErrNoSuchPerson, or ErrLastGuardian when nobody
// would manage the child.
func (s *Service) SetRights(ctx context.Context, by id.Guardian, child id.Participant, who id.Guardian, r Rights) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		ties, err := s.managedTx(ctx, tx, by, child)
		if err != nil {
			return err
		}
		if _, ok := ties[who]; !ok {
			return ErrNoSuchPerson
		}
		ties[who] = r
		if !managed(ties) {
			return ErrLastGuardian
		}
		if err := setRights(ctx, tx, child, who, r); err != nil {
			return err
		}
		return insertGuardianshipEvent(ctx, tx, child, "rights", who, by.Actor(), s.now())
	})
}

// RemoveGuardian ends that an adult acts for a child: themselves, or another when by manages the child. It counts from the
// next request on. The one who was removed gets a mail. ErrLastGuardian when nobody would manage the child.
func (s *Service) RemoveGuardian(ctx context.Context, by id.Guardian, child id.Participant, who id.Guardian) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		ties, err := s.lockTiesTx(ctx, tx, child)
		if err != nil {
			return err
		}
		mine, isMine := ties[by]
		_, exists := ties[who]
		switch {
		case !isMine || !exists:
			return ErrNoSuchPerson
		case by != who && !mine.Manages:
			return ErrNotManaging
		}
		delete(ties, who)
		if !managed(ties) {
			return ErrLastGuardian
		}
		if err := deleteGuardianship(ctx, tx, child, who); err != nil {
			return err
		}
		kind := "removed"
		if by == who {
			kind = "left"
		}
		if err := insertGuardianshipEvent(ctx, tx, child, kind, who, by.Actor(), s.now()); err != nil {
			return err
		}
		return s.tellRemovedTx(ctx, tx, by, who, child, kind)
	})
}

func (s *Service) tellRemovedTx(ctx context.Context, tx *sqlx.Tx, by, who id.Guardian, child id.Participant, kind string) error {
	person, err := guardianByID(ctx, tx, who)
	if err != nil {
		return err
	}
	name, err := firstNameOf(ctx, tx, child)
	if err != nil {
		return err
	}
	other, err := guardianByID(ctx, tx, by)
	if err != nil {
		return err
	}
	return s.Mail.NoticeTx(ctx, tx, person.addressee(), letters.Notice{Kind: "guardian_" + kind, FirstName: person.FirstName, Args: []any{name, other.Name()}, Path: "/mijn"})
}

func (g Guardian) addressee() Addressee {
	return Addressee{Email: g.Email, Name: g.Name(), Lang: g.Lang}
}

// managedTx locks a child and gives its guardians' rights, when by manages it.
func (s *Service) managedTx(ctx context.Context, tx *sqlx.Tx, by id.Guardian, child id.Participant) (map[id.Guardian]Rights, error) {
	ties, err := s.lockTiesTx(ctx, tx, child)
	if err != nil {
		return nil, err
	}
	mine, ok := ties[by]
	switch {
	case !ok:
		return nil, ErrNoSuchPerson
	case !mine.Manages:
		return nil, ErrNotManaging
	}
	return ties, nil
}

// lockTiesTx makes two who remove each other wait: the second sees what the first did.
func (s *Service) lockTiesTx(ctx context.Context, tx *sqlx.Tx, child id.Participant) (map[id.Guardian]Rights, error) {
	if err := lockParticipant(ctx, tx, child); err != nil {
		return nil, err
	}
	return rightsOn(ctx, tx, child)
}

func managed(ties map[id.Guardian]Rights) bool {
	for _, r := range ties {
		if r.Manages {
			return true
		}
	}
	return false
}
