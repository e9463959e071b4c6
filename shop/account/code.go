package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/terms/fault"
)

const (
	codeLife  = 10 * time.Minute
	codeTries = 5

	// ResendAfter is how long the page asks to wait before it offers to send a code again.
	ResendAfter = 30 * time.Second
)

var (
	// ErrWrongCode has the number of tries left as its argument.
	ErrWrongCode = fault.Field("code", "account.code_wrong")
	// ErrCodeOver says that the code ran out, was used, or was guessed at too often: a new one is needed.
	ErrCodeOver = fault.New(fault.Expired, "account.code_over")
)

// CodeRequest asks for a code by mail. The page has checked that Email is an address.
type CodeRequest struct {
	Email   string
	Lang    string
	Network string // where the request comes from
	Browser string // token of a known browser, if any
}

// CodeFlow is a code on its way: what the page that asks for it may know.
type CodeFlow struct {
	Email    string
	ResendAt time.Time
	Until    time.Time
}

// RequestCode mails a code and returns the token that has to come back with it, so that only the browser that asked can
// use or burn it. Whether anybody is known under the address changes nothing: the same rows, the same mail, the same time.
func (s *Service) RequestCode(ctx context.Context, in CodeRequest) (flow string, err error) {
	email := NormalEmail(in.Email)
	if err := s.allow(ctx, codeLimits, attempt{Email: email, Network: in.Network, Browser: in.Browser}); err != nil {
		return "", err
	}
	code, err := sixDigits()
	if err != nil {
		return "", err
	}
	flow, hash := newToken()
	now := s.now()
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		if err := insertCode(ctx, tx, email, hash, codeHash(flow, code), now, now.Add(codeLife)); err != nil {
			return err
		}
		return s.Mail.SignInCodeTx(ctx, tx, Addressee{Email: email, Lang: in.Lang}, code, now.Add(codeLife))
	})
	if err != nil {
		return "", fmt.Errorf("request a code: %w", err)
	}
	return flow, nil
}

// Flow tells the page about the code on its way. ErrCodeOver comes with the address where that is known, so that the
// browser that asked before need not type it again.
func (s *Service) Flow(ctx context.Context, flow string) (CodeFlow, error) {
	row, err := codeByFlow(ctx, s.DB, hashOf(flow), false)
	if err != nil {
		return CodeFlow{}, err
	}
	if row == nil {
		return CodeFlow{}, ErrCodeOver
	}
	if row.over(s.now()) {
		return CodeFlow{Email: row.Email}, ErrCodeOver
	}
	return CodeFlow{row.Email, row.CreatedAt.Add(ResendAfter), row.ExpiresAt}, nil
}

// CodeAnswer is the code as somebody typed it.
type CodeAnswer struct {
	Flow    string // token of the flow
	Code    string
	Lang    string
	Session string // token of the session that the new one replaces
	Browser string // token of a known browser
	Network string
}

// SignInWithCode signs in the guardian of the address that the code was sent to, and makes the guardian when new. Wrong
// is ErrWrongCode, too late or too often ErrCodeOver.
func (s *Service) SignInWithCode(ctx context.Context, a CodeAnswer) (in SignedIn, err error) {
	var refused error
	var email string
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		refused, in = nil, SignedIn{}
		row, err := codeByFlow(ctx, tx, hashOf(a.Flow), true)
		if err != nil {
			return err
		}
		if row == nil || row.over(s.now()) {
			refused = ErrCodeOver
			return nil
		}
		if subtle.ConstantTimeCompare(row.CodeHash, codeHash(a.Flow, digits(a.Code))) != 1 {
			if refused = ErrWrongCode.WithArgs(codeTries - row.Attempts - 1); row.Attempts+1 >= codeTries {
				refused = ErrCodeOver
			}
			return countCodeTry(ctx, tx, row.ID) // committed: the refusal is no error of the transaction
		}
		if err := useCode(ctx, tx, row.ID, s.now()); err != nil {
			return err
		}
		email = row.Email
		in, err = s.enterGuardianTx(ctx, tx, row.Email, a)
		return err
	})
	switch {
	case err != nil:
		return SignedIn{}, fmt.Errorf("sign in with a code: %w", err)
	case refused != nil:
		return SignedIn{}, refused
	}
	return in, s.forgive(ctx, codeLimits, attempt{Email: email, Network: a.Network, Browser: a.Browser})
}

func (s *Service) enterGuardianTx(ctx context.Context, tx *sqlx.Tx, email string, a CodeAnswer) (SignedIn, error) {
	g, err := s.GuardianTx(ctx, tx, email, a.Lang)
	if err != nil {
		return SignedIn{}, err
	}
	return s.enterTx(ctx, tx, g.identity(), a.Session, a.Browser)
}

func (g Guardian) identity() Identity {
	return Identity{GuardianID: g.ID, Name: g.Name(), Email: g.Email, Lang: g.Lang, Roles: []Role{Parent}}
}

// codeHash binds the code to its flow: one of a million codes would be found from its plain hash at once, but the token
// is in no table.
func codeHash(flow, code string) []byte {
	sum := sha256.Sum256([]byte(flow + " " + code))
	return sum[:]
}

// sixDigits is a code, every one as likely.
func sixDigits() (string, error) {
	for {
		var b [4]byte
		if _, err := rand.Read(b[:]); err != nil {
			return "", err
		}
		if n := binary.BigEndian.Uint32(b[:]); n < 4_294_000_000 { // the last, incomplete million is thrown again
			return fmt.Sprintf("%06d", n%1_000_000), nil
		}
	}
}

// digits drops the spaces and dashes that people copy along.
func digits(typed string) string {
	var only []rune
	for _, r := range typed {
		if r >= '0' && r <= '9' {
			only = append(only, r)
		}
	}
	return string(only)
}
