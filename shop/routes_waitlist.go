package shop

import (
	"github.com/gofiber/fiber/v2"

	officepages "joetz/shop/office"
	parentpages "joetz/shop/parent"
)

// waiting are the pages of the waiting list: a family's own entries, and the office's view of everybody's.
func waiting(h *parentpages.Handlers, o *officepages.Handlers) []route {
	return []route{
		{fiber.MethodGet, "/mijn/wachtlijst", parent, h.ShowWaitlist},
		{fiber.MethodGet, "/mijn/wachtlijst/nieuw/:departure", parent, h.ShowJoin},
		{fiber.MethodPost, "/mijn/wachtlijst/nieuw/:departure", parent, h.JoinList},
		{fiber.MethodPost, "/mijn/wachtlijst/nieuw/:departure/kind", parent, h.AddWaitingChild},
		{fiber.MethodGet, "/mijn/wachtlijst/:entry", parent, h.ShowEntry},
		{fiber.MethodPost, "/mijn/wachtlijst/:entry/aanvaarden", parent, h.AcceptOffer},
		{fiber.MethodPost, "/mijn/wachtlijst/:entry/weigeren", parent, h.DeclineOffer},
		{fiber.MethodPost, "/mijn/wachtlijst/:entry/verlaten", parent, h.LeaveList},
		{fiber.MethodGet, "/kantoor/wachtlijst", office, o.ShowWaitlists},
		{fiber.MethodGet, "/kantoor/wachtlijst/:departure", office, o.ShowWaitlist},
		{fiber.MethodPost, "/kantoor/wachtlijst/gezin/:entry", office, o.ActOnWaiting},
	}
}
