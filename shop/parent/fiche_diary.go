package parent

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/web"
	"joetz/templates/fiche"
	"joetz/templates/layout"
	"joetz/terms/id"
)

func diaryPath(b id.Booking) string { return FichePath(b) + "/op-kamp" }

// ShowDiary shows what was given and done at camp, once it is over. It needs no filled-in fiche: a plaster is written
// down for every child.
func (h *Handlers) ShowDiary(c *fiber.Ctx) error {
	_, b, err := h.ficheOf(c)
	if err != nil {
		return err
	}
	records, over, err := h.Medical.Diary(c.UserContext(), guardianReader(c), b.ID)
	if err != nil {
		return err
	}
	p := fichePage(c, "fiche.tab")
	p.Back = &layout.Link{Href: FichePath(b.ID), Text: p.T("fiche.back")}
	page := fiche.DiaryPage{Page: p, FirstName: b.FirstName, Over: over}
	for _, r := range records {
		page.Lines = append(page.Lines, diaryLine(p, r))
	}
	return web.Render(c, fiche.Diary(page))
}

func diaryLine(p layout.Page, r medical.Record) fiche.DiaryLine {
	out := fiche.DiaryLine{At: p.Instant(r.At), Who: r.ByName, Note: string(r.Note), Mistaken: r.Mistaken}
	switch r.Kind {
	case medical.OfMedicine:
		parts := []string{p.T("medical.outcome." + r.Outcome), string(r.Name)}
		if r.Slot != "" {
			parts = append(parts, p.T("medical.slot."+r.Slot))
		}
		out.What = strings.Join(parts, ", ")
	case medical.FirstAid, medical.Incident, medical.Addendum, medical.Handover:
		out.What = p.T("fiche.camp." + string(r.Kind))
	default:
		out.What = p.T("fiche.camp.unreadable")
	}
	if r.Mistaken {
		out.What = p.T("fiche.camp.mistaken") + " " + out.What
	}
	switch {
	case r.Reason != "":
		out.Broken = p.T("fiche.camp.broken", string(r.Reason))
	case r.Outcome == medical.Given && !r.Mistaken: // nobody decided so, and the parent is told all the same
		for _, l := range r.Broken {
			out.Broken = strings.TrimSpace(out.Broken + " " + p.T("medical.limit."+l))
		}
	}
	return out
}
