package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/templates/layout"
	"joetz/templates/messages"
	"joetz/terms/fault"
)

// note is a flash message on its way through the browser: a key, not words, so that nothing else can be shown.
type note struct {
	Tone layout.Tone `json:"t"`
	Key  string      `json:"k"`
	Args []string    `json:"a,omitempty"`
}

// SetFlash shows the message on the next page. Args are already written as people read them (an amount, a name).
func SetFlash(c *fiber.Ctx, tone layout.Tone, key string, args ...string) {
	r := current(c)
	text, err := json.Marshal(note{tone, key, args})
	if err != nil {
		return // strings always marshal
	}
	r.setCookie(c, flashCookie, sign(r.flash, text), 5*time.Minute)
}

// FlashFault shows why something was refused on the next page.
func FlashFault(c *fiber.Ctx, f *fault.Fault) {
	args := make([]string, len(f.Args))
	for i, a := range f.Args {
		args[i] = fmt.Sprint(a)
	}
	SetFlash(c, layout.Warning, f.Key, args...)
}

// takeFlash reads the message and removes it: it is shown once.
func takeFlash(c *fiber.Ctx, r *request) *layout.Flash {
	value := c.Cookies(r.cookieName(flashCookie))
	if value == "" {
		return nil
	}
	r.dropCookie(c, flashCookie)
	var n note
	text, ok := verify(r.flash, value)
	if !ok || json.Unmarshal(text, &n) != nil {
		return nil
	}
	args := make([]any, len(n.Args))
	for i, a := range n.Args {
		args[i] = a
	}
	return &layout.Flash{Tone: n.Tone, Text: messages.T(r.lang, n.Key, args...)}
}

// sign makes text.signature, both safe in a cookie.
func sign(key, text []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write(text)
	b := base64.RawURLEncoding
	return b.EncodeToString(text) + "." + b.EncodeToString(mac.Sum(nil))
}

func verify(key []byte, signed string) (text []byte, ok bool) {
	body, _, found := strings.Cut(signed, ".")
	if !found {
		return nil, false
	}
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return nil, false
	}
	return text, hmac.Equal([]byte(sign(key, text)), []byte(signed))
}
