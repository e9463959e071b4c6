package account

import (
	"context"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/id"
)

// lifetime is how long a session lasts: idle without a request, and absolute whatever happens.
type lifetime struct{ idle, absolute time.Duration }

var (
	parentLife   = lifetime{30 * 24 * time.Hour, 180 * 24 * time.Hour}
	staffLife    = lifetime{30 * time.Minute, 12 * time.Hour}
	animatorLife = lifetime{2 * time.Hour, 12 * time.Hour} // a phone in a pocket, at camp
	pendingLife  = lifetime{10 * time.Minute, 10 * time.Minute}
)

func lifeOf(i Identity) lifetime {
	switch {
	case i.GuardianID != 0:
		return parentLife
	case i.Pending:
		return pendingLife
	case i.Has(Office, Accounting):
		return staffLife
	}
	return animatorLife
}

// SignedIn is a session that just began: the token for the cookie, how long the cookie may live, and who it is.
type SignedIn struct {
	Identity
	Token   string
	Age     time.Duration
	Browser string // token by which this browser is known from now on; "" while Pending
}

// Identify tells who has that token. An unknown, ended or idle session is the zero Identity, and so is a session of
// somebody who was deactivated.
func (s *Service) Identify(ctx context.Context, token string) (Identity, error) {
	if token == "" {
		return Identity{}, nil
	}
	row, found, err := s.sessions.Get(ctx, string(hashOf(token)), func(ctx context.Context, hashes []string) (map[string]*sessionRow, error) {
		return sessionsByHash(ctx, s.DB, hashes)
	})
	if err != nil || !found {
		return Identity{}, err
	}
	who, now := row.identity(), s.now()
	life := lifeOf(who)
	if !now.Before(row.ExpiresAt) || !now.Before(row.SeenAt.Add(life.idle)) {
		return Identity{}, nil
	}
	if now.Sub(row.SeenAt) >= grain(life) {
		if err := touchSession(ctx, s.DB, row.TokenHash, now); err != nil {
			return Identity{}, err
		}
	}
	return who, nil
}

// grain is how exactly seen_at is kept: a write at every request would cost more than it tells.
func grain(l lifetime) time.Duration { return min(l.idle/30, time.Hour) }

// startTx begins a session; the token exists nowhere else.
func (s *Service) startTx(ctx context.Context, tx *sqlx.Tx, who Identity) (SignedIn, error) {
	now, life := s.now(), lifeOf(who)
	token, hash := newToken()
	who.SignedInAt = now
	err := insertSession(ctx, tx, sessionRow{
		TokenHash: hash, GuardianID: zeroNull(who.GuardianID), StaffID: zeroNull(who.StaffID), SecondFactorAt: zeroTime(who.SecondFactorAt),
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(life.absolute),
	})
	return SignedIn{Identity: who, Token: token, Age: life.absolute}, err
}

// enterTx begins a full session in place of the one that the browser had, and makes the browser known.
func (s *Service) enterTx(ctx context.Context, tx *sqlx.Tx, who Identity, replaces, browser string) (SignedIn, error) {
	if replaces != "" {
		if err := deleteSession(ctx, tx, hashOf(replaces)); err != nil {
			return SignedIn{}, err
		}
	}
	in, err := s.startTx(ctx, tx, who)
	if err != nil {
		return SignedIn{}, err
	}
	if in.Browser, err = s.rememberBrowserTx(ctx, tx, who, browser); err != nil {
		return SignedIn{}, err
	}
	return in, s.noteTx(ctx, tx, "signed_in", who, 0)
}

// SignOut ends the session; an unknown token is fine.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		row, err := sessionByHash(ctx, tx, hashOf(token))
		if err != nil || row == nil {
			return err
		}
		if err := deleteSession(ctx, tx, row.TokenHash); err != nil {
			return err
		}
		return s.noteTx(ctx, tx, "signed_out", row.identity(), 0)
	})
}

// SignOutEverywhere ends every session of who, and forgets the browsers in which who signed in.
func (s *Service) SignOutEverywhere(ctx context.Context, who Identity) error {
	return pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error { return s.endAllTx(ctx, tx, who, "signed_out_everywhere", 0) })
}

func (s *Service) endAllTx(ctx context.Context, tx *sqlx.Tx, who Identity, why string, by id.Staff) error {
	if err := deleteSessionsOf(ctx, tx, who.GuardianID, who.StaffID); err != nil {
		return err
	}
	if err := deleteBrowsersOf(ctx, tx, who.GuardianID, who.StaffID); err != nil {
		return err
	}
	return s.noteTx(ctx, tx, why, who, by)
}

// Session is one of the reader's own sessions, for the page that lists them.
type Session struct {
	StartedAt time.Time
	SeenAt    time.Time
	Current   bool
}

// Sessions lists who's running sessions, latest first. token is the session that asks.
func (s *Service) Sessions(ctx context.Context, who Identity, token string) ([]Session, error) {
	rows, err := sessionsOf(ctx, s.DB, who.GuardianID, who.StaffID, s.now())
	if err != nil {
		return nil, err
	}
	idle := lifeOf(who).idle
	var running []Session
	for _, row := range rows {
		if s.now().Before(row.SeenAt.Add(idle)) {
			running = append(running, Session{row.CreatedAt, row.SeenAt, slices.Equal(row.TokenHash, hashOf(token))})
		}
	}
	return running, nil
}
