package shop

import (
	"github.com/gofiber/fiber/v2"

	pages "joetz/shop/office"
)

// officeDays are the pages of the office's daily work: finding, lists, mail.
func officeDays(h *pages.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/kantoor/gezin/:guardian", office, h.ShowFamily},
		{fiber.MethodGet, "/kantoor/vertrekken", office, h.ShowDepartures},
		{fiber.MethodGet, "/kantoor/vertrek/:departure", office, h.ShowDeparture},
		{fiber.MethodGet, "/kantoor/vertrek/:departure/bestand", office, h.DownloadDeparture},
		{fiber.MethodGet, "/kantoor/vertrek/:departure/mail", office, h.ShowCompose},
		{fiber.MethodPost, "/kantoor/vertrek/:departure/mail", office, h.Compose},
		{fiber.MethodGet, "/kantoor/vertrek/:departure/infobrief", office, h.ShowInfo},
		{fiber.MethodPost, "/kantoor/vertrek/:departure/infobrief", office, h.SaveInfo},
		{fiber.MethodGet, "/kantoor/vertrek/:departure/infobrief/bijlage", office, h.ShowInfoFile},
		{fiber.MethodGet, "/kantoor/vertrek/:departure/begeleiders", office, h.ShowTeam},
		{fiber.MethodPost, "/kantoor/vertrek/:departure/begeleiders", office, h.JoinTeam},
		{fiber.MethodPost, "/kantoor/vertrek/:departure/begeleiders/:staff", office, h.ChangeTeam},
		{fiber.MethodGet, "/kantoor/brief/:letter", office, h.ShowLetter},
		{fiber.MethodPost, "/kantoor/brief/:letter", office, h.SendLetter},
		{fiber.MethodGet, "/kantoor/brief/:letter/wijzigen", office, h.ShowChange},
		{fiber.MethodPost, "/kantoor/brief/:letter/wijzigen", office, h.Change},
		{fiber.MethodGet, "/kantoor/mail/:mail", office, h.ShowMail},
		{fiber.MethodPost, "/kantoor/mail/:mail", office, h.HandleMail},
		{fiber.MethodPost, "/kantoor/gezin/:guardian/adres", office, h.SetReach},
		{fiber.MethodPost, "/kantoor/gezin/:guardian/notitie", office, h.WriteFamilyNote},
		{fiber.MethodPost, "/kantoor/gezin/:guardian/notitie/:note", office, h.PinFamilyNote},
		{fiber.MethodPost, "/kantoor/boeking/:order/notitie", office, h.WriteNote},
		{fiber.MethodPost, "/kantoor/boeking/:order/notitie/:note", office, h.PinNote},
		{fiber.MethodGet, "/kantoor/boekingen", office, h.ShowBookings},
		{fiber.MethodGet, "/kantoor/boekingen/bestand", office, h.DownloadBookings},
		{fiber.MethodGet, "/kantoor/boekingen/mail", office, h.ShowCompose},
		{fiber.MethodPost, "/kantoor/boekingen/mail", office, h.Compose},
		{fiber.MethodGet, "/kantoor/gezinnen", office, h.ShowFamilies},
		{fiber.MethodGet, "/kantoor/gezinnen/mail", office, h.PickFamilies},
		{fiber.MethodGet, "/kantoor/gezinnen/bestand", office, h.DownloadFamilies},
	}
}
