package web

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/templates/layout"
)

// The pages where people sign in.
const (
	SignInPath      = "/aanmelden"
	StaffSignInPath = "/medewerkers/aanmelden"
)

// ReturnField is the query parameter and form field with the address to go on to after signing in.
const ReturnField = "verder"

// Require lets through who has one of the roles. A visitor is sent to sign in and comes back; everybody else gets the
// answer for a page that does not exist, so that nobody learns what others have.
func Require(roles ...account.Role) fiber.Handler {
	signIn := StaffSignInPath
	if slices.Contains(roles, account.Parent) {
		signIn = SignInPath
	}
	return func(c *fiber.Ctx) error {
		who := Who(c)
		if err := current(c).whoErr; err != nil {
			return errUnavailable.With(err) // not "signed out": that would be untrue, and the form would be lost
		}
		switch {
		case who.Has(roles...):
			return c.Next()
		case who.Known():
			return ErrNotFound
		}
		if c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead {
			if answered, err := sendAgain(c, WithReturn(signIn, returnAddress(c))); answered || err != nil {
				return err
			}
			SetFlash(c, layout.Info, "signin.session_over") // nothing was typed, or it is not shown: say why
		}
		return SeeOther(c, WithReturn(signIn, returnAddress(c)))
	}
}

// returnAddress is where to go on: this page, or for a form that came too late the page that it stood on.
func returnAddress(c *fiber.Ctx) string {
	if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
		return c.OriginalURL()
	}
	from, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil || from.Host != string(c.Request().Host()) {
		return ""
	}
	return from.RequestURI()
}

// WithReturn is the address of a page of signing in that leads on to target.
func WithReturn(page, target string) string {
	if target = LocalPath(target, ""); target == "" {
		return page
	}
	return page + "?" + url.Values{ReturnField: {target}}.Encode()
}
