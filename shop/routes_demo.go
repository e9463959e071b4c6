package shop

import (
	"net/http"

	"joetz/shop/demo"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
)

// StandInPath is where the pages of the stand-in for Stripe are.
const StandInPath = "/demo/stripe"

// standIn are the pay page and the desk of the stand-in for Stripe; nil with a Stripe account. They are served by the shop
// itself, so that a browser needs no other port and a pay page is still there after a restart.
func standIn(pages http.Handler) []route {
	if pages == nil {
		return nil
	}
	serve := adaptor.HTTPHandler(http.StripPrefix(StandInPath, pages))
	return []route{
		{fiber.MethodGet, StandInPath + "/c/style.css", anyone, serve},
		{fiber.MethodGet, StandInPath + "/c/pay/:session", anyone, serve},
		{fiber.MethodPost, StandInPath + "/c/pay/:session", anyone, serve},
		{fiber.MethodGet, StandInPath + "/c/desk", anyone, serve},
		{fiber.MethodPost, StandInPath + "/c/desk", anyone, serve},
	}
}

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
		{fiber.MethodGet, demo.BankPath, accounting, h.SampleStatement},
	}
}
