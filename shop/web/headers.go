package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// policy is the content security policy. form-action also governs where an answer to a form may redirect, so the
// payment's address has to be in it.
func policy(paymentOrigins []string) string {
	return "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; " +
		strings.Join(append([]string{"form-action 'self'"}, paymentOrigins...), " ")
}

func (s *server) setHeaders(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, s.csp)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set(fiber.HeaderXXSSProtection, "1; mode=block") // for browsers that knew no policy; whole or not at all, since a page with parts taken out is a hole of its own
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	if s.secure {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
	}
}

// keepPrivate keeps pages out of caches: what depended on who asks is stored nowhere, so that the back button shows
// nothing after signing out on a shared computer; another page is asked for again each time, unless its handler said
// otherwise.
func (s *server) keepPrivate(c *fiber.Ctx, r *request) {
	switch {
	case r.personal:
		c.Set(fiber.HeaderCacheControl, "no-store")
	case len(c.Response().Header.Peek(fiber.HeaderCacheControl)) == 0:
		c.Set(fiber.HeaderCacheControl, "private, no-cache")
	}
}
