package signin

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/templates/layout"
	pages "joetz/templates/signin"
	"joetz/templates/ui"
)

// The steps of the organiser's people.
const (
	factorPath = web.StaffSignInPath + "/code"
	setUpPath  = web.StaffSignInPath + "/app"
)

// ShowStaff is where the organiser's people begin. Who is signed in already goes on.
func (h *Handlers) ShowStaff(c *fiber.Ctx) error {
	if who := web.Who(c); who.Known() && who.StaffID != 0 {
		return web.SeeOther(c, destination(who, back(c)))
	}
	return web.Render(c, pages.Staff(h.staffPage(c, "", nil)))
}

func (h *Handlers) staffPage(c *fiber.Ctx, email string, problems ui.Errors) pages.PasswordPage {
	p := h.passwordPage(c, "signin.staff.title", "signin.staff.lead", email, problems)
	p.Demo = h.demoRows(true)
	return p
}

// EnterStaff checks the password and leads to the second factor.
func (h *Handlers) EnterStaff(c *fiber.Ctx) error {
	form, err := web.Form[passwordForm](c)
	var in account.SignedIn
	if err == nil {
		in, err = h.Accounts.SignInStaff(c.UserContext(), form.answer(c))
	}
	if problems := web.Problems(c, err); problems != nil {
		return web.RenderAgain(c, pages.Staff(h.staffPage(c, form.Email, problems)))
	}
	if err != nil {
		return err
	}
	return h.toFactor(c, in)
}

// toFactor begins the pending session and leads to what it has to do next.
func (h *Handlers) toFactor(c *fiber.Ctx, in account.SignedIn) error {
	start(c, in)
	next, err := h.Accounts.PendingFactor(c.UserContext(), in.Token)
	if err != nil {
		return err
	}
	path := factorPath
	if next.SetUp {
		path = setUpPath
	}
	return web.SeeOther(c, web.WithReturn(path, string(back(c))))
}

// ShowFactor asks the code of the app.
func (h *Handlers) ShowFactor(c *fiber.Ctx) error {
	p, err := h.factorPage(c, nil)
	if err != nil {
		return passwordAgain(c, err)
	}
	return web.Render(c, pages.Factor(p))
}

func (h *Handlers) factorPage(c *fiber.Ctx, problems ui.Errors) (pages.FactorPage, error) {
	next, err := h.Accounts.PendingFactor(c.UserContext(), web.SessionToken(c))
	if err != nil {
		return pages.FactorPage{}, err
	}
	p := pages.FactorPage{Page: page(c, "signin.factor.title", problems != nil), Name: next.Name, Problems: problems, Return: back(c)}
	if h.Demo != nil {
		p.DemoCode, err = h.Demo.FactorCode(c.UserContext(), web.SessionToken(c))
	}
	return p, err
}

// passwordAgain leads back to the password when the second factor took too long or went wrong too often.
func passwordAgain(c *fiber.Ctx, err error) error {
	if !errors.Is(err, account.ErrFactorOver) {
		return err
	}
	if who := web.Who(c); who.Known() && who.StaffID != 0 { // a second tap on the button, or the back button
		return web.SeeOther(c, destination(who, back(c)))
	}
	web.SetFlash(c, layout.Warning, "account.factor_over")
	return web.SeeOther(c, web.WithReturn(web.StaffSignInPath, string(back(c))))
}

// EnterFactor completes the sign-in.
func (h *Handlers) EnterFactor(c *fiber.Ctx) error {
	form, err := web.Form[codeForm](c)
	var in account.SignedIn
	if err == nil {
		in, err = h.Accounts.SecondFactor(c.UserContext(), factorAnswer(c, form))
	}
	if errors.Is(err, account.ErrFactorOver) {
		return passwordAgain(c, err)
	}
	if problems := web.Problems(c, err); problems != nil {
		p, err := h.factorPage(c, problems)
		if err != nil {
			return passwordAgain(c, err)
		}
		return web.RenderAgain(c, pages.Factor(p))
	}
	if err != nil {
		return err
	}
	return enter(c, in, back(c))
}

