// Package hooks answers the machines that call the shop: Stripe's webhooks.
//
// Owns: the answers to webhooks. Tables: none.
// May import: terms, payments/online, shop/web, fiber.
// Always true: a webhook is verified on the bytes that came, stored, and answered; the work is a job's. So it is answered in
// milliseconds, and Stripe sends again whatever was not stored.
package hooks

import (
	"context"
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"joetz/terms/fault"
)

// maxBody is more than any of Stripe's events.
const maxBody = 1 << 20

// Listener takes a webhook: payments/online.Service, and in tests one that fails.
type Listener interface {
	Hear(ctx context.Context, body []byte, signature string) error
}

// Handlers are the routes for machines.
type Handlers struct {
	Online Listener
	Log    *slog.Logger
}

// Stripe takes a webhook: POST /hooks/stripe. Any answer but 2xx makes Stripe send it again, for three days.
func (h *Handlers) Stripe(c *fiber.Ctx) error {
	body := c.Request().Body() // as it came; c.Body would unpack it, and the signature is over what came
	if len(body) > maxBody {
		return c.SendStatus(fiber.StatusRequestEntityTooLarge)
	}
	err := h.Online.Hear(c.UserContext(), body, c.Get("Stripe-Signature"))
	switch f := fault.Of(err); {
	case err == nil:
		return c.SendStatus(fiber.StatusOK)
	case f != nil && f.Kind == fault.Denied:
		h.Log.WarnContext(c.UserContext(), "a webhook that Stripe did not sign", "error", err, "from", c.IP())
		return c.SendStatus(fiber.StatusBadRequest)
	}
	h.Log.ErrorContext(c.UserContext(), "a webhook could not be stored", "error", err)
	return c.SendStatus(fiber.StatusInternalServerError)
}
