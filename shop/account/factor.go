package account

import (
	"context"
	"crypto/subtle"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"joetz/migrations/pg"
	"joetz/shop/throttle"
	"joetz/terms/fault"
	"joetz/terms/id"
)

const (
	factorStep  = 30 // seconds
	factorTries = 5  // of one session, after which the password is asked again
)

// factorRule limits guessing by who has the password already: each code is one of a million, three of them count at once.
var factorRule = throttle.Rule{Name: "factor", Burst: 15, Every: 10 * time.Minute}

var (
	// ErrWrongFactor is the answer to a code that is wrong or was used before.
	ErrWrongFactor = fault.Field("code", "account.factor_wrong")
	// ErrFactorOver says that the password has to be given again first.
	ErrFactorOver = fault.New(fault.Expired, "account.factor_over")
)

func factorContext(key id.Staff) []byte {
	return []byte("staff:" + strconv.FormatInt(int64(key), 10) + ":totp_secret")
}

func offerContext(session []byte) []byte {
	return []byte(fmt.Sprintf("session:%x:totp_offered", session))
}

// Factor is what a session that gave the password has to do next.
type Factor struct {
	Staff id.Staff
	Name  string
	SetUp bool // there is no second factor yet: one is set up now
}

// PendingFactor reads what the session has to do next; ErrFactorOver when the password is due (again).
func (s *Service) PendingFactor(ctx context.Context, token string) (Factor, error) {
	row, sealed, err := s.pending(ctx, s.DB, token, false)
	if err != nil {
		return Factor{}, err
	}
	return Factor{*row.StaffID, row.LastName, sealed == nil}, nil
}

// pending reads a session that owes the second factor and the staff member's sealed secret, nil when there is none yet.
func (s *Service) pending(ctx context.Context, q sqlx.QueryerContext, token string, lock bool) (*sessionRow, []byte, error) {
	row, err := sessionByHash(ctx, q, hashOf(token))
	if err != nil {
		return nil, nil, err
	}
	if row == nil || row.StaffID == nil || row.SecondFactorAt != nil || row.Tries >= factorTries || !s.now().Before(row.ExpiresAt) {
		return nil, nil, ErrFactorOver
	}
	sealed, err := factorOf(ctx, q, *row.StaffID, lock)
	return row, sealed, err
}

// FactorAnswer is a code as somebody typed it: six digits of the app, or a recovery code.
type FactorAnswer struct {
	Session string
	Code    string
	Browser string // token of a known browser
}

// SecondFactor completes the sign-in of a staff member.
func (s *Service) SecondFactor(ctx context.Context, a FactorAnswer) (in SignedIn, err error) {
	if err := s.countFactor(ctx, a); err != nil {
		return SignedIn{}, err
	}
	var refused error
	err = pg.InTx(ctx, s.DB, func(tx *sqlx.Tx) error {
		refused, in = nil, SignedIn{}
		row, sealed, err := s.pending(ctx, tx, a.Session, true)
		if err != nil {
			return err
		}
		if sealed == nil {
			return ErrFactorOver // nothing to compare with: the page for setting up is another
		}
		ok, err := s.factorFitsTx(ctx, tx, *row.StaffID, sealed, a.Code)
		if err != nil {
			return err
		}
		if !ok {
			refused, err = s.refuseFactorTx(ctx, tx, row)
			return err
		}
		in, err = s.completeTx(ctx, tx, row, a)
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	return in, refused
}

// countFactor counts a try for the person behind the session, over all their sessions.
func (s *Service) countFactor(ctx context.Context, a FactorAnswer) error {
	row, _, err := s.pending(ctx, s.DB, a.Session, false)
	if err != nil {
		return err
	}
	subject := strconv.FormatInt(int64(*row.StaffID), 10)
	if known, err := s.isKnown(ctx, attempt{Email: row.Email, Browser: a.Browser, staff: true}); err != nil {
		return err
	} else if known { // somebody else who has the password cannot use these tries up
		subject += " " + string(hashOf(a.Browser))
	}
	return s.count(ctx, factorRule, subject)
}

func (s *Service) refuseFactorTx(ctx context.Context, tx *sqlx.Tx, row *sessionRow) (refused, err error) {
	if err := s.noteTx(ctx, tx, "second_factor_wrong", Identity{StaffID: *row.StaffID}, 0); err != nil {
		return nil, err
	}
	if row.Tries+1 >= factorTries {
		return ErrFactorOver, deleteSession(ctx, tx, row.TokenHash)
	}
	return ErrWrongFactor, countSessionTry(ctx, tx, row.TokenHash)
}

// completeTx turns the pending session into a full one under a new token.
func (s *Service) completeTx(ctx context.Context, tx *sqlx.Tx, row *sessionRow, a FactorAnswer) (SignedIn, error) {
	now := s.now()
	row.SecondFactorAt = &now
	return s.enterTx(ctx, tx, row.identity(), a.Session, a.Browser)
}

// factorFitsTx accepts a code of the app once, or an unused recovery code. Both are digits only: a phone shows its
// number pad for the field.
func (s *Service) factorFitsTx(ctx context.Context, tx *sqlx.Tx, key id.Staff, sealed []byte, typed string) (bool, error) {
	code := digits(typed)
	if len(code) == recoveryDigits {
		used, err := useRecoveryCode(ctx, tx, key, hashOf(code), s.now())
		if err != nil || !used {
			return false, err
		}
		return true, s.noteTx(ctx, tx, "recovery_code_used", Identity{StaffID: key}, 0)
	}
	secret, err := s.Seal.Open(sealed, factorContext(key))
	if err != nil {
		return false, fmt.Errorf("open second factor: %w", err)
	}
	step, ok, err := stepOf(string(secret), code, s.now())
	if err != nil || !ok {
		return false, err
	}
	return useStep(ctx, tx, key, step)
}

// stepOf finds the time step whose code this is: the running one, or one beside it for clocks that differ.
func stepOf(secret, code string, now time.Time) (step int64, ok bool, err error) {
	current := now.Unix() / factorStep
	for _, at := range [...]int64{current, current - 1, current + 1} {
		want, err := codeAt(secret, at)
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = at, true
		}
	}
	return step, ok, nil
}

func codeAt(secret string, step int64) (string, error) {
	code, err := totp.GenerateCodeCustom(secret, time.Unix(step*factorStep, 0), totp.ValidateOpts{
		Period: factorStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1, // what every authenticator app knows
	})
	if err != nil {
		return "", fmt.Errorf("second factor: %w", err)
	}
	return code, nil
}

// recoveryDigits make 80 bits, so that a plain hash of the code cannot be searched through.
const recoveryDigits = 24

// recoveryCodes makes ten codes, written in groups of four.
func recoveryCodes() (codes []string, hashes [][]byte, err error) {
	for range 10 {
		code := ""
		for len(code) < recoveryDigits {
			six, err := sixDigits()
			if err != nil {
				return nil, nil, err
			}
			code += six
		}
		hashes = append(hashes, hashOf(code))
		var groups []string
		for at := 0; at < recoveryDigits; at += 4 {
			groups = append(groups, code[at:at+4])
		}
		codes = append(codes, strings.Join(groups, "-"))
	}
	return codes, hashes, nil
}
