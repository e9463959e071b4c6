package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// SeeOther answers a form: the browser reads that page next, and reloading it sends nothing twice.
func SeeOther(c *fiber.Ctx, target string) error { return c.Redirect(target, http.StatusSeeOther) }

// LocalPath returns target when it is an address of this shop that may be read after signing in, else otherwise. It
// keeps a link from sending the reader elsewhere: "//host", "/\host" and "https:..." all leave the shop.
func LocalPath(target, otherwise string) string {
	if len(target) == 0 || len(target) > 500 || target[0] != '/' || strings.HasPrefix(target, "//") {
		return otherwise
	}
	if strings.ContainsFunc(target, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return otherwise
	}
	// What begins with one slash has no host; a second slash that hides behind an escape is refused as well.
	if u, err := url.Parse(target); err != nil || strings.Contains(u.Path, "//") {
		return otherwise
	}
	return target
}
