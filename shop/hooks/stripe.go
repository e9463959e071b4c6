// Package hooks hears other machines.
//
// Owns: the addresses under /hooks. Tables: none.
// May import: payments, shop/web.
// Always true: a message is believed for its signature alone, stored once, and answered before it is worked on.
package hooks

import (
	"github.com/gofiber/fiber/v2"

	"joetz/payments/online"
)

// Handlers serves machines.
type Handlers struct {
	Online *online.Service
}

// Stripe stores an event of Stripe's and leaves the work to a job. Any answer but 200 makes Stripe send it again.
func (h *Handlers) Stripe(c *fiber.Ctx) error {
	if err := h.Online.Hear(c.UserContext(), c.Body(), c.Get("Stripe-Signature")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusOK)
}
