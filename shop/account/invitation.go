package account

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

const invitationLife = 7 * 24 * time.Hour

// InvitationPath is where the link of an invitation leads; the token follows.
const InvitationPath = "/medewerkers/uitnodiging/"

// ErrInvitationOver says that the link ran out, was used, or that a newer one was sent.
var ErrInvitationOver = fault.New(fault.Expired, "account.invitation_over")

// Invite mails somebody a link to set a password: the first, or a new one. An older link stops working. The second factor
// stays what it was: a link in a mailbox must not be enough to get past it.
func (s *Service) Invite(ctx context.Context, key, by id.Staff) error {
	token, hash := newToken()
	now := s.now()
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		person, err := staffByID(ctx, tx, key)
		if err != nil {
			return err
		}
		if !person.Active {
			return ErrNoSuchPerson
		}
		if err := voidInvitations(ctx, tx, key, now); err != nil {
			return err
		}
		if err := insertInvitation(ctx, tx, hash, key, now, now.Add(invitationLife)); err != nil {
			return err
		}
		if err := s.noteTx(ctx, tx, "invited", Identity{StaffID: key}, by); err != nil {
			return err
		}
		to := Addressee{Email: person.Email, Name: person.Name, Lang: person.Lang}
		return s.Mail.InvitationTx(ctx, tx, to, s.PublicURL+InvitationPath+token, now.Add(invitationLife))
	})
}

// Invited reads whom an invitation is for, and uses nothing up: programs that look into mail open links too.
func (s *Service) Invited(ctx context.Context, token string) (Staff, error) {
	key, err := runningInvitation(ctx, s.DB, hashOf(token), s.now(), false)
	if err != nil {
		return Staff{}, err
	}
	return staffByID(ctx, s.DB, key)
}

// AcceptInvitation sets the password and begins a session that still owes the second factor. Sessions of before end.
func (s *Service) AcceptInvitation(ctx context.Context, token, password, replaces string) (in SignedIn, err error) {
	person, err := s.Invited(ctx, token)
	if err != nil {
		return SignedIn{}, err
	}
	if err := checkPassword(password, person.Email, MinStaffPassword); err != nil {
		return SignedIn{}, err
	}
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return SignedIn{}, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		key, err := runningInvitation(ctx, tx, hashOf(token), s.now(), true)
		if err != nil {
			return err
		}
		if err := voidInvitations(ctx, tx, key, s.now()); err != nil {
			return err
		}
		if err := setStaffPassword(ctx, tx, key, hash); err != nil {
			return err
		}
		if err := s.endAllTx(ctx, tx, Identity{StaffID: key}, "password_set", 0); err != nil {
			return err
		}
		in, err = s.pendTx(ctx, tx, key, replaces)
		return err
	})
	return in, err
}
