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
		{fiber.MethodGet, "/boekhouding/rekeningen/:account", accounting, h.ShowAccount},
		{fiber.MethodGet, "/boekhouding/journaal/:entry", accounting, h.ShowEntry},
		{fiber.MethodGet, "/boekhouding/bestellingen/:order", accounting, h.ShowOrder},
		{fiber.MethodGet, "/boekhouding/betalingen", accounting, h.ShowPayments},
		{fiber.MethodGet, "/boekhouding/vooruitontvangen", accounting, h.ShowDeferred},
		{fiber.MethodGet, "/boekhouding/verzekeraar", accounting, h.ShowInsurer},
		{fiber.MethodGet, "/boekhouding/stripe", accounting, h.ShowStripe},
		{fiber.MethodPost, "/boekhouding/stripe", accounting, h.SettleFinding},
		{fiber.MethodGet, "/boekhouding/stripe/uitbetalingen/:payout", accounting, h.ShowPayout},
		{fiber.MethodGet, "/boekhouding/terugbetalingen", accounting, h.ShowRefunds},
		{fiber.MethodPost, "/boekhouding/terugbetalingen", accounting, h.MakeBatch},
		{fiber.MethodPost, "/boekhouding/terugbetalingen/akkoord", accounting, h.AgreeRefund},
		{fiber.MethodPost, "/boekhouding/terugbetalingen/tegoed", accounting, h.ReturnOverpaid},
		{fiber.MethodPost, "/boekhouding/terugbetalingen/opnieuw", accounting, h.RetryRefund},
		{fiber.MethodPost, "/boekhouding/terugbetalingen/rekening", accounting, h.SetRefundAccount},
		{fiber.MethodGet, "/boekhouding/terugbetalingen/bestanden/:batch", accounting, h.DownloadBatch},
		{fiber.MethodGet, "/boekhouding/verschillen", accounting, h.ShowDifferences},
		{fiber.MethodPost, "/boekhouding/verschillen/te-weinig", accounting, h.LetGo},
		{fiber.MethodPost, "/boekhouding/verschillen/alles", accounting, h.LetAllGo},
		{fiber.MethodPost, "/boekhouding/verschillen/te-veel", accounting, h.KeepDifference},
		{fiber.MethodPost, "/boekhouding/verschillen/terugdraaien", accounting, h.TakeBackDifference},
		{fiber.MethodGet, "/boekhouding/herinneringen", accounting, h.ShowReminders},
		{fiber.MethodPost, "/boekhouding/herinneringen", accounting, h.PauseReminders},
		{fiber.MethodPost, "/boekhouding/herinneringen/brieven", accounting, h.PrintLetters},
		{fiber.MethodGet, "/boekhouding/herinneringen/brieven/:batch", accounting, h.DownloadLetters},
		{fiber.MethodPost, "/boekhouding/herinneringen/brieven/:batch", accounting, h.EndLetters},
		{fiber.MethodPost, "/boekhouding/herinneringen/kosten", accounting, h.AskCosts},
		{fiber.MethodGet, "/boekhouding/instellingen", accounting, h.ShowSettings},
		{fiber.MethodPost, "/boekhouding/instellingen/qr", accounting, h.SetQR},
		{fiber.MethodPost, "/boekhouding/instellingen/kosten", accounting, h.SetCosts},
		{fiber.MethodPost, "/boekhouding/instellingen/verschillen", accounting, h.SetDifferenceLimit},
		{fiber.MethodGet, "/boekhouding/afsluiten", accounting, h.ShowClose},
		{fiber.MethodPost, "/boekhouding/afsluiten", accounting, h.CloseMonth},
		{fiber.MethodGet, "/boekhouding/uitvoer", accounting, h.ShowExport},
		{fiber.MethodGet, "/boekhouding/uitvoer/:file", accounting, h.Download},
		{fiber.MethodGet, "/boekhouding/facturen", accounting, h.ShowInvoices},
		{fiber.MethodGet, "/boekhouding/facturen/:invoice", accounting, h.ShowInvoice},
		{fiber.MethodGet, "/boekhouding/facturen/:invoice/pdf", accounting, h.ShowPDF},
		{fiber.MethodGet, "/boekhouding/facturen/:invoice/ubl", accounting, h.ShowUBL},
		{fiber.MethodGet, "/boekhouding/facturen/:invoice/kopie", accounting, h.ShowCopy},
		{fiber.MethodGet, "/boekhouding/bank", accounting, h.ShowBank},
		{fiber.MethodPost, "/boekhouding/bank", accounting, h.UploadBank},
		{fiber.MethodGet, "/boekhouding/bank/wachtend", accounting, h.ShowWaiting},
		{fiber.MethodPost, "/boekhouding/bank/wachtend", accounting, h.TakeCertain},
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
