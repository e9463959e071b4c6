package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	sessionCookie  = "sid"
	languageCookie = "lang"
	flashCookie    = "flash"
)

// cookieName adds the prefix by which a browser refuses the cookie from another host of the domain and over plain http.
func (s *server) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

func (s *server) setCookie(c *fiber.Ctx, name, value string, age time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: int(age.Seconds()),
		Secure: s.secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func (s *server) dropCookie(c *fiber.Ctx, name string) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(name), Path: "/", Expires: time.Unix(0, 0).UTC(),
		Secure: s.secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// SetCookie keeps a value in the browser: out of scripts' reach, not sent along from other sites' forms, only over https
// where the shop has it.
func SetCookie(c *fiber.Ctx, name, value string, age time.Duration) {
	current(c).setCookie(c, name, value, age)
}

// Cookie reads a value that SetCookie kept; "" when there is none.
func Cookie(c *fiber.Ctx, name string) string { return c.Cookies(current(c).cookieName(name)) }

// DropCookie removes it.
func DropCookie(c *fiber.Ctx, name string) { current(c).dropCookie(c, name) }

// StartSession gives the browser the token of a new session, which replaces the one it had. For this request Who stays
// what it was.
func StartSession(c *fiber.Ctx, token string, age time.Duration) {
	current(c).personal = true
	SetCookie(c, sessionCookie, token, age)
}

// SessionToken is the token that came with the request; "" for a visitor.
func SessionToken(c *fiber.Ctx) string { return current(c).token }

// leaseCookie begins the name of a part of the key under which a phone keeps the fiches of one camp without signal
// (medical/OFFLINE.md); the camp's number follows. Scripts read it, below leasePath only; the browser itself throws it away
// when its time is over.
const (
	leaseCookie = "mee-"
	leasePath   = "/animator"
)

// SetLease lends the phone its part of the key of a camp, or lends it longer.
func SetLease(c *fiber.Ctx, camp int64, value string, age time.Duration) {
	c.Cookie(&fiber.Cookie{Name: leaseName(camp), Value: value, Path: leasePath, MaxAge: int(age.Seconds()), Secure: current(c).secure,
		SameSite: fiber.CookieSameSiteStrictMode})
}

func leaseName(camp int64) string { return leaseCookie + strconv.FormatInt(camp, 10) }

// Lease is the part of that camp that the phone has; "" when it has none.
func Lease(c *fiber.Ctx, camp int64) string { return c.Cookies(leaseName(camp)) }

// DropLease takes it back: what the phone kept of that camp does not open any more.
func DropLease(c *fiber.Ctx, camp int64) {
	c.Cookie(&fiber.Cookie{Name: leaseName(camp), Path: leasePath, Expires: time.Unix(0, 0).UTC(), Secure: current(c).secure,
		SameSite: fiber.CookieSameSiteStrictMode})
}

// EndSession takes the token away, and what the browser kept of the pages seen. With the site's storage go the packs that a lease
// opens; a lease alone opens nothing, and ends by itself.
func EndSession(c *fiber.Ctx) {
	DropCookie(c, sessionCookie)
	c.Set("Clear-Site-Data", `"cache", "storage"`)
}

// subkey derives a key for one use, so that a signature made for one never passes for another.
func subkey(key []byte, use string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(use))
	return mac.Sum(nil)
}
