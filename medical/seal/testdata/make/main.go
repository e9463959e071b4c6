// Command make writes the seal's vectors with the standard library's AES-GCM and with bytes put together by hand, so that
// they are a second opinion about the format and not what package seal happened to write. Run it in medical/seal:
//
//	go run ./testdata/make
//
// The files are frozen: a change in one of them means that stored fiches no longer open.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
)

type vector struct {
	Why    string `json:"why"`
	Keys   string `json:"keys"`    // keyset text
	Owner  string `json:"owner"`   // table:id:column of the wrapped key
	Key    string `json:"wrapped"` // hex
	Place  string `json:"place"`   // table:id:column of the value
	Sealed string `json:"sealed"`  // hex
	Plain  string `json:"plain"`   // what it opens to; fail_ vectors have none
}

func main() {
	log.SetFlags(0)
	kek, dek := seq(0x10, 32), seq(0x80, 32)
	keys := keyset(0x0a0b0c0d, kek, seq(0x40, 32))
	wrapped := append([]byte{1, 0x0a, 0x0b, 0x0c, 0x0d}, gcm(kek, seq(0xc0, 12), dek, "wrap|fiche_key:41:wrapped")...)
	plain := "Noa krijgt 's avonds een puffer, één keer."
	value := append([]byte{1}, gcm(dek, seq(0xd0, 12), string2padded(plain, 512), "fiche_section:41:med")...)

	good := vector{Keys: keys, Owner: "fiche_key:41:wrapped", Key: hex.EncodeToString(wrapped),
		Place: "fiche_section:41:med", Sealed: hex.EncodeToString(value), Plain: plain}
	write("good_value", "as stored", good, func(*vector) {})
	write("good_empty", "an empty text is a value too", good, func(v *vector) {
		v.Plain, v.Sealed = "", hex.EncodeToString(append([]byte{1}, gcm(dek, seq(0xe0, 12), string2padded("", 512), "fiche_section:41:med")...))
	})
	long := strings.Repeat("zéér lang ", 100)
	write("good_long", "two kilobytes", good, func(v *vector) {
		v.Plain, v.Sealed = long, hex.EncodeToString(append([]byte{1}, gcm(dek, seq(0xe1, 12), string2padded(long, 2048), "fiche_section:41:med")...))
	})

	fail := good
	fail.Plain = ""
	write("fail_other_row", "moved to another child", fail, func(v *vector) { v.Place = "fiche_section:42:med" })
	write("fail_other_column", "moved to another topic", fail, func(v *vector) { v.Place = "fiche_section:41:food" })
	write("fail_other_table", "moved to another table", fail, func(v *vector) { v.Place = "fiche_upload:41:med" })
	write("fail_other_owner", "wrapped key of another fiche", fail, func(v *vector) { v.Owner = "fiche_key:42:wrapped" })
	write("fail_bit", "one bit changed", fail, func(v *vector) { v.Sealed = flip(value, len(value)-1) })
	write("fail_nonce", "one bit of the nonce changed", fail, func(v *vector) { v.Sealed = flip(value, 1) })
	write("fail_cut", "cut short", fail, func(v *vector) { v.Sealed = hex.EncodeToString(value[:20]) })
	write("fail_nothing", "no bytes", fail, func(v *vector) { v.Sealed = "" })
	write("fail_version", "a format from the future", fail, func(v *vector) { v.Sealed = flip(value, 0) })
	write("fail_length", "its length claims more than there is", fail, func(v *vector) {
		p := string2padded("x", 512)
		binary.BigEndian.PutUint32(p, 509)
		v.Sealed = hex.EncodeToString(append([]byte{1}, gcm(dek, seq(0xe2, 12), p, v.Place)...))
	})
	write("fail_short_padding", "too short to hold its length", fail, func(v *vector) {
		v.Sealed = hex.EncodeToString(append([]byte{1}, gcm(dek, seq(0xe3, 12), []byte{0, 0}, v.Place)...))
	})
	write("fail_keyset", "another keyset", fail, func(v *vector) { v.Keys = keyset(0x0a0b0c0d, seq(0x11, 32), seq(0x40, 32)) })
	write("fail_secret_as_key", "a small secret passed off as a wrapped key", fail, func(v *vector) {
		v.Key = hex.EncodeToString(append([]byte{1, 0x0a, 0x0b, 0x0c, 0x0d}, gcm(kek, seq(0xc1, 12), dek, "secret|fiche_key:41:wrapped")...))
	})
	write("fail_key_size", "a data key of 16 bytes", fail, func(v *vector) {
		v.Key = hex.EncodeToString(append([]byte{1, 0x0a, 0x0b, 0x0c, 0x0d}, gcm(kek, seq(0xc2, 12), dek[:16], "wrap|fiche_key:41:wrapped")...))
	})
}

func write(name, why string, v vector, change func(*vector)) {
	v.Why = why
	change(&v)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("testdata/"+name+".json", b.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func gcm(key, nonce, plain []byte, aad string) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		log.Fatal(err)
	}
	a, err := cipher.NewGCM(block)
	if err != nil {
		log.Fatal(err)
	}
	return a.Seal(append([]byte(nil), nonce...), nonce, plain, []byte(aad))
}

func string2padded(s string, size int) []byte {
	out := make([]byte, size)
	binary.BigEndian.PutUint32(out, uint32(len(s)))
	copy(out[4:], s)
	return out
}

func seq(from byte, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = from + byte(i)
	}
	return out
}

func flip(b []byte, i int) string {
	c := append([]byte(nil), b...)
	c[i] ^= 4
	return hex.EncodeToString(c)
}

// keyset writes tink's JSON by hand: AesGcmKey is {3: key_value}, HmacKey is {2: {1: hash SHA256, 2: tag size}, 3: key_value}.
func keyset(id uint32, kek, mac []byte) string {
	entry := func(id uint32, typ string, value []byte) string {
		return fmt.Sprintf(`{"primaryKeyId":%d,"key":[{"keyData":{"typeUrl":"type.googleapis.com/google.crypto.tink.%s","value":"%s","keyMaterialType":"SYMMETRIC"},"status":"ENABLED","keyId":%d,"outputPrefixType":"TINK"}]}`,
			id, typ, base64.StdEncoding.EncodeToString(value), id)
	}
	return fmt.Sprintf(`{"format":1,"seal":%s,"log":%s}`,
		entry(id, "AesGcmKey", append([]byte{0x1a, 32}, kek...)),
		entry(7, "HmacKey", append([]byte{0x12, 4, 0x08, 3, 0x10, 32, 0x1a, 32}, mac...)))
}
