package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"strings"
	"sync"
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
	Href string      `json:"h,omitempty"` // of this shop
	Link string      `json:"l,omitempty"` // the key of its words
}

// SetFlash shows the message on the next page. Args are already written as people read them (an amount, a name).
func SetFlash(c *fiber.Ctx, tone layout.Tone, key string, args ...string) {
	setNote(c, note{Tone: tone, Key: key, Args: args})
}

// SetFlashLink is SetFlash with a link after the words: to look at what was done, or to undo it. link is the key of its words.
func SetFlashLink(c *fiber.Ctx, tone layout.Tone, href, link, key string, args ...string) {
	setNote(c, note{Tone: tone, Key: key, Args: args, Href: LocalPath(href, "/"), Link: link})
}

func setNote(c *fiber.Ctx, n note) {
	r := current(c)
	text, err := json.Marshal(n)
	if err != nil {
		return // strings always marshal
	}
	r.setCookie(c, flashCookie, r.flash.sign(text), 5*time.Minute)
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
	text, ok := r.flash.verify(value)
	if !ok || json.Unmarshal(text, &n) != nil {
		return nil
	}
	args := make([]any, len(n.Args))
	for i, a := range n.Args {
		args[i] = a
	}
	f := &layout.Flash{Tone: n.Tone, Text: messages.T(r.lang, n.Key, args...)}
	if n.Href != "" {
		f.Link = &layout.Link{Href: n.Href, Text: messages.T(r.lang, n.Link)}
	}
	return f
}

// signer signs with one key. What it signs with is made once and used again: a crowd that hears "sold out" gets a message each.
type signer struct{ macs sync.Pool }

func newSigner(key []byte) *signer {
	return &signer{sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

// sign makes text.signature, both safe in a cookie.
func (s *signer) sign(text []byte) string {
	mac := s.macs.Get().(hash.Hash)
	defer s.macs.Put(mac)
	mac.Reset()
	mac.Write(text)
	var sum [sha256.Size]byte
	b := base64.RawURLEncoding
	out := make([]byte, 0, b.EncodedLen(len(text))+1+b.EncodedLen(len(sum)))
	out = append(b.AppendEncode(out, text), '.')
	return string(b.AppendEncode(out, mac.Sum(sum[:0])))
}

func (s *signer) verify(signed string) (text []byte, ok bool) {
	body, _, found := strings.Cut(signed, ".")
	if !found {
		return nil, false
	}
	text, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return nil, false
	}
	return text, hmac.Equal([]byte(s.sign(text)), []byte(signed))
}
