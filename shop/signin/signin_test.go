package signin_test

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"joetz/migrations/pg/pgtest"
	"joetz/shop/account"
	"joetz/shop/mail"
	"joetz/shop/signin"
	"joetz/shop/throttle"
	"joetz/shop/web"
	"joetz/shop/web/webtest"
	"joetz/templates/htmltest"
	"joetz/templates/layout"
	letters "joetz/templates/mail"
	pages "joetz/templates/signin"
)

const (
	staffPassword = "paarse olifant op zolder"
	staffSecret   = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

// house is the sign-in pages on the real services, with a page per group behind them.
type house struct {
	app      *fiber.App
	db       *sqlx.DB
	accounts *account.Service
	outbox   *mail.Outbox
	at       time.Time
	demo     []pages.DemoAccount
}

// plain seals nothing: what is sealed and how is tested where it is done.
type plain struct{}

func (plain) Seal(b, _ []byte) ([]byte, error) { return b, nil }
func (plain) Open(b, _ []byte) ([]byte, error) { return b, nil }

func newHouse(t *testing.T, demo bool, rows ...pages.DemoAccount) *house {
	t.Helper()
	h := &house{demo: rows, db: pgtest.New(t), at: time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return h.at }
	h.outbox = &mail.Outbox{From: mail.Address{Name: "JOETZ vzw", Email: "info@joetz.be"}, Head: letters.Letterhead{Brand: "JOETZ", Name: "JOETZ vzw", Site: "http://" + webtest.Host}, Now: now}
	var err error
	h.accounts, err = account.New(account.Config{
		DB: h.db, Now: now, Mail: account.Post{Outbox: h.outbox}, Seal: plain{}, Throttle: &throttle.Limiter{DB: h.db, Now: now},
		PublicURL: "http://" + webtest.Host, Issuer: "JOETZ",
	})
	if err != nil {
		t.Fatal(err)
	}
	handlers := &signin.Handlers{Accounts: h.accounts, DemoRows: h.demo}
	if demo {
		if handlers.Demo, err = account.NewDemo(h.accounts, false); err != nil {
			t.Fatal(err)
		}
		handlers.DemoMail = "/demo/mail"
	}
	h.app, err = web.New(web.Config{
		PublicURL: "http://" + webtest.Host, Key: make([]byte, 32), Now: now, Sessions: h.accounts,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Organiser: layout.Organiser{Name: "JOETZ vzw", Brand: "JOETZ"},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.routes(handlers)
	return h
}

func (h *house) routes(p *signin.Handlers) {
	h.app.Get("/aanmelden", p.ShowEmail)
	h.app.Post("/aanmelden", p.SendCode)
	h.app.Get("/aanmelden/code", p.ShowCode)
	h.app.Post("/aanmelden/code", p.EnterCode)
	h.app.Post("/aanmelden/opnieuw", p.SendAgain)
	h.app.Get("/aanmelden/wachtwoord", p.ShowPassword)
	h.app.Post("/aanmelden/wachtwoord", p.EnterPassword)
	h.app.Get("/medewerkers/aanmelden", p.ShowStaff)
	h.app.Post("/medewerkers/aanmelden", p.EnterStaff)
	h.app.Get("/medewerkers/aanmelden/code", p.ShowFactor)
	h.app.Post("/medewerkers/aanmelden/code", p.EnterFactor)
	h.app.Get("/medewerkers/aanmelden/app", p.ShowSetUp)
	h.app.Post("/medewerkers/aanmelden/app", p.ConfirmSetUp)
	h.app.Get("/medewerkers/uitnodiging/:token", p.ShowInvitation)
	h.app.Post("/medewerkers/uitnodiging/:token", p.AcceptInvitation)
	h.app.Post("/afmelden", p.SignOut)
	h.app.Get("/beveiliging", web.Require(account.Parent, account.Office), p.ShowSecurity)
	h.app.Post("/beveiliging/afmelden", web.Require(account.Parent, account.Office), p.SignOutEverywhere)
	h.app.Post("/beveiliging/wachtwoord", web.Require(account.Parent), p.ChoosePassword)
	hello := func(c *fiber.Ctx) error { return web.Render(c, layout.Base(web.Page(c))) }
	h.app.Get("/", hello)
	h.app.Get("/mijn/*", web.Require(account.Parent), hello)
	h.app.Get("/mijn", web.Require(account.Parent), hello)
	h.app.Get("/kantoor", web.Require(account.Office), hello)
	h.app.Get("/animator", web.Require(account.Animator, account.Lead), hello)
}

var sixDigits = regexp.MustCompile(`\b(\d{3}) (\d{3})\b`)

// latest is the text of the newest mail to that address.
func (h *house) latest(t *testing.T, email string) string {
	t.Helper()
	var text string
	if err := h.db.Get(&text, `SELECT body_text FROM mail WHERE to_address = $1 ORDER BY id DESC LIMIT 1`, email); err != nil {
		t.Fatal(err)
	}
	return text
}

func (h *house) code(t *testing.T, email string) string {
	t.Helper()
	return strings.Join(sixDigits.FindStringSubmatch(h.latest(t, email))[1:], "")
}

func (h *house) staff(t *testing.T, email string, roles ...account.Role) {
	t.Helper()
	if _, err := h.accounts.CreateStaff(context.Background(), account.CreateStaffInput{Email: email, Name: "Bo Baert", Roles: roles, Password: staffPassword, TOTPSecret: staffSecret}); err != nil {
		t.Fatal(err)
	}
}

// check looks at a page as its readers' tools do.
func check(t *testing.T, p *webtest.Page) *webtest.Page {
	t.Helper()
	htmltest.Page(t, p.Body)
	return p
}

func TestParentSignsInWithACode(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	b := webtest.New(t, h.app)
	p := check(t, b.Open("/mijn/boekingen?jaar=2027"))
	p.WantText("h1", "Aanmelden").Want(`input[name=email][type=email][autocomplete=email][autofocus]`)

	p = check(t, b.Submit(p, "main form", url.Values{"email": {"an"}}).WantStatus(422))
	p.WantText(".summary", "e-mailadres").WantText("title", "Fout:")
	if got := p.Attr("input[name=email]", "value"); got != "an" {
		t.Errorf("what was typed is gone: %q", got)
	}
	p = check(t, b.Submit(p, "main form", url.Values{"email": {"An@Example.be"}}).WantStatus(200))
	p.WantText("main", "an@example.be").WantText("main", "10:10").WantNone(".notice")
	p.Want(`input[name=code][inputmode=numeric][autocomplete=one-time-code][autofocus]`)

	p = check(t, b.Submit(p, `form[action="/aanmelden/code"]`, url.Values{"code": {"abc"}}).WantStatus(422)).WantText(".error", "nog 4 keer")
	p = b.Submit(p, `form[action="/aanmelden/code"]`, url.Values{"code": {h.code(t, "an@example.be")}}).WantStatus(200)
	if p.Path != "/mijn/boekingen?jaar=2027" {
		t.Errorf("went on to %s", p.Path)
	}
	p.WantText(".menu summary", "an")
	if p := b.Get("/aanmelden"); p.Status != 303 || p.Location != "/mijn" {
		t.Errorf("signed in, and asked to sign in: %d %s", p.Status, p.Location)
	}
	b.Submit(p, `form[action="/afmelden"]`, nil).WantText(".notice", "afgemeld")
	if p := b.Get("/mijn"); p.Status != 303 {
		t.Errorf("after signing out: %d", p.Status)
	}
}

func TestCodeIsSentAgainAfterHalfAMinute(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	b := webtest.New(t, h.app)
	p := b.Submit(b.Open("/aanmelden?verder=/mijn/x"), "main form", url.Values{"email": {"an@example.be"}})
	first := h.code(t, "an@example.be")
	again := `form[action="/aanmelden/opnieuw"]`
	p = check(t, b.Submit(p, again, nil).WantStatus(429)).WantText(".summary", "nog 30 seconden")
	if got := p.Header.Get("Retry-After"); got != "30" {
		t.Errorf("Retry-After %q", got)
	}
	h.at = h.at.Add(30 * time.Second)
	p = check(t, b.Submit(p, again, nil).WantStatus(200)).WantText(".notice", "nieuwe code")
	second := h.code(t, "an@example.be")
	if first != second { // one in a million they are the same
		p = b.Submit(p, `form[action="/aanmelden/code"]`, url.Values{"code": {first}}).WantStatus(422)
	}
	if p = b.Submit(p, `form[action="/aanmelden/code"]`, url.Values{"code": {second}}); p.Path != "/mijn/x" {
		t.Errorf("went on to %s", p.Path)
	}
}

func TestCodeThatRanOutAsksTheAddressAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	b := webtest.New(t, h.app)
	p := b.Submit(b.Open("/aanmelden"), "main form", url.Values{"email": {"an@example.be"}})
	h.at = h.at.Add(11 * time.Minute)
	p = check(t, b.Submit(p, `form[action="/aanmelden/code"]`, url.Values{"code": {h.code(t, "an@example.be")}}).WantStatus(422))
	p.WantText(".summary", "werkt niet meer")
	if got := p.Attr("input[name=email]", "value"); got != "an@example.be" {
		t.Errorf("the address has to be typed again: %q", got)
	}
	b.Submit(p, "main form", nil).WantText("h1", "mailbox")
	webtest.New(t, h.app).Open("/aanmelden/code").WantText("h1", "Aanmelden") // without a code on its way
}

// The pages say the same whether anybody is known under the address.
func TestPagesTellNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	known := webtest.New(t, h.app)
	known.Submit(known.Submit(known.Open("/aanmelden"), "main form", url.Values{"email": {"known@example.be"}}),
		`form[action="/aanmelden/code"]`, url.Values{"code": {h.code(t, "known@example.be")}})
	h.staff(t, "staff0@example.be", account.Office)
	h.at = h.at.Add(24 * time.Hour)
	secret := regexp.MustCompile(`known@example.be|nobod@example.be|staff\d@example.be|[A-Z2-7]{10}`)
	visit := func(form, start, email, password string) string {
		b := webtest.New(t, h.app)
		values := url.Values{"email": {email}}
		if password != "" {
			values.Set("password", password)
		}
		p := b.Submit(b.Open(start), form, values)
		return secret.ReplaceAllString(p.Path+p.Text("body"), "-")
	}
	for name, c := range map[string][2]string{
		"code":     {visit("main form", "/aanmelden", "known@example.be", ""), visit("main form", "/aanmelden", "nobod@example.be", "")},
		"password": {visit("main form", "/aanmelden/wachtwoord", "known@example.be", "x"), visit("main form", "/aanmelden/wachtwoord", "nobod@example.be", "x")},
		"staff":    {visit("main form", "/medewerkers/aanmelden", "staff0@example.be", "x"), visit("main form", "/medewerkers/aanmelden", "staff9@example.be", "x")},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: known:\n%s\nunknown:\n%s", name, c[0], c[1])
		}
	}
}

