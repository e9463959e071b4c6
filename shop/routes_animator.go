package shop

import (
	"joetz/shop/animator"

	"github.com/gofiber/fiber/v2"
)

// atCamp are the pages of animators and leads. Whose camp it is, and when, is decided behind each of them.
func atCamp(h *animator.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/animator", animators, h.ShowCamps},
		{fiber.MethodGet, "/animator/kamp/:departure", animators, h.ShowCamp},
		{fiber.MethodGet, "/animator/kamp/:departure/kind/:booking", animators, h.ShowChild},
		{fiber.MethodGet, "/animator/kamp/:departure/kind/:booking/bestand/:file", animators, h.ShowFile},
	}
}
