package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// policy is the content security policy. form-action also governs where an answer to a form may redirect, so the
// payment's address has to be in it.
func policy(paymentOrigins []string) string {
	return "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; " +
		strings.Join(append([]string{"form-action 'self'"}, paymentOrigins...), " ")
}

// header is one that every answer has, as fasthttp keeps it: its name need not be brought into form for each answer anew.
type header struct{ name, value []byte }

// fixedHeaders are the same for every answer.
func fixedHeaders(paymentOrigins []string, secure bool) (all []header) {
	add := func(name, value string) {
		all = append(all, header{fasthttp.AppendNormalizedHeaderKey(nil, name), []byte(value)})
	}
	add(fiber.HeaderContentSecurityPolicy, policy(paymentOrigins))
	add(fiber.HeaderXContentTypeOptions, "nosniff")
	add(fiber.HeaderXFrameOptions, "DENY")
	add(fiber.HeaderXXSSProtection, "1; mode=block") // for browsers that knew no policy; whole or not at all, since a page with parts taken out is a hole of its own
	add(fiber.HeaderReferrerPolicy, "same-origin")
	add("Cross-Origin-Opener-Policy", "same-origin")
	add("Cross-Origin-Resource-Policy", "same-origin")
	add(fiber.HeaderPermissionsPolicy, "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	if secure {
		add(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
	}
	return all
}

func (s *server) setHeaders(c *fiber.Ctx) {
	for _, h := range s.fixed {
		c.Response().Header.SetCanonical(h.name, h.value)
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
