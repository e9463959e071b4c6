package signin

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/templates/layout"
	pages "joetz/templates/signin"
	"joetz/templates/ui"
	"joetz/terms/civil"
	"joetz/terms/fault"
)

// SecurityPath is the page about one's own sessions and password.
const SecurityPath = "/beveiliging"

// fresh is how recent a sign-in must be to change a password: somebody who finds an open phone must not take it over.
const fresh = 15 * time.Minute

var errNotFresh = fault.New(fault.Denied, "signin.security.not_fresh")

// ShowSecurity lists the reader's sessions, and for a parent asks a password.
func (h *Handlers) ShowSecurity(c *fiber.Ctx) error { return h.security(c, nil) }

func (h *Handlers) security(c *fiber.Ctx, problems ui.Errors) error {
	who := web.Who(c)
	p := pages.SecurityPage{
		Page: page(c, "signin.security.title", problems != nil), Email: who.Email, Parent: who.Has(account.Parent),
		Fresh: isFresh(c, who), FreshMinutes: int(fresh.Minutes()), Shortest: account.MinPassword, Problems: problems,
	}
	p.Path = SecurityPath
	sessions, err := h.Accounts.Sessions(c.UserContext(), who, web.SessionToken(c))
	if err != nil {
		return err
	}
	for _, s := range sessions {
		p.Sessions = append(p.Sessions, pages.SessionRow{Since: civil.Of(s.StartedAt), Seen: civil.Of(s.SeenAt), Current: s.Current})
	}
	if p.Parent {
		g, err := h.Accounts.GuardianByID(c.UserContext(), who.GuardianID)
		if err != nil {
			return err
		}
		p.HasPassword = g.Password
	}
	if problems != nil {
		return web.RenderAgain(c, pages.Security(p))
	}
	return web.Render(c, pages.Security(p))
}

func isFresh(c *fiber.Ctx, who account.Identity) bool { return web.Now(c).Sub(who.SignedInAt) < fresh }

// SignOutEverywhere ends every session of the reader, this one too.
func (h *Handlers) SignOutEverywhere(c *fiber.Ctx) error {
	if err := h.Accounts.SignOutEverywhere(c.UserContext(), web.Who(c)); err != nil {
		return err
	}
	web.EndSession(c)
	web.SetFlash(c, layout.Good, "signin.signed_out_everywhere")
	return web.SeeOther(c, "/")
}

type choosePasswordForm struct {
	Do       string `form:"do" validate:"required,oneof=keep remove"`
	Password string `form:"password,raw" validate:"required_if=Do keep,max=400"`
}

// ChoosePassword gives a parent a password beside the code, or takes it away.
func (h *Handlers) ChoosePassword(c *fiber.Ctx) error {
	who := web.Who(c)
	if !isFresh(c, who) {
		return errNotFresh
	}
	form, err := web.Form[choosePasswordForm](c)
	note := "signin.security.kept"
	switch {
	case err != nil:
	case form.Do == "remove":
		note = "signin.security.removed"
		err = h.Accounts.RemoveGuardianPassword(c.UserContext(), who.GuardianID)
	default:
		err = h.Accounts.SetGuardianPassword(c.UserContext(), who.GuardianID, form.Password, web.SessionToken(c))
	}
	if problems := web.Problems(c, err); problems != nil {
		return h.security(c, problems)
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, note)
	return web.SeeOther(c, SecurityPath)
}
