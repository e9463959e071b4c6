package shop

import (
	"github.com/gofiber/fiber/v2"

	"joetz/shop/decide"
)

// deciding are the pages of decisions about whole departures: the office's, and a family's answer.
func deciding(h *decide.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/kantoor/besluiten", office, h.ShowList},
		{fiber.MethodGet, "/kantoor/besluiten/:decision", office, h.ShowProgress},
		{fiber.MethodPost, "/kantoor/besluiten/:decision", office, h.ShowProgress},
		{fiber.MethodGet, "/kantoor/vertrek/:departure/afgelasten", office, h.CallOff},
		{fiber.MethodPost, "/kantoor/vertrek/:departure/afgelasten", office, h.CallOff},
		{fiber.MethodGet, "/kantoor/vertrek/:departure/samenvoegen", office, h.Merge},
		{fiber.MethodPost, "/kantoor/vertrek/:departure/samenvoegen", office, h.Merge},
		{fiber.MethodGet, "/kantoor/prijsverhoging", office, h.Raise},
		{fiber.MethodPost, "/kantoor/prijsverhoging", office, h.Raise},
		{fiber.MethodGet, "/mijn/besluit/:item", parent, h.Family},
		{fiber.MethodPost, "/mijn/besluit/:item", parent, h.Family},
	}
}
