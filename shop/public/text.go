package public

import (
	"github.com/gofiber/fiber/v2"

	"joetz/shop/web"
	"joetz/templates/public"
	"joetz/terms"
	"joetz/terms/money"
)

func (h *Handlers) terms(c *fiber.Ctx) error {
	p := public.TermsPage{Page: web.Page(c), Version: h.Terms.Version(), From: h.Terms.Policy().Applies.From, Text: public.JOETZ2027()}
	p.Title, p.Description = p.T("public.terms.title"), p.T("public.terms.description")
	return web.Render(c, public.Terms(p))
}

// examples are base prices between the cheapest weekend and the longest flight.
var examples = []money.Cents{10000, 25000, 40000, 60000, 100000}

func (h *Handlers) insurance(c *fiber.Ctx) error {
	p := public.InsurancePage{Page: web.Page(c), Insurer: h.Insurer,
		Clauses: []string{h.Terms.Clause("insurance").Words, h.Terms.Clause("insurance_offer").Words}}
	p.Title, p.Description = p.T("public.insurance.title"), p.T("public.insurance.description")
	for _, price := range examples {
		// Booked half a year ahead, so that the insurance is on offer.
		q := h.Terms.Quote(terms.QuoteFacts{Trip: terms.Domestic, BookedOn: p.Today, DepartsOn: p.Today.AddMonths(6),
			BasePrice: price, Price: price, Insurance: true, Instalments: 1})
		p.Examples = append(p.Examples, public.Premium{Price: price, Premium: q.Premium})
	}
	return web.Render(c, public.Insurance(p))
}

func (h *Handlers) privacy(c *fiber.Ctx) error {
	p := public.TextPage{Page: web.Page(c)}
	p.Title, p.Description = p.T("public.privacy.title"), p.T("public.privacy.description")
	return web.Render(c, public.Privacy(p))
}

func (h *Handlers) contact(c *fiber.Ctx) error {
	p := public.TextPage{Page: web.Page(c)}
	p.Title, p.Description = p.T("public.contact.title"), p.T("public.contact.description")
	return web.Render(c, public.Contact(p))
}
