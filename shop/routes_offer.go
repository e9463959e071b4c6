package shop

import (
	"github.com/gofiber/fiber/v2"

	pages "joetz/shop/office/offer"
)

// offering are the office's pages about what can be booked.
func offering(h *pages.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/kantoor/aanbod", office, h.ShowSeason},
		{fiber.MethodPost, "/kantoor/aanbod/seizoen", office, h.AddSeason},
		{fiber.MethodGet, "/kantoor/aanbod/nieuw", office, h.ShowNew},
		{fiber.MethodPost, "/kantoor/aanbod/nieuw", office, h.AddHoliday},
		{fiber.MethodGet, "/kantoor/aanbod/publiceren", office, h.ShowPublish},
		{fiber.MethodPost, "/kantoor/aanbod/publiceren", office, h.Publish},
		{fiber.MethodGet, "/kantoor/aanbod/kopie", office, h.ShowCopy},
		{fiber.MethodPost, "/kantoor/aanbod/kopie", office, h.Copy},
		{fiber.MethodGet, "/kantoor/aanbod/doelgroepen", office, h.ShowGroups},
		{fiber.MethodGet, "/kantoor/aanbod/doelgroepen/nieuw", office, h.ShowGroup},
		{fiber.MethodPost, "/kantoor/aanbod/doelgroepen/nieuw", office, h.SaveGroup},
		{fiber.MethodGet, "/kantoor/aanbod/doelgroepen/:group", office, h.ShowGroup},
		{fiber.MethodPost, "/kantoor/aanbod/doelgroepen/:group", office, h.SaveGroup},
		{fiber.MethodPost, "/kantoor/aanbod/doelgroepen/:group/verwijderen", office, h.DeleteGroup},
		{fiber.MethodGet, "/kantoor/aanbod/invoer", office, h.ShowImport},
		{fiber.MethodPost, "/kantoor/aanbod/invoer", office, h.Upload},
		{fiber.MethodGet, "/kantoor/aanbod/invoer/sjabloon", office, h.Template},
		{fiber.MethodGet, "/kantoor/aanbod/invoer/:import", office, h.ShowPreview},
		{fiber.MethodPost, "/kantoor/aanbod/invoer/:import", office, h.Confirm},
		{fiber.MethodGet, "/kantoor/aanbod/vakantie/:holiday", office, h.ShowHoliday},
		{fiber.MethodGet, "/kantoor/aanbod/vakantie/:holiday/tekst", office, h.ShowText},
		{fiber.MethodPost, "/kantoor/aanbod/vakantie/:holiday/tekst", office, h.SaveText},
		{fiber.MethodPost, "/kantoor/aanbod/vakantie/:holiday/verwijderen", office, h.DeleteHoliday},
		{fiber.MethodPost, "/kantoor/aanbod/vakantie/:holiday/fotos", office, h.AddPhoto},
		{fiber.MethodPost, "/kantoor/aanbod/vakantie/:holiday/fotos/:photo", office, h.ChangePhoto},
		{fiber.MethodGet, "/kantoor/aanbod/vakantie/:holiday/vertrek", office, h.ShowNewDeparture},
		{fiber.MethodPost, "/kantoor/aanbod/vakantie/:holiday/vertrek", office, h.AddDeparture},
		{fiber.MethodGet, "/kantoor/aanbod/vertrek/:departure/wijzigen", office, h.ShowDeparture},
		{fiber.MethodPost, "/kantoor/aanbod/vertrek/:departure/wijzigen", office, h.SaveDeparture},
		{fiber.MethodPost, "/kantoor/aanbod/vertrek/:departure/verwijderen", office, h.DeleteDeparture},
		{fiber.MethodGet, "/kantoor/aanbod/vertrek/:departure/prijs", office, h.ShowPrices},
		{fiber.MethodPost, "/kantoor/aanbod/vertrek/:departure/prijs", office, h.SavePrices},
		{fiber.MethodGet, "/kantoor/aanbod/vertrek/:departure/plaatsen", office, h.ShowPlaces},
		{fiber.MethodPost, "/kantoor/aanbod/vertrek/:departure/plaatsen", office, h.SavePlaces},
		{fiber.MethodGet, "/kantoor/aanbod/vertrek/:departure/grenzen", office, h.ShowLimits},
		{fiber.MethodPost, "/kantoor/aanbod/vertrek/:departure/grenzen", office, h.SaveLimits},
		{fiber.MethodGet, "/kantoor/aanbod/vertrek/:departure/intrekken", office, h.ShowWithdraw},
		{fiber.MethodPost, "/kantoor/aanbod/vertrek/:departure/intrekken", office, h.Withdraw},
	}
}
