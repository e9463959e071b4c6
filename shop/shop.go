package shop

import (
	"context"
	"net/http"

	accountingpages "joetz/shop/accounting"
	"joetz/shop/animator"
	"joetz/shop/change"
	"joetz/shop/decide"
	"joetz/shop/demo"
	"joetz/shop/hooks"
	officepages "joetz/shop/office"
	"joetz/shop/office/offer"
	parentpages "joetz/shop/parent"
	"joetz/shop/public"
	"joetz/shop/signin"
	"joetz/shop/web"

	"github.com/gofiber/fiber/v2"
)

// Config is what the app is made of.
type Config struct {
	Web        web.Config
	Public     *public.Handlers
	SignIn     *signin.Handlers
	Parent     *parentpages.Handlers
	Office     *officepages.Handlers
	Change     *change.Handlers
	Animator   *animator.Handlers
	Accounting *accountingpages.Handlers
	Hooks      *hooks.Handlers
	Demo       *demo.Handlers // nil where real families book
	// StandIn has the pages of the stand-in for Stripe; nil with a Stripe account.
	StandIn http.Handler
	Offer   *offer.Handlers // the office's catalogue
	Decide  *decide.Handlers
	// Ready says why the shop cannot serve now; nil when it can.
	Ready func(context.Context) error
}

// New builds the app.
func New(cfg Config) (*fiber.App, error) {
	app, err := web.New(cfg.Web)
	if err != nil {
		return nil, err
	}
	add(app, table(cfg))
	return app, nil
}

// add hangs the routes behind their roles.
func add(app *fiber.App, routes []route) {
	for _, r := range routes {
		handlers := []fiber.Handler{r.handle}
		if len(r.role.allowed) > 0 {
			handlers = []fiber.Handler{web.Require(r.role.allowed...), r.handle}
		}
		if r.method == http.MethodGet {
			app.Head(r.path, handlers...)
		}
		app.Add(r.method, r.path, handlers...)
	}
}
