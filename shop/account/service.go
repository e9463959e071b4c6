package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/shop/throttle"
	letters "joetz/templates/mail"
	"joetz/terms/fault"
	"joetz/terms/id"
)

// Mailer writes the messages of sign-in, in the transaction that makes the code or link in them, and those about who acts
// for a child.
type Mailer interface {
	SignInCodeTx(ctx context.Context, tx *sqlx.Tx, to Addressee, code string, until time.Time) error
	InvitationTx(ctx context.Context, tx *sqlx.Tx, to Addressee, link string, until time.Time) error
	NoticeTx(ctx context.Context, tx *sqlx.Tx, to Addressee, n letters.Notice) error
}

// Addressee is who gets a message.
type Addressee struct{ Email, Name, Lang string }

// Sealer keeps a secret unreadable in the database. What was sealed for one row opens for no other: context names it.
type Sealer interface {
	Seal(plain, context []byte) ([]byte, error)
	Open(sealed, context []byte) ([]byte, error)
}

// Config is what the service works with.
type Config struct {
	DB        *sqlx.DB
	Now       func() time.Time
	Mail      Mailer
	Seal      Sealer
	Throttle  *throttle.Limiter
	PublicURL string // before the path of an invitation
	Issuer    string // the organiser, as an authenticator app shows it
}

// Service is everything about people and their sessions. It is safe for concurrent use.
type Service struct {
	Config
	passwords *hasher
	sessions  pg.Lookup[string, *sessionRow]
	guardians pg.Lookup[id.Guardian, Guardian]
}

// New makes the service ready; it computes one password hash.
func New(cfg Config) (*Service, error) {
	h, err := newHasher()
	if err != nil {
		return nil, fmt.Errorf("account: %w", err)
	}
	return &Service{Config: cfg, passwords: h}, nil
}

// now is cut to what the database keeps, so that what was written is what is read.
func (s *Service) now() time.Time { return s.Now().Truncate(time.Microsecond) }

var (
	// ErrNoSuchPerson is the answer for a guardian, child or staff member that does not exist, or not for this reader.
	ErrNoSuchPerson = fault.New(fault.NotFound, "error.not_found.text")
	// ErrTooManyTries has the minutes to wait as its argument.
	ErrTooManyTries = fault.New(fault.TooMany, "account.too_many")
)

// newToken is a secret of 256 bits for a cookie or link, and its hash for the database.
func newToken() (token string, hash []byte) {
	token = rand.Text() + rand.Text() // 2 × 130 bits
	return token, hashOf(token)
}

// hashOf needs no salt and no slowness: what it hashes is random and long.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
