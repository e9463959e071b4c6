package seal

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrUnreadable says that something sealed does not open: wrong key, wrong place, damaged or shredded. Which one is not
// told, to anybody.
var ErrUnreadable = errors.New("seal: does not open")

// errKeyset never wraps what went wrong: the text that failed to parse holds keys.
var errKeyset = errors.New("seal: the keyset is not one that `shop keys` made")

const keysetFormat = 1

// document is the keyset as text.
type document struct {
	Format int             `json:"format"`
	Seal   json.RawMessage `json:"seal"`
	Log    json.RawMessage `json:"log"`
}

// Keyring wraps data keys, seals small secrets and signs the access log, with keys that are not in the database. It is
// safe for concurrent use and never changes.
type Keyring struct {
	wrap  tink.AEAD
	chain tink.MAC
	ids   []KeyInfo
}

// KeyInfo is what may be told about a key of the keyset.
type KeyInfo struct {
	ID      uint32
	Primary bool
}

// Parse reads a keyset text made by Generate. Its errors never contain any of it.
func Parse(text string) (*Keyring, error) {
	sealing, log, err := handles(text)
	if err != nil {
		return nil, err
	}
	k := &Keyring{}
	if k.wrap, err = aead.New(sealing); err != nil {
		return nil, errKeyset
	}
	if k.chain, err = mac.New(log); err != nil {
		return nil, errKeyset
	}
	for i := range sealing.Len() {
		e, err := sealing.Entry(i)
		if err != nil {
			return nil, errKeyset
		}
		k.ids = append(k.ids, KeyInfo{ID: e.KeyID(), Primary: e.IsPrimary()})
	}
	return k, nil
}

func handles(text string) (sealing, log *keyset.Handle, err error) {
	var d document
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if dec.Decode(&d) != nil || dec.More() || d.Format != keysetFormat {
		return nil, nil, errKeyset
	}
	read := func(raw json.RawMessage) *keyset.Handle {
		h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
		if err != nil {
			return nil
		}
		return h
	}
	if sealing, log = read(d.Seal), read(d.Log); sealing == nil || log == nil {
		return nil, nil, errKeyset
	}
	return sealing, log, nil
}

// Keys lists the keys that seal, for the operator.
func (k *Keyring) Keys() []KeyInfo { return append([]KeyInfo(nil), k.ids...) }

// Primary is the id of the key that seals now.
func (k *Keyring) Primary() uint32 {
	for _, i := range k.ids {
		if i.Primary {
			return i.ID
		}
	}
	panic("seal: a keyset without a primary key") // tink refuses to load one
}

// KeyOf is the id of the keyset key under which a wrapped data key or small secret lies; 0 when the bytes are neither.
func KeyOf(wrapped []byte) uint32 {
	if len(wrapped) < 5 || wrapped[0] != 1 { // tink's prefix: 1, then the id
		return 0
	}
	return binary.BigEndian.Uint32(wrapped[1:5])
}

// Seal seals a small secret that has no data key of its own (a second factor's secret). aad names its row as
// "table:id:column" and must be given again to Open.
func (k *Keyring) Seal(plain, aad []byte) ([]byte, error) {
	out, err := k.wrap.Encrypt(plain, secretPlace(aad))
	if err != nil {
		return nil, errors.New("seal: cannot seal")
	}
	return out, nil
}

// Open opens what Seal sealed for the same aad; anything else is ErrUnreadable.
func (k *Keyring) Open(sealed, aad []byte) ([]byte, error) {
	plain, err := k.wrap.Decrypt(sealed, secretPlace(aad))
	if err != nil {
		return nil, ErrUnreadable
	}
	return plain, nil
}

// Reseal brings a small secret under the primary key; changed is false when it is there already.
func (k *Keyring) Reseal(sealed, aad []byte) (out []byte, changed bool, err error) {
	plain, err := k.Open(sealed, aad)
	if err != nil || KeyOf(sealed) == k.Primary() {
		return sealed, false, err
	}
	out, err = k.Seal(plain, aad)
	return out, err == nil, err
}

// secretPlace keeps small secrets and wrapped keys apart, so that neither passes for the other.
func secretPlace(aad []byte) []byte { return append([]byte("secret|"), aad...) }

// MAC signs a line of the access log. Without the keyset nobody can make one, the database's administrator included.
func (k *Keyring) MAC(line []byte) ([]byte, error) {
	out, err := k.chain.ComputeMAC(line)
	if err != nil {
		return nil, fmt.Errorf("seal: sign a log line: %w", err)
	}
	return out, nil
}

// CheckMAC reports whether MAC signed exactly this line.
func (k *Keyring) CheckMAC(sum, line []byte) bool { return k.chain.VerifyMAC(sum, line) == nil }

// String never prints keys.
func (k *Keyring) String() string { return fmt.Sprintf("keyring of %d keys", len(k.ids)) }

// GoString never prints keys.
func (k *Keyring) GoString() string { return k.String() }
