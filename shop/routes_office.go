package shop

import (
	"github.com/gofiber/fiber/v2"

	pages "joetz/shop/office"
)

// offices are the pages of the organiser's office.
func offices(h *pages.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/kantoor", office, h.ShowWorklist},
		{fiber.MethodPost, "/kantoor/werk/nemen", office, h.TakeItem},
		{fiber.MethodPost, "/kantoor/werk/loslaten", office, h.ReleaseItem},
		{fiber.MethodGet, "/kantoor/werk/taak/:job", office, h.ShowJob},
		{fiber.MethodPost, "/kantoor/werk/taak/:job", office, h.ReviveJob},
		{fiber.MethodGet, "/kantoor/zoeken", office, h.ShowSearch},
		{fiber.MethodGet, "/kantoor/zorg", office, h.ShowReviews},
		{fiber.MethodGet, "/kantoor/vragen", office, h.ShowRequests},
		{fiber.MethodGet, "/kantoor/vragen/:request", office, h.ShowRequest},
		{fiber.MethodPost, "/kantoor/vragen/:request", office, h.AnswerRequest},
		{fiber.MethodGet, "/kantoor/vragen/:request/wissen", office, h.ShowErase},
		{fiber.MethodPost, "/kantoor/vragen/:request/wissen", office, h.Erase},
		{fiber.MethodPost, "/kantoor/vragen/:request/sluiten", office, h.CloseRequest},
		{fiber.MethodGet, "/kantoor/vragen/:request/bestand/:file", office, h.ShowRequestFile},
		{fiber.MethodGet, "/kantoor/boeking/:order", office, h.ShowOrder},
		{fiber.MethodGet, "/kantoor/factuur/:invoice", office, h.ShowInvoice},
		{fiber.MethodGet, "/kantoor/kind/:booking/annuleren", office, h.ShowCancel},
		{fiber.MethodPost, "/kantoor/kind/:booking/annuleren", office, h.Cancel},
		{fiber.MethodGet, "/kantoor/kind/:booking/wat-als", office, h.ShowWhatIf},
		{fiber.MethodGet, "/kantoor/kind/:booking/zorg", office, h.ShowReview},
		{fiber.MethodPost, "/kantoor/kind/:booking/zorg", office, h.Review},
		{fiber.MethodGet, "/kantoor/kind/:booking/zorg/weigeren", office, h.ShowRefuse},
		{fiber.MethodPost, "/kantoor/kind/:booking/zorg/weigeren", office, h.Refuse},
		{fiber.MethodGet, "/kantoor/deelnemer/:participant/weigeren", office, h.ShowBar},
		{fiber.MethodPost, "/kantoor/deelnemer/:participant/weigeren", office, h.MakeBar},
		{fiber.MethodPost, "/kantoor/deelnemer/:participant/weigeren/opheffen", office, h.EndBar},
		{fiber.MethodPost, "/kantoor/deelnemer/:participant/weigeren/gesproken", office, h.HandleTries},
		{fiber.MethodGet, "/kantoor/extras", office, h.ShowExtras},
		{fiber.MethodGet, "/kantoor/extras/:departure", office, h.ShowDepartureExtras},
		{fiber.MethodPost, "/kantoor/extras/:departure", office, h.MakeExtra},
		{fiber.MethodPost, "/kantoor/extras/:departure/:extra/stop", office, h.StopExtra},
		{fiber.MethodGet, "/kantoor/kortingen", office, h.ShowDiscounts},
		{fiber.MethodPost, "/kantoor/kortingen", office, h.MakeDiscount},
		{fiber.MethodPost, "/kantoor/kortingen/:discount/stop", office, h.StopDiscount},
		{fiber.MethodGet, "/kantoor/bewijzen", office, h.ShowProofs},
		{fiber.MethodGet, "/kantoor/bewijzen/:booking", office, h.ShowProof},
		{fiber.MethodPost, "/kantoor/bewijzen/:booking", office, h.DecideProof},
		{fiber.MethodGet, "/kantoor/bewijzen/:booking/bestand/:file", office, h.ShowProofFile},
	}
}
