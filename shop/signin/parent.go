package signin

import (
	"errors"
	"math"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/templates/layout"
	pages "joetz/templates/signin"
	"joetz/templates/ui"
	"joetz/terms/fault"
)

// errTooSoon asks to wait some seconds between two codes.
var errTooSoon = fault.New(fault.TooMany, "signin.code.wait")

type emailForm struct {
	Email string `form:"email" validate:"required,mail"`
}

// ShowEmail is where a parent begins. Who is signed in already goes on.
func (h *Handlers) ShowEmail(c *fiber.Ctx) error {
	if who := web.Who(c); who.Known() {
		return web.SeeOther(c, destination(who, back(c)))
	}
	return web.Render(c, pages.Email(h.emailPage(c, "", nil)))
}

func (h *Handlers) emailPage(c *fiber.Ctx, email string, problems ui.Errors) pages.EmailPage {
	return pages.EmailPage{
		Page: front(c, "signin.title", "signin.lead", problems != nil), Email: email, Problems: problems, Return: back(c), Demo: h.demoRows(false),
	}
}

// SendCode mails a code to the address.
func (h *Handlers) SendCode(c *fiber.Ctx) error {
	in, err := web.Form[emailForm](c)
	if err == nil {
		err = h.send(c, in.Email)
	}
	if problems := web.Problems(c, err); problems != nil {
		return web.RenderAgain(c, pages.Email(h.emailPage(c, in.Email, problems)))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, web.WithReturn("/aanmelden/code", string(back(c))))
}

// send mails a code and ties it to this browser.
func (h *Handlers) send(c *fiber.Ctx, email string) error {
	flow, err := h.Accounts.RequestCode(c.UserContext(), account.CodeRequest{
		Email: email, Lang: web.Language(c), Network: web.ClientNetwork(c), Browser: web.Cookie(c, browserCookie),
	})
	if err != nil {
		return err
	}
	web.SetCookie(c, flowCookie, flow, time.Hour) // longer than the code, to know the address when it is asked again
	return nil
}

// ShowCode asks the code. Without one on its way the parent begins again.
func (h *Handlers) ShowCode(c *fiber.Ctx) error {
	flow, err := h.Accounts.Flow(c.UserContext(), web.Cookie(c, flowCookie))
	if errors.Is(err, account.ErrCodeOver) {
		return web.SeeOther(c, web.WithReturn(web.SignInPath, string(back(c))))
	}
	if err != nil {
		return err
	}
	return web.Render(c, pages.Code(h.codePage(c, flow, nil)))
}

func (h *Handlers) codePage(c *fiber.Ctx, flow account.CodeFlow, problems ui.Errors) pages.CodePage {
	p := pages.CodePage{
		Page: page(c, "signin.code.title", problems != nil), Email: flow.Email, Until: flow.Until, Problems: problems, Return: back(c),
	}
	p.Path = web.WithReturn("/aanmelden/code", string(p.Return)) // also on the answer to a form
	if h.Demo != nil {
		p.DemoMail = h.DemoMail
	}
	return p
}

// SendAgain mails another code to the same address, not sooner than half a minute after the last.
func (h *Handlers) SendAgain(c *fiber.Ctx) error {
	flow, err := h.Accounts.Flow(c.UserContext(), web.Cookie(c, flowCookie))
	if flow.Email == "" {
		return web.SeeOther(c, web.WithReturn(web.SignInPath, string(back(c))))
	}
	over := errors.Is(err, account.ErrCodeOver)
	if err != nil && !over {
		return err
	}
	if wait := flow.ResendAt.Sub(web.Now(c)); !over && wait > 0 {
		err = errTooSoon.WithArgs(int(math.Ceil(wait.Seconds()))).After(wait)
	} else {
		err = h.send(c, flow.Email)
	}
	if problems := web.Problems(c, err); problems != nil {
		if over {
			return web.RenderAgain(c, pages.Email(h.emailPage(c, flow.Email, problems)))
		}
		return web.RenderAgain(c, pages.Code(h.codePage(c, flow, problems)))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Info, "signin.code.resent")
	return web.SeeOther(c, web.WithReturn("/aanmelden/code", string(back(c))))
}

type codeForm struct {
	Code string `form:"code" validate:"required,max=30"`
}

// EnterCode signs a parent in.
func (h *Handlers) EnterCode(c *fiber.Ctx) error {
	flow, err := h.Accounts.Flow(c.UserContext(), web.Cookie(c, flowCookie))
	var in account.SignedIn
	if err == nil {
		in, err = h.tryCode(c)
	}
	problems := web.Problems(c, err)
	switch {
	case errors.Is(err, account.ErrCodeOver): // a new one is needed: the address stands there already
		return web.RenderAgain(c, pages.Email(h.emailPage(c, flow.Email, problems)))
	case problems != nil:
		return web.RenderAgain(c, pages.Code(h.codePage(c, flow, problems)))
	case err != nil:
		return err
	}
	web.DropCookie(c, flowCookie)
	return enter(c, in, back(c))
}

func (h *Handlers) tryCode(c *fiber.Ctx) (account.SignedIn, error) {
	form, err := web.Form[codeForm](c)
	if err != nil {
		return account.SignedIn{}, err
	}
	return h.Accounts.SignInWithCode(c.UserContext(), account.CodeAnswer{
		Flow: web.Cookie(c, flowCookie), Code: form.Code, Lang: web.Language(c), Session: web.SessionToken(c),
		Browser: web.Cookie(c, browserCookie), Network: web.ClientNetwork(c),
	})
}

type passwordForm struct {
	Email    string `form:"email" validate:"required,mail"`
	Password string `form:"password,raw" validate:"required,max=400"`
}

func (f passwordForm) answer(c *fiber.Ctx) account.PasswordAnswer {
	return account.PasswordAnswer{
		Email: f.Email, Password: f.Password, Network: web.ClientNetwork(c), Session: web.SessionToken(c), Browser: web.Cookie(c, browserCookie),
	}
}

// ShowPassword is for the parent who chose a password.
func (h *Handlers) ShowPassword(c *fiber.Ctx) error {
	return web.Render(c, pages.Password(h.passwordPage(c, "signin.password.title", "signin.with_password", "", nil)))
}

func (h *Handlers) passwordPage(c *fiber.Ctx, title, text, email string, problems ui.Errors) pages.PasswordPage {
	return pages.PasswordPage{Page: front(c, title, text, problems != nil), Email: email, Problems: problems, Return: back(c)}
}

// EnterPassword signs a parent in with a password.
func (h *Handlers) EnterPassword(c *fiber.Ctx) error {
	form, err := web.Form[passwordForm](c)
	var in account.SignedIn
	if err == nil {
		in, err = h.Accounts.SignInWithPassword(c.UserContext(), form.answer(c))
	}
	if problems := web.Problems(c, err); problems != nil {
		return web.RenderAgain(c, pages.Password(h.passwordPage(c, "signin.password.title", "signin.with_password", form.Email, problems)))
	}
	if err != nil {
		return err
	}
	return enter(c, in, back(c))
}
