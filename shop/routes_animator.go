package shop

import (
	"joetz/shop/animator"

	"github.com/gofiber/fiber/v2"
)

// atCamp are the pages of animators and leads. Whose camp it is, and when, is decided behind each of them.
func atCamp(h *animator.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/animator", animators, h.ShowCamps},
		{fiber.MethodGet, "/animator/sw.js", anyone, h.ServiceWorker},
		{fiber.MethodGet, "/animator/app.webmanifest", anyone, h.Manifest},
		{fiber.MethodGet, "/animator/zonder-signaal", anyone, h.ShowShell},
		{fiber.MethodGet, "/animator/pak/:pack", anyone, h.PackMayStay},
		{fiber.MethodPost, "/animator/meldingen", animators, h.Receive},
		{fiber.MethodGet, "/animator/kamp/:departure/meenemen", animators, h.ShowTakeAlong},
		{fiber.MethodPost, "/animator/kamp/:departure/meenemen", animators, h.TakeAlong},
		{fiber.MethodGet, "/animator/kamp/:departure/mag-bewaren", animators, h.MayKeep},
		{fiber.MethodGet, "/animator/belofte", animators, h.ShowPromise},
		{fiber.MethodPost, "/animator/belofte", animators, h.Promise},
		{fiber.MethodGet, "/animator/kamp/:departure", animators, h.ShowCamp},
		{fiber.MethodGet, "/animator/kamp/:departure/keuken", animators, h.ShowKitchen},
		{fiber.MethodGet, "/animator/kamp/:departure/naar-huis", animators, h.ShowHome},
		{fiber.MethodPost, "/animator/kamp/:departure/naar-huis", animators, h.TakeHome},
		{fiber.MethodGet, "/animator/kamp/:departure/afdruk", animators, h.ShowPrint},
		{fiber.MethodPost, "/animator/kamp/:departure/afdruk", animators, h.Print},
		{fiber.MethodGet, "/animator/kamp/:departure/kind/:booking", animators, h.ShowChild},
		{fiber.MethodGet, "/animator/kamp/:departure/kind/:booking/bestand/:file", animators, h.ShowFile},
		{fiber.MethodGet, "/animator/kamp/:departure/kind/:booking/geef/:medicine", animators, h.ShowGive},
		{fiber.MethodPost, "/animator/kamp/:departure/kind/:booking/geef/:medicine", animators, h.Give},
		{fiber.MethodGet, "/animator/kamp/:departure/kind/:booking/verslag", animators, h.ShowDiary},
		{fiber.MethodPost, "/animator/kamp/:departure/kind/:booking/verslag", animators, h.Write},
	}
}