func factorAnswer(c *fiber.Ctx, form codeForm) account.FactorAnswer {
	return account.FactorAnswer{Session: web.SessionToken(c), Code: form.Code, Browser: web.Cookie(c, browserCookie)}
}

// ShowSetUp offers a second factor to who has none.
func (h *Handlers) ShowSetUp(c *fiber.Ctx) error {
	p, err := h.setUpPage(c, nil)
	if err != nil {
		return passwordAgain(c, err)
	}
	return web.Render(c, pages.SetUp(p))
}

func (h *Handlers) setUpPage(c *fiber.Ctx, problems ui.Errors) (pages.SetUpPage, error) {
	offer, err := h.Accounts.OfferFactor(c.UserContext(), web.SessionToken(c))
	if err != nil {
		return pages.SetUpPage{}, err
	}
	p := pages.SetUpPage{
		Page: page(c, "signin.setup.title", problems != nil), Secret: offer.Secret, URL: offer.URL, QR: offer.QR,
		Problems: problems, Return: back(c),
	}
	if h.Demo != nil {
		p.DemoCode, err = h.Demo.OfferedCode(offer)
	}
	return p, err
}

// ConfirmSetUp keeps the second factor and shows the recovery codes, on this answer and never again.
func (h *Handlers) ConfirmSetUp(c *fiber.Ctx) error {
	form, err := web.Form[codeForm](c)
	var in account.SignedIn
	var recovery []string
	if err == nil {
		in, recovery, err = h.Accounts.ConfirmFactor(c.UserContext(), factorAnswer(c, form))
	}
	if errors.Is(err, account.ErrFactorOver) {
		return passwordAgain(c, err)
	}
	if problems := web.Problems(c, err); problems != nil {
		p, err := h.setUpPage(c, problems)
		if err != nil {
			return passwordAgain(c, err)
		}
		return web.RenderAgain(c, pages.SetUp(p))
	}
	if err != nil {
		return err
	}
	start(c, in)
	frame := page(c, "signin.recovery.title", false)
	frame.User = &layout.User{Name: in.Name, Role: layout.Role(in.Main())} // the request came without it
	frame.Path = in.Start()                                                // this page cannot be asked for again
	return web.Render(c, pages.Recovery(pages.RecoveryPage{
		Page: frame, Codes: recovery, Next: destination(in.Identity, back(c)),
	}))
}

// ShowInvitation asks who was invited to choose a password. Reading it uses nothing up.
func (h *Handlers) ShowInvitation(c *fiber.Ctx) error {
	p, err := h.invitationPage(c, nil)
	if err != nil {
		return err
	}
	return web.Render(c, pages.Invitation(p))
}

func (h *Handlers) invitationPage(c *fiber.Ctx, problems ui.Errors) (pages.InvitationPage, error) {
	person, err := h.Accounts.Invited(c.UserContext(), c.Params("token"))
	if err != nil {
		return pages.InvitationPage{}, err
	}
	p := pages.InvitationPage{Page: page(c, "signin.invitation.password", problems != nil), Name: person.Name, Email: person.Email,
		Shortest: account.MinStaffPassword, Problems: problems}
	p.Path = web.StaffSignInPath // the address of this page is a secret: no link on the page repeats it
	return p, nil
}

type newPasswordForm struct {
	Password string `form:"password,raw" validate:"required,max=400"`
}

// AcceptInvitation sets the password and leads to the second factor.
func (h *Handlers) AcceptInvitation(c *fiber.Ctx) error {
	form, err := web.Form[newPasswordForm](c)
	var in account.SignedIn
	if err == nil {
		in, err = h.Accounts.AcceptInvitation(c.UserContext(), c.Params("token"), form.Password, web.SessionToken(c))
	}
	if errors.Is(err, account.ErrInvitationOver) {
		return err
	}
	if problems := web.Problems(c, err); problems != nil {
		p, err := h.invitationPage(c, problems)
		if err != nil {
			return err
		}
		return web.RenderAgain(c, pages.Invitation(p))
	}
	if err != nil {
		return err
	}
	return h.toFactor(c, in)
}
