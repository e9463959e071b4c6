package shop

import (
	"github.com/gofiber/fiber/v2"

	pages "joetz/shop/accounting"
)

// bookkeepers are the pages of accounting.
func bookkeepers(h *pages.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/boekhouding", accounting, h.ShowStart},
		{fiber.MethodGet, "/boekhouding/rekeningen", accounting, h.ShowAccounts},
		{fiber.MethodGet, "/boekhouding/facturen", accounting, h.ShowInvoices},
		{fiber.MethodGet, "/boekhouding/facturen/:invoice", accounting, h.ShowInvoice},
		{fiber.MethodGet, "/boekhouding/facturen/:invoice/pdf", accounting, h.ShowPDF},
		{fiber.MethodGet, "/boekhouding/facturen/:invoice/kopie", accounting, h.ShowCopy},
	}
}
