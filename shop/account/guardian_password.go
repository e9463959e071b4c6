package account

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// ErrWrongPassword is the one answer for an address nobody has, an address without a password, and a wrong password.
var ErrWrongPassword = fault.Field("password", "account.password_wrong")

// PasswordAnswer is an address and password as somebody typed them.
type PasswordAnswer struct {
	Email, Password string
	Network         string
	Session         string // token of the session that the new one replaces
	Browser         string // token of a known browser
}

// SignInWithPassword signs in a guardian who chose to have a password.
func (s *Service) SignInWithPassword(ctx context.Context, a PasswordAnswer) (in SignedIn, err error) {
	try := attempt{Email: NormalEmail(a.Email), Network: a.Network, Browser: a.Browser}
	if err := s.allow(ctx, passwordLimits, try); err != nil {
		return SignedIn{}, err
	}
	key, hash, err := guardianPassword(ctx, s.DB, try.Email)
	if err != nil {
		return SignedIn{}, err
	}
	renewed, err := s.checkPassword(ctx, Identity{GuardianID: key}, a.Password, hash)
	if err != nil {
		return SignedIn{}, err
	}
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		g, err := guardianByID(ctx, tx, key)
		if err != nil {
			return err
		}
		if renewed != "" {
			if err := setGuardianPassword(ctx, tx, key, &renewed); err != nil {
				return err
			}
		}
		in, err = s.enterTx(ctx, tx, g.identity(), a.Session, a.Browser)
		return err
	})
	if err != nil {
		return SignedIn{}, fmt.Errorf("sign in with a password: %w", err)
	}
	return in, s.forgive(ctx, passwordLimits, try)
}

// checkPassword compares what somebody typed with their hash; ErrWrongPassword. A hash that costs less to guess than today's comes
// back made anew, for its caller to keep; "" is one that may stay.
func (s *Service) checkPassword(ctx context.Context, who Identity, typed, hash string) (renewed string, err error) {
	ok, outdated, err := s.passwords.fits(ctx, typed, hash)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "", s.refusePassword(ctx, who)
	case !outdated:
		return "", nil
	}
	return s.passwords.hash(ctx, typed)
}

// refusePassword notes the refusal, and is ErrWrongPassword for everybody. Of an address that nobody has a line is written too,
// without a name: a write that waits for the disk can be told from none by who measures.
func (s *Service) refusePassword(ctx context.Context, who Identity) error {
	if err := s.noteTx(ctx, s.DB, "password_wrong", who, 0); err != nil {
		return err
	}
	return ErrWrongPassword
}

// SetGuardianPassword gives a guardian a password beside the code by mail. It alone opens the account, so it is long.
// All other sessions end.
func (s *Service) SetGuardianPassword(ctx context.Context, key id.Guardian, password, keepSession string) error {
	g, err := s.GuardianByID(ctx, key)
	if err != nil {
		return err
	}
	if err := checkPassword(password, g.Email, MinPassword); err != nil {
		return err
	}
	hash, err := s.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := setGuardianPassword(ctx, tx, key, &hash); err != nil {
			return err
		}
		if err := deleteOtherSessions(ctx, tx, key, hashOf(keepSession)); err != nil {
			return err
		}
		return s.noteTx(ctx, tx, "password_set", g.identity(), 0)
	})
}

// RemoveGuardianPassword leaves the code by mail as the only way in.
func (s *Service) RemoveGuardianPassword(ctx context.Context, key id.Guardian) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := setGuardianPassword(ctx, tx, key, nil); err != nil {
			return err
		}
		return s.noteTx(ctx, tx, "password_removed", Identity{GuardianID: key}, 0)
	})
}
