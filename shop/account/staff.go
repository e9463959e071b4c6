package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Staff is somebody of the organiser.
type Staff struct {
	ID           id.Staff
	Email        string
	Name         string
	Lang         string
	Roles        []Role
	Active       bool
	SecondFactor bool // set up
	Invited      bool // has no password yet
}

// CreateStaffInput is a new staff member. Without Password the person is invited and sets one; without TOTPSecret (base32,
// as authenticator apps take it) the second factor is set up at the first sign-in.
type CreateStaffInput struct {
	Email, Name, Lang string
	Roles             []Role
	Password          string
	TOTPSecret        string
}

// ErrStaffExists says that the address has a staff account already.
var ErrStaffExists = fault.Field("email", "account.staff_exists")

// CreateStaff makes a staff account.
func (s *Service) CreateStaff(ctx context.Context, in CreateStaffInput) (key id.Staff, err error) {
	in.Email = NormalEmail(in.Email)
	if in.Lang == "" {
		in.Lang = "nl"
	}
	if strings.TrimSpace(in.Name) == "" {
		return 0, fault.Field("name", "form.required")
	}
	if err := checkRoles(in.Roles); err != nil {
		return 0, err
	}
	hash := ""
	if in.Password != "" {
		if err := checkPassword(in.Password, in.Email, MinStaffPassword); err != nil {
			return 0, err
		}
		if hash, err = s.passwords.hash(ctx, in.Password); err != nil {
			return 0, err
		}
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if key, err = insertStaff(ctx, tx, in, hash, s.now()); err != nil {
			return err
		}
		if err := replaceRoles(ctx, tx, key, in.Roles); err != nil {
			return err
		}
		if in.TOTPSecret == "" {
			return nil
		}
		sealed, err := s.Seal.Seal([]byte(in.TOTPSecret), factorContext(key))
		if err != nil {
			return fmt.Errorf("seal second factor: %w", err)
		}
		return setFactor(ctx, tx, key, sealed, 0)
	})
	if pg.Constraint(err) == "staff_email_once" {
		return 0, ErrStaffExists.With(err)
	}
	return key, err
}

func checkRoles(roles []Role) error {
	if len(roles) == 0 {
		return fault.Field("roles", "form.choose")
	}
	for _, r := range roles {
		if !slices.Contains([]Role{Office, Accounting, Animator, Lead}, r) {
			return fault.Field("roles", "form.choose")
		}
	}
	return nil
}

// StaffByEmail finds the staff member of an address, or gives ErrNoSuchPerson. It is for operators and the office.
func (s *Service) StaffByEmail(ctx context.Context, email string) (Staff, error) {
	return staffByEmail(ctx, s.DB, NormalEmail(email))
}

// AllStaff lists everybody of the organiser by name, the inactive last.
func (s *Service) AllStaff(ctx context.Context) ([]Staff, error) { return allStaff(ctx, s.DB) }

// SetRoles replaces what somebody may do; it holds from their next request on.
func (s *Service) SetRoles(ctx context.Context, key id.Staff, roles []Role, by id.Staff) error {
	if err := checkRoles(roles); err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if _, err := staffByID(ctx, tx, key); err != nil {
			return err
		}
		if err := replaceRoles(ctx, tx, key, roles); err != nil {
			return err
		}
		return s.noteTx(ctx, tx, "roles_changed", Identity{StaffID: key}, by)
	})
}

// Deactivate ends somebody's access, sessions and invitations at once. What they did stays under their name.
func (s *Service) Deactivate(ctx context.Context, key, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := setActive(ctx, tx, key, false); err != nil {
			return err
		}
		if err := voidInvitations(ctx, tx, key, s.now()); err != nil {
			return err
		}
		return s.endAllTx(ctx, tx, Identity{StaffID: key}, "deactivated", by)
	})
}

// Reactivate gives access back, with the password and second factor of before.
func (s *Service) Reactivate(ctx context.Context, key, by id.Staff) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := setActive(ctx, tx, key, true); err != nil {
			return err
		}
		return s.noteTx(ctx, tx, "reactivated", Identity{StaffID: key}, by)
	})
}

// SignInStaff checks the password and begins a session that opens nothing yet: Pending, until SecondFactor.
func (s *Service) SignInStaff(ctx context.Context, a PasswordAnswer) (in SignedIn, err error) {
	try := attempt{Email: NormalEmail(a.Email), Network: a.Network, Browser: a.Browser, staff: true}
	if err := s.allow(ctx, passwordLimits, try); err != nil {
		return SignedIn{}, err
	}
	key, hash, err := staffPassword(ctx, s.DB, try.Email)
	if err != nil {
		return SignedIn{}, err
	}
	renewed, err := s.checkPassword(ctx, Identity{StaffID: key}, a.Password, hash)
	if err != nil {
		return SignedIn{}, err
	}
	if renewed != "" {
		if err := setStaffPassword(ctx, s.DB, key, renewed); err != nil {
			return SignedIn{}, err
		}
	}
	if err := s.forgive(ctx, passwordLimits, try); err != nil {
		return SignedIn{}, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		in, err = s.pendTx(ctx, tx, key, a.Session)
		return err
	})
	return in, err
}

// pendTx begins a session that still owes the second factor.
func (s *Service) pendTx(ctx context.Context, tx *sqlx.Tx, key id.Staff, replaces string) (SignedIn, error) {
	if replaces != "" {
		if err := deleteSession(ctx, tx, hashOf(replaces)); err != nil {
			return SignedIn{}, err
		}
	}
	return s.startTx(ctx, tx, Identity{StaffID: key, Pending: true})
}
