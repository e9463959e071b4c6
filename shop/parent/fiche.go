package parent

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"joetz/medical"
	"joetz/medical/questionnaire"
	"joetz/shop/booking"
	"joetz/shop/web"
	"joetz/templates/fiche"
	"joetz/templates/layout"
	"joetz/templates/ui"
	"joetz/terms/id"
)

// fresh is how short ago somebody signed in who signs a fiche with a second step.
const fresh = 15 * time.Minute

// FichePath is where a child's fiche for a booking is filled in.
func FichePath(b id.Booking) string { return "/mijn/fiche/" + strconv.FormatInt(int64(b), 10) }

func topicPath(b id.Booking, number int) string {
	return FichePath(b) + "/deel/" + strconv.Itoa(number)
}
func checkPath(b id.Booking) string { return FichePath(b) + "/nakijken" }
func whoPath(b id.Booking) string   { return FichePath(b) + "/wie-keek" }

// guardianReader says who reads, for the decision and the access log.
func guardianReader(c *fiber.Ctx) medical.Reader {
	return medical.Reader{Guardian: web.Who(c).GuardianID, Role: medical.Guardian, Request: web.RequestID(c), IP: web.ClientIP(c).String(),
		Device: c.Get(fiber.HeaderUserAgent)}
}

// ficheOf reads the fiche of the address. Medical decides first whether it is this guardian's; only then names are read.
func (h *Handlers) ficheOf(c *fiber.Ctx) (medical.Form, booking.Booking, error) {
	key, err := strconv.ParseInt(c.Params("booking"), 10, 64)
	if err != nil {
		return medical.Form{}, booking.Booking{}, booking.ErrNoBooking
	}
	form, err := h.Medical.Form(c.UserContext(), guardianReader(c), id.Booking(key))
	if err != nil {
		return form, booking.Booking{}, err
	}
	b, err := h.Bookings.BookingByID(c.UserContext(), id.Booking(key))
	return form, b, err
}

func fichePage(c *fiber.Ctx, title string, args ...any) layout.Page {
	p := web.Page(c)
	p.Title, p.Private = p.T(title, args...), true
	return p
}

// ShowFiche is where filling in begins and goes on.
func (h *Handlers) ShowFiche(c *fiber.Ctx) error {
	form, b, err := h.ficheOf(c)
	if err != nil {
		return err
	}
	p := fichePage(c, "fiche.tab")
	p.Back = &layout.Link{Href: booking.OrderPath(b.Order), Text: p.T("fiche.back_to_order")}
	page := fiche.OverviewPage{Page: p, FirstName: b.FirstName, Holiday: b.Title, From: b.DepartsOn, To: b.EndsOn, SignedAt: form.SignedAt,
		Changed: form.State == medical.Signed && form.ChangedAt.After(form.SignedAt), Closed: form.Closed,
		Broken: len(form.Broken) > 0 || form.State == medical.Unreadable, Check: checkPath(b.ID), Who: whoPath(b.ID)}
	rules, err := h.Medical.Rules(c.UserContext())
	if err != nil {
		return err
	}
	page.WipedOn = b.EndsOn.AddDays(rules.WipeAfter + 1)
	fate, there, err := h.Medical.FateOf(c.UserContext(), b.ID)
	if err != nil {
		return err
	}
	page.WipedAt = fate.WipedAt
	if there && fate.WipedAt.IsZero() {
		page.Wipe = FichePath(b.ID) + "/wissen"
	}
	if !p.Today.Before(b.DepartsOn) {
		page.Diary = diaryPath(b.ID)
	}
	for i, t := range form.Topics {
		task := ui.Task{Label: t.Title.In(p.Lang), Href: topicPath(b.ID, i+1)}
		if t.Done() {
			task.State = ui.Done
			page.Done++
		} else if page.Next == "" {
			page.Next = task.Href
		}
		if t.Later > 0 {
			task.Note = p.T("fiche.later")
		}
		if form.Closed {
			task.Href = ""
		}
		page.Tasks = append(page.Tasks, task)
	}
	if form.State == medical.Missing && !form.Closed {
		previous, err := h.Medical.Previous(c.UserContext(), guardianReader(c), b.ID)
		if err != nil {
			return err
		}
		page.Previous = len(previous) > 0
	}
	return web.Render(c, fiche.Overview(page))
}

// ShowCheck shows every answer, to be looked through and signed.
func (h *Handlers) ShowCheck(c *fiber.Ctx) error {
	form, b, err := h.ficheOf(c)
	if err != nil {
		return err
	}
	page, err := h.checkPage(c, form, b)
	if err != nil {
		return err
	}
	return web.Render(c, fiche.Check(page))
}

