package main

import (
	"context"

	"joetz/shop/account"
	"joetz/shop/web"
	"joetz/templates/layout"
)

func (p *program) web(key []byte) web.Config {
	return web.Config{
		PublicURL:      p.URL(),
		PaymentOrigins: []string{"https://checkout.stripe.com"},
		TrustedProxies: p.cfg.TrustedProxies,
		Key:            key,
		Test:           !p.cfg.production(),
		Organiser:      organiser,
		Now:            p.now,
		Log:            p.log,
		Sessions:       signedOut{},
	}
}

// organiser is who runs this shop.
var organiser = layout.Organiser{
	Name: "JOETZ vzw", Brand: "JOETZ", Street: "Sint-Jansstraat 32", Postcode: "1000", City: "Brussel",
	Enterprise: "BE 0123.456.749", Email: "info@joetz.be",
}

// signedOut knows no session.
type signedOut struct{}

func (signedOut) Identify(context.Context, string) (account.Identity, error) {
	return account.Identity{}, nil
}
