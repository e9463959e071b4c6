package account

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	letters "joetz/templates/mail"
	"joetz/terms/civil"
	"joetz/terms/fault"
	"joetz/terms/id"
)

const coInvitationLife = 14 * 24 * time.Hour

// coInvitationsADay is how many invitations a guardian sends in 24 hours: enough for a patchwork family, too few to bother
// strangers.
const coInvitationsADay = 8

// FamilyInvitationPath is where the link of an invitation for another parent leads; the token follows.
const FamilyInvitationPath = "/uitnodiging/"

// CoInvite is an invitation as a guardian fills it in.
type CoInvite struct {
	Email    string
	Children []id.Participant
	Rights   Rights
}

// CoInvitation is an invitation as it stands.
type CoInvitation struct {
	ID        int64       `db:"id"`
	Email     string      `db:"email"`
	InvitedBy id.Guardian `db:"invited_by"`
	Rights
	CreatedAt time.Time `db:"created_at"`
	ExpiresAt time.Time `db:"expires_at"`
	Inviter   string    `db:"-"` // the name of who invites
	Children  []Child   `db:"-"` // those that the inviter still manages
}

// Over reports whether the link has run out.
func (i CoInvitation) Over(now time.Time) bool { return !now.Before(i.ExpiresAt) }

var (
	// ErrFamilyInvitationOver says that the link ran out, was used, was taken back, or that a newer one was sent.
	ErrFamilyInvitationOver = fault.New(fault.Expired, "account.family_invitation_over")
	// ErrOtherAddress says that the invitation is for another address than the one that somebody signed in with.
	ErrOtherAddress = fault.New(fault.Denied, "account.other_address")
)

// InviteGuardian mails another adult a link with which they become a guardian of the children. An older link to the same
// address stops working. Field faults on email and children; ErrNotManaging and ErrNoSuchPerson for a child that is not
// theirs to share.
func (s *Service) InviteGuardian(ctx context.Context, by id.Guardian, in CoInvite) error {
	in.Email = NormalEmail(in.Email)
	me, err := s.GuardianByID(ctx, by)
	switch {
	case err != nil:
		return err
	case in.Email == me.Email:
		return fault.Field("email", "account.invite_self")
	case len(in.Children) == 0:
		return fault.Field("children", "account.invite_nobody")
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := lockGuardian(ctx, tx, by); err != nil { // two invitations at once count each other
			return err
		}
		n, err := coInvitationsSince(ctx, tx, by, s.now().Add(-24*time.Hour))
		if err != nil {
			return err
		}
		if n >= coInvitationsADay {
			return fault.Field("email", "account.invite_often")
		}
		for _, child := range in.Children {
			if _, err := s.managedTx(ctx, tx, by, child); err != nil {
				return err
			}
		}
		if err := revokeCoInvitationsTo(ctx, tx, by, in.Email, s.now()); err != nil {
			return err
		}
		token, hash := newToken()
		inv := CoInvitation{Email: in.Email, InvitedBy: by, Rights: in.Rights, CreatedAt: s.now(), ExpiresAt: s.now().Add(coInvitationLife)}
		if inv.ID, err = insertCoInvitation(ctx, tx, hash, inv, in.Children); err != nil {
			return err
		}
		for _, child := range in.Children {
			if err := insertGuardianshipEvent(ctx, tx, child, "invited", 0, by.Actor(), s.now()); err != nil {
				return err
			}
		}
		return s.mailCoInvitationTx(ctx, tx, me, inv, token)
	})
}

func (s *Service) mailCoInvitationTx(ctx context.Context, tx *sqlx.Tx, me Guardian, inv CoInvitation, token string) error {
	children, err := coInvitationChildren(ctx, tx, inv.ID, inv.InvitedBy)
	if err != nil {
		return err
	}
	to := Addressee{Email: inv.Email, Lang: me.Lang}
	return s.Mail.NoticeTx(ctx, tx, to, letters.Notice{Kind: "guardian_invited", Args: []any{me.Name(), firstNames(children, me.Lang), civil.Of(inv.ExpiresAt)},
		Path: FamilyInvitationPath + token, Secret: true, Until: inv.ExpiresAt})
}

// ResendGuardianInvitation mails a new link; the older one stops working.
func (s *Service) ResendGuardianInvitation(ctx context.Context, by id.Guardian, invitation int64) error {
	open, err := s.GuardianInvitations(ctx, by)
	if err != nil {
		return err
	}
	for _, inv := range open {
		if inv.ID == invitation {
			in := CoInvite{Email: inv.Email, Rights: inv.Rights}
			for _, c := range inv.Children {
				in.Children = append(in.Children, c.ID)
			}
			return s.InviteGuardian(ctx, by, in)
		}
	}
	return ErrNoSuchPerson
}

