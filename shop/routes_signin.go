package shop

import (
	"joetz/shop/signin"

	"github.com/gofiber/fiber/v2"
)

// signingIn are the pages of people who are nobody yet.
func signingIn(h *signin.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/aanmelden", anyone, h.ShowEmail},
		{fiber.MethodPost, "/aanmelden", anyone, h.SendCode},
		{fiber.MethodGet, "/aanmelden/code", anyone, h.ShowCode},
		{fiber.MethodPost, "/aanmelden/code", anyone, h.EnterCode},
		{fiber.MethodPost, "/aanmelden/opnieuw", anyone, h.SendAgain},
		{fiber.MethodGet, "/aanmelden/wachtwoord", anyone, h.ShowPassword},
		{fiber.MethodPost, "/aanmelden/wachtwoord", anyone, h.EnterPassword},
		{fiber.MethodGet, "/medewerkers/aanmelden", anyone, h.ShowStaff},
		{fiber.MethodPost, "/medewerkers/aanmelden", anyone, h.EnterStaff},
		{fiber.MethodGet, "/medewerkers/aanmelden/code", anyone, h.ShowFactor},
		{fiber.MethodPost, "/medewerkers/aanmelden/code", anyone, h.EnterFactor},
		{fiber.MethodGet, "/medewerkers/aanmelden/app", anyone, h.ShowSetUp},
		{fiber.MethodPost, "/medewerkers/aanmelden/app", anyone, h.ConfirmSetUp},
		{fiber.MethodGet, "/medewerkers/uitnodiging/:token", anyone, h.ShowInvitation},
		{fiber.MethodPost, "/medewerkers/uitnodiging/:token", anyone, h.AcceptInvitation},
		{fiber.MethodPost, "/afmelden", anyone, h.SignOut},

		{fiber.MethodGet, "/beveiliging", signedIn, h.ShowSecurity},
		{fiber.MethodPost, "/beveiliging/afmelden", signedIn, h.SignOutEverywhere},
		{fiber.MethodPost, "/beveiliging/wachtwoord", parent, h.ChoosePassword},
	}
}