func (h *Handlers) checkPage(c *fiber.Ctx, form medical.Form, b booking.Booking) (fiche.CheckPage, error) {
	g, err := h.Accounts.GuardianByID(c.UserContext(), web.Who(c).GuardianID)
	if err != nil {
		return fiche.CheckPage{}, err
	}
	p := fichePage(c, "fiche.tab_check")
	p.Back = &layout.Link{Href: FichePath(b.ID), Text: p.T("fiche.back")}
	page := fiche.CheckPage{Page: p, FirstName: b.FirstName, Action: FichePath(b.ID) + "/ondertekenen", Closed: form.Closed,
		Signed: form.State == medical.Signed, Seen: form.Revision, Guardian: g.FirstName + " " + g.LastName}
	names, err := h.Medical.FileNames(c.UserContext(), form.Sheet)
	if err != nil {
		return page, err
	}
	asked, _ := form.Version.Ask(form.Facts, form.Answers())
	for i, t := range form.Topics {
		topic := fiche.CheckTopic{Title: t.Title.In(p.Lang), Href: topicPath(b.ID, i+1) + "?terug=1", Missing: t.Problems, Later: t.Later}
		if !t.Saved {
			topic.Missing = max(topic.Missing, 1)
		}
		page.Missing += topic.Missing
		for _, q := range asked {
			if q.Section != t.ID {
				continue
			}
			fact := factOf(p, form.Version, q.Question, b, form.Answers())
			fact.Files = files(b.ID, q.ID, form.Answers()[q.ID].AllFiles(), names)
			topic.Facts = append(topic.Facts, fact)
		}
		page.Topics = append(page.Topics, topic)
	}
	return page, nil
}

// factOf is one question with its answer in words.
func factOf(p layout.Page, v *questionnaire.Version, q *questionnaire.Question, b booking.Booking, answers questionnaire.Answers) fiche.Fact {
	out := fiche.Fact{Label: labelOf(p, q, b)}
	for _, l := range v.Lines(q, answers, p.Lang) {
		out.Lines = append(out.Lines, fiche.Line{Row: l.Row, Label: l.Label, Text: l.Text})
	}
	return out
}

type signForm struct {
	Seen int `form:"stand"`
}

// Sign signs the fiche as it was looked through.
func (h *Handlers) Sign(c *fiber.Ctx) error {
	form, b, err := h.ficheOf(c)
	if err != nil {
		return err
	}
	recent := web.Page(c).Now.Sub(web.Who(c).SignedInAt) < fresh
	in, err := web.Form[signForm](c)
	if err == nil {
		err = h.Medical.Sign(c.UserContext(), guardianReader(c), b.ID, medical.Signing{Lang: web.Language(c), SecondStep: recent, Seen: in.Seen})
	}
	if problems := web.Problems(c, err); problems != nil {
		page, err := h.checkPage(c, form, b)
		if err != nil {
			return err
		}
		page.Errors, page.Failed = problems, true
		return web.RenderAgain(c, fiche.Check(page))
	}
	if err != nil {
		return err
	}
	web.SetFlash(c, layout.Good, "fiche.thanks", b.FirstName)
	return web.SeeOther(c, FichePath(b.ID))
}

// ShowWho tells who looked at the child's fiches.
func (h *Handlers) ShowWho(c *fiber.Ctx) error {
	_, b, err := h.ficheOf(c)
	if err != nil {
		return err
	}
	openings, err := h.Medical.WhoRead(c.UserContext(), web.Who(c).GuardianID, b.Participant)
	if err != nil {
		return err
	}
	openings = slices.DeleteFunc(openings, func(o medical.Opening) bool { return o.Departure != b.Departure }) // of this holiday
	p := fichePage(c, "fiche.log.tab")
	p.Back = &layout.Link{Href: FichePath(b.ID), Text: p.T("fiche.back")}
	return web.Render(c, fiche.Who(fiche.WhoPage{Page: p, FirstName: b.FirstName, Days: whoDays(p, openings)}))
}

// others leaves out the reader's own visits, which would bury the ones that matter.
func others(o medical.Opening) bool { return !o.Mine || o.Action != "view" }

func whoDays(p layout.Page, openings []medical.Opening) (days []fiche.WhoDay) {
	for _, o := range slices.DeleteFunc(slices.Clone(openings), func(o medical.Opening) bool { return !others(o) }) {
		on := dayOf(o.At)
		if len(days) == 0 || days[len(days)-1].On != on {
			days = append(days, fiche.WhoDay{On: on})
		}
		line := fiche.WhoLine{At: o.At, Who: p.T("fiche.log.role."+o.Role, o.FirstName), What: p.T("fiche.log.action." + o.Action)}
		switch {
		case o.Outcome == "refused":
			line.What, line.Refuse = p.T("fiche.log.refused"), true
		case o.Outcome == "unreadable":
			line.What = p.T("fiche.log.unreadable")
		case o.Mine:
			line.Who = p.T("fiche.log.you")
		}
		days[len(days)-1].Times = append(days[len(days)-1].Times, line)
	}
	return days
}