// RevokeGuardianInvitation takes an invitation back.
func (s *Service) RevokeGuardianInvitation(ctx context.Context, by id.Guardian, invitation int64) error {
	return revokeCoInvitation(ctx, s.DB, by, invitation, s.now())
}

// GuardianInvitations lists the invitations of a guardian that were neither used nor taken back, newest first; some may
// have run out.
func (s *Service) GuardianInvitations(ctx context.Context, by id.Guardian) ([]CoInvitation, error) {
	open, err := coInvitationsBy(ctx, s.DB, by)
	if err != nil {
		return nil, err
	}
	for i := range open {
		if open[i].Children, err = coInvitationChildren(ctx, s.DB, open[i].ID, by); err != nil {
			return nil, err
		}
	}
	return open, nil
}

// GuardianInvited reads an invitation by its token for whoever signed in, and uses nothing up. ErrFamilyInvitationOver, or
// ErrOtherAddress when it is for somebody else.
func (s *Service) GuardianInvited(ctx context.Context, token string, who id.Guardian) (CoInvitation, error) {
	return s.guardianInvited(ctx, s.DB, token, who, false)
}

func (s *Service) guardianInvited(ctx context.Context, q sqlx.QueryerContext, token string, who id.Guardian, lock bool) (CoInvitation, error) {
	inv, err := coInvitationByToken(ctx, q, hashOf(token), s.now(), lock)
	if err != nil {
		return CoInvitation{}, err
	}
	person, err := guardianByID(ctx, q, who)
	if err != nil {
		return CoInvitation{}, err
	}
	if person.Email != inv.Email {
		return CoInvitation{}, ErrOtherAddress
	}
	inviter, err := guardianByID(ctx, q, inv.InvitedBy)
	if err != nil {
		return CoInvitation{}, err
	}
	inv.Inviter = inviter.Name()
	if inv.Children, err = coInvitationChildren(ctx, q, inv.ID, inv.InvitedBy); err != nil {
		return CoInvitation{}, err
	}
	if len(inv.Children) == 0 { // who invited no longer decides about any of them
		return CoInvitation{}, ErrFamilyInvitationOver
	}
	return inv, nil
}

// AcceptGuardianInvitation makes who a guardian of the invitation's children, and tells both. Who acts for a child already
// keeps the rights they have.
func (s *Service) AcceptGuardianInvitation(ctx context.Context, token string, who id.Guardian) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		inv, err := s.guardianInvited(ctx, tx, token, who, true)
		if err != nil {
			return err
		}
		for _, child := range inv.Children {
			if _, err := s.managedTx(ctx, tx, inv.InvitedBy, child.ID); err != nil {
				return ErrFamilyInvitationOver // taken away at this very moment
			}
			if err := insertGuardianship(ctx, tx, child.ID, who, inv.Rights); err != nil {
				return err
			}
			if err := insertGuardianshipEvent(ctx, tx, child.ID, "accepted", who, who.Actor(), s.now()); err != nil {
				return err
			}
		}
		if err := useCoInvitation(ctx, tx, inv.ID, s.now()); err != nil {
			return err
		}
		return s.tellAcceptedTx(ctx, tx, inv, who)
	})
}

func (s *Service) tellAcceptedTx(ctx context.Context, tx *sqlx.Tx, inv CoInvitation, who id.Guardian) error {
	person, err := guardianByID(ctx, tx, who)
	if err != nil {
		return err
	}
	inviter, err := guardianByID(ctx, tx, inv.InvitedBy)
	if err != nil {
		return err
	}
	err = s.Mail.NoticeTx(ctx, tx, inviter.addressee(), letters.Notice{Kind: "guardian_accepted", FirstName: inviter.FirstName,
		Args: []any{person.Name(), firstNames(inv.Children, inviter.Lang)}, Path: "/mijn/gezin"})
	if err != nil {
		return err
	}
	return s.Mail.NoticeTx(ctx, tx, person.addressee(), letters.Notice{Kind: "guardian_welcome", FirstName: person.FirstName,
		Args: []any{inviter.Name(), firstNames(inv.Children, person.Lang)}, Path: "/mijn"})
}

func firstNames(children []Child, lang string) string {
	names := make([]string, len(children))
	for i, c := range children {
		names[i] = c.FirstName
	}
	return letters.Names(lang, names)
}

// FamilyEvent is a line of a child's history: who came to act for it, or stopped.
type FamilyEvent struct {
	Child  string    `db:"child"`
	Kind   string    `db:"kind"` // added, corrected, invited, accepted, rights, removed or left
	Who    string    `db:"who"`  // whom it is about; "" for the child itself
	ByName string    `db:"by_name"`
	At     time.Time `db:"at"`
	Actor  string    `db:"actor"`
}

// FamilyEvents lists what happened to a guardian's children, newest first, at most limit.
func (s *Service) FamilyEvents(ctx context.Context, guardian id.Guardian, limit int) ([]FamilyEvent, error) {
	return familyEvents(ctx, s.DB, guardian, limit)
}
