package shop

import (
	"slices"

	"joetz/shop/account"
	"joetz/shop/web"

	"github.com/gofiber/fiber/v2"
)

// route is one address and who may use it.
type route struct {
	method, path string
	role         role
	handle       fiber.Handler
}

// role is who may use a route, by the name it has in the reviewed list.
type role struct {
	name    string
	allowed []account.Role
}

// The roles of routes. Who has none of the allowed roles is asked to sign in, or learns that there is no such page.
var (
	anyone     = role{"anyone", nil}
	machine    = role{"machine", nil} // not for browsers: the handler checks a signature, or there is nothing to protect
	parent     = role{"parent", []account.Role{account.Parent}}
	office     = role{"office", []account.Role{account.Office}}
	accounting = role{"accounting", []account.Role{account.Accounting}}
	animators  = role{"animator", []account.Role{account.Animator, account.Lead}}
	helpers    = role{"helper", []account.Role{account.Office, account.Animator, account.Lead}} // who may have to help a child
	signedIn   = role{"signed-in", []account.Role{account.Parent, account.Office, account.Accounting, account.Animator, account.Lead}}
)

// table is the one routing table. Of two routes that fit an address the first answers.
func table(cfg Config) []route {
	routes := []route{
		{fiber.MethodGet, "/healthz", machine, healthy},
		{fiber.MethodGet, "/readyz", machine, ready(cfg.Ready)},
	}
	for _, page := range cfg.Public.Addresses() {
		routes = append(routes, route{fiber.MethodGet, page.Path, anyone, web.Shared(cfg.Public.Fresh, page.Handle)})
	}
	routes = append(routes, route{fiber.MethodGet, "/foto/:name", anyone, cfg.Public.Photo}) // large, and kept by browsers: no copies here
	routes = append(routes, route{fiber.MethodPost, "/hooks/stripe", machine, cfg.Hooks.Stripe})
	routes = append(routes, waiting(cfg.Parent, cfg.Office)...)
	routes = append(routes, offering(cfg.Offer)...)
	routes = append(routes, officeDays(cfg.Office)...)
	return slices.Concat(routes, signingIn(cfg.SignIn), parents(cfg.Parent), offices(cfg.Office), changing(cfg.Change), deciding(cfg.Decide), atCamp(cfg.Animator), inEmergency(cfg.Animator), watching(cfg.Office), bookkeepers(cfg.Accounting), tryingOut(cfg.Demo), standIn(cfg.StandIn))
}
