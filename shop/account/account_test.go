package account_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg"
	"joetz/migrations/pg/pgtest"
	"joetz/shop/account"
	"joetz/shop/throttle"
	letters "joetz/templates/mail"
	"joetz/terms/fault"
)

// desk is the service with a clock that the test moves and a mailbox that it reads.
type desk struct {
	*account.Service
	db *sqlx.DB

	mu    sync.Mutex
	at    time.Time
	codes map[string][]string // by address
	links map[string][]string
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{db: pgtest.New(t), at: time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC), codes: map[string][]string{}, links: map[string][]string{}}
	s, err := account.New(account.Config{
		DB: d.db, Now: d.now, Mail: d, Seal: newBox(t), Throttle: &throttle.Limiter{DB: d.db, Now: d.now},
		PublicURL: "https://shop.test", Issuer: "JOETZ",
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Service = s
	return d
}

func (d *desk) now() time.Time { d.mu.Lock(); defer d.mu.Unlock(); return d.at }

func (d *desk) forward(by time.Duration) { d.mu.Lock(); defer d.mu.Unlock(); d.at = d.at.Add(by) }

func (d *desk) SignInCodeTx(_ context.Context, _ *sqlx.Tx, to account.Addressee, code string, _ time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.codes[to.Email] = append(d.codes[to.Email], code)
	return nil
}

func (d *desk) InvitationTx(_ context.Context, _ *sqlx.Tx, to account.Addressee, link string, _ time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.links[to.Email] = append(d.links[to.Email], link)
	return nil
}

func (d *desk) NoticeTx(_ context.Context, _ *sqlx.Tx, to account.Addressee, n letters.Notice) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.links[to.Email] = append(d.links[to.Email], n.Kind+" "+n.Path)
	return nil
}

// inTx runs f in a transaction that has to succeed.
func (d *desk) inTx(t *testing.T, f func(tx *sqlx.Tx) error) {
	t.Helper()
	if err := pg.InTx(t.Context(), d.db, f); err != nil {
		t.Fatal(err)
	}
}

// guardian signs in with a code and returns the session.
func (d *desk) guardian(t testing.TB, email string) account.SignedIn {
	t.Helper()
	flow, err := d.RequestCode(t.Context(), account.CodeRequest{Email: email, Lang: "nl", Network: "fresh " + rand.Text()})
	if err != nil {
		t.Fatal(err)
	}
	in, err := d.SignInWithCode(t.Context(), account.CodeAnswer{Flow: flow, Code: d.lastCode(email), Lang: "nl"})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func (d *desk) lastCode(email string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := d.codes[email]
	return all[len(all)-1]
}

// who is the identity behind a token, read as a request does.
func (d *desk) who(t testing.TB, token string) account.Identity {
	t.Helper()
	who, err := d.Identify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// wantFault fails the test unless err is the wanted fault; nil wants none.
func wantFault(t *testing.T, err error, want *fault.Fault) {
	t.Helper()
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

// box seals with AES-GCM under a key of its own.
type box struct{ cipher.AEAD }

func newBox(t testing.TB) box {
	t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return box{aead}
}

func (b box) Seal(plain, place []byte) ([]byte, error) {
	nonce := make([]byte, b.NonceSize())
	_, _ = rand.Read(nonce)
	return b.AEAD.Seal(nonce, nonce, plain, place), nil
}

func (b box) Open(sealed, place []byte) ([]byte, error) {
	return b.AEAD.Open(nil, sealed[:b.NonceSize()], sealed[b.NonceSize():], place)
}
