package shop

import (
	"github.com/gofiber/fiber/v2"

	"joetz/shop/change"
)

// changing are the pages that change a booking: the family's own, and the office's.
func changing(h *change.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/mijn/kind/:booking/wijzigen", parent, h.ShowHub},
		{fiber.MethodGet, "/mijn/kind/:booking/opstapplaats", parent, h.Boarding},
		{fiber.MethodPost, "/mijn/kind/:booking/opstapplaats", parent, h.Boarding},
		{fiber.MethodGet, "/mijn/kind/:booking/naam", parent, h.Name},
		{fiber.MethodPost, "/mijn/kind/:booking/naam", parent, h.Name},
		{fiber.MethodGet, "/mijn/kind/:booking/foto", parent, h.Photos},
		{fiber.MethodPost, "/mijn/kind/:booking/foto", parent, h.Photos},
		{fiber.MethodGet, "/mijn/kind/:booking/ander-kind", parent, h.Transfer},
		{fiber.MethodPost, "/mijn/kind/:booking/ander-kind", parent, h.Transfer},
		{fiber.MethodGet, "/mijn/kind/:booking/omboeken", parent, h.Choose},
		{fiber.MethodGet, "/mijn/kind/:booking/omboeken/:departure", parent, h.Rebook},
		{fiber.MethodPost, "/mijn/kind/:booking/omboeken/:departure", parent, h.Rebook},
		{fiber.MethodGet, "/mijn/kind/:booking/extras", parent, h.ShowExtras},
		{fiber.MethodPost, "/mijn/kind/:booking/extras", parent, h.AddExtra},
		{fiber.MethodPost, "/mijn/kind/:booking/extras/:extra/weg", parent, h.RemoveExtra},
		{fiber.MethodGet, "/mijn/kind/:booking/annuleren", parent, h.Cancel},
		{fiber.MethodPost, "/mijn/kind/:booking/annuleren", parent, h.Cancel},
		{fiber.MethodGet, "/mijn/bestelling/:order/betaler", parent, h.Payer},
		{fiber.MethodPost, "/mijn/bestelling/:order/betaler", parent, h.Payer},

		{fiber.MethodGet, "/kantoor/boeking/:order/betaalplan", office, h.Plan},
		{fiber.MethodPost, "/kantoor/boeking/:order/betaalplan", office, h.Plan},
		{fiber.MethodGet, "/boekhouding/bestellingen/:order/betaalplan", accounting, h.Plan},
		{fiber.MethodPost, "/boekhouding/bestellingen/:order/betaalplan", accounting, h.Plan},
		{fiber.MethodGet, "/kantoor/boeking/:order/betaler", office, h.Payer},
		{fiber.MethodPost, "/kantoor/boeking/:order/betaler", office, h.Payer},
		{fiber.MethodGet, "/kantoor/kind/:booking/wijzigen", office, h.ShowHub},
		{fiber.MethodGet, "/kantoor/kind/:booking/opstapplaats", office, h.Boarding},
		{fiber.MethodPost, "/kantoor/kind/:booking/opstapplaats", office, h.Boarding},
		{fiber.MethodGet, "/kantoor/kind/:booking/naam", office, h.Name},
		{fiber.MethodPost, "/kantoor/kind/:booking/naam", office, h.Name},
		{fiber.MethodGet, "/kantoor/kind/:booking/foto", office, h.Photos},
		{fiber.MethodPost, "/kantoor/kind/:booking/foto", office, h.Photos},
		{fiber.MethodGet, "/kantoor/kind/:booking/ander-kind", office, h.Transfer},
		{fiber.MethodPost, "/kantoor/kind/:booking/ander-kind", office, h.Transfer},
		{fiber.MethodGet, "/kantoor/kind/:booking/omboeken", office, h.Choose},
		{fiber.MethodGet, "/kantoor/kind/:booking/omboeken/:departure", office, h.Rebook},
		{fiber.MethodPost, "/kantoor/kind/:booking/omboeken/:departure", office, h.Rebook},
		{fiber.MethodGet, "/kantoor/kind/:booking/extras", office, h.ShowExtras},
		{fiber.MethodPost, "/kantoor/kind/:booking/extras", office, h.AddExtra},
		{fiber.MethodPost, "/kantoor/kind/:booking/extras/:extra/weg", office, h.RemoveExtra},
		{fiber.MethodGet, "/kantoor/kind/:booking/zorg/omboeken", office, h.ChooseCare},
		{fiber.MethodGet, "/kantoor/kind/:booking/zorg/omboeken/:departure", office, h.RebookCare},
		{fiber.MethodPost, "/kantoor/kind/:booking/zorg/omboeken/:departure", office, h.RebookCare},
		{fiber.MethodGet, "/kantoor/kind/:booking/herstellen", office, h.Undo},
		{fiber.MethodPost, "/kantoor/kind/:booking/herstellen", office, h.Undo},
		{fiber.MethodGet, "/kantoor/kind/:booking/tegemoetkoming", office, h.Goodwill},
		{fiber.MethodPost, "/kantoor/kind/:booking/tegemoetkoming", office, h.Goodwill},
		{fiber.MethodPost, "/kantoor/tegemoetkoming/:goodwill", office, h.DecideGoodwill},
	}
}