func TestStaffSignsInWithTwoFactors(t *testing.T) {
	t.Parallel()
	for start, role := range map[string]account.Role{"/kantoor": account.Office, "/animator": account.Animator} {
		h := newHouse(t, true)
		h.staff(t, "bo@example.be", role)
		b := webtest.New(t, h.app)
		p := check(t, b.Open(start)).WantText("h1", "medewerkers").Want(`input[type=password][autocomplete=current-password]`)
		p = check(t, b.Submit(p, "main form", url.Values{"email": {"bo@example.be"}, "password": {"verkeerd"}}).WantStatus(422))
		p.WantText(".error", "horen niet bij elkaar").WantNone(`input[type=password][value]`)
		p = check(t, b.Submit(p, "main form", url.Values{"password": {staffPassword}}).WantStatus(200)).WantText("main", "Bo Baert")
		if got := b.Get(start); got.Status != 303 {
			t.Fatalf("%s is open after the password alone: %d", start, got.Status)
		}
		code := strings.TrimSpace(p.Text(".notice strong"))
		p = check(t, b.Submit(p, "main form", url.Values{"code": {"123 4567"}}).WantStatus(422))
		p = b.Submit(p, "main form", url.Values{"code": {code}}).WantStatus(200)
		if p.Path != start {
			t.Errorf("%s went on to %s", role, p.Path)
		}
		b.Get("/mijn").WantStatus(404)
	}
}

func TestInvitationLeadsThroughSetUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t, true)
	key, err := h.accounts.CreateStaff(t.Context(), account.CreateStaffInput{Email: "cis@example.be", Name: "Cis Claes", Roles: []account.Role{account.Animator}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.accounts.Invite(t.Context(), key, 0); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`http://` + webtest.Host + `(/medewerkers/uitnodiging/\S+)`).FindStringSubmatch(h.latest(t, "cis@example.be"))[1]
	b := webtest.New(t, h.app)
	for range 2 { // a program that looks into mail opened it before
		check(t, b.Open(link).WantStatus(200)).WantText("h1", "Cis Claes")
	}
	p := b.Open(link).Want(`input[autocomplete=new-password]`)
	p = check(t, b.Submit(p, "main form", url.Values{"password": {"kort"}}).WantStatus(422)).WantText(".error", "12 tekens")
	p = check(t, b.Submit(p, "main form", url.Values{"password": {staffPassword}}).WantStatus(200)).WantText("h1", "Koppel")
	if !strings.HasPrefix(p.Attr("main img", "src"), "data:image/png;base64,") {
		t.Error("no QR code")
	}
	p = check(t, b.Submit(p, "main form", url.Values{"code": {"0"}}).WantStatus(422))
	p = check(t, b.Submit(p, "main form", url.Values{"code": {p.Text(".notice strong")}}).WantStatus(200)).WantText("h1", "noodcodes").WantText(".menu", "Cis Claes")
	if p.Count(".signin-codes li") != 10 || p.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d codes, Cache-Control %q", p.Count(".signin-codes li"), p.Header.Get("Cache-Control"))
	}
	b.Open(p.Attr("main a.button", "href")).WantStatus(200)

	// The phone is lost: a code from paper does it, once.
	paper := strings.Fields(p.Text(".signin-codes li"))[0]
	for _, status := range []int{200, 422} {
		other := webtest.New(t, h.app)
		q := other.Submit(other.Open("/animator"), "main form", url.Values{"email": {"cis@example.be"}, "password": {staffPassword}})
		other.Submit(q, "main form", url.Values{"code": {paper}}).WantStatus(status)
	}
	b.Open(link).WantStatus(410).WantText("main", "werkt niet meer")
}

