package account

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"
	"golang.org/x/text/unicode/norm"

	"joetz/terms/fault"
)

// hashing is OWASP's first choice for argon2id: 19 MiB, two passes, one thread; about 20 ms. The library's own default
// depends on the number of processors, so that a hash made on one machine would count as outdated on another.
var hashing = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const hashesAtOnce = 4 // 76 MiB at most, however many people sign in together

// hasher makes and compares password hashes, a few at a time.
type hasher struct {
	turns *semaphore.Weighted
	dummy string // compared where there is no hash, so that an unknown address takes as long as a known one
	check func(password, hash string) (bool, *argon2id.Params, error)
}

func newHasher() (*hasher, error) {
	dummy, err := argon2id.CreateHash(rand.Text(), &hashing)
	if err != nil {
		return nil, fmt.Errorf("hash: %w", err)
	}
	return &hasher{turns: semaphore.NewWeighted(hashesAtOnce), dummy: dummy, check: argon2id.CheckHash}, nil
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.turns.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer h.turns.Release(1)
	hash, err := argon2id.CreateHash(norm.NFC.String(password), &hashing) // one form for what two keyboards type apart
	if err != nil {
		return "", fmt.Errorf("hash: %w", err)
	}
	return hash, nil
}

// fits compares. An empty hash fits no password, and takes as long to find out. outdated asks for a new hash.
func (h *hasher) fits(ctx context.Context, password, hash string) (ok, outdated bool, err error) {
	if err := h.turns.Acquire(ctx, 1); err != nil {
		return false, false, err
	}
	defer h.turns.Release(1)
	compared := hash
	if hash == "" {
		compared = h.dummy
	}
	ok, params, err := h.check(norm.NFC.String(password), compared)
	if err != nil {
		return false, false, fmt.Errorf("compare a password: %w", err)
	}
	return ok && hash != "", ok && *params != hashing, nil
}

// The shortest passwords: one that opens an account alone, and one that a second factor stands behind (NIST 800-63B-4
// asks 15 and 8).
const (
	MinPassword      = 15
	MinStaffPassword = 12

	maxPassword = 200
)

// obvious are what a password here is guessed from first; what remains beside them has to be long enough by itself.
var obvious = []string{"joetz", "vakantie", "kamp", "animator", "wachtwoord", "paswoord", "password", "welkom", "welcome",
	"zomer", "summer", "winter", "qwerty", "azerty", "123456789", "12345678", "1234567", "123456", "12345", "1234", "abcd"}

// checkPassword refuses what is too short, too long, or guessed at once. It asks for no digits or signs: those make
// passwords harder to remember, not to guess.
func checkPassword(password, email string, shortest int) error {
	switch n := utf8.RuneCountInString(password); {
	case n < shortest:
		return fault.Field("password", "account.password_short", shortest)
	case n > maxPassword:
		return fault.Field("password", "account.password_long", maxPassword)
	}
	rest := strings.ToLower(password)
	local, _, _ := strings.Cut(email, "@")
	for _, word := range append([]string{email, local}, obvious...) {
		if len(word) >= 4 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	distinct := map[rune]bool{}
	for _, r := range rest {
		distinct[r] = true
	}
	if utf8.RuneCountInString(rest) < 8 || len(distinct) < 5 {
		return fault.Field("password", "account.password_obvious")
	}
	return nil
}
