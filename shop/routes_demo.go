package shop

import (
	"joetz/shop/demo"

	"github.com/gofiber/fiber/v2"
)

// tryingOut are the pages of a shop that is no real one; nil in production.
func tryingOut(h *demo.Handlers) []route {
	if h == nil {
		return nil
	}
	return []route{
		{fiber.MethodGet, demo.MailPath, anyone, h.ShowMails},
		{fiber.MethodGet, demo.MailPath + "/:mail", anyone, h.ShowMail},
		{fiber.MethodGet, demo.MailPath + "/:mail/html", anyone, h.ShowHTML},
		{fiber.MethodGet, demo.MailPath + "/:mail/tekst", anyone, h.ShowText},
		{fiber.MethodGet, demo.MailPath + "/:mail/bijlage/:file", anyone, h.ShowFile},
	}
}
