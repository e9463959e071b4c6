package seal

import (
	"crypto/rand"
	"errors"
	"strconv"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// Place names the one cell that a sealed value belongs to. Its text is the associated data of the seal: change the format
// and no stored value opens any more.
type Place struct {
	Table  string
	ID     int64
	Column string
}

// String is "table:id:column".
func (p Place) String() string { return p.Table + ":" + strconv.FormatInt(p.ID, 10) + ":" + p.Column }

const (
	keySize      = 32   // AES-256
	valueVersion = 0x01 // AES-256-GCM, padded
)

// Key is the data key of one fiche, in memory only. It is safe for concurrent use.
type Key struct{ aead *subtle.AESGCM }

// NewKey makes a data key and returns it with its wrapped form, the only one that may be stored. owner names the cell in
// which the wrapped form is kept.
func (k *Keyring) NewKey(owner Place) (key *Key, wrapped []byte, err error) {
	raw := make([]byte, keySize)
	rand.Read(raw) // never fails since Go 1.24
	if key, err = newKey(raw); err != nil {
		return nil, nil, err
	}
	if wrapped, err = k.wrap.Encrypt(raw, wrapPlace(owner)); err != nil {
		return nil, nil, errors.New("seal: cannot wrap a data key")
	}
	return key, wrapped, nil
}

// Key opens a wrapped data key; ErrUnreadable when it was wrapped for another owner or by a key that is not in the keyset.
func (k *Keyring) Key(wrapped []byte, owner Place) (*Key, error) {
	raw, err := k.wrap.Decrypt(wrapped, wrapPlace(owner))
	if err != nil {
		return nil, ErrUnreadable
	}
	return newKey(raw)
}

// Rewrap brings a wrapped data key under the primary key; changed is false when it is there already. What was sealed with
// the data key stays as it is.
func (k *Keyring) Rewrap(wrapped []byte, owner Place) (out []byte, changed bool, err error) {
	raw, err := k.wrap.Decrypt(wrapped, wrapPlace(owner))
	if err != nil {
		return nil, false, ErrUnreadable
	}
	if KeyOf(wrapped) == k.Primary() {
		return wrapped, false, nil
	}
	if out, err = k.wrap.Encrypt(raw, wrapPlace(owner)); err != nil {
		return nil, false, errors.New("seal: cannot wrap a data key")
	}
	return out, true, nil
}

func wrapPlace(owner Place) []byte { return []byte("wrap|" + owner.String()) }

func newKey(raw []byte) (*Key, error) {
	if len(raw) != keySize {
		return nil, ErrUnreadable
	}
	a, err := subtle.NewAESGCM(raw)
	if err != nil {
		return nil, ErrUnreadable
	}
	return &Key{a}, nil
}

// Seal seals a value for one place.
func (key *Key) Seal(plain []byte, at Place) ([]byte, error) {
	sealed, err := key.aead.Encrypt(pad(plain), []byte(at.String()))
	if err != nil {
		return nil, errors.New("seal: cannot seal") // tink's errors stay out: one day they might quote the value
	}
	return append([]byte{valueVersion}, sealed...), nil
}

// Open opens what Seal sealed for the same place; anything else is ErrUnreadable.
func (key *Key) Open(sealed []byte, at Place) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != valueVersion {
		return nil, ErrUnreadable
	}
	padded, err := key.aead.Decrypt(sealed[1:], []byte(at.String()))
	if err != nil {
		return nil, ErrUnreadable
	}
	return unpad(padded)
}

// String never prints a key.
func (key *Key) String() string { return redacted }

// GoString never prints a key.
func (key *Key) GoString() string { return redacted }
