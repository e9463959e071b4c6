package medicaltest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"testing"

	"joetz/medical"
	"joetz/terms/id"
)

// Noted seals a report as a phone does.
func Noted(t testing.TB, pack medical.Pack, b id.Booking, in medical.Report) medical.Noted {
	t.Helper()
	if in.Client == "" {
		in.Client = medical.NewClient()
	}
	raw, err := json.Marshal(struct {
		Booking id.Booking `json:"booking"`
		medical.Report
	}{b, in})
	if err != nil {
		t.Fatal(err)
	}
	own, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	shop, err := ecdh.P256().NewPublicKey(pack.Public)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := own.ECDH(shop)
	if err != nil {
		t.Fatal(err)
	}
	point := own.PublicKey().Bytes()
	key := sha256.Sum256(append(append(append([]byte{}, shared...), point...), pack.Public...))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	return medical.Noted{ID: in.Client, Point: point, Nonce: nonce, Data: gcm.Seal(nil, nonce, raw, []byte(in.Client))}
}