// A link cannot carry a sign-in out of the shop, nor into pages of another group.
func TestReturnAddressStaysHere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	for target, want := range map[string]string{
		"//evil.example": "/mijn", "https://evil.example/": "/mijn", "/\\evil.example": "/mijn", "/kantoor": "/mijn", "/mijnx": "/mijnx",
		"/mijn/boeking/7": "/mijn/boeking/7", "/": "/",
	} {
		b := webtest.New(t, h.app)
		email := strings.ToLower(rand.Text()) + "@example.be"
		b.From = ""
		p := b.Submit(b.Open("/aanmelden?"+url.Values{"verder": {target}}.Encode()), "main form", url.Values{"email": {email}})
		form := url.Values{"code": {h.code(t, email)}, "verder": {target}} // as a forged page would send it
		if p := b.Post("/aanmelden/code", form); p.Location != want {
			t.Errorf("%q leads to %q, want %q (page %s)", target, p.Location, want, p.Path)
		}
		_ = p
	}
}

func TestParentChoosesAPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	signIn := func() (*webtest.Browser, *webtest.Page) {
		b := webtest.New(t, h.app)
		p := b.Submit(b.Open("/beveiliging"), "main form", url.Values{"email": {"an@example.be"}})
		return b, check(t, b.Submit(p, `form[action="/aanmelden/code"]`, url.Values{"code": {h.code(t, "an@example.be")}}).WantStatus(200))
	}
	phone, p := signIn()
	laptop, q := signIn()
	q.WantText("h1", "wachtwoord")
	if n := q.Count(".signin-sessions li"); n != 2 || q.Count(".signin-sessions .badge") != 1 {
		t.Errorf("%d sessions", n)
	}
	choose := `form[action="/beveiliging/wachtwoord"]`
	p = check(t, phone.Submit(p, choose, url.Values{"do": {"keep"}, "password": {"joetzvakantie2027"}}).WantStatus(422)).WantText(".error", "raden")
	check(t, phone.Submit(p, choose, url.Values{"do": {"keep"}, "password": {" vier losse gele fietsen "}}).WantStatus(200)).WantText(".notice", "bewaard")
	if late := laptop.Get("/beveiliging"); late.Status != 303 {
		t.Errorf("another device stays signed in: %d", late.Status)
	}
	third := webtest.New(t, h.app)
	q = third.Submit(third.Open("/aanmelden/wachtwoord?verder=/beveiliging"), "main form", url.Values{"email": {"an@example.be"}, "password": {" vier losse gele fietsen "}})
	q.WantStatus(200).WantText("h1", "wachtwoord")

	// An open phone that somebody finds a quarter later changes nothing; signing in again does.
	h.at = h.at.Add(15 * time.Minute)
	stale := phone.Open("/beveiliging").WantNone(choose)
	phone.Post("/beveiliging/wachtwoord", url.Values{"do": {"remove"}}).WantStatus(403)
	p = phone.Submit(stale, `main form[action="/afmelden"]`, nil).WantText("h1", "Aanmelden")
	p = phone.Submit(p, "main form", url.Values{"email": {"an@example.be"}})
	p = phone.Submit(p, `form[action="/aanmelden/code"]`, url.Values{"code": {h.code(t, "an@example.be")}})
	phone.Submit(p, choose, url.Values{"do": {"remove"}}).WantStatus(200).WantText(".notice", "weg")

	phone.Submit(phone.Open("/beveiliging"), `form[action="/beveiliging/afmelden"]`, nil).WantText(".notice", "overal afgemeld")
	if late := third.Get("/beveiliging"); late.Status != 303 {
		t.Errorf("signed in after signing out everywhere: %d", late.Status)
	}
}

