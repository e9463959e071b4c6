package seal

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
)

// Generate makes a new keyset text. Whoever loses it loses every fiche.
func Generate() (string, error) {
	sealing, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return "", fmt.Errorf("seal: make a key: %w", err)
	}
	log, err := keyset.NewHandle(mac.HMACSHA256Tag256KeyTemplate())
	if err != nil {
		return "", fmt.Errorf("seal: make a log key: %w", err)
	}
	return write(sealing, log)
}

// Add puts a further key into the keyset text. It opens but does not seal yet: give the text to every running shop first.
func Add(text string) (out string, id uint32, err error) {
	err = edit(text, &out, func(m *keyset.Manager) error {
		id, err = m.Add(aead.AES256GCMKeyTemplate())
		return err
	})
	return out, id, err
}

// Promote makes a key the one that seals from now on.
func Promote(text string, id uint32) (out string, err error) {
	err = edit(text, &out, func(m *keyset.Manager) error { return m.SetPrimary(id) })
	return out, err
}

// Retire removes a key for good; the primary key is refused. First make sure that no row still lies under it: what does
// is lost.
func Retire(text string, id uint32) (out string, err error) {
	err = edit(text, &out, func(m *keyset.Manager) error { return m.Delete(id) })
	return out, err
}

func edit(text string, out *string, change func(*keyset.Manager) error) error {
	sealing, log, err := handles(text)
	if err != nil {
		return err
	}
	m := keyset.NewManagerFromHandle(sealing)
	if err := change(m); err != nil {
		return fmt.Errorf("seal: change the keyset: %w", err)
	}
	if sealing, err = m.Handle(); err != nil {
		return fmt.Errorf("seal: change the keyset: %w", err)
	}
	*out, err = write(sealing, log)
	return err
}

func write(sealing, log *keyset.Handle) (string, error) {
	d := document{Format: keysetFormat}
	for _, part := range []struct {
		h  *keyset.Handle
		to *json.RawMessage
	}{{sealing, &d.Seal}, {log, &d.Log}} {
		var b bytes.Buffer
		// Clear text on purpose: this text is the secret that the operator keeps.
		if err := insecurecleartextkeyset.Write(part.h, keyset.NewJSONWriter(&b)); err != nil {
			return "", fmt.Errorf("seal: write the keyset: %w", err)
		}
		*part.to = b.Bytes()
	}
	text, err := json.Marshal(d)
	return string(text), err
}
