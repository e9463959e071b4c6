package shop

import (
	"github.com/gofiber/fiber/v2"

	"joetz/shop/animator"
	pages "joetz/shop/office"
)

// inEmergency are the pages on which one fiche is opened in an emergency. Who may, and which, is decided behind each of them.
func inEmergency(h *animator.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/nood", helpers, h.ShowEmergency},
		{fiber.MethodPost, "/nood", helpers, h.OpenEmergency},
		{fiber.MethodGet, "/nood/:override", helpers, h.ShowOpened},
		{fiber.MethodPost, "/nood/:override/sluiten", helpers, h.CloseOpened},
		{fiber.MethodGet, "/nood/:override/bestand/:file", helpers, h.ShowOpenedFile},
	}
}

// watching are the office's pages about how fiches are read and kept. None of them shows an answer.
func watching(h *pages.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/kantoor/nood/:override", office, h.ShowOverride},
		{fiber.MethodPost, "/kantoor/nood/:override", office, h.ReviewOverride},
		{fiber.MethodGet, "/kantoor/fiches", office, h.ShowFiches},
		{fiber.MethodGet, "/kantoor/fiches/instellingen", office, h.ShowFicheSettings},
		{fiber.MethodPost, "/kantoor/fiches/instellingen", office, h.SaveFicheSettings},
		{fiber.MethodGet, "/kantoor/fiches/melding/:alert", office, h.ShowAlert},
		{fiber.MethodPost, "/kantoor/fiches/melding/:alert", office, h.HandleAlert},
		{fiber.MethodGet, "/kantoor/fiches/:fiche", office, h.ShowFicheFile},
		{fiber.MethodPost, "/kantoor/fiches/:fiche/dossier", office, h.HoldFiche},
		{fiber.MethodPost, "/kantoor/fiches/:fiche/dossier/:hold", office, h.ReleaseFiche},
		{fiber.MethodPost, "/kantoor/fiches/:fiche/wissen", office, h.WipeFiche},
	}
}
