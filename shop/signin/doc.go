// Package signin has the handlers of signing in and out: for parents, for the organiser's people, by invitation.
//
// Owns: the two cookies of signing in (the code on its way, the known browser).
// Tables: none.
// May import: terms, templates, shop/account, shop/web; fiber.
// Always true: a sign-in leads to a page of this shop that its person may see; what a shop for trying out shows is there
// only when Handlers.Demo is, which production refuses.
package signin

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/templates/layout"
	pages "joetz/templates/signin"
)

// Handlers are the pages of signing in.
type Handlers struct {
	Accounts *account.Service
	Demo     *account.Demo       // nil in production
	DemoMail string              // address of the readable mail; "" in production
	DemoRows []pages.DemoAccount // the sign-ins that the seed made; none in production, whatever is here
}

// demoRows are the demo's sign-ins for a page: those with a password, or those who get a code.
func (h *Handlers) demoRows(withPassword bool) (rows []pages.DemoAccount) {
	if h.Demo == nil {
		return nil
	}
	for _, a := range h.DemoRows {
		if (a.Password != "") == withPassword {
			rows = append(rows, a)
		}
	}
	return rows
}

const (
	flowCookie    = "code"
	browserCookie = "known"
	browserAge    = 365 * 24 * time.Hour
)

// returnForm is the address to go on to, which travels through every step.
type returnForm struct {
	Return string `form:"verder" validate:"max=500"`
}

// back is the checked return address of the request; "" for none.
func back(c *fiber.Ctx) pages.Return {
	in, _ := web.Form[returnForm](c)
	return pages.Return(web.LocalPath(in.Return, ""))
}

// groups are the addresses that belong to somebody's role.
var groups = map[string][]account.Role{
	"/mijn":        {account.Parent},
	"/kantoor":     {account.Office},
	"/boekhouding": {account.Accounting},
	"/animator":    {account.Animator, account.Lead},
}

// destination is where a sign-in leads: on to what was asked for, unless that is not for this person.
func destination(who account.Identity, to pages.Return) string {
	target := web.LocalPath(string(to), who.Start())
	for group, roles := range groups {
		if (target == group || strings.HasPrefix(target, group+"/") || strings.HasPrefix(target, group+"?")) && !who.Has(roles...) {
			return who.Start()
		}
	}
	return target
}

// enter gives the browser its session and leads on.
func enter(c *fiber.Ctx, in account.SignedIn, to pages.Return) error {
	start(c, in)
	return web.SeeOther(c, destination(in.Identity, to))
}

func start(c *fiber.Ctx, in account.SignedIn) {
	web.StartSession(c, in.Token, in.Age)
	if in.Browser != "" {
		web.SetCookie(c, browserCookie, in.Browser, browserAge)
	}
}

// page is the frame of a page that is not for search engines.
func page(c *fiber.Ctx, titleKey string, failed bool) layout.Page {
	p := web.Page(c)
	p.Title, p.Private, p.Failed = p.T(titleKey), true, failed
	return p
}

// front is the frame of a page where people begin, which they may look for: where it leads nowhere in particular and nothing went
// wrong, it is for search engines too.
func front(c *fiber.Ctx, titleKey, textKey string, failed bool) layout.Page {
	p := page(c, titleKey, failed)
	p.Description, p.Private = p.T(textKey), failed || back(c) != ""
	return p
}

// SignOut ends the session, and leads to a new one where the form asks for that.
func (h *Handlers) SignOut(c *fiber.Ctx) error {
	if token := web.SessionToken(c); token != "" {
		if err := h.Accounts.SignOut(c.UserContext(), token); err != nil {
			return err
		}
	}
	web.EndSession(c)
	if to := back(c); to != "" { // to sign in again, for what asks a fresh sign-in
		return web.SeeOther(c, web.WithReturn(web.SignInPath, string(to)))
	}
	web.SetFlash(c, layout.Good, "signin.signed_out")
	return web.SeeOther(c, "/")
}
