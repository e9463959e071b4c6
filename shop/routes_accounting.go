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
		{fiber.MethodGet, "/boekhouding/bank", accounting, h.ShowBank},
		{fiber.MethodPost, "/boekhouding/bank", accounting, h.UploadBank},
		{fiber.MethodGet, "/boekhouding/bank/wachtend", accounting, h.ShowWaiting},
		{fiber.MethodGet, "/boekhouding/bank/bestanden/:file", accounting, h.ShowBankFile},
		{fiber.MethodGet, "/boekhouding/bank/bestanden/:file/origineel", accounting, h.DownloadBankFile},
		{fiber.MethodGet, "/boekhouding/bank/bewegingen", accounting, h.ShowMovements},
		{fiber.MethodGet, "/boekhouding/bank/bewegingen/:movement", accounting, h.ShowMovement},
		{fiber.MethodPost, "/boekhouding/bank/bewegingen/:movement/boeking", accounting, h.MatchOrders},
		{fiber.MethodPost, "/boekhouding/bank/bewegingen/:movement/rekening", accounting, h.PlaceMovement},
		{fiber.MethodPost, "/boekhouding/bank/bewegingen/:movement/terugbetaling", accounting, h.MatchRefund},
		{fiber.MethodPost, "/boekhouding/bank/bewegingen/:movement/teruggenomen", accounting, h.TakeBack},
		{fiber.MethodPost, "/boekhouding/bank/bewegingen/:movement/losmaken", accounting, h.UndoMatch},
	}
}
