package program

import (
	"context"
	"net"

	"github.com/gofiber/fiber/v2"

	"joetz/cmd/shop/config"
	"joetz/shop"
)

// What the tests of the whole program need of its inside.

// ErrDatabaseEnded is how Run ends when the private server died.
var ErrDatabaseEnded = errDatabaseEnded

// OpenDatabaseBy is OpenDatabase with another way to migrate.
var OpenDatabaseBy = openDatabase

// App is the pages' server.
func (p *Program) App() *fiber.App { return p.app }

// Stopping tells whether the program was told to stop.
func (p *Program) Stopping() bool { return p.stopping.Load() }

// MetricsAddr is where the figures are served.
func (p *Program) MetricsAddr() string { return p.watched.Addr().String() }

// Private tells whether the program runs a PostgreSQL, or a stand-in for Stripe, of its own.
func (p *Program) Private() bool { return p.DB.Private != nil || p.StandIn != nil }

// ServeStandIn runs the stand-in for Stripe alone, with its listener as tap makes it, until stop.
func (p *Program) ServeStandIn(ctx context.Context, tap func(net.Listener) net.Listener) (stop func()) {
	p.StandIn.listener = tap(p.StandIn.listener)
	return p.background(ctx, "the stand-in for Stripe", p.runStandIn)
}

// Pages are the handlers of every route.
func (p *Program) Pages() (shop.Config, error) { return p.pages() }

// Unopened is a program that has no port, as in a command beside the shop.
func Unopened(c config.Config) *Program { return &Program{cfg: c} }