// A form that comes too late says why the reader has to sign in.
func TestLateFormSaysWhy(t *testing.T) {
	t.Parallel()
	h := newHouse(t, false)
	b := webtest.New(t, h.app)
	b.Post("/beveiliging/afmelden", nil).WantStatus(303)
	b.Open("/aanmelden").WantText(".notice", "Meld je aan")
}

// A shop for trying out signs in with one tap; a real one shows none of it, even if it were given the list.
func TestDemoSignIns(t *testing.T) {
	t.Parallel()
	rows := []pages.DemoAccount{{Role: "parent", Email: "an@example.be"}, {Role: "office", Email: "bo@example.be", Password: staffPassword}}
	h := newHouse(t, true, rows...)
	h.staff(t, "bo@example.be", account.Office)
	b := webtest.New(t, h.app)
	p := b.Submit(check(t, b.Open("/kantoor")), ".signin-demo", nil).WantText("h1", "Bevestig")
	p = b.Submit(p, "main form", url.Values{"code": {p.Text(".notice strong")}}).WantStatus(200)
	if p.Path != "/kantoor" {
		t.Errorf("went on to %s", p.Path)
	}
	parent := webtest.New(t, h.app)
	parent.Submit(check(t, parent.Open("/aanmelden")), ".signin-demo", nil).WantText("h1", "mailbox").Want(`.notice a[href="/demo/mail"]`)

	h = newHouse(t, false, rows...)
	for _, path := range []string{"/aanmelden", "/medewerkers/aanmelden"} {
		p := webtest.New(t, h.app).Open(path).WantNone(".signin-demo").WantNone(".notice")
		if strings.Contains(p.Body, staffPassword) {
			t.Errorf("%s shows a password", path)
		}
	}
}
