package medical

import (
	"crypto/ecdh"
	"crypto/rand"
	"testing"
)

// What somebody sends in a phone's name does not open, whatever it is: only who has the pack's public key can seal for it.
func FuzzOpenNoted(f *testing.F) {
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	phone, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("a", phone.PublicKey().Bytes(), make([]byte, 12), make([]byte, 40))
	f.Add("", []byte{4}, []byte{}, []byte{})
	f.Add("a", make([]byte, 65), make([]byte, 11), []byte("x"))
	f.Add("a", phone.PublicKey().Bytes(), make([]byte, 12), []byte(nil))
	f.Fuzz(func(t *testing.T, client string, point, nonce, data []byte) {
		if got, err := openNoted(private, Noted{ID: client, Point: point, Nonce: nonce, Data: data}); err == nil {
			t.Errorf("opened to %+v", got)
		}
	})
}
