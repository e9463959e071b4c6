// Package public answers the pages that everybody may read: home, the holidays, the terms.
//
// Owns: the handlers of these pages, and a copy of the catalogue that is at most Fresh old.
// Tables: none; it reads through shop/catalogue.
// May import: terms, templates, shop/web, shop/account, shop/catalogue, shop/waitroom; fiber.
// Always true: a page here never waits for more than one reading of the catalogue, whoever else asks; when the database
// is away the last copy is shown, and the page says from when it is.
package public

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sync/singleflight"

	"joetz/shop/catalogue"
	"joetz/terms"
)

// MaxChildren is how many children one booking may begin with.
const MaxChildren = 6

// Config is what the pages need.
type Config struct {
	Catalogue *catalogue.Service
	Terms     terms.Terms
	Insurer   string        // whose cancellation insurance is sold, "Allianz"
	Fresh     time.Duration // how old free places may be; zero reads them for every page
	Now       func() time.Time
}

// Handlers are the pages.
type Handlers struct {
	Config
	copies   copies
	reading  singleflight.Group
	drawings drawings
}

// New makes the pages.
func New(cfg Config) *Handlers { return &Handlers{Config: cfg} }

// Addresses lists the pages, for the routing table.
func (h *Handlers) Addresses() []Address {
	return []Address{
		{"/", h.home},
		{"/vakanties", h.list},
		{"/vakanties/:slug", h.holiday},
		{"/tekening/:name", h.drawing},
		{"/voorwaarden", h.terms},
		{"/verzekering", h.insurance},
		{"/wat-als-ik-annuleer", h.calculator},
		{"/privacy", h.privacy},
		{"/contact", h.contact},
		{"/robots.txt", h.robots},
		{"/sitemap.xml", h.sitemap},
		{"/.well-known/security.txt", h.securityText},
		{"/favicon.ico", icon("favicon.ico")},
		{"/apple-touch-icon.png", icon("icon-192.png")},
		{"/apple-touch-icon-precomposed.png", icon("icon-192.png")},
	}
}

// Address is one page and where it stands; all are read with GET.
type Address struct {
	Path   string
	Handle fiber.Handler
}
