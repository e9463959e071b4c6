package animator

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/shop/web"
	pages "joetz/templates/animator"
	"joetz/templates/layout"
	"joetz/terms/id"
)

func diaryPath(d id.Departure, b id.Booking) string { return childPath(d, b) + "/verslag" }

// ShowDiary shows what was given and done for a child.
func (h *Handlers) ShowDiary(c *fiber.Ctx) error {
	_, _, out, err := h.diaryPage(c, c.Query("bij"))
	if err != nil {
		return promiseFirst(c, err)
	}
	return web.Render(c, pages.Diary(out))
}

func (h *Handlers) diaryPage(c *fiber.Ctx, corrects string) (d id.Departure, b id.Booking, out pages.DiaryPage, err error) {
	d, b, child, err := h.child(c)
	if err != nil {
		return d, b, out, err
	}
	p := page(c, child.FirstName)
	p.Back = &layout.Link{Href: childPath(d, b), Text: child.FirstName}
	out = pages.DiaryPage{Page: p, Action: diaryPath(d, b), Child: child.FirstName, Client: medical.NewClient()}
	for _, r := range child.Records {
		out.Records = append(out.Records, recordLine(p, d, b, r))
	}
	if corrects == "" {
		return d, b, out, nil
	}
	i := slices.IndexFunc(child.Records, func(r medical.Record) bool { return r.Client == corrects && r.Kind != medical.Addendum })
	if i < 0 {
		return d, b, out, web.ErrNotFound
	}
	line := out.Records[i]
	line.Href = ""
	out.Corrects, out.MayRevoke = &line, child.Records[i].Kind == medical.OfMedicine && !child.Records[i].Mistaken
	out.Action += "?bij=" + corrects
	return d, b, out, nil
}

func recordLine(p layout.Page, d id.Departure, b id.Booking, r medical.Record) pages.RecordLine {
	out := pages.RecordLine{Client: r.Client, At: p.Instant(r.At), Who: r.ByName, Note: string(r.Note), Reason: string(r.Reason), Mistaken: r.Mistaken}
	switch r.Kind {
	case medical.OfMedicine:
		var parts []string
		for _, part := range []string{p.T("medical.outcome." + r.Outcome), string(r.Name), string(r.Amount)} {
			if part != "" && (part != string(r.Amount) || r.Medicine != medical.Paracetamol) {
				parts = append(parts, part)
			}
		}
		if r.Slot != "" {
			parts = append(parts, p.T("medical.slot."+r.Slot))
		}
		out.What = strings.Join(parts, ", ")
	case medical.FirstAid:
		out.What = p.T("animator.diary.first_aid")
	case medical.Incident:
		out.What, out.Loud = p.T("animator.diary.incident"), true
	case medical.Handover:
		out.What = p.T("animator.home.record")
	case medical.Addendum:
		out.What = p.T("animator.diary.addendum")
	default:
		out.What, out.Loud = p.T("animator.diary.unreadable"), true
	}
	for _, l := range r.Broken {
		out.Broken = append(out.Broken, "medical.limit."+l)
	}
	if !r.Noted.IsZero() {
		out.Late = p.T("animator.diary.noted", p.Instant(r.Noted))
	}
	if r.Offline {
		out.Late = strings.TrimSpace(out.Late + " " + p.T("animator.diary.sent", p.Instant(r.ReceivedAt)))
	}
	if r.Kind != medical.Addendum && r.Kind != "" {
		out.Href = diaryPath(d, b) + "?bij=" + r.Client
	}
	return out
}

type diaryForm struct {
	Client   string `form:"client" validate:"required,max=40"`
	Kind     string `form:"kind" validate:"required,oneof=first_aid incident addendum"`
	Note     string `form:"note" validate:"required,max=2000"`
	Corrects string `form:"corrects" validate:"max=40"`
	Mistake  bool   `form:"mistake"`
}

// Write writes down first aid, an incident, or something that was forgotten or wrong.
func (h *Handlers) Write(c *fiber.Ctx) error {
	in, err := web.Form[diaryForm](c)
	d, b, out, errPage := h.diaryPage(c, in.Corrects)
	if errPage != nil {
		return promiseFirst(c, errPage)
	}
	out.Kind, out.Note, out.Mistake = in.Kind, in.Note, in.Mistake
	if in.Client != "" {
		out.Client = in.Client
	}
	if err == nil {
		report := medical.Report{Client: in.Client, Kind: medical.Kind(in.Kind), Note: in.Note, Corrects: in.Corrects}
		if in.Mistake && out.MayRevoke {
			report.Outcome = medical.Mistake
		}
		if _, _, err = h.Camps.Write(c.UserContext(), reader(c), d, b, report); err == nil {
			web.SetFlash(c, layout.Good, "animator.give.saved")
			return web.SeeOther(c, diaryPath(d, b))
		}
	}
	if problems := web.Problems(c, err); problems != nil {
		out.Errors, out.Failed = problems, true
		return web.RenderAgain(c, pages.Diary(out))
	}
	return err
}
