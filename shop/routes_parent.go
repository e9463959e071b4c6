package shop

import (
	"github.com/gofiber/fiber/v2"

	pages "joetz/shop/parent"
)

// parents are the pages on which anybody holds places and a parent books and follows what was booked. The steps of a
// checkout are for the holder of the basket's cookie who is signed in as its guardian; the handlers ask for both.
func parents(h *pages.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/wachtkamer/:departure", parent, h.ShowRoom},
		{fiber.MethodPost, "/boeken", anyone, h.Start},
		{fiber.MethodGet, "/boeken", anyone, h.Next},
		{fiber.MethodPost, "/boeken/opnieuw", anyone, h.Retake},
		{fiber.MethodPost, "/boeken/stoppen", anyone, h.Leave},
		{fiber.MethodGet, "/boeken/kind/:position", parent, h.ShowChild},
		{fiber.MethodPost, "/boeken/kind/:position", parent, h.SaveChild},
		{fiber.MethodGet, "/boeken/kind/:position/keuzes", parent, h.ShowChoices},
		{fiber.MethodPost, "/boeken/kind/:position/keuzes", parent, h.SaveChoices},
		{fiber.MethodPost, "/boeken/kind/:position/verwijderen", parent, h.RemoveLine},
		{fiber.MethodPost, "/boeken/code", parent, h.UseCode},
		{fiber.MethodGet, "/boeken/gegevens", parent, h.ShowDetails},
		{fiber.MethodPost, "/boeken/gegevens", parent, h.SaveDetails},
		{fiber.MethodGet, "/boeken/overzicht", parent, h.ShowConfirm},
		{fiber.MethodPost, "/boeken/overzicht", parent, h.Confirm},
		{fiber.MethodGet, "/mijn", parent, h.ShowHome},
		{fiber.MethodGet, "/mijn/documenten", parent, h.ShowDocuments},
		{fiber.MethodGet, "/mijn/geschiedenis", parent, h.ShowHistory},
		{fiber.MethodGet, "/mijn/gegevens", parent, h.ShowData},
		{fiber.MethodPost, "/mijn/gegevens/download", parent, h.DownloadData},
		{fiber.MethodPost, "/mijn/gegevens/wissen", parent, h.AskErase},
		{fiber.MethodGet, "/mijn/gezin", parent, h.ShowFamily},
		{fiber.MethodGet, "/mijn/gezin/uitnodigen", parent, h.ShowInvite},
		{fiber.MethodPost, "/mijn/gezin/uitnodigen", parent, h.SendInvite},
		{fiber.MethodPost, "/mijn/gezin/uitnodiging/:invitation/opnieuw", parent, h.ResendInvite},
		{fiber.MethodPost, "/mijn/gezin/uitnodiging/:invitation/intrekken", parent, h.RevokeInvite},
		{fiber.MethodGet, "/mijn/gezin/kind/:child", parent, h.ShowEditChild},
		{fiber.MethodPost, "/mijn/gezin/kind/:child", parent, h.SaveEditChild},
		{fiber.MethodGet, "/mijn/gezin/kind/:child/ouder/:adult", parent, h.ShowAdult},
		{fiber.MethodPost, "/mijn/gezin/kind/:child/ouder/:adult", parent, h.SaveAdult},
		{fiber.MethodGet, "/mijn/gezin/kind/:child/ouder/:adult/weg", parent, h.ShowLeave},
		{fiber.MethodPost, "/mijn/gezin/kind/:child/ouder/:adult/weg", parent, h.LeaveChild},
		{fiber.MethodGet, "/uitnodiging/:token", parent, h.ShowInvited},
		{fiber.MethodPost, "/uitnodiging/:token", parent, h.AcceptInvited},
		{fiber.MethodGet, "/mijn/vragen", parent, h.ShowRequests},
		{fiber.MethodGet, "/mijn/vragen/nieuw", parent, h.ShowNewRequest},
		{fiber.MethodPost, "/mijn/vragen/nieuw", parent, h.SendRequest},
		{fiber.MethodGet, "/mijn/vragen/:request", parent, h.ShowRequest},
		{fiber.MethodPost, "/mijn/vragen/:request", parent, h.Reply},
		{fiber.MethodGet, "/mijn/vragen/:request/bestand/:file", parent, h.ShowRequestFile},
		{fiber.MethodGet, "/mijn/reispapieren/:booking", parent, h.ShowPapers},
		{fiber.MethodPost, "/mijn/reispapieren/:booking", parent, h.SavePapers},
		{fiber.MethodGet, "/mijn/betalen", parent, h.ShowPayAll},
		{fiber.MethodPost, "/mijn/betalen", parent, h.PayAll},
		{fiber.MethodGet, "/mijn/bestelling/:order", parent, h.ShowOrder},
		{fiber.MethodPost, "/mijn/bestelling/:order/betalen", parent, h.Pay},
		{fiber.MethodGet, "/mijn/bestelling/:order/factuur/:invoice", parent, h.ShowInvoice},
		{fiber.MethodGet, "/mijn/bewijs/:booking", parent, h.ShowProof},
		{fiber.MethodPost, "/mijn/bewijs/:booking", parent, h.HandInProof},
		{fiber.MethodPost, "/mijn/bewijs/:booking/bestand/:file/weg", parent, h.TakeProofBack},
		{fiber.MethodGet, "/betaling/:attempt", parent, h.ShowPayment},
		{fiber.MethodGet, "/mijn/fiche/:booking", parent, h.ShowFiche},
		{fiber.MethodGet, "/mijn/fiche/:booking/deel/:number", parent, h.ShowTopic},
		{fiber.MethodPost, "/mijn/fiche/:booking/deel/:number", parent, h.SaveTopic},
		{fiber.MethodGet, "/mijn/fiche/:booking/nakijken", parent, h.ShowCheck},
		{fiber.MethodPost, "/mijn/fiche/:booking/ondertekenen", parent, h.Sign},
		{fiber.MethodGet, "/mijn/fiche/:booking/wie-keek", parent, h.ShowWho},
		{fiber.MethodGet, "/mijn/fiche/:booking/op-kamp", parent, h.ShowDiary},
		{fiber.MethodGet, "/mijn/fiche/:booking/bestand/:file", parent, h.ShowFile},
	}
}
